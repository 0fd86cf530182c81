/** What can be written at the cursor: functor, scopes, identifiers, schemes, connectors, Key Vault names, keys, versions. */
import { isPlainKey, keyPaths } from "../chain/jsonPath.ts";
import { accessibleScopes, scopeOf } from "../chain/follow.ts";
import { dateWords, durationWords } from "../chain/timeWords.ts";
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import type { SecretAttributes, SecretVersion, VaultWant } from "../model/facts.ts";
import { code } from "../model/markdown.ts";
import { isScheme, schemes } from "../model/reference.ts";
import type { FileScope, ScopeLevel } from "../model/scope.ts";
import { parseScopeKey, resolveScope, scopeKey, scopeWords } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isSecretName } from "../model/vaultTarget.ts";
import type { CompletionContext } from "../syntax/completionContext.ts";
import { completionContext } from "../syntax/completionContext.ts";

export type CompletionKind = "functor" | "scope" | "secret" | "scheme" | "connector" | "vault-secret" | "json-key" | "version";

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label: the Name, the connector, an age. */
  readonly detail?: string;
  /** What is replaced, and by what. */
  readonly span: Span;
  readonly newText: string;
  /** Where the cursor goes, as an index into `newText`; its end where absent. */
  readonly cursor?: number;
  /** What the client matches the typed text against. */
  readonly filterText: string;
  readonly sortText: string;
  /** True where there is more to complete at the cursor's new place. */
  readonly again?: boolean;
  /** Opaque: given back to `completionDocumentation`. */
  readonly data?: string;
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  /** True while facts are loading, or where more match than are listed: the client should ask again on the next keystroke. */
  readonly incomplete: boolean;
  /** What would have to be known to say more. */
  readonly wants: readonly VaultWant[];
}

/** More names than this are not sent at once. */
const maxNames = 500;
const nothing: CompletionList = { items: [], incomplete: false, wants: [] };

export function completion(snapshot: Snapshot, offset: number): CompletionList {
  const context = completionContext(snapshot, offset);
  if (context === undefined) return nothing;
  switch (context.kind) {
    case "functor":
    case "method":
      return { ...nothing, items: [callItem(context)] };
    case "bracket":
      return { ...nothing, items: identifierItems(snapshot, scopeOf(snapshot, context.document), context.span).map((item) => quoteItem(item, context.escaped, context.closing)) };
    case "reference":
      return referenceItems(snapshot, context);
    case "path":
      return pathItems(snapshot, context);
  }
}

type Referring = Extract<CompletionContext, { kind: "reference" }>;

function callItem(context: Extract<CompletionContext, { kind: "functor" | "method" }>): CompletionItem {
  const quote = context.escaped ? '\\"' : '"';
  const head = context.kind === "functor" ? "secrets.getValue" : "getValue";
  const before = `${head}(${quote}`;
  return {
    label: `${head}("…")`,
    kind: "functor",
    detail: "A Harness secret",
    span: context.span,
    newText: `${before}${quote})>`,
    cursor: before.length,
    filterText: head,
    sortText: "0",
    again: true,
  };
}

function quoteItem(item: CompletionItem, escaped: boolean, closing: string): CompletionItem {
  const quote = escaped ? '\\"' : '"';
  const whole = item.again !== true;
  return { ...item, newText: `${quote}${item.newText}${whole ? quote + closing : ""}`, filterText: item.newText };
}

function referenceItems(snapshot: Snapshot, context: Referring): CompletionList {
  const scope = scopeOf(snapshot, context.document);
  const uri = /^(?:(account|org)\.)?([a-z]+):\/\/([^/]*)(\/)?(.*)$/.exec(context.typed);
  if (uri?.[2] !== undefined && isScheme(uri[2])) {
    const level = (uri[1] as ScopeLevel | undefined) ?? "project";
    if (uri[4] === undefined) return { ...nothing, items: connectorItems(snapshot, context, scope, level, uri[2]) };
    return uriPathItems(snapshot, context, scope, level, uri[2], uri[3] ?? "", uri[5] ?? "");
  }
  const items = identifierItems(snapshot, scope, context.span);
  return { ...nothing, items: items.map((item) => (item.again === true ? item : { ...item, newText: item.newText + context.closing })) };
}

