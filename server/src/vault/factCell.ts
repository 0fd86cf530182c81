import type { Fact, UnknownReason } from "../core/model/facts.ts";
import type { Clock } from "../host/clock.ts";
import type { Outcome } from "./vaultApi.ts";

/** How long an answer proves absence. */
const freshMs = 300_000;
const refreshMs = 240_000;
const failureLifeMs = 30_000;
const refusalLifeMs = 120_000;
const youngFlightMs = 1000;
/** Missing rights: they are given seldom, so that asking often is of no use. */
const refusals: ReadonlySet<UnknownReason> = new Set<UnknownReason>(["forbidden", "keys-forbidden"]);

/** Asks the vault once. `onPart` takes what has come so far. */
export type Ask<T> = (onPart: (part: T) => void, signal: AbortSignal) => Promise<Outcome<T>>;

interface Answer<T> {
  readonly value: T;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly monotonicAt: number;
}

/**
 * One question to one vault and what is known of it.
 * Invariants: one flight at most; an answer is never replaced by a failure or by a part of an answer.
 */
export class FactCell<T> {
  readonly #clock: Clock;
  readonly #ask: Ask<T>;
  readonly #changed: () => void;
  #wanted = false;
  #answer: Answer<T> | undefined;
  #part: Answer<T> | undefined;
  #failure: { readonly reason: UnknownReason; readonly monotonicAt: number } | undefined;
  #flight: AbortController | undefined;
  #expired = false;
  /** True from `expire` until an answer has come: the vault may hold something else by now. */
  #outdated = false;
  #fact: Fact<T> | undefined;
  #unwantedAt = 0;
  #flightStartedAt = 0;
  #disposed = false;

  constructor(clock: Clock, ask: Ask<T>, changed: () => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#changed = changed;
  }

  setWanted(wanted: boolean): void {
    if (this.#wanted && !wanted) {
      this.#unwantedAt = this.#clock.monotonic();
      this.#land();
    }
    this.#wanted = wanted;
  }

  /** True when there is an answer that is still good, or a failure, and nothing is under way. */
  isSettled(): boolean {
    if (this.#disposed) return true;
    return this.#flight === undefined && (this.#failure !== undefined || (this.#answer !== undefined && this.#ageMs(this.#answer) < freshMs));
  }

  /** Makes the question due now; what is known stays. A flight that has just started is as good as a new one, unless the vault was `written` to. */
  expire(written: boolean): void {
    if (!written && this.#flight !== undefined && this.#clock.monotonic() - this.#flightStartedAt < youngFlightMs) return;
    this.#land();
    this.#expired = true;
    this.#outdated = true;
    if (this.#answer === undefined) this.#set(() => (this.#failure = undefined));
  }

  /** Starts what is due. Answers when to look again (monotonic), Infinity for never. */
  tick(): number {
    if (this.#fact !== undefined && this.#isNewlyStale(this.#fact)) this.#set(() => undefined);
    if (!this.#wanted) return this.#dropAt();
    if (this.#flight === undefined && this.#clock.monotonic() >= this.#dueAt()) this.#start();
    if (this.#flight === undefined) return Math.min(this.#dueAt(), this.#staleAt());
    return this.#staleAt();
  }

  /** True when nobody wants it and what is known of it has had its time. */
  isOver(): boolean {
    return !this.#wanted && this.#clock.monotonic() >= this.#dropAt();
  }

  /** The same object until something has changed. */
  fact(): Fact<T> {
    if (this.#fact === undefined || this.#isNewlyStale(this.#fact)) this.#fact = this.#factNow();
    return this.#fact;
  }

  /** Until when `fact()` holds if nothing arrives (monotonic). */
  validUntil(): number {
    return this.#staleAt();
  }

  dispose(): void {
    this.#disposed = true;
    this.#wanted = false;
    this.#land();
  }

  #start(): void {
    const flight = new AbortController();
    this.#flight = flight;
    this.#flightStartedAt = this.#clock.monotonic();
    this.#expired = false;
    const onPart = (part: T): void => {
      // Beside a whole answer a part of the next one says nothing.
      if (this.#flight === flight && this.#answer === undefined) this.#set(() => (this.#part = this.#stamp(part)));
    };
    this.#ask(onPart, flight.signal).then(
      (outcome) => {
        if (this.#flight === flight) this.#settle(outcome);
      },
      () => {
        if (this.#flight === flight) this.#settle({ ok: false, reason: "service-error" });
      },
    );
  }

  #settle(outcome: Outcome<T>): void {
    this.#flight = undefined;
    this.#set(() => {
      if (outcome.ok) {
        this.#answer = this.#stamp(outcome.value);
        this.#part = undefined;
        this.#failure = undefined;
        this.#outdated = false;
      } else {
        this.#failure = { reason: outcome.reason, monotonicAt: this.#clock.monotonic() };
      }
    });
  }

  /** Ends the flight, if there is one; its answer is nobody's. */
  #land(): void {
    this.#flight?.abort();
    this.#flight = undefined;
  }

  #set(change: () => void): void {
    change();
    this.#fact = undefined;
    this.#changed();
  }

  #stamp(value: T): Answer<T> {
    return { value, at: this.#clock.now(), monotonicAt: this.#clock.monotonic() };
  }

  #dueAt(): number {
    if (this.#expired) return -Infinity;
    if (this.#failure !== undefined) return this.#failure.monotonicAt + (refusals.has(this.#failure.reason) ? refusalLifeMs : failureLifeMs);
    if (this.#answer === undefined) return -Infinity;
    return this.#answer.monotonicAt + refreshMs - this.#sleptMs(this.#answer);
  }

  /** When a fresh answer stops being fresh; Infinity where there is none. */
  #staleAt(): number {
    if (this.#answer === undefined || this.#ageMs(this.#answer) >= freshMs) return Infinity;
    return this.#answer.monotonicAt + freshMs - this.#sleptMs(this.#answer);
  }

  #dropAt(): number {
    const known = this.#answer === undefined ? -Infinity : this.#answer.monotonicAt + freshMs - this.#sleptMs(this.#answer);
    return Math.max(known, this.#unwantedAt + failureLifeMs);
  }

  #ageMs(answer: Answer<T>): number {
    return this.#clock.monotonic() - answer.monotonicAt + this.#sleptMs(answer);
  }

  /**
   * The monotonic clock stands still while a computer sleeps. The wall clock then runs ahead of it; a wall clock that
   * was set forward looks the same and costs one more request, one that was set back changes nothing.
   */
  #sleptMs(answer: Answer<T>): number {
    return Math.max(this.#clock.now() - answer.at - (this.#clock.monotonic() - answer.monotonicAt), 0);
  }

  #isNewlyStale(fact: Fact<T>): boolean {
    return fact.state === "known" && fact.stale === undefined && this.#answer !== undefined && this.#ageMs(this.#answer) >= freshMs;
  }

  #factNow(): Fact<T> {
    const known = this.#answer;
    if (known !== undefined) {
      const fact = { state: "known", value: known.value, at: known.at } as const;
      const isFresh = this.#ageMs(known) < freshMs && !(this.#outdated && this.#failure !== undefined);
      return isFresh ? fact : { ...fact, stale: this.#failure?.reason ?? "loading" };
    }
    if (this.#part !== undefined) {
      const fact = { state: "known", value: this.#part.value, at: this.#part.at } as const;
      return this.#failure === undefined ? fact : { ...fact, stale: this.#failure.reason };
    }
    return { state: "unknown", reason: this.#failure?.reason ?? "loading" };
  }
}
