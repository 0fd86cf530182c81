import type { Fact, Facts, SecretListing, UnknownReason } from "../../../server/src/core/model/facts.ts";
import { secretManagerTypes } from "../../../server/src/core/model/entities.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { causeWords, delegateNote } from "../azure/causeWords.ts";
import { reasonText } from "../language/stateWords.ts";
import { isKeyVault } from "./connectorSource.ts";
import type { ConnectionTestResult } from "./testResults.ts";

export type ConnectorStateKind =
  | "verified"
  | "untested"
  | "loading"
  /** Azure's answers say that the connector does not work, or not in full. */
  | "failing"
  /** Something on this machine keeps it from being told. */
  | "waiting"
  | "not-approved"
  | "restricted"
  | "no-vault"
  /** Another secret manager than Azure Key Vault, or a connector that keeps no secrets. */
  | "not-checked";

export interface ConnectorState {
  readonly kind: ConnectorStateKind;
  /** A few words, for the tree. */
  readonly short: string;
  /** Sentences: what is the case, and what to do. */
  readonly detail: string;
  /** When the state was learnt, epoch milliseconds. */
  readonly tested?: number;
}

export interface ConnectorStateInputs {
  readonly isTrusted: () => boolean;
  readonly isApproved: (vault: VaultTarget) => boolean;
  readonly facts: () => Facts;
  readonly testResult: (vault: VaultTarget) => ConnectionTestResult | undefined;
}

/** What is known of a connector on this machine, the latest word winning. */
export function connectorState(row: ConnectorRow, inputs: ConnectorStateInputs): ConnectorState {
  if (!isSecretManager(row)) return { kind: "not-checked", short: "Keeps no secrets", detail: "This connector is no secret manager. Keyline neither checks it nor looks for what refers to it." };
  if (!isKeyVault(row)) return { kind: "not-checked", short: "Not checked", detail: "Keyline checks Azure Key Vault connectors. Of other secret managers it shows what uses them." };
  if (row.vault === undefined) return withoutVault(row);
  if (!inputs.isTrusted()) return { kind: "restricted", short: "Restricted Mode", detail: "Keyline calls no vault in Restricted Mode. Trust this workspace to check the connector." };
  if (!inputs.isApproved(row.vault)) {
    return { kind: "not-approved", short: "Not approved", detail: "Keyline calls a vault only after you have approved it. Run Keyline: Approve a Vault." };
  }
  return vaultState(listingOf(inputs.facts(), row.vault), inputs.testResult(row.vault));
}

export function isSecretManager(row: Pick<ConnectorRow, "type">): boolean {
  return secretManagerTypes.includes(row.type);
}

function withoutVault(row: ConnectorRow): ConnectorState {
  if (row.settings?.vaultName === undefined) {
    return { kind: "no-vault", short: "No vault named", detail: "The connector names no vault in a way that can be read from its file. Write vaultName." };
  }
  return { kind: "no-vault", short: "Vault name not valid", detail: "The connector's vaultName is no name of a vault, or its azureEnvironmentType is neither AZURE nor AZURE_US_GOVERNMENT. Correct it." };
}

/** Undefined where nobody has asked the vault, or only under another tenant. */
function listingOf(facts: Facts, vault: VaultTarget): Fact<SecretListing> | undefined {
  const found = facts.vaults().find((known) => vaultKey(known.vault) === vaultKey(vault));
  return found?.vault.tenant?.toLowerCase() === vault.tenant?.toLowerCase() ? found?.listing : undefined;
}

function vaultState(listing: Fact<SecretListing> | undefined, test: ConnectionTestResult | undefined): ConnectorState {
  if (listing?.state === "known") {
    if (test !== undefined && test.read !== "passed" && test.read !== "cancelled" && test.at > listing.at) return failedRead(test, test.read);
    if (test !== undefined && isFault(test.write)) return failedWrite(test, test.write);
    if (listing.stale !== undefined) return ofReason(listing.stale, "The vault has answered before. ");
    return { kind: "verified", short: "Verified", detail: `The vault answers and lets this machine list its secrets.${testWords(test)}`, ...testedAt(test) };
  }
  if (listing !== undefined && listing.reason !== "loading") return ofReason(listing.reason, "");
  if (test === undefined || test.read === "cancelled") {
    if (listing !== undefined) return { kind: "loading", short: "Being read", detail: "The vault is being read." };
    return { kind: "untested", short: "Never tested", detail: "Nothing has been asked of this vault yet. Run Keyline: Test Connection, or open a file that refers to it." };
  }
  if (test.read !== "passed") return failedRead(test, test.read);
  if (isFault(test.write)) return failedWrite(test, test.write);
  return { kind: "verified", short: "Test passed", detail: `The last test could read the vault.${testWords(test)}`, tested: test.at };
}

function isFault(write: ConnectionTestResult["write"]): write is FaultCause {
  return write !== undefined && write !== "passed" && write !== "cancelled";
}

function testWords(test: ConnectionTestResult | undefined): string {
  if (test === undefined) return "";
  return test.write === "passed" ? " Writing was tested and passed too." : " Writing was not tested.";
}

function testedAt(test: ConnectionTestResult | undefined): Pick<ConnectorState, "tested"> {
  return test === undefined ? {} : { tested: test.at };
}

function failedRead(test: ConnectionTestResult, cause: FaultCause): ConnectorState {
  const { short, what, next } = causeWords(cause, "read");
  return { kind: waitingCauses.has(cause) ? "waiting" : "failing", short, detail: `${what} ${next} ${delegateNote}`, tested: test.at };
}

/** Harness's own test writes a secret, so that it fails too. */
function failedWrite(test: ConnectionTestResult, cause: FaultCause): ConnectorState {
  const { short, what, next } = causeWords(cause, "write");
  return { kind: "failing", short: `Reading works, writing fails: ${short}`, detail: `Reading works. Harness's Test Connection, which writes a secret, will fail. ${what} ${next}`, tested: test.at };
}

function ofReason(reason: UnknownReason, lead: string): ConnectorState {
  const { text, remedy } = reasonText(reason);
  return { kind: failingReasons.has(reason) ? "failing" : "waiting", short: text, detail: `${lead}${text}. ${remedy}` };
}

/** Causes that lie with this machine or the moment, not with the connector. */
const waitingCauses: ReadonlySet<FaultCause> = new Set(["not-signed-in", "throttled", "clock"] satisfies FaultCause[]);

/** Reasons that Azure's own answers gave, or that keep the vault out of reach. */
const failingReasons: ReadonlySet<UnknownReason> = new Set([
  "credential-refused",
  "tenant-not-found",
  "wrong-tenant",
  "forbidden",
  "network-blocked",
  "vault-not-found",
  "unreachable",
  "tls",
  "service-error",
  "bad-vault-name",
] satisfies UnknownReason[]);
