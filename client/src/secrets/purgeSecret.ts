import type { DeletedEntry } from "../../../server/src/core/model/facts.ts";
import { isPurgeProtectedLevel } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { utcWords } from "../ui/timeWords.ts";
import { changeSecret, inTurn, mayCall } from "./changeSecret.ts";
import { chooseDeleted } from "./chooseSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, isCancelled, notDoneWords, secretWords } from "./secretWords.ts";

export async function purgeSecret(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseDeleted(context, argument, "Purge which deleted secret?");
  if (subject !== undefined) await purgeDeleted(context, subject);
}

/** Purges a deleted secret whose name the person types, where anybody but the vault itself may. */
export async function purgeDeleted(context: SecretCommandsContext, subject: SecretSubject): Promise<void> {
  if (mayCall(context, subject.vault)) await inTurn(context, subject, () => purge(context, subject));
}

async function purge(context: SecretCommandsContext, { vault, name }: SecretSubject): Promise<void> {
  const { dialogs, writes } = context;
  const found = await findDeleted(context, vault, name);
  if (found === undefined) return;
  if (isPurgeProtectedLevel(found.recoveryLevel)) {
    dialogs.tell(protectedWords(vault, name, found.scheduledPurge));
    return;
  }
  const typed = await dialogs.input({
    title: `Purge the secret ${found.name} of the vault ${vault.name}`,
    prompt: `It is gone for ever then, with all its versions. Type its name to purge it: ${found.name}`,
    problem: (text) => (text === found.name ? undefined : "This is not the secret's name."),
  });
  if (typed !== found.name || !mayCall(context, vault)) return;
  const { outcome, told } = await changeSecret(context, "purge", { vault, name: found.name }, (_run, signal) => writes.purge(vault, found.name, signal));
  if (!outcome.ok) dialogs.tell(notDoneWords(vault, name, "purge", outcome));
  else if (outcome.value.kind === "protected") dialogs.tell(protectedWords(vault, name, outcome.value.scheduledPurge ?? found.scheduledPurge));
  else dialogs.tell(`The ${secretWords(vault, name)} ${ends[outcome.value.kind]}`);
  await told();
}

async function findDeleted({ source, dialogs }: SecretCommandsContext, vault: VaultTarget, name: string): Promise<DeletedEntry | undefined> {
  const outcome = await dialogs.progress(`Reading the deleted secrets of the vault ${vault.name}`, (_report, signal) => source.deleted(vault, signal));
  if (!outcome.ok) {
    if (!isCancelled(outcome)) dialogs.tell(failureWords(vault, "its deleted secrets cannot be listed, so nothing was purged", outcome, "read"));
    return undefined;
  }
  const found = outcome.value.find((deleted) => deleted.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) dialogs.tell(`The ${secretWords(vault, name)} ${ends.absent}`);
  return found;
}

const ends = {
  purged: "is purged. Its name is free again.",
  absent: "is not among the deleted secrets. It may be purged, or recovered by somebody else.",
  pending: "is still being deleted, so it is not purged yet. Try again in a minute.",
};

function protectedWords(vault: VaultTarget, name: string, scheduledPurge: number | undefined): string {
  const date = scheduledPurge === undefined ? "when its retention ends" : `on ${utcWords(scheduledPurge)}`;
  return `The ${secretWords(vault, name)} cannot be purged: the vault has purge protection, and nobody can take that back. The vault purges the secret itself ${date}. Until then its name stays taken; it can be recovered.`;
}
