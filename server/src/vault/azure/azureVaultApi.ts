import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion, vaultKey } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import { credentialKey } from "../credentialChoice.ts";
import { vaultAddress } from "../vaultAddress.ts";
import type { Outcome, VaultApi } from "../vaultApi.ts";
import type { CircuitBreaker } from "./circuitBreaker.ts";
import { createCircuitBreaker } from "./circuitBreaker.ts";
import { GuardedCalls } from "./guardedCalls.ts";
import type { Line, Operation } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { jsonShapeOf } from "./jsonShapeOf.ts";
import { deletedEntryOf, deletedSecretOf, secretAttributesOf, secretVersionOf } from "./secretFacts.ts";
import type { TokenBroker } from "./tokenBroker.ts";
import { connectVault } from "./vaultConnection.ts";
import type { VaultClient } from "./vaultConnection.ts";
import { isSecretNotFound, ownFault } from "./vaultFault.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";

export const vaultPageSize = 25;

export interface AzureVaultApiOptions {
  readonly tokens: TokenBroker;
  /** Whose token opens the vault, asked at each call; the token source's own choice where absent. */
  readonly credential?: ((vault: VaultTarget) => CredentialChoice) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: () => number;
  /** The transport, for tests; the SDK's own otherwise. */
  readonly httpClient?: HttpClient;
}

/** Key Vault through Azure's SDK. One per process, so that limits and breakers hold for all callers. */
export function createAzureVaultApi(options: AzureVaultApiOptions): VaultApi {
  const attempts = new AsyncLocalStorage<Attempt>();
  const calls = new GuardedCalls({ ...options, attempts });
  const lines = vaultLines(options, attempts);

  const operate = async <T>(what: string, vault: VaultTarget, signal: AbortSignal, work: (operation: Operation<VaultClient>) => Promise<T>): Promise<Outcome<T>> => {
    const line = lines(vault);
    return line === undefined ? { ok: false, reason: "bad-vault-name" } : calls.operate(what, line, signal, work);
  };
  /** The same for one secret. A name or version that Key Vault cannot have never becomes a part of a URL. */
  const operateOn = async <T>(
    what: string,
    vault: VaultTarget,
    name: string,
    version: string | undefined,
    signal: AbortSignal,
    work: (operation: Operation<VaultClient>) => Promise<T>,
  ): Promise<Outcome<T>> => {
    if (!isSecretName(name) || (version !== undefined && !isSecretVersion(version))) return { ok: false, reason: "service-error" };
    return operate(what, vault, signal, work);
  };

  return {
    listSecrets: (vault, onPage, signal) =>
      operate("listSecrets", vault, signal, async (operation) => {
        const all = [];
        for await (const page of calls.pages(operation, "/secrets", vaultPageSize, (client) => client.secrets.listPropertiesOfSecrets())) {
          const secrets = page.map(secretAttributesOf).filter((secret) => secret !== undefined);
          all.push(...secrets);
          onPage(secrets);
        }
        return all;
      }),
    listVersions: (vault, name, signal) =>
      operateOn("listVersions", vault, name, undefined, signal, async (operation) => {
        const pages = calls.pages(operation, `/secrets/${name}/versions`, vaultPageSize, (client) => client.secrets.listPropertiesOfSecretVersions(name));
        const all = [];
        try {
          for await (const page of pages) all.push(...page.map(secretVersionOf).filter((version) => version !== undefined));
        } catch (error) {
          if (isSecretNotFound(error)) return [];
          throw error;
        }
        return all.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
      }),
    listDeleted: (vault, onPage, signal) =>
      operate("listDeleted", vault, signal, async (operation) => {
        const all = [];
        for await (const page of calls.pages(operation, "/deletedsecrets", vaultPageSize, (client) => client.secrets.listDeletedSecrets())) {
          const entries = page.map(deletedEntryOf).filter((entry) => entry !== undefined);
          all.push(...entries);
          onPage(entries);
        }
        return all;
      }),
    deletedSecret: (vault, name, signal) =>
      operateOn("deletedSecret", vault, name, undefined, signal, async (operation) => {
        try {
          return await calls.request(operation, { method: "GET", path: `/deletedsecrets/${name}` }, async (client) => deletedSecretOf(await client.secrets.getDeletedSecret(name)));
        } catch (error) {
          if (isSecretNotFound(error)) return { state: "absent" };
          throw error;
        }
      }),
    jsonShape: (vault, name, version, signal) =>
      operateOn("jsonShape", vault, name, version, signal, async (operation) => {
        const path = version === undefined ? `/secrets/${name}` : `/secrets/${name}/${version}`;
        return calls.request(operation, { method: "GET", path }, async (client) => {
          // The value lives in this expression alone.
          const shape = jsonShapeOf((await client.secrets.getSecret(name, version === undefined ? {} : { version })).value ?? "");
          if (shape === undefined) throw ownFault("JsonTooLarge");
          return shape;
        });
      }),
  };
}

interface VaultLine extends Line<VaultClient> {
  readonly breaker: CircuitBreaker;
  readonly target: VaultTarget;
  readonly credential: CredentialChoice | undefined;
}

/** The line of each vault; undefined where no vault can have the name. */
function vaultLines(options: AzureVaultApiOptions, attempts: AsyncLocalStorage<Attempt>): (vault: VaultTarget) => VaultLine | undefined {
  const { clock } = options;
  const lines = new Map<string, VaultLine>();
  return (vault) => {
    const address = vaultAddress(vault);
    if (address === undefined) return undefined;
    const key = vaultKey(vault);
    const known = lines.get(key);
    const credential = options.credential?.(vault);
    if (known !== undefined && isSameSignIn(known, vault, credential)) return known;
    // Another tenant or identity means another sign-in, but the same service: the limits go on.
    const limiter = known?.limiter ?? createVaultLimiter(clock);
    const line: VaultLine = {
      name: vault.name,
      origin: address.origin,
      target: vault,
      credential,
      limiter,
      breaker: known?.breaker ?? createCircuitBreaker(clock),
      connect: () => connectVault({ ...options, target: vault, credential, address, attempts, beforeSend: (signal) => limiter.beforeSend(signal) }),
      connection: undefined,
    };
    lines.set(key, line);
    return line;
  };
}

function isSameSignIn(line: VaultLine, vault: VaultTarget, credential: CredentialChoice | undefined): boolean {
  return line.target.tenant?.toLowerCase() === vault.tenant?.toLowerCase() && keyOf(line.credential) === keyOf(credential);
}

function keyOf(credential: CredentialChoice | undefined): string {
  return credential === undefined ? "" : credentialKey(credential);
}
