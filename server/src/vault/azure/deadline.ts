import type { Clock } from "../../host/clock.ts";
import { VaultFault } from "./vaultFault.ts";

/** The time that one try may take. */
export interface Deadline {
  /** Fires when the time is over or the caller has gone. */
  readonly signal: AbortSignal;
  /** Does something that has a limit of its own (fetching a token) while this clock stands still. */
  suspended<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Runs `work` for at most `limitMs`. Ends then, or when `caller` fires, even if `work` does not listen to its signal.
 * Throws a VaultFault of reason `unreachable` when the time is over.
 */
export async function withDeadline<T>(clock: Clock, limitMs: number, caller: AbortSignal, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  if (caller.aborted) throw callerGone();
  const controller = new AbortController();
  let leftMs = limitMs;
  let startedAt = 0;
  let cancelTimer: () => void = () => undefined;
  const start = (): void => {
    startedAt = clock.monotonic();
    cancelTimer = clock.after(leftMs, () => {
      controller.abort(timeOver());
    });
  };
  const stop = (): void => {
    cancelTimer();
    leftMs = Math.max(leftMs - (clock.monotonic() - startedAt), 0);
  };
  const onCallerGone = (): void => {
    controller.abort(callerGone());
  };
  const deadline: Deadline = {
    signal: controller.signal,
    suspended: async (inner) => {
      stop();
      try {
        return await inner();
      } finally {
        if (!controller.signal.aborted) start();
      }
    },
  };
  caller.addEventListener("abort", onCallerGone, { once: true });
  start();
  try {
    return await untilAborted(work(deadline), controller.signal);
  } finally {
    stop();
    controller.abort(callerGone());
    caller.removeEventListener("abort", onCallerGone);
  }
}

/** The promise, or the signal's own VaultFault as soon as it fires. What the promise does afterwards is nobody's. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason instanceof VaultFault ? signal.reason : callerGone());
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
    });
  });
}

function timeOver(): VaultFault {
  return new VaultFault({ reason: "unreachable", cause: "unreachable", retryable: true, code: "DeadlineExceeded" });
}

function callerGone(): VaultFault {
  return new VaultFault({ reason: "loading", cause: "cancelled", retryable: false, code: "Cancelled" });
}
