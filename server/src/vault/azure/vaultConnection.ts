import type { AsyncLocalStorage } from "node:async_hooks";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { SecretClient } from "@azure/keyvault-secrets";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { isGuid } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import type { VaultAddress } from "../vaultAddress.ts";
import { faultOfAnswer } from "./faultOfAnswer.ts";
import type { Connection } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { guardedHttpClient } from "./guardedHttpClient.ts";
import { hiddenAgentPolicy } from "./hiddenAgentPolicy.ts";
import type { TokenBroker, TokenRequest } from "./tokenBroker.ts";
import { VaultFault, faultOfToken, ownFault } from "./vaultFault.ts";

/** What calls one vault. */
export interface VaultClient {
  /** For reading. It writes with more requests than one (recovering reads the value first), and breaks dates after 2038. */
  readonly secrets: SecretClient;
  /** Sends the attempt's own call once, with `body` as JSON, and gives the answer. Only after a read: throws a VaultFault before. */
  send(attempt: Attempt, body?: object): Promise<unknown>;
}

export interface VaultConnection extends Connection<VaultClient> {
  /** The tenant that the vault has named, after it was accepted. */
  tenant(): string | undefined;
}

export interface ConnectVaultOptions {
  readonly target: VaultTarget;
  readonly address: VaultAddress;
  readonly tokens: TokenBroker;
  /** Whose token; the token source's own choice where absent. */
  readonly credential: CredentialChoice | undefined;
  readonly clock: Clock;
  readonly attempts: AsyncLocalStorage<Attempt>;
  readonly beforeSend: (signal: AbortSignal) => Promise<void>;
  readonly httpClient?: HttpClient;
}

/** The SDK's own at this time. */
const apiVersion = "2026-04-01";

/** Stands in the SDK's hands where the token would; the real one is put in at the gate and kept nowhere else. */
export const placeholderToken = { token: "placeholder", expiresOnTimestamp: Number.MAX_SAFE_INTEGER };

/** Builds the SDK's client for one vault. The SDK is loaded here, when the first vault is called. */
export async function connectVault(options: ConnectVaultOptions): Promise<VaultConnection> {
  const [{ SecretClient }, { createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest }] = await Promise.all([import("@azure/keyvault-secrets"), import("@azure/core-rest-pipeline")]);
  let tenant: string | undefined;
  let verified = false;
  // The SDK asks for a token after a challenge, with the scope and tenant that the challenge names.
  const credential: TokenCredential = {
    getToken: async (scopes, challenge) => {
      tenant = acceptChallenge(options, scopes, challenge?.tenantId);
      await tokenWithinAttempt(options, tenant);
      verified = true;
      return placeholderToken;
    },
  };
  const httpClient = guardedHttpClient({
    inner: options.httpClient ?? createDefaultHttpClient(),
    origin: options.address.origin,
    attempts: options.attempts,
    createHeaders: createHttpHeaders,
    token: (signal) => {
      if (tenant === undefined) return Promise.reject(refused("service-error"));
      return tokenOf(options, tenant, signal);
    },
    beforeSend: options.beforeSend,
    now: () => options.clock.now(),
    faultOfAnswer,
  });
  const once = { retryOptions: { maxRetries: 0 }, redirectOptions: { maxRetries: 0 } };
  const secrets = new SecretClient(options.address.origin, credential, { ...once, httpClient, additionalPolicies: [hiddenAgentPolicy] });
  const pipeline = createPipelineFromOptions(once);
  pipeline.addPolicy(hiddenAgentPolicy.policy);
  const send = async ({ call }: Attempt, body?: object): Promise<unknown> => {
    if (!verified) throw ownFault("UnverifiedWrite");
    const headers = createHttpHeaders({ accept: "application/json", "content-type": "application/json", authorization: `Bearer ${placeholderToken.token}` });
    const url = `${options.address.origin}${call.path}?api-version=${apiVersion}`;
    const request = createPipelineRequest({ url, method: call.method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { bodyAsText } = await pipeline.sendRequest(httpClient, request);
    return typeof bodyAsText === "string" && bodyAsText !== "" ? JSON.parse(bodyAsText) : undefined;
  };
  return {
    client: { secrets, send },
    tenant: () => tenant,
    verified: () => verified,
    forget: (token) => {
      if (tenant !== undefined) options.tokens.forget(requestOf(options, tenant), token);
    },
  };
}

/** The tenant to sign in to. Throws before any token is asked for where the challenge is not the one to be expected. */
function acceptChallenge(options: ConnectVaultOptions, scopes: string | readonly string[], tenant: string | undefined): string {
  const asked = typeof scopes === "string" ? [scopes] : scopes;
  if (asked.length !== 1 || asked[0] !== options.address.scope || tenant === undefined || !isGuid(tenant)) throw refused("service-error");
  const expected = options.target.tenant;
  if (expected !== undefined && expected.toLowerCase() !== tenant.toLowerCase()) throw refused("wrong-tenant");
  return tenant.toLowerCase();
}

/** Fetches the token already now, so that a failed sign-in ends the call before a second request is sent. */
async function tokenWithinAttempt(options: ConnectVaultOptions, tenant: string): Promise<void> {
  const attempt = options.attempts.getStore();
  if (attempt === undefined) throw refused("service-error");
  await attempt.deadline.suspended(() => tokenOf(options, tenant, attempt.deadline.signal));
}

async function tokenOf(options: ConnectVaultOptions, tenant: string, signal: AbortSignal): Promise<string> {
  const answer = await options.tokens.token(requestOf(options, tenant), signal);
  if (!answer.ok) throw new VaultFault(faultOfToken(answer));
  return answer.token;
}

function requestOf({ target, credential }: ConnectVaultOptions, tenant: string): TokenRequest {
  return { cloud: target.cloud, tenant, audience: "vault", ...(credential === undefined ? {} : { credential }) };
}

function refused(reason: "service-error" | "wrong-tenant"): VaultFault {
  return new VaultFault({ reason, cause: reason, retryable: false, code: "UnexpectedChallenge" });
}
