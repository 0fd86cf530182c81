/**
 * The last gate before the network. What the SDK's pipeline does above it can change with every version; here it is
 * held that a request goes to its own service and path alone, that the token is added only then, that nothing is
 * written without one, and that an answer is bounded, complete and well-formed before anyone reads it.
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient, HttpHeaders, PipelineRequest, PipelineResponse, RawHttpHeaders } from "@azure/core-rest-pipeline";
import { allowedNextLink } from "../vaultAddress.ts";
import type { Deadline } from "./deadline.ts";
import { untilAborted } from "./deadline.ts";
import { VaultFault, faultOfAnswer, faultOfTransport } from "./vaultFault.ts";

export const maxAnswerBytes = 4 * 1024 * 1024;

/** A request that may be sent. `path` as `/secrets`. */
export interface AllowedRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
}

/** One try of one request. The SDK drops a caller's options on later pages, so this travels beside it. */
export interface Attempt {
  /** Nothing else may be asked for. */
  readonly allowed: readonly AllowedRequest[];
  /** Set when a write was accepted, whatever the SDK asks for afterwards. */
  written: boolean;
  readonly deadline: Deadline;
  /** Set when an answer has come: where its next page is, as the service wrote it. */
  nextLink: string | undefined;
  /** Set when a request has been refused; wins over whatever the SDK makes of the refusal. */
  fault: VaultFault | undefined;
  /** The token that was sent last, so that a refused one can be forgotten. */
  token: string | undefined;
}

export interface GuardedHttpClientOptions {
  readonly inner: HttpClient;
  /** Of the vault or of Resource Manager. */
  readonly origin: string;
  readonly attempts: AsyncLocalStorage<Attempt>;
  readonly createHeaders: (raw: RawHttpHeaders) => HttpHeaders;
  /** The token for the service; throws a VaultFault. */
  readonly token: (signal: AbortSignal) => Promise<string>;
  /** Resolves when one more request may be sent. */
  readonly beforeSend: (signal: AbortSignal) => Promise<void>;
  /** Epoch milliseconds, for a Retry-After that names a date. */
  readonly now: () => number;
}

export function guardedHttpClient(options: GuardedHttpClientOptions): HttpClient {
  return {
    sendRequest: async (request) => {
      const attempt = options.attempts.getStore();
      if (attempt === undefined) throw notOurs("NoAttempt");
      try {
        return await send(options, attempt, request);
      } catch (error) {
        // Nothing of the transport's own error goes up: it holds the request, and the request the token.
        attempt.fault = error instanceof VaultFault ? error : new VaultFault(faultOfTransport(error));
        throw attempt.fault;
      }
    },
  };
}

async function send(options: GuardedHttpClientOptions, attempt: Attempt, request: PipelineRequest): Promise<PipelineResponse> {
  const url = allowedUrl(options.origin, attempt.allowed, request);
  if (url === undefined) throw notOurs("ForeignAddress");
  const { deadline } = attempt;
  const authorized = request.headers.has("authorization");
  // The SDK sends a second first write, or one after a failed request, with its body and before any challenge.
  if (request.method !== "GET" && !authorized) throw notOurs("WriteWithoutToken");
  const headers = options.createHeaders(request.headers.toJSON());
  headers.delete("authorization");
  if (authorized) {
    attempt.token = await deadline.suspended(() => untilAborted(options.token(deadline.signal), deadline.signal));
    headers.set("authorization", `Bearer ${attempt.token}`);
  }
  await options.beforeSend(deadline.signal);
  const connection = new AbortController();
  const abort = (): void => {
    connection.abort();
  };
  deadline.signal.addEventListener("abort", abort, { once: true });
  try {
    // The agent is hidden from a copy (hiddenAgentPolicy.ts); without it the request would pass by the proxy.
    const agent = request.agent === undefined ? {} : { agent: request.agent };
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

function allowedUrl(origin: string, allowed: readonly AllowedRequest[], request: PipelineRequest): string | undefined {
  for (const { method, path } of allowed) {
    const url = method === request.method ? allowedNextLink(request.url, origin, path) : undefined;
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Passes a good answer and the first challenge on; everything else is a fault of our own. */
function accept(options: GuardedHttpClientOptions, attempt: Attempt, response: PipelineResponse & { bodyAsText: string }, authorized: boolean): PipelineResponse {
  // Without a resource it is no challenge of Key Vault, and the SDK's answer to it would not be one either.
  if (response.status === 401 && !authorized && response.headers.get("www-authenticate")?.includes('resource="') === true) return response;
  const { method } = response.request;
  const isPurged = method === "DELETE" && response.status === 204;
  if (response.status !== 200 && !isPurged) throw new VaultFault(faultOfAnswer(response.status, response.bodyAsText, response.headers, options.now()));
  // From here on the write counts, even where its answer is broken.
  if (method !== "GET") attempt.written = true;
  if (!isPurged) attempt.nextLink = nextLinkOf(response.bodyAsText);
  return response;
}

/** Reads the text once more than the SDK does, because the SDK's error on a broken answer quotes the answer. */
function nextLinkOf(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new VaultFault({ reason: "service-error", retryable: false, status: 200, code: "BrokenAnswer" });
  }
  if (typeof parsed !== "object" || parsed === null) throw new VaultFault({ reason: "service-error", retryable: false, status: 200, code: "BrokenAnswer" });
  const nextLink = (parsed as { readonly nextLink?: unknown }).nextLink;
  return typeof nextLink === "string" && nextLink !== "" ? nextLink : undefined;
}

async function readBody(response: PipelineResponse, signal: AbortSignal): Promise<string> {
  const stream = response.readableStreamBody;
  if (stream === undefined) {
    const text = response.bodyAsText ?? "";
    if (Buffer.byteLength(text) > maxAnswerBytes) throw tooLong();
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
      if (bytes > maxAnswerBytes) throw tooLong();
      chunks.push(piece);
    }
    return Buffer.concat(chunks).toString("utf8");
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

function tooLong(): VaultFault {
  return new VaultFault({ reason: "service-error", retryable: false, code: "AnswerTooLong" });
}

function notOurs(code: string): VaultFault {
  return new VaultFault({ reason: "service-error", retryable: false, code });
}
