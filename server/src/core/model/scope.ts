/**
 * Where a Harness entity lives. Account holds organisations, an organisation holds projects
 * (Harness documentation, "Entity identifier reference").
 */
export type Scope =
  | { readonly level: "account" }
  | { readonly level: "org"; readonly org: string }
  | { readonly level: "project"; readonly org: string; readonly project: string };

export type ScopeLevel = Scope["level"];

/**
 * The scope of a file, as far as the text and its path tell. `unknown` where the level itself is unknown, or
 * where the organisation or project is a placeholder or missing: nothing is then checked against one project.
 */
export type FileScope = Scope | { readonly level: "unknown" };

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
  if (level === "org") return from.level === "org" || from.level === "project" ? { level: "org", org: from.org } : undefined;
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
