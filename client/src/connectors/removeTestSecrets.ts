import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import type { LeftOver, WriteTest } from "../../../server/src/vault/vaultTestApi.ts";
import { isTestSecretName } from "../../../server/src/vault/vaultTestApi.ts";
import { askApproval, restrictedMessage, vaultChoice, vaultLines } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { causeWords } from "../azure/causeWords.ts";
import type { Choice } from "../ui/dialogs.ts";
import { counted } from "./counted.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";

/** So many at once: the modal lists every one. */
const maxRemoved = 20;

/** Finds the secrets that interrupted tests have left in a vault, and removes those that the person confirms. */
export async function removeTestSecrets(context: TestCommandsContext, argument: unknown): Promise<void> {
  const { dialogs, isTrusted, source, approvals } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const row = source.of(argument);
  if (row !== undefined && (row.vault === undefined || !isVaultName(row.vault.name))) {
    dialogs.tell("The connector names no valid vault in a way that can be read from its file, so no test has written to one.");
    return;
  }
  const approved = approvals.list();
  if (row === undefined && approved.length === 0) {
    dialogs.tell("No vault is approved, so Keyline has written no test secret.");
    return;
  }
  const vault = row?.vault ?? (await dialogs.pick("Remove left-over test secrets of which vault?", approved.map((approval) => vaultChoice(approval.vault))));
  if (vault !== undefined) await removeFromVault(context, vault);
}

/** The same for one vault. Asks for its approval where it has none. */
export async function removeFromVault(context: TestCommandsContext, vault: VaultTarget): Promise<void> {
  const { dialogs, turns, isTrusted } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const endTurn = turns.take(vault);
  if (endTurn === undefined) {
    dialogs.tell(`The vault ${vault.name} is being tested or cleaned up already. Wait until that has ended.`);
    return;
  }
  try {
    if (await askApproval(context, vault)) await findAndRemove(context, vault);
  } finally {
    endTurn();
  }
}

async function findAndRemove(context: TestCommandsContext, vault: VaultTarget): Promise<void> {
  const { dialogs, tests, journal, log } = context;
  const outcome = await dialogs.progress(`Looking for test secrets in the vault ${vault.name}`, (_report, signal) => tests.leftOvers(vault, signal));
  if (!outcome.ok) {
    const cause = causeOfOutcome(outcome);
    log.info(`Left-over test secrets: vault ${vault.name}, ${cause}.`);
    if (cause !== "cancelled") dialogs.tell(`Vault ${vault.name}: its secrets cannot be listed. ${words(cause, "read")}`);
    return;
  }
  const found = outcome.value.filter(({ name }) => isTestSecretName(name));
  const idle = found.filter(({ name }) => !journal.isRunning(vault, name));
  log.info(`Left-over test secrets: vault ${vault.name}, ${String(idle.length)} found.`);
  if (idle.length === 0) {
    await journal.settle(vault, []);
    dialogs.tell(found.length === 0 ? `The vault ${vault.name} holds no left-over test secret.` : `The vault ${vault.name} holds no left-over test secret but those of a test that is running.`);
    return;
  }
  const chosen = await choose(context, vault, idle);
  if (chosen === undefined) return;
  const removals = await removeAll(context, vault, chosen);
  const gone = new Set(removals.filter(isSettled).map(({ leftOver }) => leftOver.name));
  await journal.settle(vault, idle.map(({ name }) => name).filter((name) => !gone.has(name)));
  dialogs.tell(summary(vault, chosen.length, removals));
}

/** Asks which ones, then once more in a modal that names them. */
async function choose({ dialogs, isTrusted, approvals }: TestCommandsContext, vault: VaultTarget, found: readonly LeftOver[]): Promise<readonly LeftOver[] | undefined> {
  const offered = found.slice(0, maxRemoved);
  const more = found.length > maxRemoved ? ` (the first ${String(maxRemoved)} of ${String(found.length)})` : "";
  for (;;) {
    const chosen = await dialogs.pickMany(`Remove which test secrets of the vault ${vault.name}?${more}`, offered.map(leftOverChoice));
    if (chosen === undefined || chosen.length === 0) return undefined;
    const answer = await dialogs.decide(
      `Remove ${counted(chosen.length, "test secret")} from the vault ${vault.name}?`,
      [...vaultLines(vault), "", ...chosen.map(leftOverLine), "", "They are deleted, and purged where the vault allows that. What is purged cannot be recovered."].join("\n"),
      ["Choose Again", "Remove"],
    );
    // The approval may have been withdrawn while the dialog was open.
    if (answer === "Remove") return isTrusted() && approvals.isApproved(vault) ? chosen : undefined;
    if (answer === undefined) return undefined;
  }
}

