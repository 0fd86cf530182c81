/** Turns Resource Manager's answers into plain data of our own. Whatever it names is checked before it is passed on. */
import type { Vault } from "@azure/arm-keyvault";
import type { Subscription } from "@azure/arm-resources-subscriptions";
import type { AzureSubscription, AzureVault } from "../../core/model/azureDirectory.ts";
import type { Cloud } from "../../core/model/vaultTarget.ts";
import { isGuid, isVaultName } from "../../core/model/vaultTarget.ts";
import { checkVaultUrl } from "../vaultAddress.ts";

const maxNameLength = 200;

/** Undefined for an entry without a GUID: nothing can be asked about it. */
export function azureSubscriptionOf(item: Subscription, cloud: Cloud): AzureSubscription | undefined {
  const id = guidOf(item.subscriptionId);
  if (id === undefined) return undefined;
  const tenant = guidOf(item.tenantId);
  return {
    id,
    name: textOf(item.displayName) ?? id,
    ...(tenant === undefined ? {} : { tenant }),
    cloud,
    state: textOf(item.state) ?? "Unknown",
  };
}

/**
 * Undefined for an entry that is not what it says: whose address is not the vault's own in that cloud, or whose id is
 * not in the subscription that was asked for.
 */
export function azureVaultOf(item: Vault, cloud: Cloud, subscription: string): AzureVault | undefined {
  const { name, properties } = item;
  const tenant = guidOf(properties.tenantId);
  const resourceGroup = resourceGroupOf(item.id, subscription, name);
  if (name === undefined || !isVaultName(name) || tenant === undefined || resourceGroup === undefined) return undefined;
  if (properties.vaultUri === undefined || checkVaultUrl(properties.vaultUri, cloud)?.name.toLowerCase() !== name.toLowerCase()) return undefined;
  const days = properties.softDeleteRetentionInDays;
  return {
    name,
    cloud,
    subscription,
    resourceGroup,
    location: textOf(item.location) ?? "",
    tenant,
    // Null on a vault from before roles: its access policies decide.
    rbac: properties.enableRbacAuthorization === true,
    purgeProtection: properties.enablePurgeProtection === true,
    publicAccess: properties.publicNetworkAccess?.toLowerCase() !== "disabled",
    ...(Number.isInteger(days) ? { retentionDays: days } : {}),
  };
}

/** Letters of any script, digits and `-_.()`, at most 90 (Azure's naming rules). */
function resourceGroupOf(id: string | undefined, subscription: string, name: string | undefined): string | undefined {
  const parts = /^\/subscriptions\/([^/]{36})\/resourceGroups\/([-\p{L}\p{N}_.()]{1,90})\/providers\/Microsoft\.KeyVault\/vaults\/([^/]{1,24})$/iu.exec(id ?? "");
  if (parts?.[1]?.toLowerCase() !== subscription || parts[3]?.toLowerCase() !== name?.toLowerCase()) return undefined;
  return parts[2];
}

function guidOf(value: unknown): string | undefined {
  return typeof value === "string" && isGuid(value) ? value.toLowerCase() : undefined;
}

/** What stands in an answer may not be text at all, whatever the SDK's types say. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, maxNameLength) : undefined;
}
