import { isSecretName } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";
import type { Run, RunJournal } from "../runs/runJournal.ts";
import { createRunJournal } from "../runs/runJournal.ts";

/** What is done to a secret. */
export type SecretOperation = "create" | "new version" | "edit" | "enable" | "disable" | "delete" | "recover" | "purge";
export type SecretRun = Run<SecretOperation>;
/** What is about to be done to secrets: operation, vault, name and run, never a value. */
export type SecretJournal = RunJournal<SecretOperation>;

const operations: readonly SecretOperation[] = ["create", "new version", "edit", "enable", "disable", "delete", "recover", "purge"];

export function createSecretJournal(store: ApprovalStore, clock: Clock, session: string): SecretJournal {
  return createRunJournal({ storeKey: "keyline.secretJournal", steps: operations, isName: isSecretName }, store, clock, session);
}
