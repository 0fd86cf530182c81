import type { UnknownScope } from "../../server/src/core/model/scope.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow, ConnectorUse, ProtocolRange, SecretEntityRow } from "../../server/src/protocol/messages.ts";

export const folder = "file:///work/shop";
export const tenant = "11111111-2222-3333-4444-555555555555";
export const shopVault: VaultTarget = { name: "shop-kv", cloud: "public", tenant };

export function rangeAt(line: number, character: number, length: number): ProtocolRange {
  return { start: { line, character }, end: { line, character: character + length } };
}

/** An account connector of a YAML file, with what a test wants otherwise. */
export function connectorRow(other: Partial<ConnectorRow> = {}): ConnectorRow {
  const identifier = other.identifier ?? "kv";
  return {
    key: `${folder} account ${identifier}`,
    folder,
    scope: { level: "account" },
    identifier,
    name: "Shop vault",
    type: "AzureKeyVault",
    vault: shopVault,
    settings: { vaultName: "shop-kv" },
    uri: `${folder}/.harness/kv.yaml`,
    range: rangeAt(1, 14, identifier.length),
    secrets: [],
    references: [],
    ...other,
  };
}

/** Of a file that does not say where it lives. */
export const untold: UnknownScope = { level: "unknown", reason: "unknown-scope" };

/** An account secret of a YAML file, with what a test wants otherwise. */
export function secretRow(other: Partial<SecretEntityRow> = {}): SecretEntityRow {
  const identifier = other.identifier ?? "db";
  return { folder, uri: `${folder}/.harness/secrets/${identifier}.yaml`, scope: { level: "account" }, identifier, type: "SecretText", ...other };
}

export function uses(count: number, file = "p.yaml"): readonly ConnectorUse[] {
  return Array.from({ length: count }, (_, index) => ({ uri: `${folder}/pipelines/${file}`, range: rangeAt(index, 4, 9), text: `account.s${String(index)}` }));
}
