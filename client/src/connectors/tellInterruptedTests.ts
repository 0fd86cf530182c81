import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { removeFromVault } from "./removeTestSecrets.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";
import type { TestRun } from "./testJournal.ts";

const removeButton = "Remove…";
const laterButton = "Later";

/**
 * Tells once of write tests that a crash or a reload has interrupted. Reads the journal and calls no vault; a run that
 * another window seems to carry out is looked at again when it would have been silent for too long. Returns the
 * function that stops looking.
 */
export function tellInterruptedTests(context: TestCommandsContext): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    if (!context.isTrusted()) return;
    const { runs, lookAgainMs } = context.journal.interrupted();
    for (const ofVault of byVault(runs.filter((run) => context.approvals.isApproved(run.vault)))) tell(context, ofVault);
    if (lookAgainMs !== undefined) cancel = context.clock.after(lookAgainMs, look);
  };
  look();
  return () => {
    cancel();
  };
}

function tell(context: TestCommandsContext, { vault, runs }: RunsOfVault): void {
  const { dialogs, journal, log } = context;
  const names = runs.slice(0, 3).map(({ name }) => name);
  const more = runs.length > names.length ? ` and ${String(runs.length - names.length)} more` : "";
  const words =
    runs.length === 1
      ? `A connection test of the vault ${vault.name} was interrupted. The secret ${names.join("")} may still be there.`
      : `${String(runs.length)} connection tests of the vault ${vault.name} were interrupted. The secrets ${names.join(", ")}${more} may still be there.`;
  const answer = dialogs.offer(words, [removeButton, laterButton]);
  const ended = async (): Promise<void> => {
    await journal.told(runs);
    if ((await answer) === removeButton) await removeFromVault(context, vault);
  };
  ended().catch(() => {
    // The error may quote what a service answered, so it is not logged.
    log.error("The interrupted connection test could not be dealt with. Run Keyline: Remove Left-over Test Secrets.");
  });
}

interface RunsOfVault {
  readonly vault: VaultTarget;
  readonly runs: readonly TestRun[];
}

function byVault(runs: readonly TestRun[]): readonly RunsOfVault[] {
  const keys = [...new Set(runs.map(({ vault }) => vaultKey(vault)))];
  return keys.flatMap((key) => {
    const ofVault = runs.filter(({ vault }) => vaultKey(vault) === key);
    const vault = ofVault[0]?.vault;
    return vault === undefined ? [] : [{ vault, runs: ofVault }];
  });
}
