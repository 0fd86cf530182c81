import { dirname, join } from "node:path";
import type { Files } from "../host/files.ts";
import { configFileName } from "../workspace/configFile.ts";
import { pathInside } from "../workspace/pathInside.ts";
import { shownInFull } from "./shownInFull.ts";
import type { Target } from "./targets.ts";

/** The folder whose keyline.jsonc, connectors and secrets count for a run; its links are resolved. */
export type FoundRoot = { readonly ok: true; readonly root: string } | { readonly ok: false; readonly message: string };

/**
 * Finds the one root of a run: from the working directory, whatever is checked below it. Only where all paths lie
 * outside is it found from the folder that holds them. Two roots in one run would judge one file in two ways.
 */
export async function findRoot(files: Files, workingDirectory: string, targets: readonly Target[]): Promise<FoundRoot> {
  const start = await files.realPath(workingDirectory);
  const root = await nearestRoot(files, start.ok ? start.value : workingDirectory);
  const inside = targets.filter(({ realPath }) => pathInside(root, realPath) !== undefined);
  if (inside.length === targets.length) return { ok: true, root };
  const outside = targets.filter((target) => !inside.includes(target));
  const [within, without] = [inside[0], outside[0]];
  if (within !== undefined && without !== undefined) {
    const message = `${without.given} lies outside ${shownInFull(root)}, the root of this run, and ${within.given} inside it. Check them in two runs, or run keyline in a folder that holds both`;
    return { ok: false, message };
  }
  const common = commonFolder(targets);
  if (common !== undefined) return { ok: true, root: await nearestRoot(files, common) };
  return { ok: false, message: `${targets.map(({ given }) => given).join(" and ")} lie in no common folder. Check them in two runs` };
}

/** The nearest folder at or above `start` with a keyline.jsonc, else the nearest with `.git`, else `start` itself. */
async function nearestRoot(files: Files, start: string): Promise<string> {
  const folders = foldersUp(start);
  for (const folder of folders) if (await hasConfig(files, folder)) return folder;
  // A worktree of Git has a file of that name.
  for (const folder of folders) if ((await files.kind(join(folder, ".git"))).ok) return folder;
  return start;
}

/** True also for one that cannot be read: to take another in its place would hide that. */
async function hasConfig(files: Files, folder: string): Promise<boolean> {
  const target = await files.realPath(join(folder, configFileName));
  return target.ok || target.problem !== "not-found";
}

function foldersUp(start: string): readonly string[] {
  const folders = [start];
  for (let folder = dirname(start); folder !== folders.at(-1); folder = dirname(folder)) folders.push(folder);
  return folders;
}

/** Undefined where there is none, as for two drives. */
function commonFolder(targets: readonly Target[]): string | undefined {
  const own = targets.map(({ realPath, isFolder }) => (isFolder ? realPath : dirname(realPath)));
  return foldersUp(own[0] ?? "").find((folder) => own.every((path) => pathInside(folder, path) !== undefined));
}
