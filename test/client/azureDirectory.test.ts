import { expect, test } from "vitest";
import { createAzureDirectory } from "../../client/src/azure/azureDirectory.ts";
import type { AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { ResourceManagerApi } from "../../server/src/vault/resourceManagerApi.ts";
import { ManualClock, quiet } from "../vault/manualClock.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const subscription = "11111111-2222-3333-4444-666666666666";
const shop: VaultTarget = { name: "shop-kv", cloud: "public", tenant };
const typo: VaultTarget = { name: "shop-kw", cloud: "public", tenant };
const listed: AzureVault = { name: "shop-kv", cloud: "public", subscription, resourceGroup: "rg", location: "westeurope", tenant, rbac: true, purgeProtection: true, publicAccess: true };

function world(over: Partial<ResourceManagerApi> = {}, mayAsk: (vault: VaultTarget) => boolean = () => true) {
  const calls: string[] = [];
  const clock = new ManualClock();
  const api: ResourceManagerApi = {
    listSubscriptions: () => {
      calls.push("subscriptions");
      return Promise.resolve({ ok: true, value: [{ id: subscription, name: "Shop", tenant, cloud: "public", state: "Enabled" }, { id: "11111111-2222-3333-4444-777777777777", name: "Old", tenant, cloud: "public", state: "Disabled" }] });
    },
    listVaults: (_login, of) => {
      calls.push(`vaults ${of.slice(-4)}`);
      return Promise.resolve({ ok: true, value: [listed] });
    },
    isVaultNameFree: (_login, _subscription, name) => {
      calls.push(`free ${name}`);
      return Promise.resolve({ ok: true, value: true });
    },
    ...over,
  };
  const cache = createAzureDirectory({ resourceManager: api, clock, credential: () => ({ kind: "azure-cli" }), mayAsk });
  return { calls, clock, cache };
}

test("a wanted vault is looked up once in 10 minutes; only enabled subscriptions are read", async () => {
  const { calls, clock, cache } = world();
  cache.want([shop]);
  cache.want([shop]);
  await quiet();
  expect(calls).toEqual(["subscriptions", "vaults 6666"]);
  expect(cache.directory().vaults).toEqual([listed]);
  await clock.advance(599_000);
  cache.want([shop]);
  await quiet();
  expect(calls).toHaveLength(2);
  await clock.advance(2000);
  cache.want([shop]);
  await quiet();
  expect(calls).toHaveLength(4);
});

test("a name that no subscription lists is asked for by itself, and counts as free only on that answer", async () => {
  const { calls, cache } = world();
  cache.want([shop, typo]);
  await quiet();
  expect(calls).toEqual(["subscriptions", "vaults 6666", "free shop-kw"]);
  expect(cache.directory().freeNames).toEqual(["public/shop-kw"]);
});

test("nothing is asked about a vault that is not approved or names no tenant", async () => {
  const { calls, cache } = world({}, () => false);
  cache.want([shop]);
  await quiet();
  expect(calls).toEqual([]);
  const other = world();
  other.cache.want([{ name: "shop-kv", cloud: "public" }]);
  await quiet();
  expect(other.calls).toEqual([]);
});

test("a failure says nothing, and is not repeated for 2 minutes", async () => {
  let calls = 0;
  const { clock, cache } = world({
    listSubscriptions: () => {
      calls += 1;
      return Promise.resolve({ ok: false, reason: "unreachable", cause: "dns" });
    },
  });
  cache.want([typo]);
  await quiet();
  cache.want([typo]);
  await quiet();
  expect(calls).toBe(1);
  expect(cache.directory()).toEqual({ subscriptions: [], vaults: [], freeNames: [], unknownTenants: [] });
  await clock.advance(121_000);
  cache.want([typo]);
  await quiet();
  expect(calls).toBe(2);
});

test("a tenant is unknown only when Entra has said so", async () => {
  const { cache } = world({ listSubscriptions: () => Promise.resolve({ ok: false, reason: "tenant-not-found", cause: "tenant-not-found" }) });
  let changes = 0;
  cache.onDidChange(() => {
    changes += 1;
  });
  cache.want([shop]);
  await quiet();
  expect(cache.directory().unknownTenants).toEqual([tenant]);
  expect(changes).toBe(1);
});

test("what a person has fetched is kept, and takes a name back from the free ones", async () => {
  const { cache } = world();
  cache.want([typo]);
  await quiet();
  cache.putListed([], [{ ...listed, name: "Shop-KW" }]);
  expect(cache.directory().freeNames).toEqual([]);
  expect(cache.directory().vaults.map(({ name }) => name)).toEqual(["shop-kv", "Shop-KW"]);
});
