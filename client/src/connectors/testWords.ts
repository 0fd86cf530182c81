import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import type { WriteTest } from "../../../server/src/vault/vaultTestApi.ts";
import { causeWords, delegateNote } from "../azure/causeWords.ts";

/** Causes that another network or another identity, and so a delegate, may not have. */
const mayDiffer: ReadonlySet<FaultCause> = new Set<FaultCause>([
  "not-signed-in", "wrong-client-secret", "expired-client-secret", "certificate-refused", "certificate-unreadable", "unknown-application", "wrong-tenant",
  "clock", "dns", "unreachable", "proxy", "tls", "firewall", "private-endpoint", "rbac", "access-policy",
]);

export interface TestSubject {
  readonly vault: string;
  /** The identity in words, without an id. */
  readonly identity: string;
}

export function readFailedWords({ vault, identity }: TestSubject, cause: FaultCause): string {
  const { what, next } = causeWords(cause);
  return [`Reading ${vault} failed (${identity}).`, what, next, ...noteOn(cause)].join(" ");
}

export function readPassedWords({ vault, identity }: TestSubject): string {
  return `Reading works: ${vault} answered and its secrets may be listed (${identity}). Writing was not tested.`;
}

export function writeConsentWords(name: string): string {
  return [
    "Reading works.",
    "",
    "Harness's own Test Connection also writes: the secret harnessAzureVaultValidation, which expires in 1 hour and is never deleted.",
    `Keyline writes ${name}, which expires in 1 hour, deletes it at once, and purges it where the vault allows that. The vault's log will show it.`,
    "",
    delegateNote,
  ].join("\n");
}

/** How a write test ended, in a few sentences. */
export function writeWords(subject: TestSubject, name: string, { write, cleanUp }: WriteTest): string {
  const { vault, identity } = subject;
  if (write !== undefined) {
    const { what } = causeWords(write);
    const unsure = cleanUp === undefined ? [] : [`The test secret ${name} may have been written all the same: Keyline: Remove Left-over Test Secrets… looks for it.`];
    return [`Reading ${vault} works, writing does not (${identity}).`, what, writeNext(write), ...unsure, ...noteOn(write)].join(" ");
  }
  if (cleanUp === undefined) return `Reading and writing work: the test secret was written to ${vault}, deleted and purged (${identity}).`;
  if (cleanUp.cause === "purge-protection") {
    return `Reading and writing work. ${vault} has purge protection, so the deleted test secret ${name} stays until the vault's retention ends. Set enablePurge: false in the connector, or Harness cannot delete secrets.`;
  }
  const still = cleanUp.step === "delete" ? "is still there" : "is deleted, but not purged";
  return `Reading and writing work, but the test secret ${name} ${still} in ${vault}. ${causeWords(cleanUp.cause).what} It expires in 1 hour; Keyline: Remove Left-over Test Secrets… removes it.`;
}

/** What is missing to write; the rest is as for reading. */
function writeNext(cause: FaultCause): string {
  switch (cause) {
    case "rbac":
      return "Harness's Test Connection will fail with these rights, although it can read secrets. For writing ask for Key Vault Secrets Officer.";
    case "access-policy":
      return "Harness's Test Connection will fail with these rights, although it can read secrets. For writing ask for the secret permission set.";
    default:
      return causeWords(cause).next;
  }
}

function noteOn(cause: FaultCause): readonly string[] {
  return mayDiffer.has(cause) ? [delegateNote] : [];
}
