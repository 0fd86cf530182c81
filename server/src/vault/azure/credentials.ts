/**
 * The ways to sign in, each a TokenSource. A way is always the user's explicit choice; none is tried after another.
 * The SDK is loaded when the first token is asked for, so that nothing of it slows down a start.
 */
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { UnknownReason } from "../../core/model/facts.ts";
import type { Cloud } from "../../core/model/vaultTarget.ts";
import { isGuid } from "../../core/model/vaultTarget.ts";
import { hiddenAgentPolicy } from "./hiddenAgentPolicy.ts";
import type { SourceAnswer, TokenAsk, TokenSource } from "./tokenBroker.ts";
import { faultOfTransport } from "./vaultFault.ts";

/** `az` has no limit of its own. */
const cliTimeoutMs = 10_000;

/** The account that `az login` has signed in. The CLI picks the tenant's account by the tenant's GUID. */
export function azureCliSource(): TokenSource {
  return async (ask) => {
    const { AzureCliCredential } = await import("@azure/identity");
    const credential = new AzureCliCredential({ tenantId: ask.tenant, processTimeoutInMs: cliTimeoutMs });
    const token = await credential.getToken(ask.scope);
    return { token: token.token, expiresAt: token.expiresOnTimestamp };
  };
}

/**
 * A service principal from AZURE_TENANT_ID (a GUID), AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. Other variables that the
 * SDK knows (AZURE_AUTHORITY_HOST, AZURE_REGIONAL_AUTHORITY_NAME) cannot move the secret: it goes to Entra's hosts of
 * the vault's cloud alone. `httpClient` is the transport, for tests.
 */
export function environmentSource(environment: Readonly<Record<string, string | undefined>>, httpClient?: HttpClient): TokenSource {
  return async (ask, signal) => {
    const tenant = environment["AZURE_TENANT_ID"];
    const clientId = environment["AZURE_CLIENT_ID"];
    const clientSecret = environment["AZURE_CLIENT_SECRET"];
    if (tenant === undefined || clientId === undefined || clientSecret === undefined) return { reason: "not-signed-in" };
    if (!isGuid(tenant) || clientId === "" || clientSecret === "") return { reason: "not-signed-in" };
    if (tenant.toLowerCase() !== ask.tenant) return { reason: "wrong-tenant" };
    const [{ ClientSecretCredential }, { createDefaultHttpClient }] = await Promise.all([import("@azure/identity"), import("@azure/core-rest-pipeline")]);
    const transport = loginOnly(httpClient ?? createDefaultHttpClient(), ask.cloud);
    const credential = new ClientSecretCredential(tenant, clientId, clientSecret, {
      authorityHost: ask.authorityHost,
      httpClient: transport,
      retryOptions: { maxRetries: 1 },
      additionalPolicies: [hiddenAgentPolicy],
    });
    try {
      const token = await credential.getToken(ask.scope, { abortSignal: signal });
      return { token: token.token, expiresAt: token.expiresOnTimestamp };
    } catch {
      return { reason: transport.trouble() ?? "not-signed-in" };
    }
  };
}

/**
 * A session that someone else keeps, VS Code's Microsoft account for one. `provide` answers undefined where the user is
 * not signed in.
 */
export function sessionSource(provide: (ask: TokenAsk) => Promise<string | undefined>): TokenSource {
  return async (ask): Promise<SourceAnswer> => {
    const token = await provide(ask);
    return token === undefined || token === "" ? { reason: "not-signed-in" } : { token };
  };
}

/** Entra's hosts with the aliases that its own library moves between (identity's and MSAL's constants). */
const loginHosts: ReadonlyMap<Cloud, ReadonlySet<string>> = new Map([
  ["public", new Set(["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"])],
  ["usgov", new Set(["login.microsoftonline.us", "login.usgovcloudapi.net"])],
  ["china", new Set(["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"])],
]);

/** Entra's hosts and, in the public cloud, its regional ones: `<region>.login.microsoft.com`. */
function isLoginHost(host: string, cloud: Cloud): boolean {
  if (loginHosts.get(cloud)?.has(host) === true) return true;
  return cloud === "public" && /^[0-9a-z]{3,30}\.login\.microsoft\.com$/.test(host);
}

/** A transport that reaches the login hosts of one cloud and nothing else, and remembers why it could not. */
function loginOnly(inner: HttpClient, cloud: Cloud): HttpClient & { trouble(): UnknownReason | undefined } {
  let trouble: UnknownReason | undefined;
  return {
    trouble: () => trouble,
    sendRequest: async (request) => {
      const url = new URL(request.url);
      if (url.protocol !== "https:" || url.port !== "" || !isLoginHost(url.hostname, cloud)) {
        trouble = "service-error";
        throw new Error("Not a login host of this cloud");
      }
      trouble = undefined;
      try {
        const response = await inner.sendRequest(request);
        if (response.status >= 500 || response.status === 429) trouble = response.status === 429 ? "throttled" : "service-error";
        return response;
      } catch (error) {
        trouble = faultOfTransport(error).reason;
        throw error;
      }
    },
  };
}
