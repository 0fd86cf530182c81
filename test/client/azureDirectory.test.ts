import { expect, test } from "vitest";
import type { AzureDirectorySource } from "../../client/src/azure/azureDirectory.ts";
import { createAzureDirectory } from "../../client/src/azure/azureDirectory.ts";
import type { AzureSubscription, AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerApi } from "../../server/src/vault/resourceManagerApi.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import { ManualClock, quiet } from "../vault/manualClock.ts";
import { countAtOnce, memoryAzure, objectId, subscription as shop, tenant as shopTenant } from "../vault/memoryAzure.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const vault: VaultTarget = { name: "shop-kv", cloud: "public", tenant };
const first: AzureSubscription = { id: "22222222-2222-3333-4444-555555555555", name: "Shop", tenant, cloud: "public", state: "Enabled" };
const second: AzureSubscription = { ...first, id: "22222222-2222-3333-4444-666666666666", name: "Old", state: "Disabled" };

function listed(name: string, subscription = first.id): AzureVault {
  return { name, cloud: "public", subscription, resourceGroup: "rg", location: "westeurope", tenant, rbac: true, purgeProtection: false, publicAccess: true };
}

interface Scene {
  readonly clock: ManualClock;
  readonly directory: AzureDirectorySource;
  /** Every question to Resource Manager. */
  readonly asked: string[];
  /** What the directory was when it told of a change. */
  readonly told: unknown[];
  trusted: boolean;
  approved: (vault: VaultTarget) => boolean;
  credential: (vault: VaultTarget) => CredentialChoice;
  subscriptions: Outcome<readonly AzureSubscription[]>;
  vaults: (subscription: string) => Outcome<readonly AzureVault[]>;
  free: (name: string) => Outcome<boolean>;
}

function scene(): Scene {
  const clock = new ManualClock();
  const asked: string[] = [];
  const told: unknown[] = [];
  const world = {
    trusted: true,
    approved: () => true,
    credential: () => ({ kind: "azure-cli" }),
    subscriptions: { ok: true, value: [first, second] },
    vaults: () => ({ ok: true, value: [listed("shop-kv")] }),
    free: () => ({ ok: true, value: true }),
  } as unknown as Scene;
  const resourceManager: ResourceManagerApi = {
    listSubscriptions: (login) => {
      asked.push(`subscriptions ${login.cloud} ${login.tenant} ${login.credential.kind}`);
      return Promise.resolve(world.subscriptions);
    },
    listVaults: (_login, subscription) => {
      asked.push(`vaults ${subscription}`);
      return Promise.resolve(world.vaults(subscription));
    },
    isVaultNameFree: (_login, subscription, name) => {
      asked.push(`free ${subscription} ${name}`);
      return Promise.resolve(world.free(name));
    },
  };
  const directory = createAzureDirectory({
    resourceManager,
    clock,
    isTrusted: () => world.trusted,
    isApproved: (one) => world.approved(one),
    credentialOf: (one) => world.credential(one),
  });
  directory.onDidChange(() => told.push(directory.directory()));
  return Object.assign(world, { clock, directory, asked, told });
}

const whole = [`subscriptions public ${tenant} azure-cli`, `vaults ${first.id}`];

test("the subscriptions and vaults of a wanted vault's tenant are loaded once in 10 minutes, and told once", async () => {
  const world = scene();
  expect(world.directory.directory()).toBe(emptyDirectory);
  for (let call = 0; call < 5; call++) world.directory.want([vault]);
  await quiet();
  for (let call = 0; call < 5; call++) world.directory.want([{ ...vault, tenant: tenant.toUpperCase() }]);
  await quiet();
  expect(world.asked).toEqual(whole);
  expect(world.told).toEqual([{ subscriptions: [first, second], vaults: [listed("shop-kv")], freeNames: [], unknownTenants: [] }]);
  await world.clock.advance(599_999);
  expect(world.asked).toEqual(whole);
  await world.clock.advance(1);
  expect(world.asked).toEqual([...whole, ...whole]);
  expect(world.told).toHaveLength(1);
});

test("T03: nothing is asked in an untrusted window, for a vault that is not approved, or without a tenant", async () => {
  const world = scene();
  world.trusted = false;
  world.directory.want([vault]);
  await quiet();
  world.trusted = true;
  world.approved = () => false;
  world.directory.recheck();
  world.approved = () => true;
  world.directory.want([{ name: "shop-kv", cloud: "public" }, { ...vault, tenant: "--debug" }]);
  await quiet();
  await world.clock.advance(3_600_000);
  expect(world.asked).toEqual([]);
  expect(world.told).toEqual([]);
});

