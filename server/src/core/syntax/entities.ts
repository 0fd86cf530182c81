/** The connectors and secrets that a YAML document defines, and what is wrong with a secret's own fields. */
import type { ConnectorEntity, Entity, SecretEntity, SecretType } from "../model/entities.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { DocumentHead, PathScope } from "../model/documentScope.ts";
import { documentScope } from "../model/documentScope.ts";
import type { Span } from "../model/span.ts";
import { isGuid, isVaultName } from "../model/vaultTarget.ts";
import type { RecognisedDocument } from "./recognise.ts";
import { readKeyVaultSettings } from "./keyVaultSettings.ts";
import { isPlaceholder, nodeText } from "./recognise.ts";
import { scalarText } from "./scalarText.ts";
import { readVaultPath } from "./vaultPath.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

export interface EntityResult {
  readonly entity?: Entity;
  readonly findings: readonly Finding[];
}

type Placed = Pick<Entity, "scope" | "said">;

const secretTypes: readonly string[] = ["SecretText", "SecretFile", "SSHKey", "WinRmCredentials"] satisfies readonly SecretType[];

export function readEntity(text: string, uri: string, document: RecognisedDocument, path: PathScope): EntityResult {
  const scope = documentScope(document, path, {});
  const { kind, org, project, placeholderScope } = document;
  const head: DocumentHead = { ...(kind === undefined ? {} : { kind }), ...(org === undefined ? {} : { org }), ...(project === undefined ? {} : { project }), placeholderScope };
  const placed: Placed = scope.level === "unknown" && !placeholderScope ? { scope, said: { head, path } } : { scope };
  if (document.kind === "connector") return readConnector(text, uri, document.entity, placed);
  if (document.kind === "secret") return readSecret(text, uri, document.entity, placed);
  return { findings: [] };
}

function readConnector(text: string, uri: string, node: YamlNode | undefined, placed: Placed): EntityResult {
  const head = readHead(text, uri, node);
  const type = nodeText(text, childOf(text, node, "type"));
  if (head === undefined || type === undefined) return { findings: [] };
  const spec = childOf(text, node, "spec");
  const settings = type === "AzureKeyVault" ? { settings: readKeyVaultSettings(text, spec) } : {};
  const entity: ConnectorEntity = { kind: "connector", ...head, ...placed, type, ...vaultOf(text, spec, type), ...settings, ...descriptionOf(text, node) };
  return { entity, findings: [] };
}

function vaultOf(text: string, spec: YamlNode | undefined, type: string): Pick<ConnectorEntity, "vault"> {
  if (type !== "AzureKeyVault") return {};
  const name = nodeText(text, childOf(text, spec, "vaultName"))?.trim();
  if (name === undefined || !isVaultName(name)) return {};
  const environment = nodeText(text, childOf(text, spec, "azureEnvironmentType"))?.trim() ?? "AZURE";
  if (environment !== "AZURE" && environment !== "AZURE_US_GOVERNMENT") return {};
  const tenant = nodeText(text, childOf(text, spec, "tenantId"))?.trim();
  return { vault: { name, cloud: environment === "AZURE" ? "public" : "usgov", ...(tenant !== undefined && isGuid(tenant) ? { tenant: tenant.toLowerCase() } : {}) } };
}

function descriptionOf(text: string, node: YamlNode | undefined): Pick<ConnectorEntity, "description" | "tags"> {
  const description = nodeText(text, childOf(text, node, "description"))?.trim();
  const tags = (childOf(text, node, "tags")?.children ?? []).flatMap((child) => (child.key === undefined ? [] : [[text.slice(child.key.start, child.key.end), nodeText(text, child) ?? ""] as const]));
  return { ...(description === undefined || description === "" ? {} : { description }), ...(tags.length === 0 ? {} : { tags }) };
}

