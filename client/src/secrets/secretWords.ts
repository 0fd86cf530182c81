import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import type { TriedStep } from "../azure/causeWords.ts";
import { causeWords } from "../azure/causeWords.ts";
import type { SecretOperation } from "./secretJournal.ts";

/** What failed, why, and what to do. A cancelled one is no failure: it only says what did not happen. */
export function failureWords(vault: VaultTarget, what: string, outcome: Outcome<unknown> & { readonly ok: false }, step: TriedStep): string {
  const cause = causeOfOutcome(outcome);
  return cause === "cancelled" ? `Vault ${vault.name}: ${what}: you cancelled.` : `Vault ${vault.name}: ${what}. ${causeText(cause, step)}`;
}

/** An answer that leaves open what the vault did. */
export function unknownWords(vault: VaultTarget, what: string, cause: FaultCause, step: TriedStep): string {
  return `Vault ${vault.name}: nobody can say whether ${what}. ${causeWords(cause, step).what} Look in the vault before you do it again.`;
}

/** Somebody else has written at the same time. */
export function contestedWords(contested: true | undefined): string {
  return contested === true ? " Somebody else has written a version at the same time: look which one is the latest." : "";
}

/** A recovery or purge that failed: only a refusal says that it has not begun. */
export function notDoneWords(vault: VaultTarget, name: string, step: "recover" | "purge", outcome: Outcome<unknown> & { readonly ok: false }): string {
  const done = step === "recover" ? "recovered" : "purged";
  const cause = causeOfOutcome(outcome);
  if (!openCauses.has(cause)) return failureWords(vault, `the secret ${name} was not ${done}`, outcome, step);
  return `Vault ${vault.name}: it is not known whether the secret ${name} is ${done}. ${causeWords(cause, step).what} It does no harm to run it again.`;
}

const openCauses: ReadonlySet<FaultCause> = new Set(["cancelled", "unreachable", "proxy", "tls", "service-error"]);

function causeText(cause: FaultCause, step: TriedStep): string {
  const { what, next } = causeWords(cause, step);
  return `${what} ${next}`;
}

/** A secret in a notification: `The secret db-password of the vault shop-kv`. */
export function secretWords(vault: VaultTarget, name: string): string {
  return `secret ${name} of the vault ${vault.name}`;
}

/** Enough of a version's 32 digits to tell it from others. */
export function shortVersion(version: string): string {
  return version.slice(0, 8);
}

export function isCancelled(outcome: Outcome<unknown>): boolean {
  return !outcome.ok && causeOfOutcome(outcome) === "cancelled";
}

/** What runs, over a progress. */
export const doing: Readonly<Record<SecretOperation, string>> = {
  create: "Creating",
  "new version": "Writing a new version of",
  edit: "Changing",
  enable: "Enabling",
  disable: "Disabling",
  delete: "Deleting",
  recover: "Recovering",
  purge: "Purging",
};
