import type { Clock } from "../../../server/src/host/clock.ts";

/** An action that many ask for and that takes a while to have its effect. */
export interface Steady {
  /** Runs it now, or once the time since it ran last is over. */
  ask(): void;
  dispose(): void;
}

/** Runs `action` at most once in `leastMs`; whoever asks in between has it run once more when the time is over. */
export function steadily(clock: Pick<Clock, "monotonic" | "after">, leastMs: number, action: () => void): Steady {
  let ranAt = -Infinity;
  let cancel: (() => void) | undefined;

  function run(): void {
    cancel = undefined;
    ranAt = clock.monotonic();
    action();
  }

  return {
    ask: () => {
      if (cancel !== undefined) return;
      const waitMs = ranAt + leastMs - clock.monotonic();
      if (waitMs <= 0) run();
      else cancel = clock.after(waitMs, run);
    },
    dispose: () => {
      cancel?.();
    },
  };
}
