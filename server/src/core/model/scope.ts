/**
 * Where a Harness entity lives. Account holds organisations, an organisation holds projects
 * (Harness documentation, "Entity identifier reference").
 */
export type Scope =
  | { readonly level: "account" }
  | { readonly level: "org"; readonly org: string }
  | { readonly level: "project"; readonly org: string; readonly project: string };

export type ScopeLevel = Scope["level"];

/** Why the scope of a file, or what an unprefixed reference in it means, is not known. Each is a reason why a reference is not verified. */
export type UnknownScopeReason = "unknown-scope" | "unknown-project" | "project-not-configured" | "project-missing" | "organization-missing" | "project-of-run" | "scope-placeholder";

export interface UnknownScope {
  readonly level: "unknown";
  readonly reason: UnknownScopeReason;
  /** The organization, where that much is known. */
  readonly org?: string;
  /** What the scope may be, narrowest first; absent where nothing narrows it down. One that is unknown itself stands for all other projects. */
  readonly candidates?: readonly (Scope | UnknownScope)[];
}

/** The scope of a file, as far as its text, its path and keyline.jsonc say. */
export type FileScope = Scope | UnknownScope;

/** What a file's scope may be, narrowest first. A finding about it is right only where it holds for each of them. */
export function possibleScopes(scope: FileScope): readonly FileScope[] {
  return scope.level === "unknown" && scope.candidates !== undefined ? scope.candidates : [scope];
}

/** Why a reference that is written at some level cannot be resolved in a file of that scope. */
export function unresolvedReason(from: FileScope): UnknownScopeReason {
  return from.level === "unknown" ? from.reason : "project-of-run";
}

const accountScope: Scope = { level: "account" };

/** The written form used in keyline.jsonc: `account`, `org:<org>` or `project:<org>/<project>`. */
export function scopeKey(scope: Scope): string {
  switch (scope.level) {
    case "account":
      return "account";
    case "org":
      return `org:${scope.org}`;
    case "project":
      return `project:${scope.org}/${scope.project}`;
  }
}

/** Reads what `scopeKey` writes; undefined for anything else. */
export function parseScopeKey(text: string): Scope | undefined {
  if (text === "account") return accountScope;
  const org = /^org:([A-Za-z_][0-9A-Za-z_$]{0,127})$/.exec(text);
  if (org?.[1] !== undefined) return { level: "org", org: org[1] };
  const project = /^project:([A-Za-z_][0-9A-Za-z_$]{0,127})\/([A-Za-z_][0-9A-Za-z_$]{0,127})$/.exec(text);
  if (project?.[1] !== undefined && project[2] !== undefined) return { level: "project", org: project[1], project: project[2] };
  return undefined;
}

/**
 * The scope that a reference written at `level` means in a file of scope `from`, or undefined where that
 * depends on the run (an unprefixed expression in an account-scoped template, say).
 */
export function resolveScope(level: ScopeLevel, from: FileScope): Scope | undefined {
  if (level === "account") return accountScope;
  if (level === "org") return from.level === "account" || from.org === undefined ? undefined : { level: "org", org: from.org };
  return from.level === "project" ? from : undefined;
}

/** How messages name a scope: "the account", "organization default", "project default/shop". */
export function scopeWords(scope: Scope): string {
  switch (scope.level) {
    case "account":
      return "the account";
    case "org":
      return `organization ${scope.org}`;
    case "project":
      return `project ${scope.org}/${scope.project}`;
  }
}
