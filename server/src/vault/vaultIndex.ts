import { Facts } from "../core/model/facts.ts";
import type { UnknownReason, VaultFacts, VaultWant } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";
import type { Clock } from "../host/clock.ts";
import type { Log } from "../host/log.ts";
import type { FactsSource } from "./factsSource.ts";
import type { FactCell } from "./factCell.ts";
import type { VaultApi } from "./vaultApi.ts";
import { VaultShelf } from "./vaultShelf.ts";
import { demandsOf } from "./vaultDemand.ts";

export interface VaultIndexOptions {
  readonly api: VaultApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Why a vault must not be called (`not-approved`, `untrusted`); undefined where it may. Default: all may. */
  readonly gate?: (vault: VaultTarget) => UnknownReason | undefined;
  /** Whether values may be read to list the key names of their JSON. Default: no. */
  readonly keysAllowed?: (vault: VaultTarget) => boolean;
}

/**
 * What is known of all vaults, kept fresh while somebody wants it. One flight for each vault and kind of question,
 * however many ask. Answers live 5 minutes and are asked for again at 4; failures live 30 s, a refusal 2 minutes.
 */
export interface VaultIndex extends FactsSource {
  /**
   * Makes known what a command-line run needs, beside what `want` has asked for. Resolves when each has an answer or a
   * failure, or when the signal fires. Keeps the process alive meanwhile. Several calls may run side by side.
   */
  load(wants: readonly VaultWant[], signal: AbortSignal): Promise<void>;
  /** A claim beside the documents', which lasts until it is disposed. */
  interest(): Interest;
  /** Asks again for everything wanted of one vault, or of all; what is known stays until the answers come. */
  refresh(vault?: VaultTarget): void;
  /** The vault was written to: asks again for everything wanted of it, whatever is under way. */
  written(vault: VaultTarget): void;
  /** Asks `gate` and `keysAllowed` again, after an approval or a change of trust. */
  recheck(): void;
}

/** What one more part of the editor wants. */
export interface Interest {
  /** Replaces what it wanted before. */
  want(wants: readonly VaultWant[]): void;
  dispose(): void;
}

const notifyEveryMs = 250;

export function createVaultIndex(options: VaultIndexOptions): VaultIndex {
  return new CachedVaultIndex(options);
}

class CachedVaultIndex implements VaultIndex {
  readonly #options: VaultIndexOptions;
  readonly #shelves = new Map<string, VaultShelf>();
  readonly #claims = new Map<object, readonly VaultWant[]>();
  readonly #listeners = new Set<() => void>();
  readonly #settled = new Set<() => void>();
  readonly #documents = {};
  #facts: Facts = Facts.none;
  #published = new Map<string, VaultFacts>();
  /** Monotonic; the facts made last hold until then, if nothing arrives. */
  #factsUntil = Infinity;
  /** The same in epoch milliseconds. */
  #factsUntilWall = Infinity;
  #dirty = true;
  #notifiedAt = -notifyEveryMs;
  #cancelNotify: (() => void) | undefined;
  #cancelTick: (() => void) | undefined;
  #disposed = false;

  constructor(options: VaultIndexOptions) {
    this.#options = options;
  }

  want(wants: readonly VaultWant[]): void {
    this.#claim(this.#documents, wants);
  }

