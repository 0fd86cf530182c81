import type { Clock } from "../../server/src/host/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Starts at 2026-11-01T00:00:00Z and monotonic 0. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #monotonic = 0;
  #wall = Date.UTC(2026, 10, 1);

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#monotonic + delayMs, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the wall clock alone: a sleep, or a clock that was set. */
  shiftWall(byMs: number): void {
    this.#wall += byMs;
  }

  /** Lets that much time pass, timer by timer, with everything that they set off. */
  async advance(byMs: number): Promise<void> {
    const end = this.#monotonic + byMs;
    await quiet();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#moveTo(next.at);
      this.#timers.delete(next);
      next.callback();
      await quiet();
    }
    this.#moveTo(end);
    await quiet();
  }

  /** Lets time pass until the promise is settled; fails when nothing is left to wait for, or after an hour. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    const end = this.#monotonic + 3_600_000;
    for (await quiet(); !settled; await quiet()) {
      const next = this.#next(end);
      if (next === undefined) throw new Error("The promise is not settled and no timer is set");
      this.#moveTo(next.at);
      this.#timers.delete(next);
      next.callback();
    }
    return promise;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    return next;
  }

  #moveTo(at: number): void {
    const to = Math.max(at, this.#monotonic);
    this.#wall += to - this.#monotonic;
    this.#monotonic = to;
  }
}

/** Lets everything run that needs no timer. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}