test("trust and approval that come later are enough", async () => {
  const world = scene();
  world.trusted = false;
  world.directory.want([vault]);
  world.trusted = true;
  world.directory.recheck();
  await quiet();
  expect(world.asked).toEqual(whole);
});

test("a wanted vault that is not among the listed ones is asked about by name, once", async () => {
  const world = scene();
  world.directory.want([vault, { ...vault, name: "typo-kv" }, { ...vault, name: "taken-kv" }, { ...vault, name: "doubt-kv" }]);
  world.free = (name) => (name === "doubt-kv" ? { ok: false, reason: "unreachable", cause: "dns" } : { ok: true, value: name === "typo-kv" });
  await quiet();
  expect(world.asked.slice(2)).toEqual([`free ${first.id} typo-kv`, `free ${first.id} taken-kv`, `free ${first.id} doubt-kv`]);
  expect(world.directory.directory().freeNames).toEqual(["public/typo-kv"]);
  world.directory.want([{ ...vault, name: "typo-kv" }, { ...vault, name: "another-kv" }]);
  await quiet();
  expect(world.asked.slice(5)).toEqual([`free ${first.id} another-kv`]);
  world.free = () => ({ ok: true, value: true });
  world.directory.putListed([], [listed("TYPO-kv")]);
  expect(world.directory.directory().freeNames).toEqual([]);
});

test("a vault that becomes wanted while its tenant is loaded is not forgotten", async () => {
  const world = scene();
  world.directory.want([vault]);
  world.directory.want([{ ...vault, name: "late-kv" }]);
  await quiet();
  expect(world.asked).toEqual([...whole, `free ${first.id} late-kv`]);
  expect(world.directory.directory().freeNames).toEqual(["public/late-kv"]);
});

test("unknown is not empty: a free name is dropped when it could not be confirmed in time", async () => {
  const world = scene();
  const typo = { ...vault, name: "typo-kv" };
  world.directory.want([typo]);
  await quiet();
  expect(world.directory.directory().freeNames).toEqual(["public/typo-kv"]);
  world.subscriptions = { ok: false, reason: "unreachable", cause: "dns" };
  await world.clock.advance(600_000);
  expect(world.directory.directory()).toMatchObject({ freeNames: [], subscriptions: [first, second], vaults: [listed("shop-kv")] });
  world.subscriptions = { ok: true, value: [] };
  await world.clock.advance(120_000);
  expect(world.asked.filter((question) => question.startsWith("free"))).toHaveLength(1);
  expect(world.directory.directory().freeNames).toEqual([]);
});

test("a free name of a vault that nobody wants any longer is dropped with its time", async () => {
  const world = scene();
  world.directory.want([{ ...vault, name: "typo-kv" }]);
  await quiet();
  world.directory.want([]);
  await world.clock.advance(600_000);
  expect(world.directory.directory().freeNames).toEqual([]);
  expect(world.asked.filter((question) => question.startsWith("subscriptions"))).toHaveLength(1);
  expect(world.clock.timers).toBe(0);
});

test("a failure is remembered for 2 minutes, unless the person has done something about it", async () => {
  const world = scene();
  world.subscriptions = { ok: false, reason: "not-signed-in", cause: "not-signed-in" };
  world.directory.want([vault]);
  await quiet();
  world.directory.want([vault]);
  await world.clock.advance(119_999);
  expect(world.asked).toHaveLength(1);
  await world.clock.advance(1);
  expect(world.asked).toHaveLength(2);
  world.subscriptions = { ok: true, value: [first] };
  world.directory.recheck();
  await quiet();
  expect(world.asked).toHaveLength(4);
  expect(world.directory.directory().vaults).toEqual([listed("shop-kv")]);
});

test("a subscription whose vaults cannot be listed spoils nothing, and is tried again after 2 minutes", async () => {
  const world = scene();
  const third = { ...second, id: "22222222-2222-3333-4444-777777777777", state: "Enabled" };
  world.subscriptions = { ok: true, value: [first, third] };
  world.vaults = (id) => (id === third.id ? { ok: false, reason: "forbidden", cause: "no-reader-role" } : { ok: true, value: [listed("shop-kv")] });
  world.directory.want([vault]);
  await quiet();
  expect(world.directory.directory().vaults).toEqual([listed("shop-kv")]);
  world.vaults = (id) => ({ ok: true, value: [listed(id === third.id ? "third-kv" : "shop-kv", id)] });
  await world.clock.advance(120_000);
  expect(world.directory.directory().vaults.map((one) => one.name)).toEqual(["shop-kv", "third-kv"]);
});

