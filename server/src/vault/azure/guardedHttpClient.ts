/**
 * The last gate before the network. What the SDK's pipeline does above it can change with every version; here it is
 * held that a request goes to its own service and path alone, by the one method that was meant, that nothing is written
 * before the service has named itself, that the token is added only then, and that an answer is bounded, complete and
 * well-formed before anyone reads it.
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import type { Agent, HttpClient, HttpHeaders, PipelineRequest, PipelineResponse, RawHttpHeaders } from "@azure/core-rest-pipeline";
import { allowedNextLink } from "../vaultAddress.ts";
import type { Deadline } from "./deadline.ts";
import { untilAborted } from "./deadline.ts";
import { isProxyAgent, onTunnelRefused } from "./proxyAgent.ts";
import type { AnswerHeaders } from "./serviceError.ts";
import { faultOfTunnel } from "./serviceError.ts";
import type { Fault } from "./vaultFault.ts";
import { VaultFault, faultOfTransport, ownFault } from "./vaultFault.ts";

export const maxAnswerBytes = 4 * 1024 * 1024;

/** The only request that one try may send. */
export interface Call {
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** As `/secrets`. */
  readonly path: string;
}

/** One try of one request. The SDK drops a caller's options on later pages, so this travels beside it. */
export interface Attempt {
  readonly call: Call;
  readonly deadline: Deadline;
  /** Set when the request is given to the network; never after the deadline's signal has fired. */
  sent: boolean;
  /** Set when the service has done what was asked. Nothing more may be sent then: one try is one request. */
  done: boolean;
  /** Set where a proxy has refused to let the request through: its answer then is not the service's. */
  tunnelRefused: boolean;
  /** Set when an answer has come: where its next page is, as the service wrote it. */
  nextLink: string | undefined;
  /** Set when a request has been refused; wins over whatever the SDK makes of the refusal. */
  fault: VaultFault | undefined;
  /** The token that was sent last, so that a refused one can be forgotten. */
  token: string | undefined;
}

export interface GuardedHttpClientOptions {
  readonly inner: HttpClient;
  /** The only origin that may be called, as `https://my-vault.vault.azure.net`. */
  readonly origin: string;
  readonly attempts: AsyncLocalStorage<Attempt>;
  readonly createHeaders: (raw: RawHttpHeaders) => HttpHeaders;
  /** The token for the service; throws a VaultFault. */
  readonly token: (signal: AbortSignal) => Promise<string>;
  /** Resolves when one more request may be sent. */
  readonly beforeSend: (signal: AbortSignal) => Promise<void>;
  /** Epoch milliseconds, for a Retry-After that names a date. */
  readonly now: () => number;
  /** Reads a refusal of this service. */
  readonly faultOfAnswer: (status: number, body: string, headers: AnswerHeaders, nowMs: number) => Fault;
}

export function guardedHttpClient(options: GuardedHttpClientOptions): HttpClient {
  return {
    sendRequest: async (request) => {
      const attempt = options.attempts.getStore();
      if (attempt === undefined) throw ownFault("NoAttempt");
      try {
        return await send(options, attempt, request);
      } catch (error) {
        // Nothing of the transport's own error goes up: it holds the request, and the request the token.
        attempt.fault = error instanceof VaultFault ? error : new VaultFault(faultOfTransport(error, isProxyAgent(request.agent)));
        throw attempt.fault;
      }
    },
  };
}

