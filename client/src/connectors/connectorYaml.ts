/** Connector YAML in Harness's exact shape and order, and changes of single fields in a file that is there. */
import { Document, isCollection, isMap, isPair, isScalar, parseAllDocuments, stringify } from "yaml";
import type { Pair, Scalar, YAMLMap } from "yaml";
import { isNestedDeeper } from "./yamlDepth.ts";
import type { KeyVaultSettings } from "../../../server/src/core/model/entities.ts";
import type { Scope } from "../../../server/src/core/model/scope.ts";

/** An Azure Key Vault connector, as it is to be written. */
export interface ConnectorContent {
  readonly scope: Scope;
  readonly name: string;
  readonly identifier: string;
  readonly description: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly settings: KeyVaultSettings;
}

/** Harness reads YAML 1.1, in which `no` and `1_000` are no strings; such a text is quoted. */
export const yamlStyle = { compat: "yaml-1.1", lineWidth: 0 } as const;
/** Harness's own order (its connector schema). */
const specOrder: readonly (keyof KeyVaultSettings)[] = [
  "clientId", "tenantId", "secretKey", "vaultName", "subscription", "default", "azureEnvironmentType", "delegateSelectors",
  "useManagedIdentity", "azureManagedIdentityType", "managedClientId", "vaultConfiguredManually", "enablePurge",
];

/** The file of a new connector. */
export function connectorYaml({ scope, name, identifier, description, tags, settings }: ConnectorContent): string {
  const spec = Object.fromEntries(specOrder.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]])));
  const connector = {
    name,
    identifier,
    description,
    ...scopeFields(scope),
    tags: Object.fromEntries(tags),
    type: "AzureKeyVault",
    spec,
  };
  return stringify({ connector }, yamlStyle);
}

/** Absent where an entity of that scope has none. */
export function scopeFields(scope: Scope): { readonly orgIdentifier?: string; readonly projectIdentifier?: string } {
  if (scope.level === "account") return {};
  return { orgIdentifier: scope.org, ...(scope.level === "project" ? { projectIdentifier: scope.project } : {}) };
}

export type FieldValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** A field below `connector`, as `["spec", "vaultName"]`, and what it is to hold; undefined takes it away. */
export interface FieldChange {
  readonly path: readonly [string] | readonly ["spec", string];
  readonly value: FieldValue | undefined;
}

/** Files of connectors are small; reading what is larger would keep the editor waiting. */
const maxLength = 200_000;
const maxDepth = 200;

/**
 * The text with the fields of the connector changed that stands at `offset`; comments, order and other documents stay.
 * Undefined where the text cannot be changed safely.
 */
export function editConnectorYaml(text: string, offset: number, changes: readonly FieldChange[]): string | undefined {
  if (text.length > maxLength || isNestedDeeper(text, maxDepth)) return undefined;
  let edited = text;
  for (const change of changes) {
    const next = editField(edited, offset, change);
    if (next === undefined) return undefined;
    edited = next;
  }
  return edited;
}

function editField(text: string, offset: number, { path, value }: FieldChange): string | undefined {
  const connector = connectorAt(text, offset);
  const parent = path.length === 1 ? connector : mapOf(connector, "spec");
  const key = path.at(-1) ?? "";
  if (parent === undefined || parent.flow === true || isTwice(parent, key)) return undefined;
  const pair = pairOf(parent, key);
  const edited = value === undefined ? withoutPair(text, pair) : pair === undefined ? withPair(text, parent, key, value) : withValue(text, pair, value);
  return edited !== undefined && holds(edited, offset, path, value) ? edited : undefined;
}

/** The map under `connector` of the document in which `offset` lies. */
function connectorAt(text: string, offset: number): YAMLMap | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: false, keepSourceTokens: true });
  if (!Array.isArray(documents)) return undefined;
  const document = documents.find(({ range, errors }) => errors.length === 0 && offset >= range[0] && offset <= range[2]);
  return document !== undefined && isMap(document.contents) ? mapOf(document.contents, "connector") : undefined;
}

function pairOf(map: YAMLMap | undefined, key: string): Pair<Scalar, unknown> | undefined {
  return map?.items.find((item): item is Pair<Scalar, unknown> => isPair(item) && isScalar(item.key) && item.key.value === key);
}

/** Readers differ in which of two counts. */
function isTwice(map: YAMLMap, key: string): boolean {
  return map.items.filter((item) => isScalar(item.key) && item.key.value === key).length > 1;
}

function mapOf(map: YAMLMap | undefined, key: string): YAMLMap | undefined {
  const value = pairOf(map, key)?.value;
  return isMap(value) ? value : undefined;
}

function withValue(text: string, pair: Pair<Scalar, unknown>, value: FieldValue): string | undefined {
  const keyEnd = pair.key.range?.[1];
  if (keyEnd === undefined) return undefined;
  const valueEnd = endOf(text, pair.value);
  const end = valueEnd <= keyEnd ? text.indexOf(":", keyEnd) + 1 : valueEnd;
  return `${text.slice(0, keyEnd)}: ${written(value)}${text.slice(end)}`;
}

function withPair(text: string, parent: YAMLMap, key: string, value: FieldValue): string | undefined {
  const last = parent.items.at(-1);
  if (!isPair(last) || !isScalar(last.key) || last.key.range === undefined || last.key.range === null) return undefined;
  const keyStart = last.key.range[0];
  const lineStart = text.lastIndexOf("\n", keyStart - 1) + 1;
  const indent = text.slice(lineStart, keyStart);
  const newline = text.indexOf("\n", Math.max(endOf(text, last.value), last.key.range[1]));
  const line = `${indent}${key}: ${written(value)}${text.includes("\r\n") ? "\r\n" : "\n"}`;
  if (/\S/.test(indent)) return undefined;
  return newline < 0 ? `${text}\n${line}` : text.slice(0, newline + 1) + line + text.slice(newline + 1);
}

function withoutPair(text: string, pair: Pair<Scalar, unknown> | undefined): string | undefined {
  const range = pair?.key.range;
  if (pair === undefined) return text;
  if (range === undefined || range === null) return undefined;
  const start = text.lastIndexOf("\n", range[0] - 1) + 1;
  const newline = text.indexOf("\n", Math.max(endOf(text, pair.value), range[1]));
  return text.slice(0, start) + (newline < 0 ? "" : text.slice(newline + 1));
}

/** Where a value ends, without the blanks and line ends that a block collection counts as its own; 0 for none. */
function endOf(text: string, node: unknown): number {
  const range = (node as { readonly range?: readonly [number, number, number] | null } | null | undefined)?.range;
  let end = range?.[1] ?? 0;
  while (end > (range?.[0] ?? 0) && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

/** On one line, whatever it is. */
function written(value: FieldValue): string {
  const document = new Document(value, { compat: "yaml-1.1" });
  const { contents } = document;
  if (isCollection(contents)) contents.flow = true;
  const text = document.toString({ lineWidth: 0 }).trimEnd();
  return text.includes("\n") ? JSON.stringify(value) : text;
}

/** Whether the edited text says what it was meant to say. */
function holds(text: string, offset: number, path: readonly string[], value: FieldValue | undefined): boolean {
  const connector = connectorAt(text, offset);
  if (connector === undefined) return false;
  const found: unknown = connector.getIn(path, false);
  const plain: unknown = typeof found === "object" && found !== null && "toJSON" in found ? (found as { toJSON(): unknown }).toJSON() : found;
  return JSON.stringify(plain) === JSON.stringify(value);
}
