/**
 * The fields in the `spec` of an AzureKeyVault connector, as Harness reads them.
 * Source: Harness's connector schema, its public back end (AzureKeyVaultConnectorDTO) and its page on Azure Key Vault.
 */
export type KeyVaultFieldForm = "guid" | "secret" | "vault" | "switch" | "selectors" | "environment" | "identity";

export interface KeyVaultField {
  readonly name: string;
  readonly form: KeyVaultFieldForm;
  /** In a few words, beside a completion. */
  readonly brief: string;
  readonly what: string;
  readonly default?: string;
  readonly required: string;
  readonly source: string;
}

export const environments = ["AZURE", "AZURE_US_GOVERNMENT"] as const;
export const identityTypes = ["SystemAssignedManagedIdentity", "UserAssignedManagedIdentity"] as const;

const dto = "Harness's code, AzureKeyVaultConnectorDTO";
const page = "Harness's page on Azure Key Vault";
const schema = "Harness's connector schema";
const withKey = "Required unless useManagedIdentity is true";

/** In the order in which Harness writes them. */
export const keyVaultFields: readonly KeyVaultField[] = [
  { name: "clientId", form: "guid", brief: "application (client) ID", what: "The application (client) ID of the app registration that the delegate signs in with. A GUID", required: withKey, source: dto },
  {
    name: "tenantId",
    form: "guid",
    brief: "Entra tenant",
    what: "The ID of the Entra tenant (directory) of the app registration and the vault. A GUID. With a managed identity Harness needs none; Keyline then takes it for the vault's tenant",
    required: withKey,
    source: dto,
  },
  {
    name: "secretKey",
    form: "secret",
    brief: "secret that holds the client secret",
    what: "The Harness secret that holds the app registration's client secret: id, org.id or account.id. It has to be kept in Harness's built-in secret manager",
    required: withKey,
    source: `${dto}; Harness's page on storing authentication credentials`,
  },
  {
    name: "vaultName",
    form: "vault",
    brief: "short name of the vault",
    what: "The short name of the Key Vault, not its URL: 3 to 24 letters, digits and single hyphens. It cannot be changed once secrets are kept in the connector",
    required: "Required",
    source: "Harness's code, AzureKeyVaultConnectorDTO and AzureKeyVaultConfigMapper",
  },
  {
    name: "subscription",
    form: "guid",
    brief: "subscription of the vault",
    what: "The ID of the Azure subscription that the vault belongs to. A GUID. Harness lists the vaults of it for Fetch Vault",
    required: "Harness's code refuses a connector without one, though its page calls it optional",
    source: `${dto}; ${page}`,
  },
  { name: "default", form: "switch", brief: "default secret manager of the scope", what: "Whether new secrets of the scope are kept in this connector unless another is chosen", default: "false", required: "Optional", source: schema },
  {
    name: "azureEnvironmentType",
    form: "environment",
    brief: "Azure cloud",
    what: "The Azure cloud: AZURE or AZURE_US_GOVERNMENT. Harness offers no other",
    default: "AZURE",
    required: "Optional",
    source: schema,
  },
  {
    name: "delegateSelectors",
    form: "selectors",
    brief: "delegates that may reach the vault",
    what: "The tags of the delegates that may reach the vault. Harness talks to the vault from a delegate, never from its own servers",
    default: "any delegate",
    required: "Optional",
    source: schema,
  },
  {
    name: "useManagedIdentity",
    form: "switch",
    brief: "sign in with the delegate's identity",
    what: "Whether the delegate signs in with its own managed identity instead of a client ID and a key",
    default: "false",
    required: "Optional",
    source: dto,
  },
  {
    name: "azureManagedIdentityType",
    form: "identity",
    brief: "system- or user-assigned",
    what: "The kind of the delegate's identity: SystemAssignedManagedIdentity or UserAssignedManagedIdentity",
    required: "Required where useManagedIdentity is true",
    source: dto,
  },
  {
    name: "managedClientId",
    form: "guid",
    brief: "client ID of the user-assigned identity",
    what: "The client ID of the user-assigned identity. A GUID",
    required: "Required where azureManagedIdentityType is UserAssignedManagedIdentity",
    source: dto,
  },
  {
    name: "vaultConfiguredManually",
    form: "switch",
    brief: "vault name was typed",
    what: "Whether the vault's name was typed instead of chosen from Fetch Vault. Harness's web interface writes it",
    default: "false",
    required: "Optional",
    source: schema,
  },
  {
    name: "enablePurge",
    form: "switch",
    brief: "purge deleted secrets",
    what: "Whether Harness also purges a secret that it deletes, so that its name is free at once. Write false for a vault with purge protection: there deleting fails",
    default: "false in YAML; the web interface turns it on",
    required: "Optional",
    source: `${dto}; ${page}`,
  },
  { name: "ignoreTestConnection", form: "switch", brief: "skip the connection test", what: "Whether Harness saves the connector without testing its connection", required: "Optional", source: schema },
];

const byName: ReadonlyMap<string, KeyVaultField> = new Map(keyVaultFields.map((field) => [field.name, field]));

export function keyVaultField(name: string): KeyVaultField | undefined {
  return byName.get(name);
}
