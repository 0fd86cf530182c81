import type { Clock } from "../../../server/src/host/clock.ts";
import type { WriteStep } from "../../../server/src/vault/vaultTestApi.ts";
import { isTestSecretName } from "../../../server/src/vault/vaultTestApi.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";
import type { OpenRun, RunJournal } from "../runs/runJournal.ts";
import { createRunJournal } from "../runs/runJournal.ts";

/** A write test of this window. */
export type OpenTestRun = OpenRun<WriteStep>;
/** What write tests are about to do: a trace of secrets that may be left over. */
export type TestJournal = RunJournal<WriteStep>;

export function createTestJournal(store: ApprovalStore, clock: Clock, session: string): TestJournal {
  return createRunJournal({ storeKey: "keyline.testJournal", steps: ["write", "delete", "purge", "done"], isName: isTestSecretName }, store, clock, session);
}