test("a vault that is no longer listed goes, and is then asked about by name", async () => {
  const world = scene();
  world.directory.want([vault]);
  await quiet();
  world.vaults = () => ({ ok: true, value: [] });
  await world.clock.advance(600_000);
  expect(world.directory.directory()).toMatchObject({ vaults: [], freeNames: ["public/shop-kv"] });
});

test.each([
  { ok: false, reason: "tenant-not-found" },
  { ok: false, reason: "credential-refused", cause: "tenant-not-found" },
] as const)("a tenant that Entra does not know is told: %j", async (outcome) => {
  const world = scene();
  world.subscriptions = outcome;
  world.directory.want([{ ...vault, tenant: "ABCDEF00-2222-3333-4444-555555555555" }]);
  await quiet();
  expect(world.directory.directory().unknownTenants).toEqual(["abcdef00-2222-3333-4444-555555555555"]);
  world.subscriptions = { ok: false, reason: "unreachable", cause: "dns" };
  world.directory.recheck();
  await quiet();
  expect(world.directory.directory().unknownTenants).toEqual([]);
});

test("each vault is asked about with its own credential, in its own cloud and tenant", async () => {
  const world = scene();
  world.credential = (one) => ({ kind: one.name === "shop-kv" ? "azure-cli" : "workload-identity" });
  world.directory.want([vault, { ...vault, name: "other-kv" }, { ...vault, cloud: "usgov" }]);
  await quiet();
  expect(world.asked.filter((question) => question.startsWith("subscriptions"))).toEqual([
    `subscriptions public ${tenant} azure-cli`,
    `subscriptions public ${tenant} workload-identity`,
    `subscriptions usgov ${tenant} azure-cli`,
  ]);
});

test("what a person has fetched is there at once", () => {
  const world = scene();
  world.directory.putListed([first], [listed("a-kv"), listed("b-kv")]);
  world.directory.putListed([first], [listed("b-kv")]);
  expect(world.told).toEqual([{ subscriptions: [first], vaults: [listed("a-kv"), listed("b-kv")], freeNames: [], unknownTenants: [] }]);
  expect(world.asked).toEqual([]);
});

test("after the end nothing is asked or told, and no timer is left", async () => {
  const world = scene();
  world.directory.want([vault]);
  world.directory.dispose();
  await quiet();
  world.directory.want([{ ...vault, name: "late-kv" }]);
  await world.clock.advance(3_600_000);
  expect(world.asked.length).toBeLessThanOrEqual(2);
  expect(world.told).toEqual([]);
  expect(world.clock.timers).toBe(0);
});

test("an adapter that cannot be loaded is a failure like any other", async () => {
  const clock = new ManualClock();
  let calls = 0;
  const broken = (): Promise<never> => {
    calls++;
    return Promise.reject(new Error("no such file"));
  };
  const directory = createAzureDirectory({
    resourceManager: { listSubscriptions: broken, listVaults: broken, isVaultNameFree: broken },
    clock,
    isTrusted: () => true,
    isApproved: () => true,
    credentialOf: () => ({ kind: "azure-cli" }),
  });
  directory.want([vault]);
  await clock.advance(120_000);
  expect(calls).toBe(2);
  directory.dispose();
});

test("over the adapter as it ships: 12 subscriptions, at most 4 requests at once, one token", async () => {
  const azure = memoryAzure();
  for (let index = 0; index < 11; index++) {
    const id = `33333333-0000-4000-8000-0000000000${String(index + 10)}`;
    azure.services.subscriptions.set(id, { id, tenant: shopTenant, displayName: `S${String(index)}`, cloud: "public", state: "Enabled", readers: new Set([objectId]) });
  }
  const most = countAtOnce(azure);
  const directory = createAzureDirectory({ resourceManager: azure.resourceManager, clock: azure.clock, isTrusted: () => true, isApproved: () => true, credentialOf: () => ({ kind: "azure-cli" }) });
  directory.want([{ name: "my-vault", cloud: "public", tenant: shopTenant }, { name: "no-such-vault", cloud: "public", tenant: shopTenant }]);
  await azure.clock.advance(5000);
  expect(directory.directory()).toMatchObject({ vaults: [{ name: "my-vault", subscription: shop }], freeNames: ["public/no-such-vault"], unknownTenants: [] });
  expect(directory.directory().subscriptions).toHaveLength(12);
  expect(most()).toBe(4);
  expect(azure.asked).toHaveLength(1);
  expect(azure.requests).toHaveLength(1 + 12 + 1);
  directory.dispose();
});
