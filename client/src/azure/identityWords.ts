import type { KeyVaultSettings } from "../../../server/src/core/model/entities.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";

/** How messages name the identity that opens a vault: never by an ID. */
export function identityWords(choice: CredentialChoice, settings: KeyVaultSettings | undefined): string {
  switch (choice.kind) {
    case "vscode":
      return "VS Code's Microsoft account";
    case "azure-cli":
      return "the Azure CLI's account";
    case "environment":
      return "the application that the environment variables name";
    case "client-secret":
      return `${application(choice, settings)}, with a client secret`;
    case "client-certificate":
      return `${application(choice, settings)}, with a certificate`;
    case "managed-identity":
      return choice.clientId === undefined ? "this machine's system-assigned managed identity" : "a user-assigned managed identity of this machine";
    case "workload-identity":
      return "this machine's workload identity";
  }
}

/** True where it is the very application or managed identity that the connector names, so that Harness has the same rights. */
export function isConnectorsOwn(choice: CredentialChoice, settings: KeyVaultSettings | undefined): boolean {
  if (settings === undefined) return false;
  switch (choice.kind) {
    case "client-secret":
    case "client-certificate":
      return settings.useManagedIdentity !== true && isSame(choice.clientId, settings.clientId) && isSame(choice.tenant, settings.tenantId);
    case "managed-identity":
      return settings.useManagedIdentity === true && isSame(choice.clientId, settings.managedClientId);
    case "vscode":
    case "azure-cli":
    case "environment":
    case "workload-identity":
      return false;
  }
}

function application(choice: CredentialChoice & { readonly clientId: string }, settings: KeyVaultSettings | undefined): string {
  if (isConnectorsOwn(choice, settings)) return "the connector's own application";
  const isOther = settings?.clientId !== undefined && !isSame(choice.clientId, settings.clientId);
  return isOther ? "another application than the connector's" : "an application of your choice";
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
