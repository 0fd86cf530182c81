import type { StoredSecret, StoredVault, StoredVersion } from "./vaultState.ts";
import { purgeDate } from "./vaultState.ts";

/** A SecretBundle; `withValue` only where Key Vault sends the value: get and set. */
export function secretBundle(vault: StoredVault, secret: StoredSecret, version: StoredVersion, withValue: boolean): object {
  return {
    ...(withValue ? { value: version.value } : {}),
    ...optional(version),
    id: `${secretId(vault, secret)}/${version.version}`,
    ...managedKeys(vault, secret, version),
    attributes: attributes(vault, version),
  };
}

/** An entry of the list of secrets: its id has no version. */
export function secretItem(vault: StoredVault, secret: StoredSecret): object {
  const latest = latestVersion(secret);
  return { ...optional(latest), id: secretId(vault, secret), ...(secret.managed ? { managed: true } : {}), attributes: attributes(vault, latest) };
}

/** An entry of the list of one secret's versions. */
export function versionItem(vault: StoredVault, secret: StoredSecret, version: StoredVersion): object {
  return { ...optional(version), id: `${secretId(vault, secret)}/${version.version}`, ...(secret.managed ? { managed: true } : {}), attributes: attributes(vault, version) };
}

/** What delete and the deleted secrets answer; no value, and the version in the id only for one secret. */
export function deletedBundle(vault: StoredVault, secret: StoredSecret, deletedAt: number, inList: boolean): object {
  const latest = latestVersion(secret);
  const item = inList ? secretItem(vault, secret) : secretBundle(vault, secret, latest, false);
  return {
    recoveryId: `https://${vault.host}/deletedsecrets/${secret.name}`,
    deletedDate: seconds(deletedAt),
    scheduledPurgeDate: seconds(purgeDate(vault, deletedAt)),
    ...item,
  };
}

function secretId(vault: StoredVault, secret: StoredSecret): string {
  return `https://${vault.host}/secrets/${secret.name}`;
}

/** Invariant: a stored secret has at least one version. */
function latestVersion(secret: StoredSecret): StoredVersion {
  const latest = secret.versions.at(-1);
  if (latest === undefined) {
    throw new Error(`The secret ${secret.name} has no version.`);
  }
  return latest;
}

function optional(version: StoredVersion): object {
  return {
    ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
  };
}

function managedKeys(vault: StoredVault, secret: StoredSecret, version: StoredVersion): object {
  return secret.managed ? { managed: true, kid: `https://${vault.host}/keys/${secret.name}/${version.version}` } : {};
}

function attributes(vault: StoredVault, version: StoredVersion): object {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: seconds(version.notBefore) }),
    ...(version.expires === undefined ? {} : { exp: seconds(version.expires) }),
    created: seconds(version.created),
    updated: seconds(version.updated),
    recoveryLevel: recoveryLevel(vault),
    recoverableDays: vault.options.retentionDays,
  };
}

function recoveryLevel(vault: StoredVault): string {
  const customized = vault.options.retentionDays < 90 ? "Customized" : "";
  return vault.options.purgeProtection ? `${customized}Recoverable` : `${customized}Recoverable+Purgeable`;
}

function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
