import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { SecretClient, SecretProperties } from "@azure/keyvault-secrets";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion, vaultKey } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import { allowedNextLink, vaultAddress } from "../vaultAddress.ts";
import type { VaultAddress } from "../vaultAddress.ts";
import type { Outcome, VaultApi } from "../vaultApi.ts";
import { createCircuitBreaker } from "./circuitBreaker.ts";
import type { CircuitBreaker } from "./circuitBreaker.ts";
import { withDeadline } from "./deadline.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { jsonShapeOf } from "./jsonShapeOf.ts";
import { deletedSecretOf, secretAttributesOf, secretVersionOf } from "./secretFacts.ts";
import type { TokenBroker, TokenRequest } from "./tokenBroker.ts";
import { credentialOf, tokenOf } from "./tokenUse.ts";
import { connectVault } from "./vaultConnection.ts";
import type { VaultConnection } from "./vaultConnection.ts";
import type { Fault } from "./vaultFault.ts";
import { VaultFault, causeOf, faultOf, isSecretNotFound } from "./vaultFault.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";
import type { VaultLimiter } from "./vaultLimiter.ts";
import { withRetries } from "./withRetries.ts";

const attemptLimitMs = 10_000;
const pageSize = 25;
const maxPages = 2000;

export interface AzureVaultApiOptions {
  readonly tokens: TokenBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose token opens a vault; the broker's own source where absent. Asked anew for each token. */
  readonly credential?: (vault: VaultTarget) => CredentialChoice;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: () => number;
  /** The transport, for tests; the SDK's own otherwise. */
  readonly httpClient?: HttpClient;
}

/** One vault as it is called: what is kept of it between calls. */
interface Line {
  readonly target: VaultTarget;
  readonly address: VaultAddress;
  readonly limiter: VaultLimiter;
  readonly breaker: CircuitBreaker;
  connection: Promise<VaultConnection> | undefined;
}

/** What one operation works with. */
interface Operation {
  readonly line: Line;
  readonly signal: AbortSignal;
  readonly tries: number;
  /** A refused token is replaced once. */
  renewed: boolean;
}

/** Key Vault through Azure's SDK. One per process, so that limits and breakers hold for all callers. */
export function createAzureVaultApi(options: AzureVaultApiOptions): VaultApi {
  const calls = new VaultCalls(options);
  return {
    listSecrets: (vault, onPage, signal) =>
      calls.operate("listSecrets", vault, signal, async (operation) => {
        const pages = calls.pages(operation, "/secrets", (client) => client.listPropertiesOfSecrets());
        const all = [];
        for await (const page of pages) {
          const secrets = page.map(secretAttributesOf).filter((secret) => secret !== undefined);
          all.push(...secrets);
          onPage(secrets);
        }
        return all;
      }),
    listVersions: (vault, name, signal) =>
      calls.operateOn("listVersions", vault, name, undefined, signal, async (operation) => {
        const pages = calls.pages(operation, `/secrets/${name}/versions`, (client) => client.listPropertiesOfSecretVersions(name));
        const all = [];
        try {
          for await (const page of pages) all.push(...page.map(secretVersionOf).filter((version) => version !== undefined));
        } catch (error) {
          if (isNotFound(error)) return [];
          throw error;
        }
        return all.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
      }),
    deletedSecret: (vault, name, signal) =>
      calls.operateOn("deletedSecret", vault, name, undefined, signal, async (operation) => {
        try {
          return await calls.request(operation, `/deletedsecrets/${name}`, async (client) => deletedSecretOf(await client.getDeletedSecret(name)));
        } catch (error) {
          if (isNotFound(error)) return { state: "absent" };
          throw error;
        }
      }),
    jsonShape: (vault, name, version, signal) =>
      calls.operateOn("jsonShape", vault, name, version, signal, async (operation) => {
        const path = version === undefined ? `/secrets/${name}` : `/secrets/${name}/${version}`;
        return calls.request(operation, path, async (client) => {
          // The value lives in this expression alone.
          const shape = jsonShapeOf((await client.getSecret(name, version === undefined ? {} : { version })).value ?? "");
          if (shape === undefined) throw new VaultFault({ reason: "service-error", retryable: false, code: "JsonTooLarge" });
          return shape;
        });
      }),
  };
}

