import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";

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
