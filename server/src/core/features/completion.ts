/** What can be written at the cursor: functor, scopes, identifiers, schemes, connectors, Key Vault names, keys, versions. */
import { isWritableKey, keyPaths } from "../chain/jsonPath.ts";
import { scopeOf } from "../chain/follow.ts";
import { findConnector, findPathConnector, firstFound } from "../chain/lookUp.ts";
import { offeredScopes } from "../chain/scopeFindings.ts";
import { stateWords } from "../chain/stateWords.ts";
import { keyItems as connectorKeyItems } from "../connector/connectorKeys.ts";
import { valueItems } from "../connector/connectorValues.ts";
import type { CompletionItem, CompletionList } from "../model/completionItem.ts";
import { maxLabel, maxNames, noItems } from "../model/completionItem.ts";
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import type { SecretAttributes, VaultWant } from "../model/facts.ts";
import { outlineAt } from "../model/entityOutline.ts";
import type { Scheme } from "../model/reference.ts";
import { isScheme, schemes } from "../model/reference.ts";
import type { FileScope, ScopeLevel } from "../model/scope.ts";
import { scopeKey } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import { isSubsequence } from "../model/subsequence.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isSecretName, isSecretVersion } from "../model/vaultTarget.ts";
import type { Closing, CompletionContext, ReferenceContext } from "../syntax/completionContext.ts";
import { completionContext } from "../syntax/completionContext.ts";
import { isConnectorIdentifier, isSecretIdentifier } from "../model/identifiers.ts";
import { keyVaultType } from "../syntax/connectorFaults.ts";
import { keyContext, valueContext } from "../syntax/outlineContext.ts";

export function completion(snapshot: Snapshot, offset: number): CompletionList {
  const key = keyContext(snapshot.analysis, offset);
  if (key !== undefined) return { ...noItems, items: connectorKeyItems(key) };
  const context = completionContext(snapshot, offset);
  if (context === undefined) {
    const value = valueContext(snapshot.analysis, offset);
    return value === undefined ? noItems : valueItems(snapshot, value, offset);
  }
  switch (context.kind) {
    case "functor":
    case "method":
      return { ...noItems, items: callItems(snapshot, context, offset) };
    case "bracket":
      return { ...noItems, items: bracketItems(snapshot, context) };
    case "reference":
      return referenceItems(snapshot, context, offset);
    case "path":
      return pathItems(snapshot, context, offset);
  }
}

type CallContext = Extract<CompletionContext, { kind: "functor" | "method" }>;

/** The whole call, or where it is written already the word alone. */
function callItems(snapshot: Snapshot, { kind, span, escaped, goesOn }: CallContext, offset: number): readonly CompletionItem[] {
  const head = kind === "functor" ? "secrets.getValue" : "getValue";
  if (!isSubsequence(snapshot.analysis.text.slice(span.start, offset).toLowerCase(), head.toLowerCase())) return [];
  const shared = { kind: "functor", detail: "A Harness secret", sortText: "0" } as const;
  if (goesOn) {
    const word = kind === "functor" ? "secrets" : "getValue";
    return [{ ...shared, label: word, span, newText: word, filterText: word }];
  }
  const quote = escaped ? '\\"' : '"';
  const before = `${head}(${quote}`;
  const newText = `${before}${quote})>`;
  return [{ ...shared, label: `${head}("…")`, span, newText, cursor: before.length, filterText: head, again: true }];
}

/** What can stand in the quotes, with the quotes. */
function bracketItems(snapshot: Snapshot, { span, escaped, closing, document }: Extract<CompletionContext, { kind: "bracket" }>): readonly CompletionItem[] {
  const quote = escaped ? '\\"' : '"';
  const argument = { span, closing: { text: quote + closing.text, end: closing.end } };
  return identifierItems(snapshot, scopeOf(snapshot, document), argument, true).map((item) => ({ ...item, newText: quote + item.newText }));
}

