import type { AsyncLocalStorage } from "node:async_hooks";
import type { KeyVaultManagementClient } from "@azure/arm-keyvault";
import type { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Clock } from "../../host/clock.ts";
import type { ResourceManagerLogin } from "../resourceManagerApi.ts";
import type { Connection } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { guardedHttpClient } from "./guardedHttpClient.ts";
import { hiddenAgentPolicy } from "./hiddenAgentPolicy.ts";
import { managementFault } from "./managementFault.ts";
import type { TokenBroker, TokenRequest } from "./tokenBroker.ts";
import { placeholderToken } from "./vaultConnection.ts";
import { VaultFault, faultOfToken } from "./vaultFault.ts";

export interface ManagementClients {
  readonly subscriptions: SubscriptionClient;
  /** `subscription` is a GUID: it becomes a part of the URL. */
  keyVault(subscription: string): KeyVaultManagementClient;
}

export interface ConnectManagementOptions {
  readonly login: ResourceManagerLogin;
  /** Resource Manager of the login's cloud. */
  readonly address: { readonly origin: string; readonly scope: string };
  readonly tokens: TokenBroker;
  readonly clock: Clock;
  readonly attempts: AsyncLocalStorage<Attempt>;
  readonly beforeSend: (signal: AbortSignal) => Promise<void>;
  readonly httpClient?: HttpClient;
}

/** Builds the SDK's clients for one login. The SDKs are loaded here, when Resource Manager is first asked. */
export async function connectManagement(options: ConnectManagementOptions): Promise<Connection<ManagementClients>> {
  const [{ KeyVaultManagementClient }, { SubscriptionClient }, { createDefaultHttpClient, createHttpHeaders }] = await Promise.all([
    import("@azure/arm-keyvault"),
    import("@azure/arm-resources-subscriptions"),
    import("@azure/core-rest-pipeline"),
  ]);
  const { address, clock, tokens } = options;
  const request = requestOf(options.login);
  const httpClient = guardedHttpClient({
    inner: options.httpClient ?? createDefaultHttpClient(),
    origin: address.origin,
    attempts: options.attempts,
    createHeaders: createHttpHeaders,
    token: async (signal) => {
      const answer = await tokens.token(request, signal);
      if (!answer.ok) throw new VaultFault(faultOfToken(answer));
      return answer.token;
    },
    beforeSend: options.beforeSend,
    now: () => clock.now(),
    faultOfAnswer: managementFault,
  });
  const credential = { getToken: () => Promise.resolve(placeholderToken) };
  const settings = {
    endpoint: address.origin,
    credentials: { scopes: [address.scope] },
    httpClient,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [hiddenAgentPolicy],
  };
  const keyVaults = new Map<string, KeyVaultManagementClient>();
  const client: ManagementClients = {
    subscriptions: new SubscriptionClient(credential, settings),
    keyVault: (subscription) => {
      const known = keyVaults.get(subscription) ?? new KeyVaultManagementClient(credential, subscription, settings);
      keyVaults.set(subscription, known);
      return known;
    },
  };
  return {
    client,
    // There is no challenge: the address and the tenant are known beforehand.
    verified: () => true,
    forget: (token) => {
      tokens.forget(request, token);
    },
  };
}

function requestOf({ cloud, tenant, credential }: ResourceManagerLogin): TokenRequest {
  return { cloud, tenant, audience: "arm", credential };
}
