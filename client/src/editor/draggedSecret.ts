/** A secret that is dragged from the explorer, by names alone. */
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion, isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import { jsonKeyProblem } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";

/** The type of the text. */
export const secretMime = "application/vnd.keyline.secret";

export function draggedText({ vault, name, version, jsonKeys }: SecretSubject): string {
  return JSON.stringify({ vault: vault.name, cloud: vault.cloud, tenant: vault.tenant, name, version, jsonKeys });
}

/** Anybody can drag a text of that type here: what is no secret of a vault that is known is none. */
export function readDragged(text: string, vaults: readonly VaultTarget[]): SecretSubject | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { vault: vaultName, cloud, name, version, jsonKeys } = read as Readonly<Record<string, unknown>>;
  if (typeof vaultName !== "string" || !isVaultName(vaultName) || typeof name !== "string" || !isSecretName(name)) return undefined;
  const vault = vaults.find((known) => known.cloud === cloud && known.name.toLowerCase() === vaultName.toLowerCase());
  if (vault === undefined || (version !== undefined && (typeof version !== "string" || !isSecretVersion(version)))) return undefined;
  if (jsonKeys !== undefined && !isKeys(jsonKeys)) return undefined;
  return { vault, name, ...(version === undefined ? {} : { version }), ...(jsonKeys === undefined ? {} : { jsonKeys }) };
}

function isKeys(keys: unknown): keys is readonly string[] {
  return Array.isArray(keys) && keys.length > 0 && keys.length < 50 && keys.every((key) => typeof key === "string" && !key.includes(".") && jsonKeyProblem(key) === undefined);
}