function referenceItems(snapshot: Snapshot, context: ReferenceContext, offset: number): CompletionList {
  const scope = scopeOf(snapshot, context.document);
  const takesPath = context.place === undefined || context.place === "secret-variable";
  const uri = /^(?:(account|org)\.)?([a-z]+):\/\/([^/]*)(\/)?(.*)$/.exec(context.typed);
  if (uri?.[2] !== undefined && isScheme(uri[2])) {
    if (!takesPath) return noItems;
    const level = (uri[1] as ScopeLevel | undefined) ?? "project";
    if (uri[4] === undefined) return { ...noItems, items: connectorItems(snapshot, context, offset, scope, level, uri[2]) };
    return uriPathItems(snapshot, context, offset, scope, level, uri[2], uri[3] ?? "", uri[5] ?? "");
  }
  return { ...noItems, items: identifierItems(snapshot, scope, { ...context, offset, ofKeyVault: isKeyVaultKey(snapshot, context) }, takesPath) };
}

/** True in the field of a Key Vault connector for its own key, which has to be kept in the built-in secret manager. */
function isKeyVaultKey({ analysis }: Snapshot, { place, span }: ReferenceContext): boolean {
  return place === "connector-field" && outlineAt(analysis.outlines, span.start)?.type === keyVaultType;
}

interface Argument {
  readonly span: Span;
  readonly closing: Closing;
  /** Where the cursor is, if what stands behind it may stay. */
  readonly offset?: number;
  readonly typed?: string;
  readonly ofKeyVault?: boolean;
}

function identifierItems(snapshot: Snapshot, scope: FileScope, argument: Argument, takesPath: boolean): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  const { span, closing, offset = span.end, typed = "", ofKeyVault = false } = argument;
  for (const accessible of offeredScopes(scope)) {
    const prefix = accessible.level === "project" ? "" : `${accessible.level}.`;
    const order = accessible.level === "project" ? "1" : accessible.level === "org" ? "2" : "3";
    for (const secret of snapshot.workspace.secretsIn(accessible)) {
      const isRefused = ofKeyVault && secret.connector !== undefined && !/^(?:account\.|org\.)?harnessSecretManager$/.test(secret.connector);
      if (isSecretIdentifier(secret.identifier)) items.push(secretItem(secret, prefix, isRefused ? "3~" : order, { span, closing }, scopeKey(accessible)));
    }
  }
  // What is of unknown scope is followed with any prefix: none is written for the person.
  const written = /^(?:account|org)\./.exec(typed)?.[0] ?? "";
  for (const entity of snapshot.workspace.unplaced()) {
    if (entity.kind === "secret" && isSecretIdentifier(entity.identifier)) items.push(secretItem(entity, written, "3", { span, closing }, ""));
  }
  const again = (kind: "scope" | "scheme", text: string, detail: string, order: string): CompletionItem => ({
    label: text,
    kind,
    detail,
    span: spanThrough(snapshot, span, offset, kind === "scope" ? "." : "://"),
    newText: text,
    filterText: text,
    sortText: order + text,
    again: true,
  });
  for (const prefix of scope.level === "account" ? ["account."] : ["account.", "org."]) {
    items.push(again("scope", prefix, `Secrets of the ${prefix === "org." ? "organization" : "account"}`, "4"));
  }
  if (!takesPath) return items;
  for (const scheme of Object.keys(schemes)) items.push(again("scheme", `${written}${scheme}://`, "A path inside a secret manager", "5"));
  return items;
}

/** From the start of the argument to behind the next `mark` that follows the cursor, else to its end. */
function spanThrough(snapshot: Snapshot, span: Span, offset: number, mark: string): Span {
  const found = snapshot.analysis.text.slice(offset, span.end).indexOf(mark);
  return found < 0 ? span : { start: span.start, end: offset + found + mark.length };
}

function secretItem(secret: SecretEntity, prefix: string, order: string, { span, closing }: Pick<Argument, "span" | "closing">, scope: string): CompletionItem {
  const text = prefix + secret.identifier;
  const detail = [secret.name, secret.connector].filter((part) => part !== undefined).map((part) => shownText(part, 60)).join(" · ");
  return {
    label: shownText(text, maxLabel),
    kind: "secret",
    ...(detail === "" ? {} : { detail }),
    span: { start: span.start, end: closing.end },
    newText: text + closing.text,
    filterText: secret.name === undefined ? text : `${text} ${shownText(secret.name, maxLabel)}`,
    sortText: order + text,
    data: JSON.stringify({ kind: "secret", scope, identifier: secret.identifier }),
  };
}