function identifierItems(snapshot: Snapshot, scope: FileScope, span: Span): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  for (const accessible of accessibleScopes(scope)) {
    const prefix = accessible.level === "project" ? "" : `${accessible.level}.`;
    const order = accessible.level === "project" ? "1" : accessible.level === "org" ? "2" : "3";
    for (const secret of snapshot.workspace.secretsIn(accessible)) items.push(secretItem(secret, prefix, order, span, scopeKey(accessible)));
  }
  for (const prefix of scope.level === "account" ? ["account."] : ["account.", "org."]) {
    items.push({ label: prefix, kind: "scope", detail: `Secrets of the ${prefix === "org." ? "organization" : "account"}`, span, newText: prefix, filterText: prefix, sortText: `4${prefix}`, again: true });
  }
  for (const scheme of Object.keys(schemes)) {
    items.push({ label: `${scheme}://`, kind: "scheme", detail: "A path inside a secret manager", span, newText: `${scheme}://`, filterText: `${scheme}://`, sortText: `5${scheme}`, again: true });
  }
  return items;
}

function secretItem(secret: SecretEntity, prefix: string, order: string, span: Span, scope: string): CompletionItem {
  const text = prefix + secret.identifier;
  const detail = [secret.name, secret.connector].filter((part) => part !== undefined).map((part) => shownText(part, 60)).join(" · ");
  return {
    label: text,
    kind: "secret",
    ...(detail === "" ? {} : { detail }),
    span,
    newText: text,
    filterText: text,
    sortText: order + text,
    data: JSON.stringify({ kind: "secret", scope, identifier: secret.identifier }),
  };
}

/** Connectors for a scheme: of the scope that is written, or of every scope where none is. */
function connectorItems(snapshot: Snapshot, context: Referring, scope: FileScope, level: ScopeLevel, scheme: keyof typeof schemes): readonly CompletionItem[] {
  const written = /^(?:account|org)\./.test(context.typed);
  const scopes = accessibleScopes(scope).filter((candidate) => !written || candidate.level === level);
  return scopes.flatMap((candidate) => {
    const prefix = candidate.level === "project" ? "" : `${candidate.level}.`;
    return snapshot.workspace
      .connectorsIn(candidate)
      .filter((connector) => connector.type === schemes[scheme])
      .map((connector) => connectorItem(connector, context.span, `${prefix}${scheme}://${connector.identifier}/`, written ? prefix : "", scheme));
  });
}

function connectorItem(connector: ConnectorEntity, span: Span, text: string, prefix: string, scheme: string): CompletionItem {
  return {
    label: connector.identifier,
    kind: "connector",
    detail: connector.vault === undefined ? shownText(connector.name ?? connector.type, 60) : `vault ${connector.vault.name}`,
    span,
    newText: text,
    filterText: `${prefix}${scheme}://${connector.identifier}/`,
    sortText: text,
    again: true,
  };
}

function uriPathItems(snapshot: Snapshot, context: Referring, scope: FileScope, level: ScopeLevel, scheme: string, connector: string, path: string): CompletionList {
  const at = resolveScope(level, scope);
  const vault = at === undefined ? undefined : snapshot.workspace.connector(at, connector)?.vault;
  if (scheme !== "azurevault" || vault === undefined) return nothing;
  const start = context.typed.slice(0, context.typed.length - path.length);
  return vaultItems(snapshot, { vault, span: context.span, start, path, closing: context.closing, dotted: false });
}

