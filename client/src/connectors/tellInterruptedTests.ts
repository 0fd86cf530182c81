import type { WriteStep } from "../../../server/src/vault/vaultTestApi.ts";
import type { RunsOfVault } from "../runs/tellInterrupted.ts";
import { tellInterrupted } from "../runs/tellInterrupted.ts";
import { removeFromVault } from "./removeTestSecrets.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";

const removeButton = "Remove…";
const laterButton = "Later";

/** Tells once of write tests that a crash or a reload has interrupted. Returns the function that stops looking. */
export function tellInterruptedTests(context: TestCommandsContext): () => void {
  return tellInterrupted(context, (found) => {
    tell(context, found);
  });
}

function tell(context: TestCommandsContext, { vault, runs }: RunsOfVault<WriteStep>): void {
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
