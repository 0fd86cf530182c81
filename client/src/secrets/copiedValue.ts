import { scryptSync } from "node:crypto";
import type { Clock } from "../../../server/src/host/clock.ts";
import { maxValueBytes } from "../../../server/src/vault/vaultWriteApi.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";
import type { Clipboard } from "../ui/clipboard.ts";

/** How long a copied or revealed value stays. */
export const shownMs = 30_000;

const storeKey = "keyline.copiedValue";

/**
 * A value on the clipboard, cleared after 30 seconds where nothing else was copied meanwhile, also when the window
 * reloads in between.
 * Invariant: the store holds a salted hash and a time, and those only until the clipboard is cleared.
 */
export interface CopiedValue {
  /** Rejects, with nothing copied, where the trace cannot be kept or the clipboard refuses. */
  copy(value: string): Promise<void>;
  /** At the start: clears what an earlier run of this window has left, within the time that remains. */
  resume(): void;
  /** At the end: clears at once. */
  clearNow(): Promise<void>;
}

export interface CopiedValueContext {
  readonly clipboard: Clipboard;
  readonly clock: Clock;
  readonly store: ApprovalStore;
  readonly randomHex: (bytes: number) => string;
}

interface Trace {
  readonly salt: string;
  readonly hash: string;
  /** When it was copied, epoch milliseconds. */
  readonly at: number;
}

export function createCopiedValue({ clipboard, clock, store, randomHex }: CopiedValueContext): CopiedValue {
  let cancel: () => void = () => undefined;

  async function clear(): Promise<void> {
    cancel();
    const trace = readTrace(store.get(storeKey));
    if (trace === undefined) return;
    const held = await clipboard.read();
    // What was copied in between has a trace and a time of its own.
    const isLast = (): boolean => readTrace(store.get(storeKey))?.salt === trace.salt;
    if (isLast() && isLikely(held) && hashOf(held, trace.salt) === trace.hash) await clipboard.write("");
    if (isLast()) await store.update(storeKey, undefined);
  }
  function clearLater(delayMs: number): void {
    cancel();
    cancel = clock.after(delayMs, () => {
      // A clipboard that may not be read now is looked at again when VS Code ends or starts.
      clear().catch(() => undefined);
    });
  }

  return {
    copy: async (value) => {
      const salt = randomHex(16);
      await store.update(storeKey, { salt, hash: hashOf(value, salt), at: clock.now() });
      await clipboard.write(value);
      clearLater(shownMs);
    },
    resume: () => {
      const trace = readTrace(store.get(storeKey));
      if (trace !== undefined) clearLater(Math.min(Math.max(trace.at + shownMs - clock.now(), 0), shownMs));
    },
    clearNow: clear,
  };
}

function isLikely(text: string): boolean {
  return text !== "" && Buffer.byteLength(text) <= maxValueBytes;
}

/** Slow on purpose: a short value could be guessed from a quick one. */
function hashOf(value: string, salt: string): string {
  return scryptSync(value, salt, 32).toString("hex");
}

function readTrace(stored: unknown): Trace | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { salt, hash, at } = stored as Record<string, unknown>;
  return typeof salt === "string" && typeof hash === "string" && typeof at === "number" && Number.isFinite(at) ? { salt, hash, at } : undefined;
}
