import type { Fact, JsonShape, SecretAttributes, SecretListing, SecretVersion, DeletedSecret, UnknownReason, VaultFacts, VaultWant } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { isVaultName } from "../core/model/vaultTarget.ts";
import type { Clock } from "../host/clock.ts";
import { FactCell } from "./factCell.ts";
import type { Outcome, VaultApi } from "./vaultApi.ts";
import type { VaultDemand } from "./vaultDemand.ts";

export interface VaultShelfOptions {
  readonly api: VaultApi;
  readonly clock: Clock;
  readonly gate?: (vault: VaultTarget) => UnknownReason | undefined;
  readonly keysAllowed?: (vault: VaultTarget) => boolean;
  readonly changed: () => void;
}

/** How long the reasons of a vault that nobody wants any more can be read. */
const afterlifeMs = 30_000;

type JsonQuestion = VaultWant["jsonOf"][number];
type Keyed<T> = Map<string, FactCell<T>>;

/** All that is known of one vault, and the questions that are open. */
export class VaultShelf {
  readonly #options: VaultShelfOptions;
  readonly #listing: Keyed<SecretListing> = new Map();
  readonly #versions: Keyed<readonly SecretVersion[]> = new Map();
  readonly #deleted: Keyed<DeletedSecret> = new Map();
  readonly #shapes: Keyed<JsonShape> = new Map();
  /** Kept when nothing is wanted any more, since what is known is still shown for a while. */
  #demand: VaultDemand | undefined;
  #wanted = false;
  #unwantedAt = 0;
  #closed: UnknownReason | undefined;
  #keysAllowed = false;
  #facts: VaultFacts | undefined;

  constructor(options: VaultShelfOptions) {
    this.#options = options;
  }

