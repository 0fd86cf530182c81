import { isAbsolute, relative, sep } from "node:path";

/**
 * The path of `path` below `root` with `/` between its segments, empty for the root itself; undefined where it
 * lies outside. Compares whole segments: `/repo2` is not inside `/repo`.
 */
export function pathInside(root: string, path: string): string | undefined {
  const below = relative(root, path);
  if (below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return sep === "/" ? below : below.split(sep).join("/");
}
