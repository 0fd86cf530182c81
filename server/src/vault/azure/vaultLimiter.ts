import type { Clock } from "../../host/clock.ts";
import { pause } from "./withRetries.ts";
import { untilAborted } from "./deadline.ts";

const maxConcurrent = 4;
const maxPerWindow = 20;
const windowMs = 1000;

/** Keeps one vault from being flooded by us: 4 requests at a time, 20 in any second. */
export interface VaultLimiter {
  /** Runs `work` when fewer than 4 others run; first come, first served. Throws a VaultFault when the signal fires first. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Resolves when one more request may be sent. */
  beforeSend(signal: AbortSignal): Promise<void>;
}

export function createVaultLimiter(clock: Clock): VaultLimiter {
  const waiting: (() => void)[] = [];
  const sentAt: number[] = [];
  let running = 0;

  const enter = async (signal: AbortSignal): Promise<void> => {
    if (running < maxConcurrent) {
      running++;
      return;
    }
    let admit: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      admit = resolve;
    });
    waiting.push(admit);
    try {
      await untilAborted(turn, signal);
    } catch (error) {
      const place = waiting.indexOf(admit);
      if (place >= 0) waiting.splice(place, 1);
      else leave();
      throw error;
    }
  };
  // The place is handed on as it is, so that `running` never falls below what really runs.
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };

  return {
    run: async (signal, work) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    beforeSend: async (signal) => {
      for (;;) {
        const now = clock.monotonic();
        while (sentAt[0] !== undefined && sentAt[0] <= now - windowMs) sentAt.shift();
        if (sentAt.length < maxPerWindow) {
          sentAt.push(now);
          return;
        }
        await pause(clock, (sentAt[0] ?? now) + windowMs - now, signal);
      }
    },
  };
}
