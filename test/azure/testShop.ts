import { startLocalAzure } from "./localAzure.ts";
import type { LocalAzure, LocalAzureOptions } from "./localAzure.ts";
import { sendRaw } from "./sendRaw.ts";
import type { RawAnswer, RawRequest } from "./sendRaw.ts";
import type { VaultOptions } from "./vaultState.ts";

export const tenant = "11111111-0000-4000-8000-000000000001";
export const otherTenant = "11111111-0000-4000-8000-000000000002";
export const subscription = "22222222-0000-4000-8000-000000000001";
export const clientId = "33333333-0000-4000-8000-000000000001";
export const clientSecret = "test-client-secret-not-real";
export const objectId = "44444444-0000-4000-8000-000000000001";
export const vaultUrl = "https://my-vault.vault.azure.net";
export const vaultAudience = "https://vault.azure.net";

/** A local Azure with one RBAC vault, my-vault, and one application that is its Secrets Officer. */
export async function startTestShop(vault: Partial<VaultOptions> = {}, options: LocalAzureOptions = {}): Promise<LocalAzure> {
  const azure = await startLocalAzure(options);
  azure.addVault({ name: "my-vault", tenant, subscription, ...vault });
  azure.registerApp({ clientId, clientSecret, tenant, objectId });
  azure.grant("my-vault", clientId, "Key Vault Secrets Officer");
  azure.grant("my-vault", clientId, "list", "get", "set", "delete", "recover", "purge");
  azure.grantReader(subscription, clientId);
  return azure;
}

/** One request to my-vault, with a good token unless the request brings its own; `path` without the api version. */
export function askVault(azure: LocalAzure, path: string, request: Omit<RawRequest, "url"> = {}): Promise<RawAnswer> {
  const joint = path.includes("?") ? "&" : "?";
  return sendRaw(azure, { token: azure.tokenFor(clientId, vaultAudience), ...request, url: `${vaultUrl}${path}${joint}api-version=2026-04-01` });
}