/** The path of a text secret of type Reference. */
function pathItems(snapshot: Snapshot, context: Extract<CompletionContext, { kind: "path" }>): CompletionList {
  const secret = snapshot.analysis.entities.find((entity): entity is SecretEntity => entity.kind === "secret");
  const match = /^(?:(account|org)\.)?([^.]+)$/.exec(secret?.connector ?? "");
  if (secret === undefined || match?.[2] === undefined) return nothing;
  const level = match[1] as ScopeLevel | undefined;
  const scope = level === undefined ? (secret.scope.level === "unknown" ? undefined : secret.scope) : resolveScope(level, secret.scope);
  const vault = scope === undefined ? undefined : snapshot.workspace.connector(scope, match[2])?.vault;
  if (vault === undefined) return nothing;
  return vaultItems(snapshot, { vault, span: context.span, start: "", path: context.typed, closing: "", dotted: true });
}

interface PathContext {
  readonly vault: VaultTarget;
  readonly span: Span;
  /** The text before the path. */
  readonly start: string;
  readonly path: string;
  readonly closing: string;
  /** True where keys with dots can be written. */
  readonly dotted: boolean;
}

function vaultItems(snapshot: Snapshot, context: PathContext): CompletionList {
  const slash = context.path.indexOf("/");
  const hash = context.path.indexOf("#");
  if (slash > 0) return versionItems(snapshot, context, context.path.slice(0, slash));
  if (hash > 0) return keyItems(snapshot, context, context.path.slice(0, hash));
  return nameItems(snapshot, context);
}

function nameItems(snapshot: Snapshot, context: PathContext): CompletionList {
  const want = wantFor(context.vault, { listing: true });
  const listing = snapshot.facts.listing(context.vault);
  if (listing.state === "unknown") return { items: [], incomplete: listing.reason === "loading", wants: [want] };
  const typed = context.path.toLowerCase();
  const matching = listing.value.secrets.filter((secret) => subsequence(typed, secret.name.toLowerCase()));
  const items = matching.slice(0, maxNames).map((secret) => nameItem(snapshot, context, secret));
  return { items, incomplete: matching.length > maxNames || !listing.value.complete, wants: [want] };
}

function nameItem(snapshot: Snapshot, context: PathContext, secret: SecretAttributes): CompletionItem {
  const text = context.start + secret.name;
  const unusable = !secret.enabled || (secret.expires !== undefined && secret.expires <= snapshot.now);
  return {
    label: shownText(secret.name, 130),
    kind: "vault-secret",
    detail: stateWords(snapshot, secret),
    span: context.span,
    newText: text + context.closing,
    filterText: text,
    sortText: (unusable ? "2" : "1") + secret.name.toLowerCase(),
    data: JSON.stringify({ kind: "name", vault: context.vault, name: secret.name }),
  };
}

