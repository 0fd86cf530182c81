import type { JsonKey } from "../model/facts.ts";
import { shownText } from "../model/shownText.ts";

export type KeyLookup = "found" | "found-twice" | "missing" | "not-plain";

/**
 * Looks a key up as Harness does: `$.<key>` first, then the first-level key of that very name. Only dotted names are
 * looked up; any other JsonPath is `not-plain`. (Harness, "Reference JSON secrets".)
 */
export function lookUpKey(keys: readonly JsonKey[], key: string): KeyLookup {
  if (!isPlainKey(key)) return "not-plain";
  const literal = keys.some((entry) => entry.name === key);
  if (!key.includes(".")) return literal ? "found" : "missing";
  const nested = nestedAt(keys, key.split("."));
  if (nested && literal) return "found-twice";
  return nested || literal ? "found" : "missing";
}

/** True for names joined by dots, without any of JsonPath's operators. */
export function isPlainKey(key: string): boolean {
  return /^[^.[\]()*?@'"\s,:]+(?:\.[^.[\]()*?@'"\s,:]+)*$/.test(key) && !key.startsWith("$");
}

/** True for a key that stands in a path as it is, in any YAML and expression, and that no one takes for a placeholder. */
export function isWritableKey(key: string): boolean {
  return isPlainKey(key) && shownText(key, key.length) === key && !/[/#<>\\{}`]/.test(key);
}

function nestedAt(keys: readonly JsonKey[], path: readonly string[]): boolean {
  let level: readonly JsonKey[] = keys;
  for (const [index, name] of path.entries()) {
    const found = level.find((entry) => entry.name === name);
    if (found === undefined) return false;
    if (index === path.length - 1) return true;
    level = found.children ?? [];
  }
  return false;
}

/** All keys that can be written, first-level ones first, with dots between levels. At most `limit`. */
export function keyPaths(keys: readonly JsonKey[], limit: number, withNested: boolean): readonly string[] {
  const paths: string[] = [];
  const pending: { readonly prefix: string; readonly keys: readonly JsonKey[] }[] = [{ prefix: "", keys }];
  for (let level = pending.shift(); level !== undefined && paths.length < limit; level = pending.shift()) {
    for (const entry of level.keys) {
      const path = level.prefix + entry.name;
      paths.push(path);
      if (withNested && entry.children !== undefined) pending.push({ prefix: `${path}.`, keys: entry.children });
    }
  }
  return paths.slice(0, limit);
}
