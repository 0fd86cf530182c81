import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { WriteStep } from "../../../server/src/vault/vaultTestApi.ts";
import { isTestSecretName } from "../../../server/src/vault/vaultTestApi.ts";
import { readStoredVault, writeStoredVault } from "../azure/storedVault.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";
import { isTestRunId } from "./testRun.ts";

/** A write test, and the step that it was about to take last. */
export interface TestRun {
  readonly id: string;
  readonly vault: VaultTarget;
  readonly name: string;
  readonly step: WriteStep;
}

/** A run of this window. */
export interface OpenRun {
  /** Rejects where the step could not be written down: then it must not be taken. */
  step(step: WriteStep): Promise<void>;
  /** The run is over, and the person has been told how it ended. */
  end(): Promise<void>;
  /** Nobody carries the run out any more. Its trace stays, if it has one. */
  leave(): void;
}

export interface InterruptedRuns {
  /** Runs that no window carries out and that nobody has been told of. */
  readonly runs: readonly TestRun[];
  /** Set where another window seems to be carrying one out: after that time it can be told whether it still does. */
  readonly lookAgainMs?: number;
}

/**
 * What write tests are about to do, written down before they do it, so that a crash at any moment leaves a trace of a
 * secret that may be left over. Holds names alone, and is kept outside the workspace.
 *
 * Invariant: a run that a window carries out says so every 10 seconds; one that has been silent for a minute is dead.
 */
export interface TestJournal {
  open(run: Pick<TestRun, "id" | "vault" | "name">): OpenRun;
  /** Only reads. */
  interrupted(): InterruptedRuns;
  /** The person knows of these. */
  told(runs: readonly TestRun[]): Promise<void>;
  /** Whether a window, this or another, is working with that secret. */
  isRunning(vault: VaultTarget, name: string): boolean;
  /** Forgets the vault's dead runs but those whose secrets are still there. */
  settle(vault: VaultTarget, remaining: readonly string[]): Promise<void>;
}

interface StoredRun extends TestRun {
  readonly session: string;
  /** When its window last said that it lives, epoch milliseconds. */
  readonly at: number;
  readonly told: boolean;
}

const storeKey = "keyline.testJournal";
const maxRuns = 50;
const beatMs = 10_000;
const silentMs = 60_000;
const steps: readonly string[] = ["write", "delete", "purge", "done"] satisfies WriteStep[];

/** `session` is another one in each window and at each start. */
export function createTestJournal(store: ApprovalStore, clock: Clock, session: string): TestJournal {
  const open = new Set<string>();

  function list(): readonly StoredRun[] {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.slice(0, maxRuns).map(readRun).filter((run) => run !== undefined) : [];
  }

  /** For how long the run counts as carried out; 0 where it does not. Another window's clock is ours, and may be set. */
  function aliveMs(run: StoredRun): number {
    if (run.session === session) return open.has(run.id) ? silentMs : 0;
    const age = clock.now() - run.at;
    return Math.abs(age) < silentMs ? silentMs - age : 0;
  }

  async function write(runs: readonly StoredRun[]): Promise<void> {
    const worthKeeping = runs.filter((run) => run.step !== "done" || aliveMs(run) > 0);
    await store.update(storeKey, worthKeeping.slice(0, maxRuns).map(writeRun));
  }

  function openRun(run: Pick<TestRun, "id" | "vault" | "name">): OpenRun {
    let step: WriteStep | undefined;
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
      const ids = new Set(runs.map(({ id }) => id));
      await write(list().map((run) => (ids.has(run.id) ? { ...run, told: true } : run)));
    },
    isRunning: (vault, name) => list().some((run) => run.name === name && vaultKey(run.vault) === vaultKey(vault) && run.step !== "done" && aliveMs(run) > 0),
    settle: async (vault, remaining) => {
      const runs = list();
      const kept = runs.filter((run) => vaultKey(run.vault) !== vaultKey(vault) || aliveMs(run) > 0 || remaining.includes(run.name));
      if (kept.length < runs.length) await write(kept);
    },
  };
}

function writeRun({ id, vault, name, step, session, at, told }: StoredRun): Record<string, unknown> {
  return { id, vault: writeStoredVault(vault), name, step, session, at, ...(told ? { told } : {}) };
}

/** What an older version or another hand left in the store is taken only where it is whole. */
function readRun(stored: unknown): StoredRun | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { id, vault: storedVault, name, step, session, at, told } = stored as Record<string, unknown>;
  if (typeof storedVault !== "object" || storedVault === null) return undefined;
  const vault = readStoredVault(storedVault as Record<string, unknown>);
  if (vault === undefined || !isTestRunId(id) || !isTestSecretName(name) || !isStep(step)) return undefined;
  if (typeof session !== "string" || typeof at !== "number" || !Number.isFinite(at)) return undefined;
  return { id, vault, name, step, session, at, told: told === true };
}

function isStep(value: unknown): value is WriteStep {
  return typeof value === "string" && steps.includes(value);
}