function keyItems(snapshot: Snapshot, context: PathContext, name: string): CompletionList {
  if (!isSecretName(name)) return nothing;
  const want = wantFor(context.vault, { json: name });
  const shape = snapshot.facts.jsonShape(context.vault, name, undefined);
  if (shape.state === "unknown") return { items: [], incomplete: shape.reason === "loading", wants: [want] };
  if (shape.value.kind === "not-json") return { items: [], incomplete: false, wants: [want] };
  const keys = keyPaths(shape.value.keys, maxNames, context.dotted).filter((key) => isPlainKey(key) && !/[/#<>]/.test(key) && (context.dotted || !key.includes(".")));
  const items = keys.map((key, index): CompletionItem => {
    const text = `${context.start}${name}#${key}`;
    return { label: shownText(key), kind: "json-key", detail: `JSON key of ${name}`, span: context.span, newText: text + context.closing, filterText: text, sortText: String(index).padStart(5, "0") };
  });
  return { items, incomplete: false, wants: [want] };
}

/** Versions newest first. What is typed may hold a key before the slash, which stays. */
function versionItems(snapshot: Snapshot, context: PathContext, left: string): CompletionList {
  const name = left.split("#")[0] ?? left;
  if (!isSecretName(name)) return nothing;
  const want = wantFor(context.vault, { versions: name });
  const versions = snapshot.facts.versions(context.vault, name);
  if (versions.state === "unknown") return { items: [], incomplete: versions.reason === "loading", wants: [want] };
  const sorted = [...versions.value].sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  const items = sorted.map((version, index): CompletionItem => {
    const text = `${context.start}${left}/${version.version}`;
    return {
      label: version.version,
      kind: "version",
      detail: `${index === 0 ? "latest, " : ""}${stateWords(snapshot, version)}`,
      span: context.span,
      newText: text + context.closing,
      filterText: text,
      sortText: String(index).padStart(5, "0"),
    };
  });
  return { items, incomplete: false, wants: [want] };
}

function stateWords(snapshot: Snapshot, version: SecretAttributes | SecretVersion): string {
  const { now } = snapshot;
  const made = version.created === undefined ? "" : `, ${durationWords(Math.max(0, now - version.created))} old`;
  if (!version.enabled) return `disabled${made}`;
  if (version.expires !== undefined && version.expires <= now) return `expired ${dateWords(version.expires)}${made}`;
  if (version.notBefore !== undefined && version.notBefore > now) return `valid from ${dateWords(version.notBefore)}${made}`;
  if (version.expires !== undefined) return `expires ${dateWords(version.expires)}${made}`;
  return `enabled${made}`;
}

function wantFor(vault: VaultTarget, what: { readonly listing?: boolean; readonly versions?: string; readonly json?: string }): VaultWant {
  return {
    vault,
    listing: what.listing === true,
    versionsOf: what.versions === undefined ? [] : [what.versions],
    deletedOf: [],
    jsonOf: what.json === undefined ? [] : [{ name: what.json }],
  };
}

function subsequence(typed: string, name: string): boolean {
  let at = 0;
  for (const character of typed) {
    at = name.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The Markdown shown beside an item, made when the client asks for it. */
export function completionDocumentation(snapshot: Snapshot, data: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const item = parsed as { readonly kind?: unknown; readonly scope?: unknown; readonly identifier?: unknown; readonly name?: unknown; readonly vault?: unknown };
  if (item.kind === "secret" && typeof item.scope === "string" && typeof item.identifier === "string") return secretDocumentation(snapshot, item.scope, item.identifier);
  if (item.kind === "name" && typeof item.name === "string" && isVault(item.vault)) {
    const attributes = snapshot.facts.listed(item.vault, item.name);
    if (attributes === undefined) return undefined;
    const tags = (attributes.tags ?? []).slice(0, 15).map(([key, value]) => code(`${key}=${value}`, 80));
    return [`Key Vault secret ${code(attributes.name)} in vault ${code(item.vault.name)}`, "", `- ${stateWords(snapshot, attributes)}`, ...(tags.length === 0 ? [] : [`- Tags ${tags.join(", ")}`])].join("\n");
  }
  return undefined;
}

function isVault(value: unknown): value is VaultTarget {
  if (typeof value !== "object" || value === null || !("name" in value) || !("cloud" in value)) return false;
  return typeof value.name === "string" && (value.cloud === "public" || value.cloud === "usgov" || value.cloud === "china");
}

function secretDocumentation(snapshot: Snapshot, key: string, identifier: string): string | undefined {
  const scope = parseScopeKey(key);
  const secret = scope === undefined ? undefined : snapshot.workspace.secret(scope, identifier);
  if (scope === undefined || secret === undefined) return undefined;
  const lines = [`Harness secret ${code(secret.identifier)} in ${scopeWords(scope)}`, "", `- Type ${secret.type}${secret.valueType === undefined ? "" : `, ${secret.valueType}`}`];
  if (secret.name !== undefined) lines.push(`- Name ${code(secret.name)}`);
  if (secret.connector !== undefined) lines.push(`- Secret manager ${code(secret.connector)}`);
  if (secret.path !== undefined) lines.push(`- Path ${code(secret.path)}`);
  return lines.join("\n");
}
