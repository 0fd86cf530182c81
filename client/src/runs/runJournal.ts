import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import { readStoredVault, writeStoredVault } from "../azure/storedVault.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";

/** Work on one secret of a vault, and the step `S` that it was about to take last. `done` is a step behind which nothing is left over. */
export interface Run<S extends string> {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly vault: VaultTarget;
  readonly name: string;
  readonly step: S | "done";
}

/** A run of this window. */
export interface OpenRun<S extends string> {
  /** Rejects where the step could not be written down: then it must not be taken. */
  step(step: S | "done"): Promise<void>;
  /** The run is over, and the person has been told how it ended. */
  end(): Promise<void>;
  /** Nobody carries the run out any more. Its trace stays, if it has one. */
  leave(): void;
}

export interface InterruptedRuns<S extends string> {
  /** Runs that no window carries out and that nobody has been told of. */
  readonly runs: readonly Run<S>[];
  /** Set where another window seems to be carrying one out: after that time it can be told whether it still does. */
  readonly lookAgainMs?: number;
}

/**
 * What is about to be done to vaults, written down before it is done, so that a crash at any moment leaves a trace of
 * what may be half done. Holds names alone, and is kept outside the workspace.
 *
 * Invariant: a run that a window carries out says so every 10 seconds; one that has been silent for a minute is dead.
 */
export interface RunJournal<S extends string> {
  open(run: Pick<Run<S>, "id" | "vault" | "name">): OpenRun<S>;
  /** Only reads. */
  interrupted(): InterruptedRuns<S>;
  /** The person knows of these. */
  told(runs: readonly Run<S>[]): Promise<void>;
  /** These are settled and leave no trace. */
  forget(runs: readonly Run<S>[]): Promise<void>;
  /** Whether a window, this or another, is working with that secret. */
  isRunning(vault: VaultTarget, name: string): boolean;
  /** Forgets the vault's dead runs but those whose secrets are still there. */
  settle(vault: VaultTarget, remaining: readonly string[]): Promise<void>;
}

/** What one journal keeps. What its store holds beside that is not taken. */
export interface RunKind<S extends string> {
  readonly storeKey: string;
  readonly steps: readonly S[];
  readonly isName: (name: string) => boolean;
}

interface StoredRun<S extends string> extends Run<S> {
  readonly session: string;
  /** When its window last said that it lives, epoch milliseconds. */
  readonly at: number;
  readonly told: boolean;
}

const maxRuns = 50;
const beatMs = 10_000;
const silentMs = 60_000;
const idPattern = /^[0-9a-f]{32}$/;

/** `session` is another one in each window and at each start. */
export function createRunJournal<S extends string>(kind: RunKind<S>, store: ApprovalStore, clock: Clock, session: string): RunJournal<S> {
  const open = new Set<string>();

  function list(): readonly StoredRun<S>[] {
    const stored = store.get(kind.storeKey);
    return Array.isArray(stored) ? stored.slice(0, maxRuns).map((one) => readRun(kind, one)).filter((run) => run !== undefined) : [];
  }

  /** For how long the run counts as carried out; 0 where it does not. Another window's clock is ours, and may be set. */
  function aliveMs(run: StoredRun<S>): number {
    if (run.session === session) return open.has(run.id) ? silentMs : 0;
    const age = clock.now() - run.at;
    return Math.abs(age) < silentMs ? silentMs - age : 0;
  }

  async function write(runs: readonly StoredRun<S>[]): Promise<void> {
    const worthKeeping = runs.filter((run) => run.step !== "done" || aliveMs(run) > 0);
    await store.update(kind.storeKey, worthKeeping.slice(0, maxRuns).map(writeRun));
  }

  function openRun(run: Pick<Run<S>, "id" | "vault" | "name">): OpenRun<S> {
    let step: S | "done" | undefined;
    let stopBeating: () => void = () => undefined;
    open.add(run.id);

    async function save(): Promise<void> {
      if (step === undefined) return;
      const others = list().filter((other) => other.id !== run.id);
      await write([{ ...run, step, session, at: clock.now(), told: false }, ...others]);
    }
    function beat(): void {
      stopBeating = clock.after(beatMs, () => {
        // A beat that is lost is made up for by the next one.
        save().catch(() => undefined);
        beat();
      });
    }
    function leave(): void {
      stopBeating();
      open.delete(run.id);
    }

    beat();
    return {
      step: async (next) => {
        step = next;
        await save();
      },
      end: async () => {
        leave();
        if (step !== undefined) await write(list().filter((other) => other.id !== run.id));
      },
      leave,
    };
  }

  return {
    open: openRun,
    interrupted: () => {
      const untold = list().filter((run) => run.session !== session && !run.told && run.step !== "done");
      const waits = untold.map(aliveMs).filter((ms) => ms > 0);
      return { runs: untold.filter((run) => aliveMs(run) === 0), ...(waits.length === 0 ? {} : { lookAgainMs: Math.min(...waits) }) };
    },
    told: async (runs) => {
      const ids = idsOf(runs);
      await write(list().map((run) => (ids.has(run.id) ? { ...run, told: true } : run)));
    },
    forget: async (runs) => {
      const ids = idsOf(runs);
      await write(list().filter((run) => !ids.has(run.id)));
    },
    isRunning: (vault, name) => list().some((run) => run.name === name && vaultKey(run.vault) === vaultKey(vault) && run.step !== "done" && aliveMs(run) > 0),
    settle: async (vault, remaining) => {
      const runs = list();
      const kept = runs.filter((run) => vaultKey(run.vault) !== vaultKey(vault) || aliveMs(run) > 0 || remaining.includes(run.name));
      if (kept.length < runs.length) await write(kept);
    },
  };
}

function idsOf(runs: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(runs.map(({ id }) => id));
}

function writeRun({ id, vault, name, step, session, at, told }: StoredRun<string>): Record<string, unknown> {
  return { id, vault: writeStoredVault(vault), name, step, session, at, ...(told ? { told } : {}) };
}

/** What an older version or another hand left in the store is taken only where it is whole. */
function readRun<S extends string>(kind: RunKind<S>, stored: unknown): StoredRun<S> | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { id, vault: storedVault, name, step: storedStep, session, at, told } = stored as Record<string, unknown>;
  if (typeof storedVault !== "object" || storedVault === null) return undefined;
  const vault = readStoredVault(storedVault as Record<string, unknown>);
  const step = storedStep === "done" ? storedStep : kind.steps.find((one) => one === storedStep);
  if (vault === undefined || typeof id !== "string" || !idPattern.test(id) || typeof name !== "string" || !kind.isName(name) || step === undefined) return undefined;
  if (typeof session !== "string" || typeof at !== "number" || !Number.isFinite(at)) return undefined;
  return { id, vault, name, step, session, at, told: told === true };
}
