import { expect, test } from "vitest";
import { isReason } from "../../client/src/language/stateWords.ts";
import type { ConnectorState } from "../../client/src/connectors/connectorState.ts";
import { connectorState } from "../../client/src/connectors/connectorState.ts";
import type { ConnectionTestResult } from "../../client/src/connectors/testResults.ts";
import type { Fact, SecretListing, UnknownReason } from "../../server/src/core/model/facts.ts";
import { Facts } from "../../server/src/core/model/facts.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import { connectorRow, shopVault } from "./connectorRow.ts";

interface Known {
  readonly trusted?: boolean;
  readonly approved?: boolean;
  readonly listing?: Fact<SecretListing>;
  readonly factsTenant?: string | undefined;
  readonly test?: Omit<ConnectionTestResult, "vault">;
}

function stateOf(row: ConnectorRow, known: Known = {}): ConnectorState {
  const { tenant: _tenant, ...noTenant } = shopVault;
  const vault = "factsTenant" in known ? (known.factsTenant === undefined ? noTenant : { ...shopVault, tenant: known.factsTenant }) : shopVault;
  const facts = known.listing === undefined ? Facts.none : new Facts([{ vault, listing: known.listing, versions: [], deleted: [], jsonShapes: [] }], "loading");
  return connectorState(row, {
    isTrusted: () => known.trusted ?? true,
    isApproved: () => known.approved ?? true,
    facts: () => facts,
    testResult: (asked) => (known.test === undefined ? undefined : { vault: asked, ...known.test }),
  });
}

function listed(at = 1000, stale?: UnknownReason): Fact<SecretListing> {
  return { state: "known", at, value: { secrets: [], complete: true }, ...(stale === undefined ? {} : { stale }) };
}

function unknown(reason: UnknownReason): Fact<SecretListing> {
  return { state: "unknown", reason };
}

const { vault: _vault, ...withoutVault } = connectorRow();

test.each<[string, ConnectorRow, Known, string]>([
  ["keeps no secrets", connectorRow({ type: "DockerRegistry" }), {}, "not-checked: Keeps no secrets"],
  ["another secret manager", connectorRow({ type: "Vault" }), { trusted: false }, "not-checked: Not checked"],
  ["no vault named", { ...withoutVault, settings: {} }, {}, "no-vault: No vault named"],
  ["a vault name that is none", { ...withoutVault, settings: { vaultName: "https://x" } }, {}, "no-vault: Vault name not valid"],
  ["Restricted Mode comes before approval", connectorRow(), { trusted: false, approved: false, listing: listed() }, "restricted: Restricted Mode"],
  ["not approved, whatever was known", connectorRow(), { approved: false, listing: listed(), test: { at: 1, read: "passed" } }, "not-approved: Not approved"],
  ["nobody has asked", connectorRow(), {}, "untested: Never tested"],
  ["being read", connectorRow(), { listing: unknown("loading") }, "loading: Being read"],
  ["listed", connectorRow(), { listing: listed() }, "verified: Verified"],
  ["listed under another tenant tells nothing", connectorRow(), { listing: listed(), factsTenant: "99999999-2222-3333-4444-555555555555" }, "untested: Never tested"],
  ["listed without a tenant tells nothing of a connector with one", connectorRow(), { listing: listed(), factsTenant: undefined }, "untested: Never tested"],
  ["listed long ago, offline now", connectorRow(), { listing: listed(1000, "offline") }, "waiting: Offline"],
  ["forbidden", connectorRow(), { listing: unknown("forbidden") }, "failing: No permission"],
  ["not signed in is no fault of the connector", connectorRow(), { listing: unknown("not-signed-in") }, "waiting: Not signed in"],
  ["a test passed", connectorRow(), { test: { at: 1, read: "passed" } }, "verified: Test passed"],
  ["a test passed while the vault is being read", connectorRow(), { listing: unknown("loading"), test: { at: 1, read: "passed" } }, "verified: Test passed"],
  ["a test failed", connectorRow(), { test: { at: 1, read: "firewall" } }, "failing: Blocked by the firewall"],
  ["a test failed before the vault was listed", connectorRow(), { listing: listed(1000), test: { at: 999, read: "firewall" } }, "verified: Verified"],
  ["a test failed after the vault was listed", connectorRow(), { listing: listed(1000), test: { at: 1001, read: "rbac" } }, "failing: No role"],
  ["a cancelled test tells nothing", connectorRow(), { test: { at: 1, read: "cancelled" } }, "untested: Never tested"],
  ["a cancelled test does not undo what is listed", connectorRow(), { listing: listed(1), test: { at: 2, read: "cancelled" } }, "verified: Verified"],
  ["writing failed", connectorRow(), { test: { at: 1, read: "passed", write: "rbac" } }, "failing: Reading works, writing fails: No role"],
  ["writing failed, listed since", connectorRow(), { listing: listed(1000), test: { at: 1, read: "passed", write: "access-policy" } }, "failing: Reading works, writing fails: No access policy"],
  ["writing was cancelled", connectorRow(), { test: { at: 1, read: "passed", write: "cancelled" } }, "verified: Test passed"],
  ["both passed", connectorRow(), { listing: listed(), test: { at: 1, read: "passed", write: "passed" } }, "verified: Verified"],
])("%s", (_, row, known, expected) => {
  const { kind, short, detail } = stateOf(row, known);
  expect(`${kind}: ${short}`).toBe(expected);
  expect(detail).toMatch(/^[A-Z].{15,}\.$/);
});

test("every reason and every cause has its words, and only Azure's own answers count as failing", () => {
  const reasons = ["offline", "not-signed-in", "credential-refused", "tenant-not-found", "wrong-tenant", "forbidden", "network-blocked", "vault-not-found", "throttled", "unreachable", "tls", "service-error", "bad-vault-name"] as const;
  expect(reasons.every(isReason)).toBe(true);
  const kinds = reasons.map((reason) => stateOf(connectorRow(), { listing: unknown(reason) }).kind);
  expect(reasons.filter((_, index) => kinds[index] === "waiting")).toEqual(["offline", "not-signed-in", "throttled"]);
  const causes: readonly FaultCause[] = ["wrong-client-secret", "expired-client-secret", "unknown-application", "dns", "proxy", "private-endpoint", "no-reader-role"];
  for (const read of causes) expect(stateOf(connectorRow(), { test: { at: 1, read } })).toMatchObject({ kind: "failing", tested: 1 });
  expect(stateOf(connectorRow(), { test: { at: 1, read: "clock" } }).kind).toBe("waiting");
});

test("says whether writing was tested, and that Harness may see something else", () => {
  expect(stateOf(connectorRow(), { test: { at: 7, read: "passed" } })).toMatchObject({ detail: "The last test could read the vault. Writing was not tested.", tested: 7 });
  expect(stateOf(connectorRow(), { test: { at: 7, read: "passed", write: "passed" } }).detail).toContain("passed too");
  expect(stateOf(connectorRow(), { test: { at: 7, read: "rbac" } }).detail).toContain("lets it list secrets");
  expect(stateOf(connectorRow(), { test: { at: 7, read: "passed", write: "rbac" } }).detail).toContain("lets it write secrets");
  expect(stateOf(connectorRow(), { test: { at: 7, read: "dns" } }).detail).toContain("Harness reaches the vault from a delegate");
  expect(stateOf(connectorRow(), { test: { at: 7, read: "passed", write: "firewall" } }).detail).toContain("Harness's Test Connection, which writes a secret, will fail");
});
