import type { FileScope } from "./scope.ts";
import type { HarnessDocument } from "./snapshot.ts";

/** Kinds that always live in a project; keyline.jsonc may say which. */
const projectKinds: ReadonlySet<string> = new Set(["pipeline", "inputSet", "overlayInputSet", "trigger"]);
const unknown: FileScope = { level: "unknown" };

/** What decides in which scope a YAML document lives. */
export type DocumentHead = Pick<HarnessDocument, "kind" | "org" | "project" | "placeholderScope">;

export interface PathScope {
  readonly org?: string;
  readonly project?: string;
}

/**
 * The scope of one YAML document: what it says itself, else its path, else (for pipelines, input sets and triggers)
 * the organization and project of keyline.jsonc, else the account. A placeholder makes it unknown.
 */
export function documentScope(document: DocumentHead, path: PathScope, config: { readonly organization?: string; readonly project?: string }): FileScope {
  if (document.placeholderScope) return unknown;
  const isProjectKind = document.kind !== undefined && projectKinds.has(document.kind);
  const org = document.org ?? path.org;
  const project = document.project ?? (document.org === undefined || document.org === path.org ? path.project : undefined);
  if (org !== undefined && project !== undefined) return { level: "project", org, project };
  if (isProjectKind) {
    const configOrg = org ?? config.organization;
    const configProject = project ?? (configOrg === config.organization ? config.project : undefined);
    return configOrg !== undefined && configProject !== undefined ? { level: "project", org: configOrg, project: configProject } : unknown;
  }
  if (project !== undefined) return config.organization === undefined ? unknown : { level: "project", org: config.organization, project };
  if (org !== undefined) return { level: "org", org };
  return document.kind === undefined ? unknown : { level: "account" };
}

/** The organization and project in `.harness/orgs/<org>/projects/<project>`, Harness's own layout of a repository. */
export function pathScope(uri: string): PathScope {
  const match = /(?:^|[\\/])\.harness\/orgs\/([A-Za-z_][0-9A-Za-z_$-]{0,127})\/(?:projects\/([A-Za-z_][0-9A-Za-z_$-]{0,127})\/)?/.exec(uri.replaceAll("\\", "/").slice(-2000));
  if (match?.[1] === undefined) return {};
  return match[2] === undefined ? { org: match[1] } : { org: match[1], project: match[2] };
}