  /** Replaces what was wanted, and asks again what is allowed. */
  want(demand: VaultDemand): void {
    const tenantChanged = this.#demand !== undefined && this.#demand.vault.tenant !== demand.vault.tenant;
    const closed = this.#closedBecause(demand);
    const keysAllowed = this.#options.keysAllowed?.(demand.vault) ?? false;
    // What was learnt under another tenant, or before a permission was taken back, is not kept.
    if (tenantChanged || (closed !== undefined && this.#closed === undefined)) this.#forgetAll();
    if (!keysAllowed) forget(this.#shapes);
    const permissionsChanged = closed !== this.#closed || keysAllowed !== this.#keysAllowed;
    // A shape that may not be read has no cell, and is settled by this very want.
    const settled = !keysAllowed && [...demand.jsonOf.keys()].some((key) => this.#demand?.jsonOf.has(key) !== true);
    this.#demand = demand;
    this.#wanted = true;
    this.#closed = closed;
    this.#keysAllowed = keysAllowed;
    const grown = closed === undefined && this.#open(demand);
    if (grown || settled || permissionsChanged || tenantChanged) this.#changed();
  }

  wantNothing(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#unwantedAt = this.#options.clock.monotonic();
    for (const cell of this.#cells()) cell.setWanted(false);
  }

  expire(written: boolean): void {
    for (const cell of this.#cells()) cell.expire(written);
  }

  /** Starts what is due. Answers when to look again (monotonic), Infinity for never. */
  tick(): number {
    let dropped = false;
    for (const cells of [this.#listing, this.#versions, this.#deleted, this.#shapes]) {
      for (const [key, cell] of cells) if (cell.isOver()) dropped = cells.delete(key) || dropped;
    }
    if (dropped) this.#facts = undefined;
    const cells = this.#cells();
    let next = this.#wanted || cells.length > 0 ? Infinity : this.#unwantedAt + afterlifeMs;
    for (const cell of cells) next = Math.min(next, cell.tick());
    return next;
  }

  /** True when nothing is wanted and what was known has had its time. */
  isOver(): boolean {
    return !this.#wanted && this.#cells().length === 0 && this.#options.clock.monotonic() >= this.#unwantedAt + afterlifeMs;
  }

  /** The cells behind a demand; none for what may not be asked, since that is settled. */
  cellsOf(demand: VaultDemand): readonly FactCell<unknown>[] {
    const cells: (FactCell<unknown> | undefined)[] = [demand.listing ? this.#listing.get("") : undefined];
    for (const key of demand.versionsOf.keys()) cells.push(this.#versions.get(key));
    for (const key of demand.deletedOf.keys()) cells.push(this.#deleted.get(key));
    for (const key of demand.jsonOf.keys()) cells.push(this.#shapes.get(key));
    return cells.filter((cell) => cell !== undefined);
  }

  /** The same object until something has changed. `validUntil` is monotonic. */
  facts(): { readonly facts: VaultFacts; readonly validUntil: number } {
    const previous = this.#facts;
    const listing = this.#listingFact();
    const versions = this.#keyedFacts(this.#versions, previous?.versions);
    const deleted = this.#keyedFacts(this.#deleted, previous?.deleted);
    const jsonShapes = this.#shapeFacts(previous?.jsonShapes);
    const vault = this.#demand?.vault ?? previous?.vault;
    if (vault === undefined) throw new Error("A shelf is asked for facts after it was wanted");
    const same =
      previous?.vault === vault && previous.listing === listing && previous.versions === versions && previous.deleted === deleted && previous.jsonShapes === jsonShapes;
    this.#facts = same ? previous : { vault, listing, versions, deleted, jsonShapes };
    let validUntil = Infinity;
    for (const cell of this.#cells()) validUntil = Math.min(validUntil, cell.validUntil());
    return { facts: this.#facts, validUntil };
  }

  dispose(): void {
    this.#forgetAll();
  }

  #closedBecause(demand: VaultDemand): UnknownReason | undefined {
    if (!isVaultName(demand.vault.name)) return "bad-vault-name";
    if (demand.tenantsDiffer) return "wrong-tenant";
    return this.#options.gate?.(demand.vault);
  }

  /** Makes a cell for each question. Answers whether there is a new one. */
  #open(demand: VaultDemand): boolean {
    const { api } = this.#options;
    const { vault } = demand;
    const grown = [
      this.#openEach(this.#listing, demand.listing ? new Map([["", undefined]]) : new Map<string, undefined>(), () => (onPart, signal) => askListing(api, vault, onPart, signal)),
      this.#openEach(this.#versions, demand.versionsOf, (name) => (_onPart, signal) => api.listVersions(vault, name, signal)),
      this.#openEach(this.#deleted, demand.deletedOf, (name) => (_onPart, signal) => api.deletedSecret(vault, name, signal)),
      this.#openEach(this.#shapes, this.#keysAllowed ? demand.jsonOf : new Map<string, never>(), (question) => (_onPart, signal) => askShape(api, vault, question, signal)),
    ];
    return grown.includes(true);
  }

  #openEach<T, Q>(cells: Keyed<T>, questions: ReadonlyMap<string, Q>, ask: (question: Q) => ConstructorParameters<typeof FactCell<T>>[1]): boolean {
    let grown = false;
    for (const [key, question] of questions) {
      if (cells.has(key)) continue;
      cells.set(key, new FactCell<T>(this.#options.clock, ask(question), () => { this.#changed(); }));
      grown = true;
    }
    for (const [key, cell] of cells) cell.setWanted(questions.has(key));
    return grown;
  }

  #listingFact(): Fact<SecretListing> {
    if (this.#closed !== undefined) return this.#unknown(this.#closed);
    return this.#listing.get("")?.fact() ?? this.#unknown("loading");
  }

  #keyedFacts<T>(cells: Keyed<T>, previous: readonly (readonly [string, Fact<T>])[] | undefined): readonly (readonly [string, Fact<T>])[] {
    const entries = [...cells].map(([key, cell]) => [key, cell.fact()] as const);
    return sameEntries(entries, previous) ? previous : entries;
  }

  #shapeFacts(previous: VaultFacts["jsonShapes"] | undefined): VaultFacts["jsonShapes"] {
    if (this.#keysAllowed || this.#closed !== undefined) return this.#keyedFacts(this.#shapes, previous);
    const entries = [...(this.#demand?.jsonOf.keys() ?? [])].map((key) => [key, this.#unknown("keys-not-allowed")] as const);
    return sameEntries(entries, previous) ? previous : entries;
  }

  /** One object for each reason, so that unchanged facts stay the same objects. */
  #unknown(reason: UnknownReason): { readonly state: "unknown"; readonly reason: UnknownReason } {
    let fact = unknowns.get(reason);
    if (fact === undefined) {
      fact = { state: "unknown", reason };
      unknowns.set(reason, fact);
    }
    return fact;
  }

  #cells(): readonly FactCell<unknown>[] {
    return [...this.#listing.values(), ...this.#versions.values(), ...this.#deleted.values(), ...this.#shapes.values()];
  }

  #forgetAll(): void {
    forget(this.#listing);
    forget(this.#versions);
    forget(this.#deleted);
    forget(this.#shapes);
  }

  #changed(): void {
    this.#options.changed();
  }
}

const unknowns = new Map<UnknownReason, { readonly state: "unknown"; readonly reason: UnknownReason }>();

async function askListing(api: VaultApi, vault: VaultTarget, onPart: (part: SecretListing) => void, signal: AbortSignal): Promise<Outcome<SecretListing>> {
  let sofar: readonly SecretAttributes[] = [];
  const outcome = await api.listSecrets(
    vault,
    (secrets) => {
      sofar = [...sofar, ...secrets];
      onPart({ secrets: sofar, complete: false });
    },
    signal,
  );
  return outcome.ok ? { ok: true, value: { secrets: outcome.value, complete: true } } : outcome;
}

/**
 * Who may list a vault's secrets may still not read one. That is a right of its own, which only keys need, and never a reason
 * to tell somebody that the list is refused.
 */
async function askShape(api: VaultApi, vault: VaultTarget, { name, version }: JsonQuestion, signal: AbortSignal): Promise<Outcome<JsonShape>> {
  const outcome = await api.jsonShape(vault, name, version, signal);
  if (outcome.ok || outcome.reason !== "forbidden") return outcome;
  // No right opens a disabled version. Its keys are wanted only where what is known of it is old.
  return { ...outcome, reason: outcome.cause === "secret-disabled" ? "stale" : "keys-forbidden" };
}

function forget<T>(cells: Keyed<T>): void {
  for (const cell of cells.values()) cell.dispose();
  cells.clear();
}

function sameEntries<T>(entries: readonly (readonly [string, T])[], previous: readonly (readonly [string, T])[] | undefined): previous is readonly (readonly [string, T])[] {
  return previous?.length === entries.length && entries.every(([key, fact], index) => previous[index]?.[0] === key && previous[index][1] === fact);
}
