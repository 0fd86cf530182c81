import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { LeftOver, VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import { causeOfReason } from "../../../server/src/vault/faultCause.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { causeWords } from "../azure/causeWords.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { counted } from "./counted.ts";
import type { TestJournal } from "./testJournal.ts";

export interface LeftOversContext {
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  readonly isApproved: (vault: VaultTarget) => boolean;
  readonly approvedVaults: () => readonly VaultTarget[];
  /** The vault of an item of our own tree; undefined for any other argument. */
  readonly vaultOf: (argument: unknown) => VaultTarget | undefined;
  readonly tests: VaultTestApi;
  readonly journal: TestJournal;
  readonly clock: Clock;
  readonly log: Log;
}

/** What interrupted write tests have left behind. */
export interface LeftOvers {
  readonly removeTestSecrets: (argument: unknown) => Promise<void>;
  /** Tells of interrupted tests, each once in a window. Calls nobody. */
  readonly tellInterrupted: () => void;
  dispose(): void;
}

export function createLeftOvers(context: LeftOversContext): LeftOvers {
  const told = new Set<string>();
  let cancel: (() => void) | undefined;

  function tellInterrupted(): void {
    if (!context.isTrusted()) return;
    for (const { run, vault, name } of context.journal.interrupted()) {
      if (told.has(run) || !context.isApproved(vault)) continue;
      told.add(run);
      void offerRemoval(context, vault, name);
    }
    cancel?.();
    const nextInMs = context.journal.nextInMs();
    cancel = nextInMs === undefined ? undefined : context.clock.after(nextInMs, tellInterrupted);
  }

  return {
    removeTestSecrets: (argument) => removeTestSecrets(context, argument),
    tellInterrupted,
    dispose: () => cancel?.(),
  };
}

async function offerRemoval(context: LeftOversContext, vault: VaultTarget, name: string): Promise<void> {
  const message = `A connection test of ${vault.name} was interrupted. Its test secret ${name} may still be there.`;
  if ((await context.dialogs.offer(message, ["Remove…", "Later"])) === "Remove…") await removeFrom(context, vault);
}

async function removeTestSecrets(context: LeftOversContext, argument: unknown): Promise<void> {
  const { dialogs, isTrusted, isApproved } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const given = context.vaultOf(argument);
  if (given !== undefined && !isApproved(given)) {
    dialogs.tell("The vault is not approved. Run Keyline: Approve a Vault… first.");
    return;
  }
  const vault = given ?? (await pickVault(context));
  if (vault !== undefined) await removeFrom(context, vault);
}

async function pickVault({ dialogs, approvedVaults }: LeftOversContext): Promise<VaultTarget | undefined> {
  const vaults = approvedVaults();
  if (vaults.length === 0) {
    dialogs.tell("No vault is approved, so Keyline has tested none.");
    return undefined;
  }
  return dialogs.pick("Look for left-over test secrets in which vault?", vaults.map((vault) => ({ label: vault.name, description: vault.tenant === undefined ? "" : `tenant ${vault.tenant}`, value: vault })));
}

async function removeFrom(context: LeftOversContext, vault: VaultTarget): Promise<void> {
  const { dialogs, tests, journal, isTrusted } = context;
  const found = await dialogs.progress(`Looking for test secrets in ${vault.name}`, (_report, signal) => tests.leftOvers(vault, signal));
  if (!found.ok) {
    const cause = found.cause ?? causeOfReason(found.reason) ?? "service-error";
    if (cause !== "cancelled") dialogs.tell(`${vault.name} could not be listed. ${causeWords(cause).what} ${causeWords(cause).next}`);
    return;
  }
  if (found.value.length === 0) {
    await journal.forget(journal.interrupted().filter((entry) => entry.vault.name.toLowerCase() === vault.name.toLowerCase()).map(({ name }) => name));
    dialogs.tell(`${vault.name} holds no test secret of Keyline's.`);
    return;
  }
  const chosen = await dialogs.pickSome(
    `Test secrets of Keyline's in ${vault.name}`,
    found.value.map((leftOver) => ({ label: leftOver.name, description: leftOver.deleted ? "deleted, not purged" : "there", value: leftOver })),
  );
  if (chosen === undefined || chosen.length === 0) return;
  const detail = [...chosen.map(({ name }) => name), "", "They are deleted, and purged where the vault allows that."].join("\n");
  const answer = await dialogs.decide(`Remove ${counted(chosen.length, "test secret")} from ${vault.name}?`, detail, ["Keep", "Remove"]);
  if (answer === "Remove" && isTrusted()) await removeAll(context, vault, chosen);
}

async function removeAll({ dialogs, tests, journal, log }: LeftOversContext, vault: VaultTarget, chosen: readonly LeftOver[]): Promise<void> {
  const removed: string[] = [];
  const left: string[] = [];
  await dialogs.progress(`Removing test secrets from ${vault.name}`, async (report, signal) => {
    for (const leftOver of chosen) {
      if (signal.aborted) break;
      report(leftOver.name);
      log.info(`Remove test secret: ${leftOver.name} in ${vault.name}`);
      const outcome = await tests.remove(vault, leftOver, signal);
      const cause = outcome.ok ? outcome.value.cleanUp?.cause : (outcome.cause ?? causeOfReason(outcome.reason) ?? "service-error");
      if (cause === undefined) removed.push(leftOver.name);
      else left.push(`${leftOver.name}: ${causeWords(cause).what}`);
    }
  });
  await journal.forget(removed);
  const gone = removed.length === 0 ? "No test secret was removed" : `${counted(removed.length, "test secret")} removed`;
  dialogs.tell([`${gone} from ${vault.name}.`, ...left].join(" "));
}