function readSecret(text: string, uri: string, node: YamlNode | undefined, placed: Placed): EntityResult {
  const head = readHead(text, uri, node);
  const type = nodeText(text, childOf(text, node, "type"));
  const spec = childOf(text, node, "spec");
  const valueType = nodeText(text, childOf(text, spec, "valueType"))?.trim();
  const valueNode = childOf(text, spec, "value");
  const findings = valueType === "Inline" ? inlineValue(text, valueNode) : valueType === "Reference" ? vaultUrl(text, valueNode) : [];
  if (head === undefined || type === undefined || !isSecretType(type)) return { findings };
  const connectorNode = childOf(text, spec, "secretManagerIdentifier");
  const connector = nodeText(text, connectorNode)?.trim();
  const nameScalar = childOf(text, node, "name")?.scalar;
  const reference = valueType === "Reference" ? pathOf(text, valueNode) : {};
  const entity: SecretEntity = {
    kind: "secret",
    ...head,
    ...placed,
    type,
    ...(connector === undefined || connector === "" || isPlaceholder(connector) ? {} : { connector, ...(connectorNode?.scalar === undefined ? {} : { connectorSpan: spanOf(connectorNode.scalar) }) }),
    ...(nameScalar === undefined ? {} : { nameSpan: spanOf(nameScalar) }),
    ...(valueType === "Inline" || valueType === "Reference" || valueType === "CustomSecretManagerValues" ? { valueType } : {}),
    ...reference,
  };
  return { entity, findings };
}

function spanOf(scalar: Span): Span {
  return { start: scalar.start, end: scalar.end };
}

function isSecretType(type: string): type is SecretType {
  return secretTypes.includes(type);
}

function pathOf(text: string, node: YamlNode | undefined): Pick<SecretEntity, "path" | "pathSpan"> {
  const path = nodeText(text, node)?.trim();
  if (node?.scalar === undefined || path === undefined || path === "" || isPlaceholder(path)) return {};
  return { path, pathSpan: spanOf(node.scalar) };
}

/** A Key Vault URL, which no secret manager takes: said before it is known which one it is. */
function vaultUrl(text: string, node: YamlNode | undefined): readonly Finding[] {
  if (node?.scalar === undefined) return [];
  const source = scalarText(text, node.scalar);
  if (!/^\s*https:\/\/[0-9A-Za-z-]{1,127}\.vault\.[a-z]{1,30}\.(?:net|cn)\//i.test(source.text.slice(0, 300))) return [];
  const leading = source.text.length - source.text.trimStart().length;
  return readVaultPath(source.text.trim(), (start, end) => ({ start: source.offset(leading + start), end: source.offset(leading + end) })).findings;
}

function inlineValue(text: string, node: YamlNode | undefined): readonly Finding[] {
  if (node?.scalar === undefined) return [];
  const source = scalarText(text, node.scalar);
  const value = source.text.trim();
  if (value === "" || value === "null" || value === "~" || isPlaceholder(value)) return [];
  const leading = source.text.length - source.text.trimStart().length;
  const span = { start: source.offset(leading), end: node.scalar.end };
  const isQuoted = node.scalar.style === "single" || node.scalar.style === "double";
  const fixes = node.scalar.style === "block" ? [] : [replaceFix("Remove the value from this file", span, isQuoted ? "" : '""')];
  return [
    newFinding("inline-secret-value", span, "Harness refuses the value of a secret in YAML, and everyone who reads this file can read it. Remove it, and change the secret if it is real", { fixes }),
  ];
}

type Head = Pick<Entity, "identifier" | "origin"> & { readonly name?: string };

function readHead(text: string, uri: string, node: YamlNode | undefined): Head | undefined {
  const identifierNode = childOf(text, node, "identifier");
  const identifier = nodeText(text, identifierNode)?.trim();
  if (identifierNode?.scalar === undefined || identifier === undefined || identifier === "" || isPlaceholder(identifier)) return undefined;
  const name = nodeText(text, childOf(text, node, "name"))?.trim();
  return {
    identifier,
    ...(name === undefined || name === "" || isPlaceholder(name) ? {} : { name }),
    origin: { uri, identifierSpan: { start: identifierNode.scalar.start, end: identifierNode.scalar.end } },
  };
}
