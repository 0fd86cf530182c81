import { vaultLines } from "../azure/approvalCommands.ts";
import { changeSecret, inTurn, mayCall } from "./changeSecret.ts";
import { chooseDeleted } from "./chooseSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { notDoneWords, secretWords } from "./secretWords.ts";

export async function recoverSecret(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseDeleted(context, argument, "Recover which deleted secret?");
  if (subject === undefined) return;
  const { vault, name } = subject;
  const agreed = await context.dialogs.confirm(`Recover the secret ${name} in the vault ${vault.name}?`, [...vaultLines(vault), "", "It comes back with all its versions, as it was when it was deleted."].join("\n"), "Recover");
  if (agreed) await recoverDeleted(context, subject);
}

/** Recovers a secret after the person has said so. */
export async function recoverDeleted(context: SecretCommandsContext, subject: SecretSubject): Promise<void> {
  if (mayCall(context, subject.vault)) await inTurn(context, subject, () => recover(context, subject));
}

async function recover(context: SecretCommandsContext, { vault, name }: SecretSubject): Promise<void> {
  const { dialogs, writes } = context;
  const { outcome, told } = await changeSecret(context, "recover", { vault, name }, (_run, signal) => writes.recover(vault, name, signal));
  dialogs.tell(outcome.ok ? ends(vault.name, secretWords(vault, name))[outcome.value.kind] : notDoneWords(vault, name, "recover", outcome));
  await told();
}

function ends(vault: string, secret: string): Readonly<Record<"recovered" | "absent" | "exists" | "pending", string>> {
  return {
    recovered: `The ${secret} is recovered.`,
    absent: `The ${secret} is not among the deleted secrets. It may be purged, or recovered by somebody else.`,
    exists: `The ${secret} exists, so there is nothing to recover.`,
    pending: `The ${secret} is being recovered. The vault ${vault} has not finished yet: look again in a minute.`,
  };
}
