import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretOperation } from "./secretJournal.ts";
import { doing } from "./secretWords.ts";

/** A change that was asked of the vault. */
export interface Changed<T> {
  readonly outcome: Outcome<T>;
  /** The id under which the change is in the journal. */
  readonly run: string;
  /** The person has been told how it ended: the journal's trace may go. */
  readonly told: () => Promise<void>;
}

interface Named {
  readonly vault: VaultTarget;
  readonly name: string;
}

/** Asks the vault for one change: written down before, shown while it runs, listed in the log. Whether the person has agreed is the caller's matter. */
export async function changeSecret<T extends { readonly kind: string }>(
  { journal, dialogs, log, source, randomHex }: SecretCommandsContext,
  operation: SecretOperation,
  { vault, name }: Named,
  call: (run: string, signal: AbortSignal) => Promise<Outcome<T>>,
): Promise<Changed<T>> {
  const run = randomHex(16);
  const trace = journal.open({ id: run, vault, name });
  try {
    await trace.step(operation);
    const outcome = await dialogs.progress(`${doing[operation]} the secret ${name} in the vault ${vault.name}`, (_report, signal) => call(run, signal));
    log.info(`Secret, ${operation}: vault ${vault.name}, secret ${name}, ${outcome.ok ? outcome.value.kind : causeOfOutcome(outcome)}.`);
    source.changed(vault);
    return { outcome, run, told: () => trace.end() };
  } catch (error) {
    trace.leave();
    throw error;
  }
}

/** What a notification's button leads to, once the turn is over: the notification may stay for hours. */
export type Afterwards = () => Promise<void>;

/** Runs `work` while it is the secret's turn, then what comes afterwards. Tells where another change has the turn. */
export async function inTurn(context: SecretCommandsContext, { vault, name }: Named, work: () => Promise<Afterwards | void>): Promise<void> {
  const { turns, dialogs } = context;
  const endTurn = turns.take(`${vaultKey(vault)}/${name.toLowerCase()}`);
  if (endTurn === undefined) {
    dialogs.tell(`The secret ${name} of the vault ${vault.name} is being changed already. Wait until that has ended.`);
    return;
  }
  let afterwards: Afterwards | void;
  try {
    afterwards = await work();
  } finally {
    endTurn();
  }
  if (afterwards !== undefined) await afterwards();
}

/** Trust and approval may have gone while a dialog was open. Says so where they have. */
export function mayCall({ isTrusted, approvals, dialogs }: Pick<SecretCommandsContext, "isTrusted" | "approvals" | "dialogs">, vault: VaultTarget): boolean {
  if (isTrusted() && approvals.isApproved(vault)) return true;
  dialogs.tell(isTrusted() ? `The vault ${vault.name} is not approved any more, so nothing was done.` : restrictedMessage);
  return false;
}
