import type { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import { allowedNextLink } from "../vaultAddress.ts";
import type { Outcome } from "../vaultApi.ts";
import type { CircuitBreaker } from "./circuitBreaker.ts";
import { withDeadline } from "./deadline.ts";
import type { Attempt, Call } from "./guardedHttpClient.ts";
import type { Fault } from "./vaultFault.ts";
import { VaultFault, faultOf, ownFault } from "./vaultFault.ts";
import type { VaultLimiter } from "./vaultLimiter.ts";
import { withRetries } from "./withRetries.ts";

const attemptLimitMs = 10_000;
const maxPages = 2000;

/** A client of the SDK whose requests go through `guardedHttpClient`. */
export interface Connection<Client> {
  readonly client: Client;
  /** Drops a token that the service has refused, so that the next connection asks for another. */
  forget(token: string): void;
  /** Whether the service has named itself, and a token was had for it. */
  verified(): boolean;
}

/** One service as it is called: what is kept of it between calls. */
export interface Line<Client> {
  /** For the log: a vault's name, or Resource Manager. */
  readonly name: string;
  readonly origin: string;
  readonly limiter: VaultLimiter;
  /** Absent where every call is tried, because a person waits for it. */
  readonly breaker?: CircuitBreaker;
  readonly connect: () => Promise<Connection<Client>>;
  connection: Promise<Connection<Client>> | undefined;
}

/** What one operation works with. */
export interface Operation<Client> {
  readonly line: Line<Client>;
  readonly signal: AbortSignal;
  readonly tries: number;
  /** A refused token is replaced once. */
  renewed: boolean;
}

/** Whatever the SDK lists: it must be asked page by page. */
interface Paged<T> {
  byPage(settings: { readonly maxPageSize?: number; readonly continuationToken?: string }): AsyncIterator<readonly T[]>;
}

export interface GuardedCallsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: (() => number) | undefined;
  readonly attempts: AsyncLocalStorage<Attempt>;
}

const policyTries = 6;

/** Calls to Azure with their limits: tries, deadlines, paging guard, and errors that end here. */
export class GuardedCalls {
  readonly #options: GuardedCallsOptions;

  constructor(options: GuardedCallsOptions) {
    this.#options = options;
  }

  /** Runs one operation from beginning to end. Whatever goes wrong becomes a reason here. */
  async operate<Client, T>(what: string, line: Line<Client>, signal: AbortSignal, work: (operation: Operation<Client>) => Promise<T>): Promise<Outcome<T>> {
    const admission = line.breaker?.admit() ?? { tries: policyTries };
    if ("reason" in admission) return { ok: false, ...admission };
    try {
      const value = await work({ line, signal, tries: admission.tries, renewed: false });
      line.breaker?.succeeded();
      return { ok: true, value };
    } catch (error) {
      const fault = faultOf(error);
      line.breaker?.abandoned();
      if (!signal.aborted) this.#options.log.warn(faultWords(what, line.name, fault));
      return { ok: false, reason: fault.reason, ...(fault.cause === undefined ? {} : { cause: fault.cause }) };
    }
  }

  /** The pages of a list. Each is a request of its own with its own tries, so that a failed one is not a new start. */
  async *pages<Client, T>(operation: Operation<Client>, path: string, pageSize: number | undefined, list: (client: Client) => Paged<T>): AsyncGenerator<readonly T[]> {
    const seen = new Set<string>();
    const first = pageSize === undefined ? {} : { maxPageSize: pageSize };
    let next: string | undefined;
    for (let count = 0; count < maxPages; count++) {
      const settings = next === undefined ? first : { continuationToken: next };
      const page = await this.request(operation, { method: "GET", path }, async (client, attempt) => {
        const result = await list(client).byPage(settings).next();
        return { items: result.done === true ? [] : result.value, nextLink: attempt.nextLink };
      });
      yield page.items;
      if (page.nextLink === undefined) return;
      next = allowedNextLink(page.nextLink, operation.line, path);
      if (next === undefined) throw ownFault("ForeignNextLink");
      if (seen.has(next)) throw ownFault("LoopingNextLink");
      seen.add(next);
    }
    throw ownFault("TooManyPages");
  }

  /** One request with its tries, each within its deadline and the service's limits. The clock starts when its turn comes. */
  request<Client, T>(operation: Operation<Client>, call: Call, send: (client: Client, attempt: Attempt) => Promise<T>): Promise<T> {
    const { clock, random = Math.random } = this.#options;
    const { line, signal } = operation;
    const { breaker } = line;
    return line.limiter.run(signal, async () => {
      const blocked = breaker?.blocked();
      if (blocked !== undefined) throw new VaultFault({ ...blocked, retryable: false, code: "VaultAtRest" });
      const tries = Math.min(operation.tries, breaker?.tries() ?? policyTries);
      try {
        return await withRetries({ clock, random, signal, tries }, (leftMs) => this.#signedInAttempt(operation, call, Math.min(leftMs, attemptLimitMs), send));
      } catch (error) {
        // Counted before the next in line takes this one's place, so that it sees the service's state.
        if (!signal.aborted) breaker?.failed(faultOf(error));
        throw error;
      }
    });
  }

  /** A try, and one more where the service has refused the token: it may have been revoked before its time. */
  async #signedInAttempt<Client, T>(operation: Operation<Client>, call: Call, limitMs: number, send: (client: Client, attempt: Attempt) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(operation, call, limitMs, send);
    } catch (error) {
      if (operation.renewed || !(error instanceof VaultFault) || error.fault.status !== 401 || error.fault.reason !== "not-signed-in") throw error;
      // A new client must see the challenge before it may write.
      if (call.method !== "GET" && call.method !== "POST") throw error;
      operation.renewed = true;
      return this.#attempt(operation, call, limitMs, send);
    }
  }

  #attempt<Client, T>(operation: Operation<Client>, call: Call, limitMs: number, send: (client: Client, attempt: Attempt) => Promise<T>): Promise<T> {
    const { line, signal } = operation;
    return withDeadline(this.#options.clock, limitMs, signal, async (deadline) => {
      line.connection ??= line.connect();
      const connecting = line.connection;
      const connection = await connecting;
      const attempt: Attempt = { call, deadline, sent: false, done: false, tunnelRefused: false, nextLink: undefined, fault: undefined, token: undefined };
      try {
        return await this.#options.attempts.run(attempt, () => send(connection.client, attempt));
      } catch (error) {
        // The SDK's own error holds request and answer, and on a broken answer quotes it: it ends here.
        const fault = attempt.fault ?? (error instanceof VaultFault ? error : ownFault("SdkError"));
        if (fault.fault.status === 401 && attempt.token !== undefined) connection.forget(attempt.token);
        // After a refused token, or a first request that failed, the next call starts on a new client, unless another
        // has done so already: the SDK's state after such a failure is not to be trusted with a value.
        if ((fault.fault.status === 401 || !connection.verified()) && line.connection === connecting) line.connection = undefined;
        throw fault;
      }
    });
  }
}

/** Words of our own and plain codes: no address, no text of the service, no identity. */
function faultWords(what: string, name: string, fault: Fault): string {
  const details = [fault.status, fault.code].filter((detail) => detail !== undefined).join(" ");
  return `${what} ${name}: ${fault.reason}${details === "" ? "" : ` (${details})`}`;
}
