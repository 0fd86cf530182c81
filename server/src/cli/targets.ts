import { resolve } from "node:path";
import type { Files } from "../host/files.ts";
import { readProblemWords } from "../workspace/readDocument.ts";
import { shownInFull } from "./shownInFull.ts";

/** A file or folder that the command line names. */
export interface Target {
  /** As it was written, made safe to show. */
  readonly given: string;
  /** Absolute, as given. */
  readonly path: string;
  readonly realPath: string;
  readonly isFolder: boolean;
}

/** What the paths name, the working directory where there is none. Answers a text where a path names nothing that can be read. */
export async function findTargets(files: Files, workingDirectory: string, paths: readonly string[]): Promise<readonly Target[] | string> {
  const targets: Target[] = [];
  for (const path of paths.length === 0 ? ["."] : paths) {
    const target = await findTarget(files, workingDirectory, path);
    if (typeof target === "string") return target;
    targets.push(target);
  }
  return targets;
}

async function findTarget(files: Files, workingDirectory: string, written: string): Promise<Target | string> {
  const path = resolve(workingDirectory, written);
  const given = shownInFull(written);
  const realPath = await files.realPath(path);
  const kind = realPath.ok ? await files.kind(realPath.value) : realPath;
  if (!realPath.ok) return `${given}: ${readProblemWords(realPath.problem)}`;
  if (!kind.ok) return `${given}: ${readProblemWords(kind.problem)}`;
  if (kind.value === "other") return `${given}: neither a file nor a folder`;
  return { given, path, realPath: realPath.value, isFolder: kind.value === "folder" };
}