interface Removal {
  readonly leftOver: LeftOver;
  readonly outcome: Outcome<WriteTest>;
}

async function removeAll({ dialogs, tests, log }: TestCommandsContext, vault: VaultTarget, chosen: readonly LeftOver[]): Promise<readonly Removal[]> {
  return dialogs.progress(`Removing test secrets from the vault ${vault.name}`, async (report, signal) => {
    const removals: Removal[] = [];
    for (const leftOver of chosen) {
      if (signal.aborted) break;
      report(leftOver.name);
      log.info(`Left-over test secret, ${leftOver.deleted ? "purge" : "delete"}: vault ${vault.name}, secret ${leftOver.name}.`);
      const outcome = await tests.remove(vault, leftOver, signal);
      removals.push({ leftOver, outcome });
      log.info(`Left-over test secret, ended: vault ${vault.name}, secret ${leftOver.name}, ${endWords(outcome)}.`);
    }
    return removals;
  });
}

/** Removed, or as good as it can be: a secret under purge protection goes by itself. */
function isSettled({ outcome }: Removal): boolean {
  return outcome.ok && outcome.value.write === undefined && (outcome.value.cleanUp === undefined || outcome.value.cleanUp.cause === "purge-protection");
}

function isRemoved({ outcome }: Removal): boolean {
  return outcome.ok && outcome.value.write === undefined && outcome.value.cleanUp === undefined;
}

function summary(vault: VaultTarget, chosen: number, removals: readonly Removal[]): string {
  const removed = removals.filter(isRemoved).length;
  const lead =
    removed === chosen
      ? `Vault ${vault.name}: ${counted(removed, "test secret")} removed.`
      : `Vault ${vault.name}: ${String(removed)} of ${counted(chosen, "test secret")} removed.`;
  const failures = new Map<string, string[]>();
  for (const removal of removals.filter((each) => !isRemoved(each))) {
    const why = failureWords(removal);
    failures.set(why, [...(failures.get(why) ?? []), removal.leftOver.name]);
  }
  const left = chosen - removals.length;
  return [
    lead,
    // A notification is cut after a thousand letters.
    ...[...failures].map(([why, names]) => `${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${String(names.length - 3)} more` : ""}: ${why}`),
    ...(left > 0 ? [`You cancelled before the other ${String(left)}.`] : []),
  ].join(" ");
}

function failureWords({ leftOver, outcome }: Removal): string {
  if (!outcome.ok) return words(causeOfOutcome(outcome), leftOver.deleted ? "purge" : "delete");
  const { cleanUp, write } = outcome.value;
  if (cleanUp === undefined) return words(write ?? "service-error", "delete");
  const state = cleanUp.step === "purge" ? "deleted, and kept until its retention ends. " : "not deleted. ";
  return cleanUp.cause === "purge-protection" ? `${state}The vault has purge protection.` : `${state}${words(cleanUp.cause, cleanUp.step)}`;
}

function endWords(outcome: Outcome<WriteTest>): string {
  if (!outcome.ok) return causeOfOutcome(outcome);
  const { cleanUp } = outcome.value;
  return cleanUp === undefined ? "removed" : `stopped at ${cleanUp.step} by ${cleanUp.cause}`;
}

function words(...[cause, step]: Parameters<typeof causeWords>): string {
  const { what, next } = causeWords(cause, step);
  return `${what} ${next}`;
}

function leftOverChoice(leftOver: LeftOver): Choice<LeftOver> {
  return { label: leftOver.name, description: stateWords(leftOver), value: leftOver };
}

function leftOverLine(leftOver: LeftOver): string {
  return `${leftOver.name}: ${stateWords(leftOver)}`;
}

function stateWords({ deleted }: LeftOver): string {
  return deleted ? "deleted, not purged" : "not deleted";
}
