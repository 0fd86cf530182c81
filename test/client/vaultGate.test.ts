import { expect, test } from "vitest";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import { vaultGate } from "../../client/src/azure/vaultGate.ts";
import type { VaultWant } from "../../server/src/core/model/facts.ts";
import { silentLog } from "../../server/src/host/log.ts";
import type { VaultApi } from "../../server/src/vault/vaultApi.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { ManualClock, quiet } from "../vault/manualClock.ts";
import { createFakeStore } from "./fakeStore.ts";

const vault = { name: "shop-vault", cloud: "public" } as const;
const want: VaultWant = { vault, listing: true, versionsOf: ["db"], deletedOf: [], jsonOf: [{ name: "db" }] };

function scene(trusted: boolean) {
  const calls: string[] = [];
  const answer = <T>(call: string, value: T): Promise<{ ok: true; value: T }> => {
    calls.push(call);
    return Promise.resolve({ ok: true, value });
  };
  const api: VaultApi = {
    listSecrets: () => answer("list", []),
    listVersions: () => answer("versions", []),
    listDeleted: () => answer("list deleted", []),
    deletedSecret: () => answer("deleted", { state: "absent" } as const),
    jsonShape: () => answer("value", { kind: "not-json" } as const),
  };
  const trust = { given: trusted };
  const approvals = createVaultApprovals(createFakeStore());
  const { gate, keysAllowed } = vaultGate(approvals, () => trust.given);
  const index = createVaultIndex({ api, clock: new ManualClock(), log: silentLog, gate, keysAllowed });
  approvals.onDidChange(() => {
    index.recheck();
  });
  return { index, approvals, calls, trust };
}

test("without trust no vault is called, approved or not", async () => {
  const { index, approvals, calls, trust } = scene(false);
  await approvals.approve(vault);
  await approvals.allowJsonKeys(vault);
  index.want([want]);
  index.refresh();
  expect(index.facts().listing(vault)).toEqual({ state: "unknown", reason: "untrusted" });
  expect(calls).toEqual([]);
  trust.given = true;
  index.recheck();
  expect(calls).toEqual(["list", "versions", "value"]);
  index.dispose();
});

test("a vault is called after its approval, and a value is read after that is allowed too", async () => {
  const { index, approvals, calls } = scene(true);
  index.want([want]);
  expect(index.facts().listing(vault)).toEqual({ state: "unknown", reason: "not-approved" });
  index.refresh();
  expect(calls).toEqual([]);
  await approvals.approve(vault);
  expect(calls).toEqual(["list", "versions"]);
  expect(index.facts().jsonShape(vault, "db", undefined)).toEqual({ state: "unknown", reason: "keys-not-allowed" });
  await approvals.allowJsonKeys(vault);
  expect(calls).toEqual(["list", "versions", "value"]);
  index.dispose();
});

test("what was known is gone once the approval is withdrawn", async () => {
  const { index, approvals, calls } = scene(true);
  await approvals.approve(vault);
  index.want([want]);
  await quiet();
  await approvals.withdraw(vault);
  expect(index.facts().listing(vault)).toEqual({ state: "unknown", reason: "not-approved" });
  const before = calls.length;
  index.refresh();
  expect(calls).toHaveLength(before);
  index.dispose();
});
