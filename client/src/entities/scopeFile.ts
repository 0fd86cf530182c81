/** What keyline.jsonc of a workspace folder says of scopes, and the entry that it gets for a file. */
import { parse } from "jsonc-parser";
import type { Scope } from "../../../server/src/core/model/scope.ts";
import { parseScopeKey, scopeKey } from "../../../server/src/core/model/scope.ts";
import { pathInFolder } from "../connectors/shownPlace.ts";
import type { WorkspaceFiles } from "../connectors/wizard/workspaceFiles.ts";
import { withScopeEntry } from "./scopeEntry.ts";

/** A file of a workspace folder. */
export interface FolderFile {
  readonly folder: string;
  readonly uri: string;
}

/** Writes the entry for the file and saves keyline.jsonc. True where it says so then, or did before. */
export async function writeScopeEntry(files: WorkspaceFiles, { folder, uri }: FolderFile, scope: Scope): Promise<boolean> {
  const path = pathInFolder(folder, uri);
  const config = configUri(files, folder);
  const existing = await files.read(config);
  if (path === undefined || existing.kind === "unreadable") return false;
  const from = existing.kind === "text" ? existing.text : "";
  const to = withScopeEntry(from, path, scopeKey(scope));
  if (to === undefined || to === from) return to === from;
  if (existing.kind === "absent") return files.create(config, to);
  return (await files.rewrite([{ uri: config, from, to }])) && (await files.save(config));
}

/** The entry as a person would write it, for words. */
export function scopeEntryText({ folder, uri }: FolderFile, scope: Scope): string {
  return `{ "files": ${JSON.stringify(pathInFolder(folder, uri) ?? uri)}, "scope": "${scopeKey(scope)}" }`;
}

/** The organizations and projects that keyline.jsonc of the folder names; none where it cannot be read. */
export async function scopesInConfig(files: WorkspaceFiles, folder: string): Promise<readonly Scope[]> {
  const existing = await files.read(configUri(files, folder));
  const config: unknown = existing.kind === "text" ? parse(existing.text, [], { allowTrailingComma: true }) : undefined;
  if (!isRecord(config)) return [];
  const { organization: org, project } = config;
  const own = typeof org !== "string" ? [] : [`org:${org}`, ...(typeof project === "string" ? [`project:${org}/${project}`] : [])];
  const listed = ["scopes", "connectors", "secrets"].flatMap((key) => items(config[key]).map((item) => (isRecord(item) ? item["scope"] : undefined)));
  return [...own, ...items(config["complete"]), ...listed].flatMap((text) => {
    const scope = typeof text === "string" ? parseScopeKey(text) : undefined;
    return scope === undefined ? [] : [scope];
  });
}

function configUri(files: WorkspaceFiles, folder: string): string {
  return files.join(folder, "keyline.jsonc");
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
