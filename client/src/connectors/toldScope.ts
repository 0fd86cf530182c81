/** Whether it is known in which scope a connector or secret lives. Nothing is taken for known that its file or keyline.jsonc does not say. */
import type { FileScope, Scope } from "../../../server/src/core/model/scope.ts";
import { scopeKey } from "../../../server/src/core/model/scope.ts";

/** A row whose scope is known, so that a reference to it can be written. */
export type Told<R extends { readonly scope: FileScope }> = R & { readonly scope: Scope };

export function isTold<R extends { readonly scope: FileScope }>(row: R): row is Told<R> {
  return isKnownScope(row.scope);
}

export function isKnownScope(scope: FileScope): scope is Scope {
  return scope.level !== "unknown";
}

/** Two that are not known may be one scope or two, so they never count as one. */
export function isSameScope(one: FileScope, other: FileScope): boolean {
  return isKnownScope(one) && isKnownScope(other) && scopeKey(one) === scopeKey(other);
}

/** Whether what is told of the one's file holds for the other as well: neither says anything of its scope itself. */
export function sharesFileScope(one: InFile, other: InFile): boolean {
  return one.uri === other.uri && [one, other].every(({ scope }) => scope.level === "unknown" && scope.reason === "unknown-scope");
}

interface InFile {
  readonly uri: string;
  readonly scope: FileScope;
}
