import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import "@azure/arm-keyvault";
import "@azure/arm-resources-subscriptions";
import "@azure/keyvault-secrets";
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../server/src/vault/azure/azureVaultTestApi.ts";
import { createVaultWriteApi } from "../../server/src/vault/azure/azureVaultWriteApi.ts";
import { createResourceManagerApi } from "../../server/src/vault/azure/azureResourceManagerApi.ts";
import type { SourceAnswer, TokenAsk } from "../../server/src/vault/azure/tokenBroker.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerApi } from "../../server/src/vault/resourceManagerApi.ts";
import type { VaultApi } from "../../server/src/vault/vaultApi.ts";
import type { VaultTestApi } from "../../server/src/vault/vaultTestApi.ts";
import type { VaultWriteApi } from "../../server/src/vault/vaultWriteApi.ts";
import { addApp } from "../azure/directory.ts";
import type { LocalAnswer, LocalRequest } from "../azure/localAnswer.ts";
import { createLocalServices } from "../azure/localServices.ts";
import type { LocalServices } from "../azure/localServices.ts";
import type { VaultOptions } from "../azure/vaultState.ts";
import { ManualClock } from "./manualClock.ts";

export const tenant = "11111111-0000-4000-8000-000000000001";
export const subscription = "22222222-0000-4000-8000-000000000001";
export const objectId = "44444444-0000-4000-8000-000000000001";
const clientId = "33333333-0000-4000-8000-000000000001";
export const vault = { name: "my-vault", cloud: "public", tenant } as const;
export const login = { cloud: "public", tenant, credential: { kind: "azure-cli" } } as const;

export interface MemoryRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorized: boolean;
  readonly body: string;
  readonly atMs: number;
  status: number | undefined;
}

/** Disturbs a request: throws, answers in the service's place, or lets it through. `apply` asks the service. */
export type Disturb = (request: MemoryRequest, apply: () => LocalAnswer) => LocalAnswer | "hang" | undefined | Promise<LocalAnswer>;

export interface MemoryAzure {
  readonly clock: ManualClock;
  readonly services: LocalServices;
  readonly api: VaultApi;
  readonly tests: VaultTestApi;
  readonly writes: VaultWriteApi;
  readonly resourceManager: ResourceManagerApi;
  readonly requests: MemoryRequest[];
  readonly asked: TokenAsk[];
  readonly logged: string[];
  /** Every token that was given. */
  readonly given: string[];
  disturb: Disturb;
  credential: CredentialChoice | undefined;
}

export interface MemoryAzureOptions extends Partial<VaultOptions> {
  readonly rights?: readonly string[];
  readonly armPageSize?: number;
  readonly source?: (ask: TokenAsk, good: string) => SourceAnswer;
}

/** The local Azure's services without a network, on a clock of our own, under the adapters as they ship. */
export function memoryAzure({ rights = ["Key Vault Secrets Officer", "list", "get", "set", "delete", "recover", "purge"], armPageSize, source, ...options }: MemoryAzureOptions = {}): MemoryAzure {
  const clock = new ManualClock();
  const services = createLocalServices({ now: () => clock.now(), ...(armPageSize === undefined ? {} : { armPageSize }) });
  addApp(services.directory, { clientId, clientSecret: "unused", tenant, objectId });
  services.subscriptions.set(subscription, { id: subscription, tenant, displayName: "Shop", cloud: "public", state: "Enabled", readers: new Set([objectId]) });
  services.store.add({ name: vault.name, tenant, subscription, ...options });
  services.store.grant(vault.name, objectId, rights as never);
  const requests: MemoryRequest[] = [];
  const asked: TokenAsk[] = [];
  const logged: string[] = [];
  const given: string[] = [];
  const log = { debug: put, info: put, warn: put, error: put };
  function put(text: string): void {
    logged.push(text);
  }
  const tokens = createTokenBroker({
    clock,
    log,
    source: async (ask) => {
      asked.push(ask);
      const token = services.tokens.mint({ tenant: ask.tenant, clientId, objectId }, ask.scope.replace("/.default", ""), 3599);
      given.push(token);
      return source?.(ask, token) ?? { token };
    },
  });
  const azure: Pick<MemoryAzure, "disturb" | "credential"> = { disturb: () => undefined, credential: undefined };
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const local = localRequestOf(request);
      const entry: MemoryRequest = {
        method: request.method,
        host: local.host,
        path: local.path,
        query: local.query,
        authorized: request.headers.has("authorization"),
        body: local.body.toString(),
        atMs: clock.monotonic(),
        status: undefined,
      };
      requests.push(entry);
      const apply = (): LocalAnswer => services.answer(local);
      const answer = (await azure.disturb(entry, apply)) ?? apply();
      if (answer === "hang") return await new Promise<never>((_, reject) => request.abortSignal?.addEventListener("abort", () => { reject(new Error("aborted")); }));
      entry.status = answer.status;
      return responseOf(request, answer);
    },
  };
  const shared = { tokens, clock, log, httpClient, random: () => 1 };
  const withCredential = { ...shared, credential: () => azure.credential ?? ({ kind: "azure-cli" } as const) };
  return Object.assign(azure, {
    clock,
    services,
    api: createAzureVaultApi(withCredential),
    tests: createVaultTestApi(withCredential),
    writes: createVaultWriteApi(withCredential),
    resourceManager: createResourceManagerApi(shared),
    requests,
    asked,
    logged,
    given,
  });
}

/** Lets every answer take 50 ms, and counts the requests that run. The function tells how many were at most at once. */
export function countAtOnce(azure: MemoryAzure): () => number {
  let running = 0;
  let most = 0;
  azure.disturb = (_request, apply) => {
    running++;
    most = Math.max(most, running);
    return new Promise((resolve) => {
      azure.clock.after(50, () => {
        running--;
        resolve(apply());
      });
    });
  };
  return () => most;
}

/** What a connection that was reset throws. */
export function resetError(code = "ECONNRESET"): Error {
  return Object.assign(new Error("text of the transport"), { code });
}

export const never = new AbortController().signal;

function localRequestOf(request: PipelineRequest): LocalRequest {
  const url = new URL(request.url);
  const headers = Object.fromEntries(Object.entries(request.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), value]));
  return { method: request.method, host: url.hostname, path: url.pathname, query: url.searchParams, headers, body: Buffer.from(typeof request.body === "string" ? request.body : "") };
}

function responseOf(request: PipelineRequest, answer: LocalAnswer): PipelineResponse {
  return { request, headers: createHttpHeaders({ ...answer.headers }), status: answer.status, bodyAsText: answer.body };
}