/** Connectors for a scheme: of the scope that is written, or of every scope where none is. */
function connectorItems(snapshot: Snapshot, context: ReferenceContext, offset: number, scope: FileScope, level: ScopeLevel, scheme: Scheme): readonly CompletionItem[] {
  const written = /^(?:account|org)\./.test(context.typed);
  const scopes = offeredScopes(scope).filter((candidate) => !written || candidate.level === level);
  const span = spanThrough(snapshot, context.span, offset, "/");
  const fits = ({ type, identifier }: ConnectorEntity): boolean => type === schemes[scheme] && isConnectorIdentifier(identifier);
  const placed = scopes.flatMap((candidate) => {
    const prefix = candidate.level === "project" ? "" : `${candidate.level}.`;
    return snapshot.workspace
      .connectorsIn(candidate)
      .filter(fits)
      .map((connector) => connectorItem(connector, span, `${prefix}${scheme}://${connector.identifier}/`, written ? prefix : "", scheme));
  });
  const typed = written && level !== "project" ? `${level}.` : "";
  const unplaced = snapshot.workspace.unplaced().filter((entity) => entity.kind === "connector");
  return [...placed, ...unplaced.filter(fits).map((connector) => connectorItem(connector, span, `${typed}${scheme}://${connector.identifier}/`, typed, scheme))];
}

function connectorItem(connector: ConnectorEntity, span: Span, text: string, prefix: string, scheme: string): CompletionItem {
  return {
    label: shownText(connector.identifier, maxLabel),
    kind: "connector",
    detail: connector.vault === undefined ? shownText(connector.name ?? connector.type, 60) : `vault ${connector.vault.name}`,
    span,
    newText: text,
    filterText: `${prefix}${scheme}://${connector.identifier}/`,
    sortText: text,
    again: true,
  };
}

function uriPathItems(snapshot: Snapshot, context: ReferenceContext, offset: number, scope: FileScope, level: ScopeLevel, scheme: Scheme, connector: string, path: string): CompletionList {
  const vault = firstFound(scope, (from) => findPathConnector(snapshot.workspace, level, connector, from).connector)?.vault;
  if (scheme !== "azurevault" || vault === undefined) return noItems;
  const start = context.typed.slice(0, context.typed.length - path.length);
  return vaultItems(snapshot, { vault, span: context.span, offset, start, path, closing: context.closing, dotted: false });
}

/** The path of a text secret of type Reference: of the secret in the cursor's own YAML document. */
function pathItems(snapshot: Snapshot, context: Extract<CompletionContext, { kind: "path" }>, offset: number): CompletionList {
  const document = snapshot.analysis.documents[context.document];
  const secret = snapshot.analysis.entities.find(
    (entity): entity is SecretEntity => entity.kind === "secret" && document !== undefined && spanContains(document.span, entity.origin.identifierSpan.start),
  );
  const written = secret?.connector;
  if (secret === undefined || written === undefined) return noItems;
  const vault = firstFound(snapshot.workspace.place(secret).scope, (from) => findConnector(snapshot.workspace, written, from).connector)?.vault;
  if (vault === undefined) return noItems;
  return vaultItems(snapshot, { vault, span: context.span, offset, start: "", path: context.typed, closing: context.closing, dotted: true });
}

