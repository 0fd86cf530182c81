import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";

/**
 * The Azure CLI command that mends a missing right, for whoever may grant it. Undefined where no right is missing, or
 * where a name is none that a command may hold.
 */
export function accessCommand(cause: FaultCause, step: "read" | "write", vault: VaultTarget, credential: CredentialChoice, directory: AzureDirectory): string | undefined {
  if (!isVaultName(vault.name)) return undefined;
  const application = "clientId" in credential && credential.clientId !== undefined && isGuid(credential.clientId) ? credential.clientId : undefined;
  if (cause === "rbac") {
    const role = step === "read" ? "Key Vault Secrets User" : "Key Vault Secrets Officer";
    return `az role assignment create --role "${role}" --assignee ${application ?? '"<user or object ID>"'} --scope ${scopeOf(vault, directory)}`;
  }
  if (cause === "access-policy") {
    const permissions = step === "read" ? "get list" : "get list set delete purge";
    const who = application === undefined ? '--object-id "<object ID>"' : `--spn ${application}`;
    return `az keyvault set-policy --name ${vault.name} ${who} --secret-permissions ${permissions}`;
  }
  return undefined;
}

/** The vault's resource id, or the command that finds it. */
function scopeOf(vault: VaultTarget, { vaults }: AzureDirectory): string {
  const known = vaults.find((one) => vaultKey(one) === vaultKey(vault));
  if (known !== undefined && isGuid(known.subscription) && /^[-\w.()]{1,90}$/.test(known.resourceGroup)) {
    return `"/subscriptions/${known.subscription}/resourceGroups/${known.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.name}"`;
  }
  return `"$(az keyvault show --name ${vault.name} --query id --output tsv)"`;
}
