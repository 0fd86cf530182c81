import type { KeyVaultSettings } from "../../../server/src/core/model/entities.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import type { ReadTest, WriteStep, WriteTest } from "../../../server/src/vault/vaultTestApi.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import type { TriedStep } from "../azure/causeWords.ts";
import { causeWords, delegateNote } from "../azure/causeWords.ts";
import { identityWords, isConnectorsOwn } from "../azure/identityWords.ts";
import type { ConnectorField } from "./showField.ts";

/** A button that mends what a test has found. */
export type Mend =
  | { readonly kind: "sign-in" | "choose-credential" | "show-log" | "test-again" | "remove" }
  | { readonly kind: "show-field"; readonly field: ConnectorField }
  | { readonly kind: "copy-grant"; readonly cause: "rbac" | "access-policy"; readonly step: TriedStep };

/** How a test ended, for the person. */
export interface TestReport {
  readonly message: string;
  readonly mends: readonly Mend[];
}

/** What was tested, and as whom. */
export interface TestSubject {
  readonly vault: VaultTarget;
  readonly settings: KeyVaultSettings | undefined;
  readonly credential: CredentialChoice;
}

/** How a write test ended. `begun` is the last step that was told. */
export interface EndedWrite {
  readonly name: string;
  readonly outcome: Outcome<WriteTest>;
  readonly begun: WriteStep | undefined;
}

export function failedReadReport(subject: TestSubject, cause: FaultCause): TestReport {
  if (cause === "cancelled") return { message: `Vault ${subject.vault.name}: you cancelled the test while it was reading. Nothing was written.`, mends: [again] };
  return { message: `Vault ${subject.vault.name}: reading failed. ${explained(subject, cause, "read")}`, mends: mendsOf(subject, cause, "read") };
}

/** Reading works, and the person did not let Keyline write. */
export function readOnlyReport(subject: TestSubject, read: ReadTest): TestReport {
  const empty = read.holdsSecrets ? "" : ", though it lists no secret yet";
  const purge = purgeNote(subject, read.purgeProtected === true);
  return {
    message: `Vault ${subject.vault.name}: reading works${empty}. Writing was not tested, so it stays open whether Harness's Test Connection passes.${purge.words} ${tested(subject)} ${delegateNote}`,
    mends: purge.mends,
  };
}

export function writeReport(subject: TestSubject, read: ReadTest, { name, outcome, begun }: EndedWrite): TestReport {
  const isOpen = begun !== undefined && begun !== "done";
  if (!outcome.ok) return failedWriteReport(subject, causeOfOutcome(outcome), isOpen ? ` It is not known whether the test secret ${name} is still there.` : "");
  const { write, cleanUp } = outcome.value;
  if (write !== undefined) return failedWriteReport(subject, write, cleanUp === undefined ? "" : ` It is not known whether the test secret ${name} was written, and it could not be removed.`);
  if (cleanUp === undefined) return passedReport(subject, read.purgeProtected === true, "the test secret is removed again");
  if (cleanUp.cause === "purge-protection") {
    return passedReport(subject, true, `the test secret ${name} is deleted. The vault has purge protection, so it is kept until its retention ends`);
  }
  return uncleanReport(subject, name, cleanUp);
}

/** What is kept of a write test: undefined where it says nothing of the vault. */
export function writeEnd({ outcome }: EndedWrite): "passed" | FaultCause | undefined {
  const end = outcome.ok ? (outcome.value.write ?? "passed") : causeOfOutcome(outcome);
  return end === "cancelled" ? undefined : end;
}

function passedReport(subject: TestSubject, purgeProtected: boolean, secret: string): TestReport {
  const purge = purgeNote(subject, purgeProtected);
  return {
    message: `Vault ${subject.vault.name}: Test Connection passed. Reading and writing work, and ${secret}.${purge.words} ${tested(subject)} ${delegateNote}`,
    mends: purge.mends,
  };
}

function failedWriteReport(subject: TestSubject, cause: FaultCause, doubt: string): TestReport {
  const { vault } = subject;
  const mends = [...(doubt === "" ? [] : [remove]), ...mendsOf(subject, cause, "write")];
  if (cause === "cancelled") {
    const words = doubt === "" ? "you cancelled before anything was written." : `you cancelled while writing.${doubt}`;
    return { message: `Vault ${vault.name}: reading works; ${words}`, mends };
  }
  const lead = rightCauses.has(cause) ? `${withRights(subject)} Test Connection will fail; reading secrets works.` : "reading works, writing failed.";
  return { message: `Vault ${vault.name}: ${lead} ${explained(subject, cause, "write", doubt)}`, mends };
}

