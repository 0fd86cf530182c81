import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isSecretName, isSecretVersion, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultAddress } from "../../../server/src/vault/vaultAddress.ts";

const portals: Readonly<Record<Cloud, string>> = {
  public: "https://portal.azure.com",
  usgov: "https://portal.azure.us",
  china: "https://portal.azure.cn",
};

export interface PortalUrl {
  readonly url: string;
  /** False where the address leads to the list of vaults, since it is not known where this one is. */
  readonly exact: boolean;
}

/** The vault's page in the portal of its cloud: `#@tenant/resource/<resource id>`. */
export function vaultPortalUrl(vault: VaultTarget, { vaults }: AzureDirectory): PortalUrl {
  const portal = portals[vault.cloud];
  const known = vaults.find((candidate) => vaultKey(candidate) === vaultKey(vault));
  if (known === undefined || !isGuid(known.subscription) || !isGuid(known.tenant) || !isVaultName(known.name)) {
    return { url: `${portal}/#view/HubsExtension/BrowseResource/resourceType/Microsoft.KeyVault%2Fvaults`, exact: false };
  }
  const id = `/subscriptions/${known.subscription}/resourceGroups/${encodeURIComponent(known.resourceGroup)}/providers/Microsoft.KeyVault/vaults/${known.name}`;
  return { url: `${portal}/#@${known.tenant}/resource${id}/overview`, exact: true };
}

/**
 * The page of a secret or a version, which needs no resource ID: `#@tenant/asset/Microsoft_Azure_KeyVault/Secret/<identifier>`.
 * Undefined where no vault or secret can have the name.
 */
export function secretPortalUrl(vault: VaultTarget, { name, version }: { readonly name: string; readonly version?: string }, { vaults }: AzureDirectory): string | undefined {
  const origin = vaultAddress(vault)?.origin;
  if (origin === undefined || !isSecretName(name) || (version !== undefined && !isSecretVersion(version))) return undefined;
  const tenant = vaults.find((candidate) => vaultKey(candidate) === vaultKey(vault))?.tenant ?? vault.tenant;
  const where = tenant !== undefined && isGuid(tenant) ? `@${tenant}/` : "";
  return `${portals[vault.cloud]}/#${where}asset/Microsoft_Azure_KeyVault/Secret/${origin}/secrets/${name}${version === undefined ? "" : `/${version}`}`;
}
