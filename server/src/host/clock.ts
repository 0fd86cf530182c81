/** Time, so that tests can own it. */
export interface Clock {
  /** Wall clock, epoch milliseconds: for what people read and for Key Vault's own dates. */
  now(): number;
  /** Milliseconds from an arbitrary start, never set back: for ages and deadlines. */
  monotonic(): number;
  /** Calls `callback` once, `delayMs` from now; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
