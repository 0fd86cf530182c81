import type { AzureDirectory, AzureVault } from "../../../server/src/core/model/azureDirectory.ts";
import type { KeyVaultSettings } from "../../../server/src/core/model/entities.ts";
import { formatAnd } from "../../../server/src/core/model/formatList.ts";
import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { TriedStep } from "../azure/causeWords.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";

export interface GrantQuestion {
  readonly cause: "rbac" | "access-policy";
  readonly step: TriedStep;
  readonly vault: VaultTarget;
  readonly settings: KeyVaultSettings | undefined;
  /** Which identity of this machine was refused. */
  readonly credential: CredentialChoice;
  readonly directory: AzureDirectory;
}

export interface GrantCommand {
  /** A line for the Azure CLI in Bash, PowerShell and the like. */
  readonly command: string;
  /** What the command does, and for whom. */
  readonly words: string;
}

/**
 * The Azure CLI's command that gives the missing right, with real names filled in: to the refused identity where its
 * client ID is known here, else to the connector's own. Undefined where neither is. A name that is not of Azure's form
 * never gets into a command.
 */
export function grantCommand(question: GrantQuestion): GrantCommand | undefined {
  const { vault, cause } = question;
  const grantee = granteeOf(question);
  if (grantee === undefined || !isVaultName(vault.name)) return undefined;
  const { command, words } = cause === "rbac" ? assignRole(question, grantee.clientId) : setPolicy(question, grantee.clientId);
  const others = grantee.refused ? "" : ` That is not the identity that was refused here: for your own account, put its sign-in name into ${cause === "rbac" ? "--assignee" : "--upn in the place of --spn"}.`;
  return { command, words: `Copied. The command ${words} to ${grantee.words}.${others}${cloudWords[vault.cloud]}` };
}

const cloudWords: Readonly<Record<Cloud, string>> = {
  public: "",
  usgov: " Run az cloud set --name AzureUSGovernment first.",
  china: " Run az cloud set --name AzureChinaCloud first.",
};

interface Grantee {
  readonly clientId: string;
  readonly words: string;
  readonly refused: boolean;
}

function granteeOf({ credential, settings }: GrantQuestion): Grantee | undefined {
  const own = connectorsClientId(settings);
  const refused = "clientId" in credential ? credential.clientId : undefined;
  if (refused !== undefined && isGuid(refused)) {
    const words = refused.toLowerCase() === own?.toLowerCase() ? "the connector's own identity" : "the identity that was refused";
    return { clientId: refused, words, refused: true };
  }
  return own !== undefined && isGuid(own) ? { clientId: own, words: "the connector's own identity, which Harness uses", refused: false } : undefined;
}

function connectorsClientId(settings: KeyVaultSettings | undefined): string | undefined {
  return settings?.useManagedIdentity === true ? settings.managedClientId : settings?.clientId;
}

function assignRole({ step, vault, directory }: GrantQuestion, clientId: string): GrantCommand {
  const role = step === "read" || step === "value" ? "Key Vault Secrets User" : "Key Vault Secrets Officer";
  const command = `az role assignment create --role "${role}" --assignee ${clientId} --scope ${scopeOf(vault, directory)}`;
  return { command, words: `gives the role ${role} on the vault ${vault.name}` };
}

/** Where it is not known in which resource group the vault is, the command asks Azure itself. */
function scopeOf(vault: VaultTarget, { vaults }: AzureDirectory): string {
  const known = vaults.find((candidate) => vaultKey(candidate) === vaultKey(vault));
  const id = known === undefined ? undefined : resourceId(known);
  return id === undefined ? `"$(az keyvault show --name ${vault.name} --query id --output tsv)"` : `"${id}"`;
}

function resourceId({ subscription, resourceGroup, name }: AzureVault): string | undefined {
  if (!isGuid(subscription) || !isVaultName(name) || !/^[0-9A-Za-z_.()-]{0,89}[0-9A-Za-z_()-]$/.test(resourceGroup)) return undefined;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`;
}

/** The Azure CLI puts the list in the place of the one that the identity has, so that it holds all that Harness needs. */
function setPolicy({ step, vault, settings }: GrantQuestion, clientId: string): GrantCommand {
  const permissions = ["get", "list", "set", "delete", ...(step === "recover" ? ["recover"] : []), ...(step === "purge" || settings?.enablePurge === true ? ["purge"] : [])];
  const command = `az keyvault set-policy --name ${vault.name} --spn ${clientId} --secret-permissions ${permissions.join(" ")}`;
  return { command, words: `gives exactly the secret permissions ${formatAnd(permissions)} on the vault ${vault.name}` };
}
