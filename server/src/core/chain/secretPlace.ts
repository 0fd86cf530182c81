/** Which secret of which Key Vault a Harness secret or a path means, from the workspace alone, whatever the vaults hold. */
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import type { FileScope, ScopeLevel } from "../model/scope.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isSecretName, vaultKey } from "../model/vaultTarget.ts";
import type { WorkspaceModel } from "../model/workspaceModel.ts";
import { readVaultPath } from "../syntax/vaultPath.ts";
import { findConnector, findPathConnector, firstFound } from "./lookUp.ts";

/** `name[#key][/version]` without the places of its parts. */
export interface PathParts {
  readonly name: string;
  readonly key?: string;
  readonly version?: string;
}

export interface SecretPlace extends PathParts {
  readonly vault: VaultTarget;
}

/** Where a SecretText or SecretFile is kept; undefined where that is no Key Vault, or is not known for certain. */
export function placeOfSecret(workspace: WorkspaceModel, secret: SecretEntity): SecretPlace | undefined {
  if (secret.connector === undefined || (secret.type !== "SecretText" && secret.type !== "SecretFile")) return undefined;
  const written = secret.connector;
  const vault = vaultOf(firstFound(workspace.place(secret).scope, (scope) => findConnector(workspace, written, scope).connector));
  const parts = vault === undefined ? undefined : partsOfSecret(secret);
  return vault === undefined || parts === undefined ? undefined : { vault, ...parts };
}

/** Where a path in a file of scope `from` leads. */
export function placeOfPath(workspace: WorkspaceModel, level: ScopeLevel, connector: string, path: PathParts, from: FileScope): SecretPlace | undefined {
  const vault = vaultOf(firstFound(from, (scope) => findPathConnector(workspace, level, connector, scope).connector));
  return vault === undefined ? undefined : { vault, ...path };
}

/** True for one place: Key Vault compares names and versions ignoring case, a JSON key is compared as it is. */
export function isSamePlace(a: SecretPlace, b: SecretPlace): boolean {
  return vaultKey(a.vault) === vaultKey(b.vault) && a.name.toLowerCase() === b.name.toLowerCase() && a.version?.toLowerCase() === b.version?.toLowerCase() && a.key === b.key;
}

/** A secret that Harness itself writes is kept under its Name, as it is (Harness: AzureVaultEncryptor). */
function partsOfSecret({ type, valueType, name, path }: SecretEntity): PathParts | undefined {
  if (type === "SecretFile" || valueType === "Inline") return name !== undefined && isSecretName(name) ? { name } : undefined;
  if (path === undefined) return undefined;
  const read = readVaultPath(path, (start, end) => ({ start, end }));
  if (read.broken || read.path === undefined) return undefined;
  const { name: written, key, version } = read.path;
  return { name: written.text, ...(key === undefined ? {} : { key: key.text }), ...(version === undefined ? {} : { version: version.text }) };
}

function vaultOf(connector: ConnectorEntity | undefined): VaultTarget | undefined {
  return connector?.type === "AzureKeyVault" ? connector.vault : undefined;
}
