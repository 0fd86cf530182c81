import { join } from "node:path";
import type { FileProblem, Files, FolderEntry } from "../host/files.ts";
import type { FileFilter } from "./fileFilter.ts";
import { pathInside } from "./pathInside.ts";

export interface DiscoveredFile {
  readonly path: string;
  /** Below the root, with `/`. */
  readonly relativePath: string;
}

export interface Discovery {
  /** Sorted by relative path, code unit by code unit. */
  readonly files: readonly DiscoveredFile[];
  /** Folders that could not be listed. */
  readonly problems: readonly { readonly path: string; readonly problem: FileProblem }[];
}

const skippedFolders: ReadonlySet<string> = new Set([".git", "node_modules"]);

export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** True for a path inside a folder that is never looked into. */
export function isSkippedPath(relativePath: string): boolean {
  return relativePath.split("/").some((segment) => skippedFolders.has(segment));
}

/**
 * The YAML files below a folder, dot folders too. `root` has its links resolved.
 * Invariant: no file outside `root` is named. A link to a folder is not followed: where it stays inside, what it
 * shows is found at its own place; a link to a file counts where its target is inside and not found by itself.
 */
export async function discover(files: Files, root: string, filter: FileFilter, signal?: AbortSignal): Promise<Discovery> {
  const found: DiscoveredFile[] = [];
  const problems: { path: string; problem: FileProblem }[] = [];
  const folders: { path: string; relativePath: string }[] = [{ path: root, relativePath: "" }];
  for (let folder = folders.pop(); folder !== undefined && signal?.aborted !== true; folder = folders.pop()) {
    const listing = await files.list(folder.path);
    if (!listing.ok) {
      problems.push({ path: folder.path, problem: listing.problem });
      continue;
    }
    for (const entry of listing.value) {
      const path = join(folder.path, entry.name);
      const relativePath = folder.relativePath === "" ? entry.name : `${folder.relativePath}/${entry.name}`;
      if (entry.kind === "folder") {
        if (!skippedFolders.has(entry.name)) folders.push({ path, relativePath });
      } else if (isYamlPath(entry.name) && filter(relativePath) && (await isOwnFile(files, root, path, entry))) {
        found.push({ path, relativePath });
      }
    }
  }
  found.sort((a, b) => (a.relativePath < b.relativePath ? -1 : a.relativePath > b.relativePath ? 1 : 0));
  return { files: found, problems };
}

async function isOwnFile(files: Files, root: string, path: string, entry: FolderEntry): Promise<boolean> {
  if (entry.kind === "file") return true;
  if (entry.kind !== "link") return false;
  const target = await files.realPath(path);
  if (!target.ok) return false;
  const inside = pathInside(root, target.value);
  if (inside === undefined || (isYamlPath(inside) && !isSkippedPath(inside))) return false;
  const kind = await files.kind(target.value);
  return kind.ok && kind.value === "file";
}