  facts(): Facts {
    const { clock } = this.#options;
    // The wall clock tells that a computer has slept, when the timers have slept as well.
    const late = clock.monotonic() >= this.#factsUntil || clock.now() >= this.#factsUntilWall;
    if (late || this.#dirty) this.#rebuild();
    if (late && this.#shelves.size > 0) this.#scheduleTick();
    return this.#facts;
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async load(wants: readonly VaultWant[], signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#disposed) return;
    const claim = {};
    // Waiting between two tries holds no socket, and the clock's timers let a process end.
    const alive = setInterval(() => undefined, 2 ** 30);
    try {
      this.#claim(claim, wants);
      await this.#untilSettled(wants, signal);
    } finally {
      clearInterval(alive);
      this.#release(claim);
    }
  }

  interest(): Interest {
    const claim = {};
    let over = false;
    return {
      want: (wants) => {
        if (!over) this.#claim(claim, wants);
      },
      dispose: () => {
        over = true;
        this.#release(claim);
      },
    };
  }

  refresh(vault?: VaultTarget): void {
    const key = vault === undefined ? undefined : vaultKey(vault);
    for (const [shelfKey, shelf] of this.#shelves) if (key === undefined || key === shelfKey) shelf.expire(false);
    this.#tick();
  }

  written(vault: VaultTarget): void {
    this.#shelves.get(vaultKey(vault))?.expire(true);
    this.#tick();
  }

  recheck(): void {
    this.#reconcile();
  }

  dispose(): void {
    this.#disposed = true;
    this.#claims.clear();
    for (const shelf of this.#shelves.values()) shelf.dispose();
    this.#shelves.clear();
    this.#cancelNotify?.();
    this.#cancelTick?.();
    this.#cancelNotify = undefined;
    this.#cancelTick = undefined;
    this.#listeners.clear();
    for (const settled of [...this.#settled]) settled();
  }

  #claim(owner: object, wants: readonly VaultWant[]): void {
    if (this.#disposed) return;
    this.#claims.set(owner, wants);
    this.#reconcile();
  }

  #release(owner: object): void {
    this.#claims.delete(owner);
    this.#reconcile();
  }

  /** Brings the shelves in line with all that is wanted and allowed now. */
  #reconcile(): void {
    if (this.#disposed) return;
    const demands = demandsOf([...this.#claims.values()].flat());
    for (const [key, demand] of demands) {
      let shelf = this.#shelves.get(key);
      if (shelf === undefined) {
        shelf = new VaultShelf({ ...this.#options, changed: () => { this.#changed(); } });
        this.#shelves.set(key, shelf);
      }
      shelf.want(demand);
    }
    for (const [key, shelf] of this.#shelves) if (!demands.has(key)) shelf.wantNothing();
    this.#tick();
  }

  /** Starts what is due, drops what nobody wants any more, and sets the next time to look. */
  #tick(): void {
    if (this.#disposed) return;
    this.#cancelTick?.();
    const now = this.#options.clock.monotonic();
    let next = Infinity;
    for (const [key, shelf] of this.#shelves) {
      next = Math.min(next, shelf.tick());
      if (shelf.isOver()) {
        this.#shelves.delete(key);
        this.#dirty = true;
      }
    }
    // What has started may have asked for another look already.
    this.#cancelTick?.();
    this.#cancelTick = next === Infinity ? undefined : this.#options.clock.after(Math.max(next - now, 1), () => {
      this.#tick();
    });
  }

  #changed(): void {
    if (this.#disposed) return;
    this.#dirty = true;
    for (const settled of [...this.#settled]) settled();
    this.#scheduleTick();
    if (this.#cancelNotify !== undefined) return;
    const { clock } = this.#options;
    const waitMs = Math.max(this.#notifiedAt + notifyEveryMs - clock.monotonic(), 0);
    this.#cancelNotify = clock.after(waitMs, () => {
      this.#cancelNotify = undefined;
      this.#notifiedAt = clock.monotonic();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** An answer or failure has moved the next time to look. */
  #scheduleTick(): void {
    this.#cancelTick?.();
    this.#cancelTick = this.#options.clock.after(0, () => {
      this.#tick();
    });
  }

  #rebuild(): void {
    const published = new Map<string, VaultFacts>();
    let until = Infinity;
    let same = this.#shelves.size === this.#published.size;
    for (const [key, shelf] of this.#shelves) {
      const { facts, validUntil } = shelf.facts();
      published.set(key, facts);
      until = Math.min(until, validUntil);
      same &&= this.#published.get(key) === facts;
    }
    this.#dirty = false;
    this.#factsUntil = until;
    this.#factsUntilWall = until + this.#options.clock.now() - this.#options.clock.monotonic();
    if (same) return;
    this.#published = published;
    this.#facts = new Facts([...published.values()], "loading");
  }

  #untilSettled(wants: readonly VaultWant[], signal: AbortSignal): Promise<void> {
    const pending = new Set<FactCell<unknown>>();
    for (const [key, demand] of demandsOf(wants)) for (const cell of this.#shelves.get(key)?.cellsOf(demand) ?? []) pending.add(cell);
    return new Promise((resolve) => {
      const check = (): void => {
        for (const cell of pending) if (cell.isSettled()) pending.delete(cell);
        if (pending.size > 0 && !signal.aborted && !this.#disposed) return;
        this.#settled.delete(check);
        signal.removeEventListener("abort", check);
        resolve();
      };
      this.#settled.add(check);
      signal.addEventListener("abort", check, { once: true });
      check();
    });
  }
}
