import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { Run, RunJournal } from "./runJournal.ts";

export interface InterruptedContext<S extends string> {
  readonly journal: RunJournal<S>;
  readonly approvals: Pick<VaultApprovals, "isApproved">;
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
}

export interface RunsOfVault<S extends string> {
  readonly vault: VaultTarget;
  readonly runs: readonly Run<S>[];
}

/**
 * Tells once of runs that a crash or a reload has interrupted. Reads the journal and calls no vault; a run that another
 * window seems to carry out is looked at again when it would have been silent for too long. Returns the function that
 * stops looking.
 */
export function tellInterrupted<S extends string>({ journal, approvals, isTrusted, clock }: InterruptedContext<S>, tell: (found: RunsOfVault<S>) => void): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    if (!isTrusted()) return;
    const { runs, lookAgainMs } = journal.interrupted();
    for (const ofVault of byVault(runs.filter((run) => approvals.isApproved(run.vault)))) tell(ofVault);
    if (lookAgainMs !== undefined) cancel = clock.after(lookAgainMs, look);
  };
  look();
  return () => {
    cancel();
  };
}

function byVault<S extends string>(runs: readonly Run<S>[]): readonly RunsOfVault<S>[] {
  const keys = [...new Set(runs.map(({ vault }) => vaultKey(vault)))];
  return keys.flatMap((key) => {
    const ofVault = runs.filter(({ vault }) => vaultKey(vault) === key);
    const vault = ofVault[0]?.vault;
    return vault === undefined ? [] : [{ vault, runs: ofVault }];
  });
}