/** The same identity has the same rights wherever it comes from. */
function withRights({ credential, settings }: TestSubject): string {
  return isConnectorsOwn(credential, settings) ? "Harness's" : "with the rights of this identity, Harness's";
}

function uncleanReport(subject: TestSubject, name: string, { step, cause }: NonNullable<WriteTest["cleanUp"]>): TestReport {
  const what =
    step === "delete"
      ? `the test secret ${name} could not be deleted. It expires an hour after it was written, and stays in the vault until somebody deletes it`
      : `the test secret ${name} is deleted but could not be purged, so it is kept until its retention ends`;
  return {
    message: `Vault ${subject.vault.name}: reading and writing work, but ${what}. ${explained(subject, cause, step)}`,
    mends: [...mendsOf(subject, cause, step).filter((mend) => mend.kind !== "test-again"), remove],
  };
}

function explained(subject: TestSubject, cause: FaultCause, step: TriedStep, doubt = ""): string {
  const { what, next } = causeWords(cause, step);
  const note = mayDiffer(subject, cause) ? ` ${delegateNote}` : "";
  return `${what} ${next}${doubt} ${tested(subject)}${note}`;
}

function tested({ credential, settings }: TestSubject): string {
  return `Tested with ${identityWords(credential, settings)}.`;
}

function purgeNote({ settings }: TestSubject, purgeProtected: boolean): { readonly words: string; readonly mends: readonly Mend[] } {
  if (!purgeProtected || settings?.enablePurge !== true) return { words: "", mends: [] };
  return {
    words: " Set enablePurge: false in the connector: the vault has purge protection, so Harness fails when it deletes secrets.",
    mends: [{ kind: "show-field", field: "enablePurge" }],
  };
}

/** Missing rights. */
const rightCauses: ReadonlySet<FaultCause> = new Set<FaultCause>(["rbac", "access-policy", "forbidden"]);
/** Causes that lie with this machine or its network, whoever asks. */
const machineCauses: ReadonlySet<FaultCause> = new Set<FaultCause>(["clock", "dns", "unreachable", "proxy", "tls", "firewall", "private-endpoint"]);
/** Causes that lie with the identity. */
const identityCauses: ReadonlySet<FaultCause> = new Set<FaultCause>([
  ...rightCauses,
  "not-signed-in",
  "wrong-client-secret",
  "expired-client-secret",
  "unknown-application",
  "certificate-refused",
  "certificate-unreadable",
  "credential-refused",
  "wrong-tenant",
]);

function mayDiffer({ credential, settings }: TestSubject, cause: FaultCause): boolean {
  return machineCauses.has(cause) || (identityCauses.has(cause) && !isConnectorsOwn(credential, settings));
}

const signIn: Mend = { kind: "sign-in" };
const choose: Mend = { kind: "choose-credential" };
const showLog: Mend = { kind: "show-log" };
const again: Mend = { kind: "test-again" };
const remove: Mend = { kind: "remove" };

function field(name: ConnectorField): Mend {
  return { kind: "show-field", field: name };
}

const mends: Readonly<Record<FaultCause, readonly Mend[]>> = {
  "not-signed-in": [signIn, choose, showLog],
  "wrong-client-secret": [choose, field("secretKey")],
  "expired-client-secret": [choose, field("secretKey")],
  "unknown-application": [choose, field("clientId")],
  "certificate-refused": [choose],
  "certificate-unreadable": [choose],
  "credential-refused": [choose, signIn, showLog],
  "tenant-not-found": [field("tenantId"), choose],
  "wrong-tenant": [field("tenantId"), signIn, choose],
  clock: [again, showLog],
  dns: [field("vaultName"), again],
  unreachable: [again, showLog],
  proxy: [again, showLog],
  tls: [again, showLog],
  firewall: [again],
  "private-endpoint": [again],
  rbac: [choose, again],
  "access-policy": [choose, again],
  forbidden: [choose, showLog],
  "no-reader-role": [choose],
  "subscription-not-found": [field("subscription")],
  "vault-not-found": [field("vaultName")],
  "secret-not-found": [again, showLog],
  "secret-disabled": [again, showLog],
  throttled: [again],
  "service-error": [again, showLog],
  "purge-protection": [field("enablePurge")],
  "deletion-pending": [],
  cancelled: [again],
};

function mendsOf({ credential, settings }: TestSubject, cause: FaultCause, step: TriedStep): readonly Mend[] {
  if (cause === "rbac" || cause === "access-policy") return [{ kind: "copy-grant", cause, step }, ...mends[cause]];
  // What is wrong with another application's secret does not stand in the connector.
  const isOther = !isConnectorsOwn(credential, settings);
  return mends[cause].filter((mend) => !(isOther && mend.kind === "show-field" && (mend.field === "secretKey" || mend.field === "clientId")));
}
