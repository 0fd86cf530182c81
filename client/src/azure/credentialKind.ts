import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";

/** The values of the setting `keyline.credential`: the identities that need no more than their name. */
export type CredentialKind = Exclude<CredentialChoice["kind"], "client-secret" | "client-certificate">;

export const credentialKinds: readonly CredentialKind[] = ["vscode", "azure-cli", "environment", "managed-identity", "workload-identity"];

/** Anything but a known value counts as the default. */
export function readCredentialKind(setting: unknown): CredentialKind {
  return credentialKinds.find((kind) => kind === setting) ?? "vscode";
}
