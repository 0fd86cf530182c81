import { Minimatch } from "minimatch";

/** Decides by a path relative to the folder, with `/`, whether a file is looked at. */
export type FileFilter = (relativePath: string) => boolean;

export const everyFile: FileFilter = () => true;

const maxGlobLength = 500;

/** `include` empty means all files. A glob that matches a folder counts for all that is in it. */
export function fileFilter(include: readonly string[], exclude: readonly string[]): FileFilter {
  if (include.length === 0 && exclude.length === 0) return everyFile;
  const included = include.flatMap(matchers);
  const excluded = exclude.flatMap(matchers);
  return (path) => (include.length === 0 || included.some((matcher) => matcher.match(path))) && !excluded.some((matcher) => matcher.match(path));
}

function matchers(glob: string): readonly Minimatch[] {
  const isFolderItself = glob === "." || glob === "./";
  const trimmed = isFolderItself ? "**" : glob.replace(/^\.\//, "").replace(/\/$/, "");
  if (trimmed === "" || trimmed.length > maxGlobLength) return [];
  // Extended globs are off: nested ones can take exponential time, and keyline.jsonc may be anyone's.
  const options = { dot: true, noext: true, nonegate: true, nocomment: true, braceExpandMax: 100 } as const;
  return [new Minimatch(trimmed, options), new Minimatch(`${trimmed}/**`, options)];
}
