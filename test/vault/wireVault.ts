import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import "@azure/keyvault-secrets";
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import type { SourceAnswer, TokenAsk } from "../../server/src/vault/azure/tokenBroker.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import type { VaultApi } from "../../server/src/vault/vaultApi.ts";
import type { Log } from "../../server/src/host/log.ts";
import { ManualClock } from "./manualClock.ts";

export const tenant = "11111111-2222-3333-4444-555555555555";
export const vault = { name: "my-vault", cloud: "public" } as const;
export const origin = "https://my-vault.vault.azure.net";

export interface WireAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly stream?: NodeJS.ReadableStream;
}

/** Answers a request that carries a token; throws for a fault of the transport; `"hang"` never answers. */
export type Wire = (url: URL, count: number) => WireAnswer | "hang" | Promise<WireAnswer>;

export interface Sent {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly atMs: number;
}

export interface WireVault {
  readonly api: VaultApi;
  readonly clock: ManualClock;
  /** Requests with a token, in order. */
  readonly sent: Sent[];
  /** Requests without one. */
  readonly challenged: Sent[];
  readonly asked: TokenAsk[];
  readonly logged: string[];
  /** Requests under way, and the most there have been. */
  readonly flights: { now: number; most: number };
}

export interface WireVaultOptions {
  readonly wire: Wire;
  /** The WWW-Authenticate header of the challenge. */
  readonly challenge?: string;
  readonly source?: (ask: TokenAsk) => Promise<SourceAnswer>;
  readonly random?: () => number;
}

export const challengeOf = (forTenant: string, resource = "https://vault.azure.net"): string =>
  `Bearer authorization="https://login.windows.net/${forTenant}", resource="${resource}"`;

/** The adapter as it ships, over a transport in memory and a clock of our own. */
export function wireVault(options: WireVaultOptions): WireVault {
  const clock = new ManualClock();
  const asked: TokenAsk[] = [];
  const logged: string[] = [];
  const log: Log = { debug: (text) => logged.push(text), info: (text) => logged.push(text), warn: (text) => logged.push(text), error: (text) => logged.push(text) };
  const source = options.source ?? ((): Promise<SourceAnswer> => Promise.resolve({ token: `token-${String(asked.length)}` }));
  const tokens = createTokenBroker({
    clock,
    log,
    source: (ask) => {
      asked.push(ask);
      return source(ask);
    },
  });
  const sent: Sent[] = [];
  const challenged: Sent[] = [];
  const flights = { now: 0, most: 0 };
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const authorization = request.headers.get("authorization");
      const entry: Sent = { url: request.url, authorization, atMs: clock.monotonic() };
      if (authorization === undefined) {
        challenged.push(entry);
        return answerOf(request, { status: 401, headers: { "www-authenticate": options.challenge ?? challengeOf(tenant) }, body: { error: { code: "Unauthorized", message: "AKV10000" } } });
      }
      sent.push(entry);
      flights.now++;
      flights.most = Math.max(flights.most, flights.now);
      try {
        const answer = await options.wire(new URL(request.url), sent.length);
        if (answer === "hang") return await new Promise<never>((_, reject) => request.abortSignal?.addEventListener("abort", () => { reject(new Error("aborted")); }));
        return answerOf(request, answer);
      } finally {
        flights.now--;
      }
    },
  };
  const api = createAzureVaultApi({ tokens, clock, log, httpClient, random: options.random ?? ((): number => 1) });
  return { api, clock, sent, challenged, asked, logged, flights };
}

function answerOf(request: PipelineRequest, answer: WireAnswer): PipelineResponse {
  const headers = createHttpHeaders({ "content-type": "application/json", ...answer.headers });
  const response = { request, headers, status: answer.status ?? 200 };
  if (answer.stream !== undefined) return { ...response, readableStreamBody: answer.stream };
  return { ...response, bodyAsText: typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}) };
}

export const never = new AbortController().signal;

/** A list item as Key Vault writes it. */
export function item(name: string, more: object = {}): object {
  return { id: `${origin}/secrets/${name}`, attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000, recoveryLevel: "Recoverable+Purgeable" }, ...more };
}

/** `{value, nextLink}` for page `page` of `pages`, with `perPage` secrets each. */
export function listPage(page: number, pages: number, perPage = 25): object {
  const value = Array.from({ length: perPage }, (_, index) => item(`secret-${String(page)}-${String(index)}`));
  return { value, nextLink: page + 1 < pages ? `${origin}:443/secrets?api-version=2026-04-01&$skiptoken=${String(page + 1)}&maxresults=25` : null };
}

export function pageOf(url: URL): number {
  return Number(url.searchParams.get("$skiptoken") ?? "0");
}
