import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { WriteStep } from "../../../server/src/vault/vaultTestApi.ts";
import { isTestSecretName } from "../../../server/src/vault/vaultTestApi.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";
import { readTarget } from "./testResults.ts";

/** A write test that may have left a secret behind. Holds no value. */
export interface JournalEntry {
  /** The run's id. */
  readonly run: string;
  readonly vault: VaultTarget;
  /** The test secret's name. */
  readonly name: string;
  /** The step that was begun last. */
  readonly step: WriteStep;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is known of write tests that have not come to their end: a window may be closed or crash in the middle of one. */
export interface TestJournal {
  /** Before each step is begun; `done` takes the entry away. */
  note(entry: JournalEntry): Promise<void>;
  /** Those that nobody is carrying out any more. */
  interrupted(): readonly JournalEntry[];
  /** When the next entry would count as interrupted, in milliseconds from now; undefined where none is waiting. */
  nextInMs(): number | undefined;
  forget(names: readonly string[]): Promise<void>;
}

const storeKey = "keyline.testJournal";
/** Every step has limits of its own, and all of them together end well before this. */
const longestStepMs = 360_000;
const steps: readonly WriteStep[] = ["write", "delete", "purge"];

/** `running` says whether this window itself carries the run out. */
export function createTestJournal(store: ApprovalStore, now: () => number, running: (run: string) => boolean): TestJournal {
  const list = (): readonly JournalEntry[] => {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.map(readEntry).filter((entry) => entry !== undefined) : [];
  };
  const waiting = (): readonly JournalEntry[] => list().filter((entry) => !running(entry.run));
  return {
    note: async (entry) => {
      const others = list().filter(({ run }) => run !== entry.run);
      await store.update(storeKey, entry.step === "done" ? others : [...others, entry]);
    },
    // Another window may be at it still.
    interrupted: () => waiting().filter(({ at }) => now() - at >= longestStepMs || at > now()),
    nextInMs: () => {
      const young = waiting().map(({ at }) => longestStepMs - (now() - at)).filter((ms) => ms > 0 && ms <= longestStepMs);
      return young.length === 0 ? undefined : Math.min(...young);
    },
    forget: async (names) => {
      await store.update(storeKey, list().filter(({ name }) => !names.includes(name)));
    },
  };
}

function readEntry(stored: unknown): JournalEntry | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { run, vault, name, step, at } = stored as Readonly<Record<string, unknown>>;
  const target = readTarget(vault);
  const known = steps.find((one) => one === step);
  if (target === undefined || known === undefined || typeof run !== "string" || typeof name !== "string" || !isTestSecretName(name) || typeof at !== "number") return undefined;
  return { run, vault: target, name, step: known, at };
}
