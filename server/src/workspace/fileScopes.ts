import type { KeylineConfig } from "../core/index.ts";
import type { Scope } from "../core/model/scope.ts";
import { fileFilter } from "./fileFilter.ts";

/** Gives the scope that `scopes` of keyline.jsonc assigns to a file, by its path below the folder with `/`. The first entry that matches counts. */
export type FileScopes = (relativePath: string) => Scope | undefined;

export function fileScopes(entries: KeylineConfig["scopes"]): FileScopes {
  const matchers = entries.map(({ files, scope }) => ({ matches: fileFilter([files], []), scope }));
  return (path) => matchers.find(({ matches }) => matches(path))?.scope;
}
