import { join } from "node:path";
import type { FileProblem, Files, FolderEntry } from "../host/files.ts";
import { configFileName } from "./configFile.ts";
import type { FileFilter } from "./fileFilter.ts";
import { pathInside } from "./pathInside.ts";
import type { ReadProblem } from "./readDocument.ts";

export interface DiscoveredFile {
  readonly path: string;
  /** Below the folder that was looked into, with `/`. */
  readonly relativePath: string;
  /** Differs from `path` for a link. */
  readonly realPath: string;
}

export interface Discovery {
  /** Sorted by relative path, code unit by code unit. */
  readonly files: readonly DiscoveredFile[];
  /** True where there is a file with a YAML file's name, also one that the filter leaves out. */
  readonly sawYaml: boolean;
  /** Folders that could not be listed, sorted by path. */
  readonly problems: readonly { readonly path: string; readonly problem: FileProblem }[];
  /** What carries a YAML file's name and is none that may be read: links that lead nowhere or outside, pipes. Links to folders outside too, of any name. Sorted by path. */
  readonly skipped: readonly { readonly path: string; readonly problem: ReadProblem }[];
  /** Each keyline.jsonc, the folder's own among them, whatever the filter says. */
  readonly configs: readonly string[];
}

const skippedFolders: ReadonlySet<string> = new Set([".git", "node_modules"]);

export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** True for a path inside a folder that is never looked into. */
export function isSkippedPath(relativePath: string): boolean {
  return relativePath.split("/").some((segment) => skippedFolders.has(segment));
}

/** True for the path of a file that `discover` finds by its own name, so that a link to it adds nothing. */
export function isFoundByItself(relativePath: string): boolean {
  return isYamlPath(relativePath) && !isSkippedPath(relativePath);
}

/**
 * The YAML files below a folder, dot folders too. `root` has its links resolved, and so has `within`, a folder around it.
 * Invariant: no file outside `within` is named. A link to a folder is not followed: where it stays inside, what it
 * shows is found at its own place; a link to a file counts where its target is inside `within` and not found there by
 * itself.
 */
export async function discover(files: Files, root: string, filter: FileFilter, signal?: AbortSignal, within = root): Promise<Discovery> {
  const found: DiscoveredFile[] = [];
  const configs: string[] = [];
  const problems: { path: string; problem: FileProblem }[] = [];
  const skipped: { path: string; problem: ReadProblem }[] = [];
  const folders: { path: string; relativePath: string }[] = [{ path: root, relativePath: "" }];
  let sawYaml = false;
  for (let folder = folders.pop(); folder !== undefined && signal?.aborted !== true; folder = folders.pop()) {
    const listing = await files.list(folder.path);
    if (!listing.ok) {
      problems.push({ path: folder.path, problem: listing.problem });
      continue;
    }
    for (const entry of listing.value) {
      const path = join(folder.path, entry.name);
      const relativePath = folder.relativePath === "" ? entry.name : `${folder.relativePath}/${entry.name}`;
      if (entry.name === configFileName && entry.kind !== "folder") configs.push(path);
      if (entry.kind === "folder") {
        if (!skippedFolders.has(entry.name)) folders.push({ path, relativePath });
      } else if (!isYamlPath(entry.name)) {
        if (entry.kind === "link" && !skippedFolders.has(entry.name) && filter(`${relativePath}/x.yaml`) && (await isFolderOutside(files, root, path))) skipped.push({ path, problem: "link-outside" });
      } else {
        sawYaml = true;
        if (!filter(relativePath)) continue;
        const own = await ownFile(files, { root, within }, path, entry);
        if ("realPath" in own) found.push({ path, relativePath, realPath: own.realPath });
        else if (own.problem !== undefined) skipped.push({ path, problem: own.problem });
      }
    }
  }
  found.sort((a, b) => inOrder(a.relativePath, b.relativePath));
  for (const list of [problems, skipped]) list.sort((a, b) => inOrder(a.path, b.path));
  return { files: found, sawYaml, problems, skipped, configs };
}

/** The file to be read here; else why none is, or no reason where it is found elsewhere and nothing is lost. */
async function ownFile(
  files: Files,
  { root, within }: { readonly root: string; readonly within: string },
  path: string,
  entry: FolderEntry,
): Promise<{ readonly realPath: string } | { readonly problem?: ReadProblem }> {
  if (entry.kind === "file") return { realPath: path };
  if (entry.kind !== "link") return { problem: "not-a-file" };
  const target = await files.realPath(path);
  if (!target.ok) return { problem: target.problem === "not-found" ? "broken-link" : target.problem };
  const inside = pathInside(within, target.value);
  if (inside === undefined) return { problem: "link-outside" };
  const kind = await files.kind(target.value);
  if (!kind.ok) return { problem: kind.problem };
  if (kind.value === "other") return { problem: "not-a-file" };
  if (kind.value === "file" && !isFoundByItself(inside)) return { realPath: target.value };
  return pathInside(root, target.value) === undefined ? { problem: "link-outside" } : {};
}

/** True for a link to a folder outside, whose files are lost. Nothing of it is listed. */
async function isFolderOutside(files: Files, root: string, path: string): Promise<boolean> {
  const target = await files.realPath(path);
  if (!target.ok || pathInside(root, target.value) !== undefined) return false;
  const kind = await files.kind(path);
  return kind.ok && kind.value === "folder";
}

/** False for a link to nothing: nothing that could define something is lost by it. */
export function mayHide(problem: ReadProblem): boolean {
  return problem !== "broken-link";
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
