import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import type { FileProblem, FileResult, Files, FolderEntry } from "./files.ts";

/** The file system of this machine. An exception of it becomes a value here and goes no further. */
export const nodeFiles: Files = {
  read: (path, maxBytes) => attempt(() => readFileBytes(path, maxBytes)),
  list: (path) => attempt(async () => done((await readdir(path, { withFileTypes: true })).map(folderEntry))),
  kind: (path) =>
    attempt(async () => {
      const found = await stat(path);
      return done(found.isFile() ? "file" : found.isDirectory() ? "folder" : "other");
    }),
  realPath: (path) => attempt(async () => done(await realpath(path))),
};

async function readFileBytes(path: string, maxBytes: number): Promise<FileResult<Uint8Array>> {
  // Opening a pipe waits for its writer, for ever where there is none, unless it is opened so.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile()) return failed("not-a-file");
    if (found.size > maxBytes) return failed("too-large");
    const bytes = await file.readFile();
    return bytes.length > maxBytes ? failed("too-large") : done(bytes);
  } finally {
    await file.close();
  }
}

function folderEntry(entry: Dirent): FolderEntry {
  const kind = entry.isFile() ? "file" : entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other";
  return { name: entry.name, kind };
}

async function attempt<T>(run: () => Promise<FileResult<T>>): Promise<FileResult<T>> {
  try {
    return await run();
  } catch (error) {
    return failed(problemOf(error));
  }
}

function problemOf(error: unknown): FileProblem {
  switch ((error as { readonly code?: unknown } | undefined)?.code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ELOOP":
      return "not-found";
    case "EACCES":
    case "EPERM":
      return "no-permission";
    case "EISDIR":
    case "ENXIO":
    case "EOPNOTSUPP":
      return "not-a-file";
    case "ERR_FS_FILE_TOO_LARGE":
      return "too-large";
    default:
      return "unreadable";
  }
}

function done<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

function failed(problem: FileProblem): { readonly ok: false; readonly problem: FileProblem } {
  return { ok: false, problem };
}
