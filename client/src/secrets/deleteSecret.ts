import type { DeleteResult } from "../../../server/src/vault/vaultWriteApi.ts";
import { vaultLines } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { counted } from "../connectors/counted.ts";
import { utcWords } from "../ui/timeWords.ts";
import { breakageLines } from "./breakage.ts";
import type { Afterwards, Changed } from "./changeSecret.ts";
import { changeSecret, inTurn, mayCall } from "./changeSecret.ts";
import { chooseSecret } from "./chooseSecret.ts";
import { lookAtRuns } from "./lookAtRuns.ts";
import type { ReadSecret } from "./readSecret.ts";
import { readSecret } from "./readSecret.ts";
import { recoverDeleted } from "./recoverSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, secretWords, unknownWords } from "./secretWords.ts";

const recoverButton = "Recover";
const lookButton = "Look in Vault";

/** Deletes a secret with all its versions, after the person has seen what would break. The deletion is followed to its end beside other work. */
export async function deleteSecret(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseSecret(context, argument, "Delete which secret?");
  if (subject === undefined) return;
  await inTurn(context, subject, async () => {
    if (!(await agree(context, subject))) return undefined;
    const { vault, name } = subject;
    return tellDeleted(context, subject, await changeSecret(context, "delete", subject, (_run, signal) => context.writes.delete(vault, name, signal)));
  });
}

interface Deletable {
  readonly secret: ReadSecret;
  readonly breaks: readonly string[];
}

/** True where the person has agreed to exactly what would be deleted now. */
async function agree(context: SecretCommandsContext, subject: SecretSubject): Promise<boolean> {
  const { dialogs } = context;
  const { vault, name } = subject;
  const seen = await readDeletable(context, subject);
  if (seen === undefined) return false;
  const detail = [
    ...vaultLines(vault),
    `Secret: ${name}, with ${seen.secret.versions.length === 1 ? "its only version" : `all its ${counted(seen.secret.versions.length, "version")}`}`,
    "",
    ...seen.breaks,
    "",
    "The vault keeps it among the deleted secrets until its retention ends. Until then it can be recovered, and its name stays taken.",
  ].join("\n");
  const answer = await dialogs.decide(`Delete the secret ${name} from the vault ${vault.name}?`, detail, ["Keep It", "Delete"]);
  if (answer !== "Delete" || !mayCall(context, vault)) return false;
  const now = await readDeletable(context, subject);
  if (now === undefined) return false;
  if (isSame(seen, now)) return mayCall(context, vault);
  dialogs.tell(`The ${secretWords(vault, name)}, or what refers to it, has changed meanwhile. Nothing was deleted. Run Delete again to see what there is now.`);
  return false;
}

async function readDeletable(context: SecretCommandsContext, subject: SecretSubject): Promise<Deletable | undefined> {
  const secret = await readSecret(context, subject);
  return secret === undefined ? undefined : { secret, breaks: breakageLines(await context.source.uses(subject.vault, subject.name)) };
}

function isSame(seen: Deletable, now: Deletable): boolean {
  return seen.secret.latest.version === now.secret.latest.version && seen.secret.versions.length === now.secret.versions.length && seen.breaks.join("\n") === now.breaks.join("\n");
}

async function tellDeleted(context: SecretCommandsContext, subject: SecretSubject, { outcome, run, told }: Changed<DeleteResult>): Promise<Afterwards | void> {
  const { dialogs } = context;
  const { vault, name } = subject;
  if (!outcome.ok) {
    dialogs.tell(failureWords(vault, `the secret ${name} was not deleted`, outcome, "delete"));
    await told();
    return undefined;
  }
  switch (outcome.value.kind) {
    case "accepted":
      return followDeletion(context, subject, told);
    case "absent":
      dialogs.tell(`The ${secretWords(vault, name)} does not exist any more. Nothing was deleted.`);
      await told();
      return undefined;
    case "unknown": {
      const answer = dialogs.offer(unknownWords(vault, `the secret ${name} was deleted`, outcome.value.cause, "delete"), [lookButton]);
      await told();
      return async () => {
        if ((await answer) === lookButton) await lookAtRuns(context, vault, [{ id: run, vault, name, step: "delete" }]);
      };
    }
  }
}

async function followDeletion(context: SecretCommandsContext, subject: SecretSubject, told: () => Promise<void>): Promise<Afterwards | void> {
  const { dialogs, writes, source, log } = context;
  const { vault, name } = subject;
  const end = await dialogs.background(`Deleting the secret ${name} in the vault ${vault.name}`, () => writes.waitDeleted(vault, name, new AbortController().signal));
  log.info(`Secret, delete, followed: vault ${vault.name}, secret ${name}, ${end.ok ? end.value.kind : causeOfOutcome(end)}.`);
  source.changed(vault);
  if (!end.ok) {
    dialogs.tell(failureWords(vault, `the deletion of the secret ${name} has begun, but its end cannot be seen`, end, "read"));
    await told();
    return undefined;
  }
  if (end.value.kind === "pending") {
    dialogs.tell(`The vault ${vault.name} has taken the deletion of the secret ${name}, and has not finished it yet. It goes on by itself: look among the deleted secrets in a few minutes.`);
    await told();
    return undefined;
  }
  const { scheduledPurge } = end.value;
  const until = scheduledPurge === undefined ? "until its retention ends" : `until ${utcWords(scheduledPurge)}, when the vault purges it`;
  const answer = dialogs.offer(`The ${secretWords(vault, name)} is deleted. It can be recovered ${until}.`, [recoverButton]);
  await told();
  return async () => {
    if ((await answer) === recoverButton) await recoverDeleted(context, subject);
  };
}
