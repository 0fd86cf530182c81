/** Which identity of this machine opens a vault. Holds no secret: a client secret is in VS Code's SecretStorage. */
export type CredentialChoice =
  | { readonly kind: "vscode" }
  | { readonly kind: "azure-cli" }
  | { readonly kind: "environment" }
  | { readonly kind: "client-secret"; readonly tenant: string; readonly clientId: string }
  /** `path` names a PEM file with certificate and private key, as the person has picked it. */
  | { readonly kind: "client-certificate"; readonly tenant: string; readonly clientId: string; readonly path: string }
  /** System-assigned without a client ID, user-assigned with one. */
  | { readonly kind: "managed-identity"; readonly clientId?: string }
  /** From AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE. */
  | { readonly kind: "workload-identity" };

export type CredentialChoiceKind = CredentialChoice["kind"];

/** One key for one identity, for caches: never shown, and holds no secret. */
export function credentialKey(choice: CredentialChoice): string {
  switch (choice.kind) {
    case "vscode":
    case "azure-cli":
    case "environment":
    case "workload-identity":
      return choice.kind;
    case "client-secret":
      return `client-secret ${choice.tenant.toLowerCase()} ${choice.clientId.toLowerCase()}`;
    case "client-certificate":
      return `client-certificate ${choice.tenant.toLowerCase()} ${choice.clientId.toLowerCase()} ${choice.path}`;
    case "managed-identity":
      return choice.clientId === undefined ? "managed-identity" : `managed-identity ${choice.clientId.toLowerCase()}`;
  }
}
