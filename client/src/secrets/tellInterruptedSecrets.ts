import type { RunsOfVault } from "../runs/tellInterrupted.ts";
import { tellInterrupted } from "../runs/tellInterrupted.ts";
import { lookAtRuns } from "./lookAtRuns.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretOperation } from "./secretJournal.ts";

const lookButton = "Look in Vault";
const laterButton = "Later";

/** Tells once of changes of secrets that a crash or a reload has interrupted. Returns the function that stops looking. */
export function tellInterruptedSecrets(context: SecretCommandsContext): () => void {
  return tellInterrupted(context, (found) => {
    tell(context, found);
  });
}

function tell(context: SecretCommandsContext, { vault, runs }: RunsOfVault<SecretOperation>): void {
  const { dialogs, journal, log } = context;
  const named = runs.slice(0, 3).map(({ name, step }) => `${name} (${step})`);
  const more = runs.length > named.length ? ` and ${String(runs.length - named.length)} more` : "";
  const words =
    runs.length === 1
      ? `Unfinished: a change of a secret in the vault ${vault.name}, ${named.join("")}. Nobody has seen how it ended. Look in the vault before you do it again.`
      : `Unfinished: ${String(runs.length)} changes of secrets in the vault ${vault.name}, ${named.join(", ")}${more}. Nobody has seen how they ended. Look in the vault before you do them again.`;
  const answer = dialogs.offer(words, [lookButton, laterButton]);
  const ended = async (): Promise<void> => {
    await journal.told(runs);
    if ((await answer) === lookButton) await lookAtRuns(context, vault, runs);
  };
  ended().catch(() => {
    // The error may quote what a service answered, so it is not logged.
    log.error("The unfinished change of a secret could not be dealt with. Look at the secret in the explorer.");
  });
}
