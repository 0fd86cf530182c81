import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { Outcome } from "../vaultApi.ts";
import { withDeadline } from "./deadline.ts";
import type { AllowedRequest, Attempt } from "./guardedHttpClient.ts";
import { VaultFault, causeOf, faultOf } from "./vaultFault.ts";
import type { VaultLimiter } from "./vaultLimiter.ts";
import { withRetries } from "./withRetries.ts";

const attemptLimitMs = 10_000;
const maxTries = 6;

export interface ServiceCallsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: (() => number) | undefined;
}

/** How one request is sent. */
export interface Call<T> {
  readonly allowed: readonly AllowedRequest[];
  readonly limiter: VaultLimiter;
  readonly signal: AbortSignal;
  /** How often it may be tried; 6 where absent. Reads alone may be repeated. */
  readonly tries?: number;
  readonly send: (attempt: Attempt) => Promise<T>;
  /** Told of a refused token, before the fault goes up. */
  readonly refused?: (attempt: Attempt) => void;
}

/** Calls of a service that are no part of a vault's steady reading: bounded and retried in the same way, each by itself. */
export class ServiceCalls {
  readonly attempts = new AsyncLocalStorage<Attempt>();
  readonly #options: ServiceCallsOptions;

  constructor(options: ServiceCallsOptions) {
    this.#options = options;
  }

  /** Runs one operation from beginning to end. Whatever goes wrong becomes a reason here. */
  async operate<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      const fault = faultOf(error);
      const details = [fault.status, fault.code].filter((detail) => detail !== undefined).join(" ");
      if (!signal.aborted) this.#options.log.warn(`${what}: ${fault.reason}${details === "" ? "" : ` (${details})`}`);
      return { ok: false, reason: fault.reason, ...causeOf(fault) };
    }
  }

  /** Throws a VaultFault. */
  request<T>(call: Call<T>): Promise<T> {
    const { clock, random = Math.random } = this.#options;
    const { signal, limiter, tries = maxTries } = call;
    return limiter.run(signal, () => withRetries({ clock, random, signal, tries }, (leftMs) => this.#attempt(call, Math.min(leftMs, attemptLimitMs))));
  }

  #attempt<T>(call: Call<T>, limitMs: number): Promise<T> {
    return withDeadline(this.#options.clock, limitMs, call.signal, async (deadline) => {
      const attempt: Attempt = { allowed: call.allowed, written: false, deadline, nextLink: undefined, fault: undefined, token: undefined };
      try {
        return await this.attempts.run(attempt, () => call.send(attempt));
      } catch (error) {
        // The SDK's own error holds request and answer: it ends here.
        const fault = attempt.fault ?? (error instanceof VaultFault ? error : new VaultFault({ reason: "service-error", cause: "service-error", retryable: false, code: "SdkError" }));
        if (fault.fault.status === 401) call.refused?.(attempt);
        throw fault;
      }
    });
  }
}
