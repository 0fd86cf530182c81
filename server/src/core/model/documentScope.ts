import type { FileScope, Scope, UnknownScope, UnknownScopeReason } from "./scope.ts";

/** Kinds that live at any level: without ids the file does not say at which. */
const kindsOfAnyLevel: ReadonlySet<string> = new Set([
  "connector",
  "secret",
  "service",
  "environment",
  "environmentGroup",
  "infrastructureDefinition",
  "serviceOverrides",
  "overrides",
  "override",
]);

/** What decides in which scope a YAML document lives. */
export interface DocumentHead {
  /** The top-level key that makes it a Harness entity, `pipeline` for one; absent in other documents. */
  readonly kind?: string;
  /** Written in the text; absent where missing. */
  readonly org?: string;
  readonly project?: string;
  /** True where orgIdentifier or projectIdentifier is a placeholder or an expression. */
  readonly placeholderScope: boolean;
}

export interface PathScope {
  readonly org?: string;
  readonly project?: string;
}

/** What keyline.jsonc says of a file's scope. */
export interface ConfiguredScope extends PathScope {
  /** What its `scopes` give to this very file. */
  readonly assigned?: Scope;
}

/**
 * The scope of one YAML document. Its own ids win, then its path, then `scopes` of keyline.jsonc, then `organization` and
 * `project` there. A placeholder makes it unknown. Without any of them it depends on the kind (Harness takes the scope as
 * parameters beside the YAML):
 * connectors, secrets, services and their like may live at any level; a template's unprefixed references are of the project
 * that runs it; everything else is of the project of keyline.jsonc.
 */
export function documentScope(document: DocumentHead, path: PathScope, configured: ConfiguredScope): FileScope {
  if (document.placeholderScope) return unknown("scope-placeholder");
  const said = saidScope(document, path);
  const org = said.org ?? (said.project === undefined ? undefined : (orgOf(configured.assigned) ?? configured.org));
  if (org !== undefined && said.project !== undefined) return { level: "project", org, project: said.project };
  if (said.project !== undefined) return unknown("organization-missing");
  if (org === undefined && configured.assigned?.level === "project") return configured.assigned;
  if (document.kind === "template") return ofTemplate(org ?? orgOf(configured.assigned));
  if (document.kind !== undefined && kindsOfAnyLevel.has(document.kind)) {
    if (org !== undefined) return { level: "org", org };
    return configured.assigned ?? { ...unknown("unknown-scope"), candidates: candidates(configured) };
  }
  return ofProject(org, configured);
}

/** The organization and project in `.harness/orgs/<org>/projects/<project>`, Harness's own layout of a repository. */
export function pathScope(uri: string): PathScope {
  const match = /(?:^|[\\/])\.harness\/orgs\/([A-Za-z_][0-9A-Za-z_$-]{0,127})\/(?:projects\/([A-Za-z_][0-9A-Za-z_$-]{0,127})\/)?/.exec(uri.replaceAll("\\", "/").slice(-2000));
  if (match?.[1] === undefined) return {};
  return match[2] === undefined ? { org: match[1] } : { org: match[1], project: match[2] };
}

function saidScope(document: DocumentHead, path: PathScope): PathScope {
  const org = document.org ?? path.org;
  const project = document.project ?? (document.org === undefined || document.org === path.org ? path.project : undefined);
  return { ...(org === undefined ? {} : { org }), ...(project === undefined ? {} : { project }) };
}

/** The organization of keyline.jsonc says nothing here: a template may be used from another one. */
function ofTemplate(org: string | undefined): UnknownScope {
  return { ...unknown("project-of-run"), ...(org === undefined ? {} : { org }) };
}

function ofProject(org: string | undefined, { assigned, org: configuredOrg, project }: ConfiguredScope): FileScope {
  if (org === undefined && assigned !== undefined) return assigned;
  if (org !== undefined && assigned?.level === "project" && assigned.org === org) return assigned;
  if (configuredOrg !== undefined && project !== undefined && (org === undefined || org === configuredOrg)) return { level: "project", org: configuredOrg, project };
  if (org !== undefined) return { ...unknown("project-missing"), org };
  return unknown(configuredOrg === undefined ? "unknown-project" : "project-not-configured");
}

/** Where an entity without ids may live, narrowest first. What keyline.jsonc does not name stays open. */
function candidates({ org, project }: ConfiguredScope): readonly (Scope | UnknownScope)[] {
  if (org === undefined) return [unknown("unknown-scope"), { level: "account" }];
  const narrowest: Scope | UnknownScope = project === undefined ? { ...unknown("unknown-scope"), org } : { level: "project", org, project };
  return [narrowest, { level: "org", org }, { level: "account" }];
}

function orgOf(scope: Scope | undefined): string | undefined {
  return scope === undefined || scope.level === "account" ? undefined : scope.org;
}

function unknown(reason: UnknownScopeReason): UnknownScope {
  return { level: "unknown", reason };
}
