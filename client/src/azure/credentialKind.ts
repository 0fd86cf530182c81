/** The values of the setting `keyline.credential`: whose identity opens the vaults. */
export type CredentialKind = "vscode" | "azure-cli" | "environment";

export const credentialKinds: readonly CredentialKind[] = ["vscode", "azure-cli", "environment"];

/** Anything but a known value counts as the default. */
export function readCredentialKind(setting: unknown): CredentialKind {
  return credentialKinds.find((kind) => kind === setting) ?? "vscode";
}