type PagedSecrets = ReturnType<SecretClient["listPropertiesOfSecrets"]>;

class VaultCalls {
  readonly #options: AzureVaultApiOptions;
  readonly #lines = new Map<string, Line>();
  readonly #attempts = new AsyncLocalStorage<Attempt>();

  constructor(options: AzureVaultApiOptions) {
    this.#options = options;
  }

  /** Runs one operation from beginning to end. Whatever goes wrong becomes a reason here. */
  async operate<T>(what: string, vault: VaultTarget, signal: AbortSignal, work: (operation: Operation) => Promise<T>): Promise<Outcome<T>> {
    const line = this.#line(vault);
    if (line === undefined) return { ok: false, reason: "bad-vault-name" };
    const admission = line.breaker.admit();
    if ("reason" in admission) return { ok: false, reason: admission.reason };
    try {
      const value = await work({ line, signal, tries: admission.tries, renewed: false });
      line.breaker.succeeded();
      return { ok: true, value };
    } catch (error) {
      const fault = faultOf(error);
      line.breaker.abandoned();
      if (!signal.aborted) this.#options.log.warn(faultWords(what, vault, fault));
      return { ok: false, reason: fault.reason, ...causeOf(fault) };
    }
  }

  /** The same for one secret. A name or version that Key Vault cannot have never becomes a part of a URL. */
  operateOn<T>(
    what: string,
    vault: VaultTarget,
    name: string,
    version: string | undefined,
    signal: AbortSignal,
    work: (operation: Operation) => Promise<T>,
  ): Promise<Outcome<T>> {
    if (!isSecretName(name) || (version !== undefined && !isSecretVersion(version))) return Promise.resolve({ ok: false, reason: "service-error" });
    return this.operate(what, vault, signal, work);
  }

  /** The pages of a list. Each is a request of its own with its own tries, so that a failed one is not a new start. */
  async *pages(operation: Operation, path: string, list: (client: SecretClient) => PagedSecrets): AsyncGenerator<readonly SecretProperties[]> {
    const seen = new Set<string>();
    let next: string | undefined;
    for (let count = 0; count < maxPages; count++) {
      const settings = next === undefined ? { maxPageSize: pageSize } : { continuationToken: next };
      const page = await this.request(operation, path, async (client, attempt) => {
        const result = await list(client).byPage(settings).next();
        return { secrets: result.done === true ? [] : result.value, nextLink: attempt.nextLink };
      });
      yield page.secrets;
      if (page.nextLink === undefined) return;
      next = allowedNextLink(page.nextLink, operation.line.address.origin, path);
      if (next === undefined) throw pagingFault("ForeignNextLink");
      if (seen.has(next)) throw pagingFault("LoopingNextLink");
      seen.add(next);
    }
    throw pagingFault("TooManyPages");
  }

