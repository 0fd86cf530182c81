import type { Clock } from "../../host/clock.ts";
import { untilAborted } from "./deadline.ts";
import { VaultFault } from "./vaultFault.ts";

/** Key Vault's own guidance on throttling; each wait is shortened by chance, so that clients do not come in step. */
const waitsMs: readonly number[] = [1000, 2000, 4000, 8000, 16_000];
export const budgetMs = 30_000;

export interface RetryOptions {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** How many tries at most; 6 is the policy, 1 while the vault is known to be in trouble. */
  readonly tries: number;
}

/**
 * Tries a request until it succeeds, fails for good, or 30 s are over. `attempt` is given the milliseconds that are
 * left. Reads alone may be repeated like this. Throws the last VaultFault.
 */
export async function withRetries<T>(options: RetryOptions, attempt: (leftMs: number) => Promise<T>): Promise<T> {
  const { clock } = options;
  const endsAt = clock.monotonic() + budgetMs;
  for (let tried = 0; ; tried++) {
    try {
      return await attempt(endsAt - clock.monotonic());
    } catch (error) {
      const waitMs = error instanceof VaultFault ? nextWaitMs(error, tried, options) : undefined;
      if (waitMs === undefined || clock.monotonic() + waitMs >= endsAt) throw error;
      await pause(clock, waitMs, options.signal);
    }
  }
}

/** Waits that many milliseconds; throws a VaultFault when the signal fires. */
export function pause(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  let cancel: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    cancel = clock.after(waitMs, resolve);
  });
  return untilAborted(waiting, signal).finally(() => {
    cancel();
  });
}

function nextWaitMs(error: VaultFault, tried: number, options: RetryOptions): number | undefined {
  const backoffMs = waitsMs[tried];
  if (!error.fault.retryable || backoffMs === undefined || tried + 1 >= options.tries) return undefined;
  const jitteredMs = backoffMs * (0.5 + options.random() / 2);
  return Math.max(jitteredMs, error.fault.retryAfterMs ?? 0);
}
