import type { DocumentHead, PathScope } from "./documentScope.ts";
import type { FileScope } from "./scope.ts";
import type { Span } from "./span.ts";
import type { TextRange } from "./textRange.ts";
import type { VaultTarget } from "./vaultTarget.ts";

/** Where an entity is written: a workspace YAML file or keyline.jsonc. */
export interface Origin {
  readonly uri: string;
  readonly identifierSpan: Span;
  /** The same in lines, where the text itself is not kept. */
  readonly identifierRange?: TextRange;
}

/** What the text and the path of a file say of its scope, kept where that is not all: keyline.jsonc may say the rest. */
export interface SaidScope {
  readonly head: DocumentHead;
  readonly path: PathScope;
}

/** Connector types that are secret managers (Harness connector schema). */
export const secretManagerTypes: readonly string[] = [
  "AzureKeyVault",
  "Vault",
  "AwsSecretManager",
  "AwsKms",
  "GcpKms",
  "GcpSecretManager",
  "CustomSecretManager",
  "Local",
];

/**
 * The `spec` of an AzureKeyVault connector as written; placeholders and expressions are left out, and so is what is no
 * scalar of the expected form. Field names are Harness's.
 */
export interface KeyVaultSettings {
  readonly clientId?: string;
  readonly tenantId?: string;
  /** A reference to a Harness secret. */
  readonly secretKey?: string;
  readonly vaultName?: string;
  readonly subscription?: string;
  /** `AZURE` or `AZURE_US_GOVERNMENT`. */
  readonly azureEnvironmentType?: string;
  readonly useManagedIdentity?: boolean;
  /** `SystemAssignedManagedIdentity` or `UserAssignedManagedIdentity`. */
  readonly azureManagedIdentityType?: string;
  readonly managedClientId?: string;
  readonly vaultConfiguredManually?: boolean;
  readonly enablePurge?: boolean;
  readonly default?: boolean;
  readonly delegateSelectors?: readonly string[];
}

export interface ConnectorEntity {
  readonly kind: "connector";
  readonly identifier: string;
  readonly name?: string;
  readonly scope: FileScope;
  /** Harness's connector type, `AzureKeyVault` for one. */
  readonly type: string;
  /** Set for an AzureKeyVault connector whose vault name is written out. */
  readonly vault?: VaultTarget;
  /** Set for an AzureKeyVault connector of a YAML file. */
  readonly settings?: KeyVaultSettings;
  readonly description?: string;
  readonly tags?: readonly (readonly [string, string])[];
  readonly origin: Origin;
  readonly said?: SaidScope;
}

export type SecretType = "SecretText" | "SecretFile" | "SSHKey" | "WinRmCredentials";

export interface SecretEntity {
  readonly kind: "secret";
  readonly identifier: string;
  readonly name?: string;
  readonly scope: FileScope;
  readonly type: SecretType;
  /** The secret manager's connector as written: `id`, `org.id` or `account.id`. */
  readonly connector?: string;
  readonly valueType?: "Inline" | "Reference" | "CustomSecretManagerValues";
  /** For `Reference` alone: the path inside the secret manager, `name[#key][/version]` in a Key Vault. Never a value. */
  readonly path?: string;
  /** Where the path stands; absent for an entity of keyline.jsonc whose text needs no check. */
  readonly pathSpan?: Span;
  readonly connectorSpan?: Span;
  readonly nameSpan?: Span;
  readonly origin: Origin;
  readonly said?: SaidScope;
}

export type Entity = ConnectorEntity | SecretEntity;
