/** The local Azure's Key Vault in memory: the services answer, a manual clock passes, no socket is opened. */
import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import "@azure/keyvault-secrets";
import type { Log } from "../../server/src/host/log.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { createVaultTestApi } from "../../server/src/vault/azure/vaultTests.ts";
import type { VaultTestApi } from "../../server/src/vault/vaultTestApi.ts";
import { addApp } from "../azure/directory.ts";
import type { LocalAnswer, LocalRequest } from "../azure/localAnswer.ts";
import { createLocalServices } from "../azure/localServices.ts";
import type { LocalServices } from "../azure/localServices.ts";
import type { Right } from "../azure/vaultAccess.ts";
import type { VaultOptions } from "../azure/vaultState.ts";
import { ManualClock } from "./manualClock.ts";

export const tenant = "11111111-2222-3333-4444-555555555555";
export const principal = { clientId: "11111111-2222-3333-4444-666666666666", objectId: "11111111-2222-3333-4444-777777777777" };
export const testVault = { name: "test-kv", cloud: "public", tenant } as const;

export interface SeenRequest {
  /** `PUT /secrets/name`, without the query. */
  readonly line: string;
  readonly authorized: boolean;
  readonly body: string;
}

/** Looks at a request and its answer; may change the answer, or reset the connection instead of giving it. */
export type Disturb = (request: LocalRequest, answer: () => LocalAnswer) => LocalAnswer | "reset";

export interface MemoryVault {
  readonly tests: VaultTestApi;
  readonly clock: ManualClock;
  readonly services: LocalServices;
  readonly seen: SeenRequest[];
  readonly logged: string[];
  disturb: Disturb;
}

export interface MemoryVaultOptions {
  readonly vault?: Partial<VaultOptions>;
  readonly rights?: readonly Right[];
}

export function memoryVault({ vault = {}, rights = ["Key Vault Secrets Officer"] }: MemoryVaultOptions = {}): MemoryVault {
  const clock = new ManualClock();
  const services = createLocalServices({ now: () => clock.now() });
  services.store.add({ name: testVault.name, tenant, subscription: "11111111-2222-3333-4444-888888888888", rbac: true, ...vault });
  addApp(services.directory, { ...principal, tenant, clientSecret: "demo-client-secret-not-real" });
  services.store.grant(testVault.name, principal.objectId, rights);
  const logged: string[] = [];
  const write = (line: string): void => {
    logged.push(line);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const token = (): string => services.tokens.mint({ ...principal, tenant }, "https://vault.azure.net", 3599);
  const tokens = createTokenBroker({ clock, log, source: () => Promise.resolve({ token: token() }) });
  const seen: SeenRequest[] = [];
  const memory = { clock, services, seen, logged, disturb: (_request: LocalRequest, answer: () => LocalAnswer): LocalAnswer | "reset" => answer() };
  const httpClient = clientOf(memory);
  return Object.assign(memory, { tests: createVaultTestApi({ tokens, clock, log, httpClient, random: () => 1 }) });
}

function clientOf(memory: Omit<MemoryVault, "tests">): HttpClient {
  return {
    sendRequest: async (request) => {
      const url = new URL(request.url);
      const authorization = request.headers.get("authorization");
      const body = typeof request.body === "string" ? request.body : "";
      memory.seen.push({ line: `${request.method} ${url.pathname.replace(/\/$/, "")}`, authorized: authorization !== undefined, body });
      const local: LocalRequest = {
        method: request.method,
        host: url.hostname,
        path: url.pathname,
        query: url.searchParams,
        headers: authorization === undefined ? {} : { authorization },
        body: Buffer.from(body),
      };
      const answer = memory.disturb(local, () => memory.services.answer(local));
      if (answer === "reset") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return { request, status: answer.status, headers: createHttpHeaders(answer.headers), bodyAsText: answer.body };
    },
  };
}