async function send(options: GuardedHttpClientOptions, attempt: Attempt, request: PipelineRequest): Promise<PipelineResponse> {
  const { call, deadline } = attempt;
  const url = allowedNextLink(request.url, options, call.path);
  if (url === undefined || request.method !== call.method) throw ownFault("ForeignAddress");
  if (attempt.done) throw ownFault("SecondRequest");
  const authorized = request.headers.has("authorization");
  // A client that has not seen the challenge yet may send what it is to write without a token, to whoever answers.
  if (!authorized && call.method !== "GET") throw ownFault("UnverifiedWrite");
  const headers = options.createHeaders(request.headers.toJSON());
  headers.delete("authorization");
  if (authorized) {
    attempt.token = await deadline.suspended(() => untilAborted(options.token(deadline.signal), deadline.signal));
    headers.set("authorization", `Bearer ${attempt.token}`);
  }
  await options.beforeSend(deadline.signal);
  deadline.signal.throwIfAborted();
  attempt.sent = true;
  const connection = new AbortController();
  const abort = (): void => {
    connection.abort();
  };
  deadline.signal.addEventListener("abort", abort, { once: true });
  try {
    // The agent is hidden from a copy (hiddenAgentPolicy.ts); without it the request would pass by the proxy.
    const agent = request.agent === undefined ? {} : { agent: heard(options, request.agent) };
    const sent: PipelineRequest = { ...request, ...agent, url, headers, abortSignal: connection.signal, streamResponseStatusCodes: new Set([Infinity]) };
    const response = await untilAborted(options.inner.sendRequest(sent), deadline.signal);
    const body = await untilAborted(readBody(response, deadline.signal), deadline.signal);
    return accept(options, attempt, { status: response.status, headers: response.headers, request, bodyAsText: body }, authorized);
  } catch (error) {
    connection.abort();
    throw error;
  } finally {
    deadline.signal.removeEventListener("abort", abort);
  }
}

function heard(options: GuardedHttpClientOptions, agent: Agent): Agent {
  onTunnelRefused(agent, () => {
    const attempt = options.attempts.getStore();
    if (attempt !== undefined) attempt.tunnelRefused = true;
  });
  return agent;
}

/** Passes a good answer and the first challenge on; everything else is a fault of our own. */
function accept(options: GuardedHttpClientOptions, attempt: Attempt, response: PipelineResponse & { bodyAsText: string }, authorized: boolean): PipelineResponse {
  if (attempt.tunnelRefused) throw new VaultFault(faultOfTunnel(response.status));
  // Without a resource it is no challenge of Key Vault, and the SDK's answer to it would not be one either.
  if (response.status === 401 && !authorized && response.headers.get("www-authenticate")?.includes('resource="') === true) return response;
  if (response.status === 204 && attempt.call.method === "DELETE") {
    attempt.done = true;
    return response;
  }
  if (response.status !== 200) throw new VaultFault(options.faultOfAnswer(response.status, response.bodyAsText, response.headers, options.now()));
  attempt.nextLink = nextLinkOf(response.bodyAsText);
  attempt.done = true;
  return response;
}

/** Reads the text once more than the SDK does, because the SDK's error on a broken answer quotes the answer. */
function nextLinkOf(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw brokenAnswer();
  }
  if (typeof parsed !== "object" || parsed === null) throw brokenAnswer();
  const nextLink = (parsed as { readonly nextLink?: unknown }).nextLink;
  return typeof nextLink === "string" && nextLink !== "" ? nextLink : undefined;
}

async function readBody(response: PipelineResponse, signal: AbortSignal): Promise<string> {
  const stream = response.readableStreamBody;
  if (stream === undefined) {
    const text = response.bodyAsText ?? "";
    if (Buffer.byteLength(text) > maxAnswerBytes) throw ownFault("AnswerTooLong");
    return text;
  }
  // A decompressing stream does not hear of its source's end by force, so it is ended here.
  const end = (): void => {
    (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  };
  signal.addEventListener("abort", end, { once: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > maxAnswerBytes) throw ownFault("AnswerTooLong");
      chunks.push(piece);
    }
    return Buffer.concat(chunks).toString("utf8");
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

function brokenAnswer(): VaultFault {
  return new VaultFault({ reason: "service-error", cause: "service-error", retryable: false, status: 200, code: "BrokenAnswer" });
}
