import type { KeyVaultSettings } from "../../../../server/src/core/model/entities.ts";
import type { Scope } from "../../../../server/src/core/model/scope.ts";
import type { Cloud, VaultTarget } from "../../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName } from "../../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import type { ScopeDraft } from "../../entities/scopeSteps.ts";
import type { ConnectorContent } from "../connectorYaml.ts";

/** The answers of the connector wizard, as far as they are given. Holds no secret. */
export interface ConnectorDraft extends ScopeDraft {
  readonly description?: string;
  /** As typed: `key:value, key`. */
  readonly tags?: string;
  readonly credentials?: "specify" | "delegate";
  readonly environment?: "AZURE" | "AZURE_US_GOVERNMENT";
  readonly clientId?: string;
  readonly tenantId?: string;
  readonly secretKey?: string;
  readonly managedIdentity?: "system" | "user";
  readonly managedClientId?: string;
  readonly enablePurge?: boolean;
  /** As typed, separated by commas. */
  readonly delegateSelectors?: string;
  readonly subscription?: string;
  readonly vaultName?: string;
  readonly vaultConfiguredManually?: boolean;
  /** The tenant to look for vaults in, where the connector itself names none. It is not written. */
  readonly fetchTenant?: string;
  /** What Azure has told of the chosen vault. */
  readonly purgeProtected?: boolean | undefined;
  readonly test?: "passed" | "skipped" | FaultCause | undefined;
}

/** The scope, where it is complete. */
export function draftScope({ level, org, project }: ScopeDraft): Scope | undefined {
  if (level === "account") return { level };
  if (level === "org" && org !== undefined) return { level, org };
  if (level === "project" && org !== undefined && project !== undefined) return { level, org, project };
  return undefined;
}

export function draftCloud({ environment }: ConnectorDraft): Cloud {
  return environment === "AZURE_US_GOVERNMENT" ? "usgov" : "public";
}

/** The tenant that vaults are looked for in. */
export function draftTenant({ credentials, tenantId, fetchTenant }: ConnectorDraft): string | undefined {
  return credentials === "specify" ? tenantId : fetchTenant;
}

/** The vault that the connector will name, as the rest of Keyline knows it from the connector's YAML. */
export function draftVault(draft: ConnectorDraft): VaultTarget | undefined {
  if (draft.vaultName === undefined || !isVaultName(draft.vaultName)) return undefined;
  const tenant = draft.credentials === "specify" ? draft.tenantId : undefined;
  return { name: draft.vaultName, cloud: draftCloud(draft), ...(tenant !== undefined && isGuid(tenant) ? { tenant: tenant.toLowerCase() } : {}) };
}

/** The connector of a complete draft. */
export function draftContent(draft: ConnectorDraft): ConnectorContent | undefined {
  const scope = draftScope(draft);
  if (scope === undefined || draft.name === undefined || draft.identifier === undefined || draft.vaultName === undefined) return undefined;
  return {
    scope,
    name: draft.name,
    identifier: draft.identifier,
    description: draft.description ?? "",
    tags: draftTags(draft.tags ?? ""),
    settings: draftSettings(draft),
  };
}

/** The spec alone; fields of the other credential type are absent. */
export function draftSettings(draft: ConnectorDraft): KeyVaultSettings {
  const settings: { -readonly [Field in keyof KeyVaultSettings]: KeyVaultSettings[Field] } = {
    default: false,
    azureEnvironmentType: draft.environment ?? "AZURE",
    delegateSelectors: draftSelectors(draft.delegateSelectors ?? ""),
    useManagedIdentity: draft.credentials === "delegate",
    enablePurge: draft.enablePurge ?? true,
  };
  if (draft.vaultName !== undefined) settings.vaultName = draft.vaultName;
  if (draft.subscription !== undefined && draft.subscription !== "") settings.subscription = draft.subscription;
  if (draft.vaultConfiguredManually === true) settings.vaultConfiguredManually = true;
  if (draft.credentials === "delegate") {
    settings.azureManagedIdentityType = draft.managedIdentity === "user" ? "UserAssignedManagedIdentity" : "SystemAssignedManagedIdentity";
    if (draft.managedIdentity === "user" && draft.managedClientId !== undefined) settings.managedClientId = draft.managedClientId;
    return settings;
  }
  if (draft.clientId !== undefined) settings.clientId = draft.clientId;
  if (draft.tenantId !== undefined) settings.tenantId = draft.tenantId;
  if (draft.secretKey !== undefined) settings.secretKey = draft.secretKey;
  return settings;
}

/** `a, b` as a list without doubles. */
export function draftSelectors(typed: string): readonly string[] {
  return [...new Set(typed.split(",").map((selector) => selector.trim()).filter((selector) => selector !== ""))];
}

/** `key:value, key` as pairs; a tag's value may be empty. */
export function draftTags(typed: string): readonly (readonly [string, string])[] {
  return draftSelectors(typed).map((tag) => {
    const colon = tag.indexOf(":");
    return colon < 0 ? [tag, ""] : [tag.slice(0, colon).trim(), tag.slice(colon + 1).trim()];
  });
}