  /** One request with its tries, each within its deadline and the vault's limits. The clock starts when its turn comes. */
  request<T>(operation: Operation, path: string, send: (client: SecretClient, attempt: Attempt) => Promise<T>): Promise<T> {
    const { clock, random = Math.random } = this.#options;
    const { line, signal } = operation;
    return line.limiter.run(signal, async () => {
      const blocked = line.breaker.blocked();
      if (blocked !== undefined) throw new VaultFault({ reason: blocked, retryable: false, code: "VaultAtRest" });
      const tries = Math.min(operation.tries, line.breaker.tries());
      try {
        return await withRetries({ clock, random, signal, tries }, (leftMs) => this.#signedInAttempt(operation, path, Math.min(leftMs, attemptLimitMs), send));
      } catch (error) {
        // Counted before the next in line takes this one's place, so that it sees the vault's state.
        if (!signal.aborted) line.breaker.failed(faultOf(error));
        throw error;
      }
    });
  }

  /** A try, and one more where the service has refused the token: it may have been revoked before its time. */
  async #signedInAttempt<T>(operation: Operation, path: string, limitMs: number, send: (client: SecretClient, attempt: Attempt) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(operation, path, limitMs, send);
    } catch (error) {
      if (operation.renewed || !(error instanceof VaultFault) || error.fault.status !== 401 || error.fault.reason !== "not-signed-in") throw error;
      operation.renewed = true;
      return this.#attempt(operation, path, limitMs, send);
    }
  }

  #attempt<T>(operation: Operation, path: string, limitMs: number, send: (client: SecretClient, attempt: Attempt) => Promise<T>): Promise<T> {
    const { line, signal } = operation;
    return withDeadline(this.#options.clock, limitMs, signal, async (deadline) => {
      const connection = await this.#connect(line);
      const attempt: Attempt = { allowed: [{ method: "GET", path }], written: false, deadline, nextLink: undefined, fault: undefined, token: undefined };
      try {
        return await this.#attempts.run(attempt, () => send(connection.client, attempt));
      } catch (error) {
        // The SDK's own error holds request and answer, and on a broken answer quotes it: it ends here.
        const fault = attempt.fault ?? (error instanceof VaultFault ? error : new VaultFault({ reason: "service-error", retryable: false, code: "SdkError" }));
        if (fault.fault.status === 401) this.#renew(line, connection, attempt);
        throw fault;
      }
    });
  }

  /** After a refused token: token and client are made anew, unless another call has done it already. */
  #renew(line: Line, connection: VaultConnection, attempt: Attempt): void {
    const tenant = connection.tenant();
    if (tenant !== undefined && attempt.token !== undefined) this.#options.tokens.forget(this.#tokenRequest(line.target, tenant), attempt.token);
    line.connection = undefined;
  }

  #connect(line: Line): Promise<VaultConnection> {
    const { tokens, clock, httpClient } = this.#options;
    line.connection ??= connectVault({
      target: line.target,
      address: line.address,
      attempts: this.#attempts,
      beforeSend: (signal) => line.limiter.beforeSend(signal),
      now: () => clock.now(),
      token: async (tenant, signal) => {
        const answer = await tokens.token(this.#tokenRequest(line.target, tenant), signal);
        return tokenOf(answer);
      },
      httpClient,
    });
    return line.connection;
  }

  #tokenRequest(vault: VaultTarget, tenant: string): TokenRequest {
    return { cloud: vault.cloud, tenant, audience: "vault", ...credentialOf(this.#options.credential, vault) };
  }

  #line(vault: VaultTarget): Line | undefined {
    const address = vaultAddress(vault);
    if (address === undefined) return undefined;
    const key = vaultKey(vault);
    const known = this.#lines.get(key);
    if (known !== undefined && known.target.tenant?.toLowerCase() === vault.tenant?.toLowerCase()) return known;
    const { clock } = this.#options;
    // Another tenant means another sign-in, but the same service: the limits go on.
    const line: Line = {
      target: vault,
      address,
      limiter: known?.limiter ?? createVaultLimiter(clock),
      breaker: known?.breaker ?? createCircuitBreaker(clock),
      connection: undefined,
    };
    this.#lines.set(key, line);
    return line;
  }
}


function isNotFound(error: unknown): boolean {
  return error instanceof VaultFault && isSecretNotFound(error.fault);
}

function pagingFault(code: string): VaultFault {
  return new VaultFault({ reason: "service-error", retryable: false, code });
}

/** Words of our own and plain codes: no address, no text of the service, no identity. */
function faultWords(what: string, vault: VaultTarget, fault: Fault): string {
  const details = [fault.status, fault.code].filter((detail) => detail !== undefined).join(" ");
  return `${what} ${vault.name}: ${fault.reason}${details === "" ? "" : ` (${details})`}`;
}