interface PathContext {
  readonly vault: VaultTarget;
  /** The whole argument. */
  readonly span: Span;
  readonly offset: number;
  /** The text before the path. */
  readonly start: string;
  /** The path up to the cursor. */
  readonly path: string;
  readonly closing: Closing;
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

/** The edit that writes the part of the path at the cursor: what follows it, key or version, stays as it is. */
function partEdit(snapshot: Snapshot, context: PathContext, part: string, stops: RegExp): Pick<CompletionItem, "span" | "newText" | "filterText"> {
  const { span, offset, closing } = context;
  const filterText = context.start + part;
  const stop = snapshot.analysis.text.slice(offset, span.end).search(stops);
  if (stop >= 0) return { span: { start: span.start, end: offset + stop }, newText: filterText, filterText };
  return { span: { start: span.start, end: closing.end }, newText: filterText + closing.text, filterText };
}

function nameItems(snapshot: Snapshot, context: PathContext): CompletionList {
  const want = wantFor(context.vault, { listing: true });
  const listing = snapshot.facts.listing(context.vault);
  if (listing.state === "unknown") return { items: [], incomplete: listing.reason === "loading", wants: [want] };
  const matching = bestFirst(listing.value.secrets, context.path.toLowerCase());
  const items = matching.slice(0, maxNames).map((secret) => nameItem(snapshot, context, secret));
  return { items, incomplete: matching.length > maxNames || !listing.value.complete, wants: [want] };
}

/** The secrets that fit what is typed: those that begin with it, then those that hold it, then the rest. */
function bestFirst(secrets: readonly SecretAttributes[], typed: string): readonly SecretAttributes[] {
  const begin: SecretAttributes[] = [];
  const hold: SecretAttributes[] = [];
  const rest: SecretAttributes[] = [];
  for (const secret of secrets) {
    const name = secret.name.toLowerCase();
    if (!isSecretName(name) || !isSubsequence(typed, name)) continue;
    const at = name.indexOf(typed);
    (at === 0 ? begin : at > 0 ? hold : rest).push(secret);
  }
  return [...begin, ...hold, ...rest];
}

function nameItem(snapshot: Snapshot, context: PathContext, secret: SecretAttributes): CompletionItem {
  const unusable = !secret.enabled || (secret.expires !== undefined && secret.expires <= snapshot.now);
  return {
    label: secret.name,
    kind: "vault-secret",
    detail: stateWords(snapshot, secret),
    ...partEdit(snapshot, context, secret.name, /[#/]/),
    sortText: (unusable ? "2" : "1") + secret.name.toLowerCase(),
    data: JSON.stringify({ kind: "name", vault: context.vault, name: secret.name }),
  };
}

function keyItems(snapshot: Snapshot, context: PathContext, name: string): CompletionList {
  if (!isSecretName(name)) return noItems;
  const pinned = snapshot.analysis.text.slice(context.offset, context.span.end).split("/")[1];
  const version = pinned !== undefined && isSecretVersion(pinned) ? pinned : undefined;
  const want = wantFor(context.vault, { json: { name, ...(version === undefined ? {} : { version }) } });
  const shape = snapshot.facts.jsonShape(context.vault, name, version);
  if (shape.state === "unknown") return { items: [], incomplete: shape.reason === "loading", wants: [want] };
  if (shape.value.kind === "not-json") return { items: [], incomplete: false, wants: [want] };
  const keys = [...new Set(keyPaths(shape.value.keys, maxNames, context.dotted))].filter((key) => isWritableKey(key) && (context.dotted || !key.includes(".")));
  const items = keys.map(
    (key, index): CompletionItem => ({
      label: shownText(key, maxLabel),
      kind: "json-key",
      detail: `JSON key of ${name}`,
      ...partEdit(snapshot, context, `${name}#${key}`, /\//),
      sortText: String(index).padStart(5, "0"),
    }),
  );
  return { items, incomplete: false, wants: [want] };
}

/** Versions newest first. What is typed may hold a key before the slash, which stays. */
function versionItems(snapshot: Snapshot, context: PathContext, left: string): CompletionList {
  const name = left.split("#")[0] ?? left;
  if (!isSecretName(name)) return noItems;
  const want = wantFor(context.vault, { versions: name });
  const versions = snapshot.facts.versions(context.vault, name);
  if (versions.state === "unknown") return { items: [], incomplete: versions.reason === "loading", wants: [want] };
  const sorted = versions.value.filter(({ version }) => isSecretVersion(version)).sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  const items = sorted.map(
    (version, index): CompletionItem => ({
      label: version.version,
      kind: "version",
      detail: `${index === 0 ? "latest, " : ""}${stateWords(snapshot, version)}`,
      ...partEdit(snapshot, context, `${left}/${version.version}`, /(?!)/),
      sortText: String(index).padStart(5, "0"),
    }),
  );
  return { items, incomplete: false, wants: [want] };
}

function wantFor(vault: VaultTarget, what: { readonly listing?: boolean; readonly versions?: string; readonly json?: VaultWant["jsonOf"][number] }): VaultWant {
  return {
    vault,
    listing: what.listing === true,
    versionsOf: what.versions === undefined ? [] : [what.versions],
    deletedOf: [],
    jsonOf: what.json === undefined ? [] : [what.json],
  };
}
