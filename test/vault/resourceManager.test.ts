/** Resource Manager as the product calls it: against the local Azure, behind the real host names. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../server/src/host/clock.ts";
import type { Log } from "../../server/src/host/log.ts";
import { environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createResourceManagerApi } from "../../server/src/vault/azure/resourceManager.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../../server/src/vault/resourceManagerApi.ts";
import { startLocalAzure } from "../azure/localAzure.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { routeThisProcess } from "../azure/routeThisProcess.ts";
import { demo, seedDemo } from "../azure/seed.ts";

const login: ResourceManagerLogin = { cloud: "public", tenant: demo.tenant, credential: { kind: "environment" } };
const second = "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6b002";
let azure: LocalAzure;
let unroute: () => void;
let api: ResourceManagerApi;
let logged: string[];
const never = new AbortController().signal;

beforeEach(async () => {
  azure = await startLocalAzure({ armPageSize: 100 });
  seedDemo(azure);
  unroute = routeThisProcess(azure);
  logged = [];
  const write = (line: string): void => {
    logged.push(line);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const source = environmentSource({ AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret });
  api = createResourceManagerApi({ tokens: createTokenBroker({ source, clock: systemClock, log }), clock: systemClock, log, random: () => 0 });
});

afterEach(async () => {
  unroute();
  await azure.stop();
});

function armRequests(): readonly string[] {
  return azure.requests.filter((request) => request.host === "management.azure.com").map((request) => `${request.method} ${request.path.split("?")[0] ?? ""}`);
}

test("subscriptions come with name, tenant and state", async () => {
  azure.addSubscription({ id: second, tenant: demo.tenant, displayName: "Old", state: "Disabled" });
  azure.grantReader(second, demo.appObjectId);
  const outcome = await api.listSubscriptions(login, never);
  expect(outcome).toEqual({
    ok: true,
    value: [
      { id: demo.subscription, name: "Shop", cloud: "public", state: "Enabled", tenant: demo.tenant },
      { id: second, name: "Old", cloud: "public", state: "Disabled", tenant: demo.tenant },
    ],
  });
  expect(armRequests()).toEqual(["GET /subscriptions"]);
});

test("vaults come with what a person chooses by", async () => {
  const pages: number[] = [];
  const outcome = await api.listVaults(login, demo.subscription, (page) => pages.push(page.length), never);
  expect(outcome).toEqual({
    ok: true,
    value: [
      { name: demo.devVault, cloud: "public", subscription: demo.subscription, resourceGroup: "rg-shop-dev", location: "westeurope", tenant: demo.tenant, rbac: true, purgeProtection: false, publicAccess: true, retentionDays: 30 },
      { name: demo.prodVault, cloud: "public", subscription: demo.subscription, resourceGroup: "rg-shop-prod", location: "westeurope", tenant: demo.tenant, rbac: false, purgeProtection: true, publicAccess: true, retentionDays: 90 },
    ],
  });
  expect(pages).toEqual([2]);
});

test("300 vaults come over pages, each page as it arrives", async () => {
  for (let index = 0; index < 300; index += 1) azure.addVault({ name: `many-${String(index).padStart(3, "0")}`, tenant: demo.tenant, subscription: second });
  azure.grantReader(second, demo.appObjectId);
  const pages: number[] = [];
  const outcome = await api.listVaults(login, second, (page) => pages.push(page.length), never);
  expect(outcome.ok && outcome.value.length).toBe(300);
  expect(pages).toEqual([100, 100, 100]);
  expect(armRequests()).toHaveLength(3);
});

test("without the role Reader the cause says so", async () => {
  azure.addSubscription({ id: second, tenant: demo.tenant });
  expect(await api.listVaults(login, second, () => undefined, never)).toEqual({ ok: false, reason: "forbidden", cause: "no-reader-role" });
  expect(await api.listVaults(login, "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6b0ff", () => undefined, never)).toEqual({ ok: false, reason: "forbidden", cause: "no-reader-role" });
  expect(logged.join("\n")).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
});

test("throttling is waited out as long as Azure asks", async () => {
  azure.fault({ host: "management.azure.com", status: 429, headers: { "retry-after": "1" }, body: { error: { code: "SubscriptionRequestsThrottled", message: "busy" } }, times: 1 });
  const startedMs = performance.now();
  expect((await api.listSubscriptions(login, never)).ok).toBe(true);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
});

test.each([
  ["another host", "https://management.evil.example/subscriptions?page=2"],
  ["another path", "https://management.azure.com/providers?page=2"],
  ["itself, for ever", "https://management.azure.com/subscriptions?api-version=2022-12-01&$skiptoken=loop"],
])("T15: a nextLink to %s ends the listing, and no token follows it", async (_where, nextLink) => {
  azure.fault({ host: "management.azure.com", path: /^\/subscriptions/, body: { value: [], nextLink }, status: 200 });
  expect(await api.listSubscriptions(login, never)).toMatchObject({ ok: false, reason: "service-error" });
  expect(armRequests().length).toBeLessThanOrEqual(3);
  expect(azure.requests.filter((request) => request.host.includes("evil"))).toEqual([]);
});

test("T15: a vault whose address is not its own is left out", async () => {
  const vault = (name: string, vaultUri: string): object => ({ id: `/subscriptions/${demo.subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`, name, location: "westeurope", properties: { tenantId: demo.tenant, vaultUri, sku: { family: "A", name: "standard" } } });
  const value = [vault("good-kv", "https://good-kv.vault.azure.net/"), vault("evil-kv", "https://evil-kv.vault.evil.example/"), vault("other-kv", "https://good-kv.vault.azure.net/"), vault("a--b", "https://a--b.vault.azure.net/")];
  azure.fault({ host: "management.azure.com", path: /vaults/, status: 200, body: { value } });
  const outcome = await api.listVaults(login, demo.subscription, () => undefined, never);
  expect(outcome.ok && outcome.value.map(({ name, rbac }) => ({ name, rbac }))).toEqual([{ name: "good-kv", rbac: false }]);
});

describe("whether a name is free", () => {
  test.each([
    ["nobody-uses-it", true],
    [demo.devVault, false],
  ])("%s: %s", async (name, free) => {
    expect(await api.isVaultNameFree(login, demo.subscription, name, never)).toEqual({ ok: true, value: free });
  });

  test("a deleted vault keeps its name", async () => {
    azure.addVault({ name: "gone-kv", tenant: demo.tenant, subscription: demo.subscription, vaultDeleted: true });
    expect(await api.isVaultNameFree(login, demo.subscription, "gone-kv", never)).toEqual({ ok: true, value: false });
  });
});

test.each(["../..", "6f1f8a52", "x/y", ""])("what is no GUID is never sent: %j", async (subscription) => {
  expect(await api.listVaults(login, subscription, () => undefined, never)).toMatchObject({ ok: false });
  expect(azure.requests).toEqual([]);
});

test("cancelling ends at once", async () => {
  azure.fault({ host: "management.azure.com", stallHeaders: true });
  const controller = new AbortController();
  const asked = api.listVaults(login, demo.subscription, () => undefined, controller.signal);
  controller.abort();
  expect(await asked).toEqual({ ok: false, reason: "loading", cause: "cancelled" });
});
