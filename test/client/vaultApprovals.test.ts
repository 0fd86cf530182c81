import { expect, test } from "vitest";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import { createFakeStore } from "./fakeStore.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const otherTenant = "99999999-2222-3333-4444-555555555555";
const vault = { name: "shop-vault", cloud: "public", tenant } as const;

test("a vault is approved for its name, cloud and tenant, ignoring the case of letters", async () => {
  const approvals = createVaultApprovals(createFakeStore());
  expect(approvals.isApproved(vault)).toBe(false);
  await approvals.approve(vault);
  expect(approvals.isApproved({ ...vault, name: "Shop-Vault", tenant: tenant.toUpperCase() })).toBe(true);
  expect(approvals.isApproved({ ...vault, tenant: otherTenant })).toBe(false);
  expect(approvals.isApproved({ name: "shop-vault", cloud: "public" })).toBe(false);
  expect(approvals.isApproved({ ...vault, cloud: "usgov" })).toBe(false);
  expect(approvals.isApproved({ ...vault, name: "shop-vault2" })).toBe(false);
});

test("a vault approved without a tenant is not approved once a tenant is named", async () => {
  const approvals = createVaultApprovals(createFakeStore());
  await approvals.approve({ name: "shop-vault", cloud: "public" });
  expect(approvals.isApproved({ name: "shop-vault", cloud: "public" })).toBe(true);
  expect(approvals.isApproved(vault)).toBe(false);
});

test("approving another tenant takes the first tenant's approval and JSON keys away", async () => {
  const approvals = createVaultApprovals(createFakeStore());
  await approvals.approve(vault);
  await approvals.allowJsonKeys(vault);
  await approvals.approve({ ...vault, tenant: otherTenant });
  expect(approvals.isApproved(vault)).toBe(false);
  expect(approvals.jsonKeysAllowed(vault)).toBe(false);
  expect(approvals.jsonKeysAllowed({ ...vault, tenant: otherTenant })).toBe(false);
});

test("JSON keys are allowed only for an approved vault, and end with its approval", async () => {
  const approvals = createVaultApprovals(createFakeStore());
  await approvals.allowJsonKeys(vault);
  expect(approvals.jsonKeysAllowed(vault)).toBe(false);
  await approvals.approve(vault);
  expect(approvals.jsonKeysAllowed(vault)).toBe(false);
  await approvals.allowJsonKeys(vault);
  expect(approvals.jsonKeysAllowed(vault)).toBe(true);
  await approvals.withdraw(vault);
  expect(approvals.isApproved(vault)).toBe(false);
  await approvals.approve(vault);
  expect(approvals.jsonKeysAllowed(vault)).toBe(false);
});

test("approvals survive in the store, and only what is whole is read back", async () => {
  const store = createFakeStore();
  await createVaultApprovals(store).approve(vault);
  const kept = store.content["keyline.approvedVaults"] as unknown[];
  const damaged = [
    ...kept,
    null,
    "shop-vault",
    { name: "a--b", cloud: "public" },
    { name: "vault-two", cloud: "mars" },
    { name: "vault-three", cloud: "public", tenant: "--debug" },
    { name: "vault-four", cloud: "public", jsonKeys: "yes" },
  ];
  const approvals = createVaultApprovals(createFakeStore({ "keyline.approvedVaults": damaged }));
  expect(approvals.list()).toEqual([
    { vault, jsonKeys: false },
    { vault: { name: "vault-four", cloud: "public" }, jsonKeys: false },
  ]);
  expect(createVaultApprovals(createFakeStore({ "keyline.approvedVaults": "all" })).list()).toEqual([]);
});

test("listeners hear every change until they stop", async () => {
  const approvals = createVaultApprovals(createFakeStore());
  let changes = 0;
  const stop = approvals.onDidChange(() => {
    changes += 1;
  });
  await approvals.approve(vault);
  await approvals.withdraw(vault);
  expect(changes).toBe(2);
  stop();
  await approvals.approve(vault);
  expect(changes).toBe(2);
});
