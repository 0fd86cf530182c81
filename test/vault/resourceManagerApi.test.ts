import { expect, test } from "vitest";
import type { AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import { jsonAnswer } from "../azure/localAnswer.ts";
import { armError, armThrottled } from "../azure/resourceManager.ts";
import { countAtOnce, login, memoryAzure, never, resetError, subscription, tenant } from "./memoryAzure.ts";
import type { MemoryAzure } from "./memoryAzure.ts";

const vaultsPath = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/vaults`;
const checkPath = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/checkNameAvailability`;

function withVaults(azure: MemoryAzure, count: number): MemoryAzure {
  for (let index = 0; index < count; index++) azure.services.store.add({ name: `vault-${String(index)}`, tenant, subscription });
  return azure;
}

async function listVaults(azure: MemoryAzure, parts: (readonly AzureVault[])[] = []): Promise<Awaited<ReturnType<MemoryAzure["resourceManager"]["listVaults"]>>> {
  return azure.clock.until(azure.resourceManager.listVaults(login, subscription, (page) => parts.push(page), never));
}

test("subscriptions come in any state, over pages", async () => {
  const azure = memoryAzure({ armPageSize: 1 });
  const second = "22222222-0000-4000-8000-000000000002";
  azure.services.subscriptions.set(second, { id: second, tenant, displayName: "Old", cloud: "public", state: "Disabled", readers: new Set(["44444444-0000-4000-8000-000000000001"]) });
  expect(await azure.clock.until(azure.resourceManager.listSubscriptions(login, never))).toEqual({
    ok: true,
    value: [
      { id: subscription, name: "Shop", tenant, cloud: "public", state: "Enabled" },
      { id: second, name: "Old", tenant, cloud: "public", state: "Disabled" },
    ],
  });
  expect(azure.requests.map((request) => `${request.method} ${request.host}${request.path}`)).toEqual(["GET management.azure.com/subscriptions", "GET management.azure.com/subscriptions"]);
  expect(azure.asked).toEqual([{ cloud: "public", tenant, scope: "https://management.azure.com/.default", audience: "arm", authorityHost: "https://login.microsoftonline.com", credential: login.credential }]);
});

test.each([
  ["usgov", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"],
  ["china", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
] as const)("T33: in the cloud %s its own hosts alone are called, and its own audience is asked for", async (cloud, origin, authorityHost) => {
  const azure = memoryAzure();
  expect(await azure.clock.until(azure.resourceManager.listSubscriptions({ ...login, cloud }, never))).toEqual({ ok: true, value: [] });
  expect(azure.requests.map((request) => `https://${request.host}`)).toEqual([origin]);
  expect(azure.asked[0]).toMatchObject({ scope: `${origin}/.default`, authorityHost });
});

test("300 vaults come over pages, each handed on as it comes, with what the wizard shows", async () => {
  const azure = withVaults(memoryAzure({ armPageSize: 50, name: "my-vault" }), 299);
  azure.services.store.add({ name: "old-vault", tenant, subscription, resourceGroup: "rg-(Ölde).1", rbac: false, purgeProtection: true, publicAccess: "disabled", retentionDays: 7, location: "northeurope" });
  const parts: (readonly AzureVault[])[] = [];
  const outcome = await listVaults(azure, parts);
  expect(outcome.ok && outcome.value.length).toBe(301);
  expect(parts.map((part) => part.length)).toEqual([50, 50, 50, 50, 50, 50, 1]);
  expect(outcome.ok && outcome.value.find((vault) => vault.name === "my-vault")).toEqual({ name: "my-vault", cloud: "public", subscription, resourceGroup: "rg-keyline", location: "westeurope", tenant, rbac: true, purgeProtection: false, publicAccess: true, retentionDays: 90 });
  expect(outcome.ok && outcome.value.find((vault) => vault.name === "old-vault")).toEqual({ name: "old-vault", cloud: "public", subscription, resourceGroup: "rg-(Ölde).1", location: "northeurope", tenant, rbac: false, purgeProtection: true, publicAccess: false, retentionDays: 7 });
  expect(azure.requests).toHaveLength(7);
  for (const request of azure.requests) expect(`${request.method} ${request.host}${request.path}`).toBe(`GET management.azure.com${vaultsPath}`);
  expect(new Set(azure.requests.map((request) => request.query.get("api-version")))).toEqual(new Set(["2026-02-01"]));
  expect(azure.asked).toHaveLength(1);
});

function vaultItem(change: object = {}, properties: object = {}, name = "my-vault"): object {
  return {
    id: `/subscriptions/${subscription.toUpperCase()}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`,
    name,
    location: "westeurope",
    ...change,
    properties: { tenantId: tenant, sku: { family: "A", name: "standard" }, vaultUri: `https://${name}.vault.azure.net/`, enableRbacAuthorization: null, ...properties },
  };
}

test("an old vault of which nothing is said has access policies", async () => {
  const azure = memoryAzure();
  azure.disturb = () => jsonAnswer(200, { value: [vaultItem()], nextLink: null });
  const outcome = await listVaults(azure);
  expect(outcome).toEqual({ ok: true, value: [{ name: "my-vault", cloud: "public", subscription, resourceGroup: "rg", location: "westeurope", tenant, rbac: false, purgeProtection: false, publicAccess: true }] });
});

test.each<readonly [string, object]>([
  ["a foreign vaultUri", vaultItem({}, { vaultUri: "https://evil.example/" })],
  ["a look-alike", vaultItem({}, { vaultUri: "https://my-vault.vault.azure.net.evil.example/" })],
  ["another vault's address", vaultItem({}, { vaultUri: "https://other-vault.vault.azure.net/" })],
  ["another cloud's address", vaultItem({}, { vaultUri: "https://my-vault.vault.azure.cn/" })],
  ["an address with a port", vaultItem({}, { vaultUri: "https://my-vault.vault.azure.net:8443/" })],
  ["an address without TLS", vaultItem({}, { vaultUri: "http://my-vault.vault.azure.net/" })],
  ["an address with a user", vaultItem({}, { vaultUri: "https://my-vault.vault.azure.net@evil.example/" })],
  ["no address", vaultItem({}, { vaultUri: undefined })],
  ["a name that no vault can have", vaultItem({}, {}, "my--vault")],
  ["an id of another subscription", vaultItem({ id: "/subscriptions/99999999-0000-4000-8000-000000000009/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/my-vault" })],
  ["an id that leads elsewhere", vaultItem({ id: `/subscriptions/${subscription}/resourceGroups/../x/providers/Microsoft.KeyVault/vaults/my-vault` })],
  ["no id", vaultItem({ id: undefined })],
  ["a tenant that is no GUID", vaultItem({}, { tenantId: "--debug" })],
])("T15: an entry with %s is left out, and the rest is kept", async (_what, item) => {
  const azure = memoryAzure();
  azure.disturb = () => jsonAnswer(200, { value: [item, vaultItem({}, {}, "good-vault")] });
  const outcome = await listVaults(azure);
  expect(outcome.ok && outcome.value.map((vault) => vault.name)).toEqual(["good-vault"]);
  expect(azure.logged).toEqual(["Resource Manager: 1 entries are not what they say, and are left out"]);
  expect(azure.requests).toHaveLength(1);
});

test.each([
  "https://evil.example/subscriptions?x=1",
  `https://management.azure.com.evil.example${vaultsPath}?x=1`,
  `https://management.azure.com:8443${vaultsPath}?x=1`,
  `http://management.azure.com${vaultsPath}?x=1`,
  "https://management.azure.com/subscriptions?x=1",
  `https://management.azure.com/subscriptions/99999999-0000-4000-8000-000000000009/providers/Microsoft.KeyVault/vaults?x=1`,
  `https://user@management.azure.com${vaultsPath}?x=1`,
  `${vaultsPath}?x=1`,
  `//evil.example${vaultsPath}`,
])("F4: the nextLink %j is not followed, and what has come is no complete list", async (nextLink) => {
  const azure = memoryAzure();
  azure.disturb = () => jsonAnswer(200, { value: [vaultItem()], nextLink });
  const parts: (readonly AzureVault[])[] = [];
  expect(await listVaults(azure, parts)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(parts).toHaveLength(1);
  expect(azure.requests).toHaveLength(1);
});

test("T15: a nextLink that loops is followed twice at most; a list without an end ends with the time", async () => {
  const looping = memoryAzure();
  looping.disturb = () => jsonAnswer(200, { value: [vaultItem()], nextLink: `https://management.azure.com:443${vaultsPath}?api-version=2026-02-01&$skiptoken=1` });
  expect(await listVaults(looping)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(looping.requests).toHaveLength(2);
  const endless = memoryAzure();
  endless.disturb = (request) => {
    const page = Number(request.query.get("$skiptoken") ?? "0") + 1;
    return jsonAnswer(200, { value: [], nextLink: `https://management.azure.com${vaultsPath}?api-version=2026-02-01&$skiptoken=${String(page)}` });
  };
  expect(await listVaults(endless)).toEqual({ ok: false, reason: "unreachable", cause: "unreachable" });
  expect(endless.clock.monotonic()).toBe(60_000);
  expect(endless.requests.length).toBeLessThanOrEqual(1201);
});

test("without the role Reader both say so, and a subscription that is not there is told apart", async () => {
  const azure = memoryAzure();
  azure.services.subscriptions.get(subscription)?.readers.clear();
  const noRole = { ok: false, reason: "forbidden", cause: "no-reader-role" };
  expect(await listVaults(azure)).toEqual(noRole);
  expect(await azure.clock.until(azure.resourceManager.isVaultNameFree(login, subscription, "free-vault", never))).toEqual(noRole);
  expect(await azure.clock.until(azure.resourceManager.listSubscriptions(login, never))).toEqual({ ok: true, value: [] });
  const unknown = "22222222-0000-4000-8000-00000000ffff";
  expect(await azure.clock.until(azure.resourceManager.listVaults(login, unknown, () => undefined, never))).toEqual({ ok: false, reason: "service-error", cause: "subscription-not-found" });
  expect(azure.requests).toHaveLength(4);
  expect(azure.logged.join("\n")).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
});

test("R01: throttled with Retry-After: the page is asked for again after that time", async () => {
  const azure = withVaults(memoryAzure({ armPageSize: 2 }), 3);
  azure.disturb = () => (azure.requests.length === 2 ? armThrottled(17) : undefined);
  const outcome = await listVaults(azure);
  expect(outcome.ok && outcome.value.length).toBe(4);
  expect(azure.requests.map((request) => request.atMs)).toEqual([0, 0, 17_000]);
  const busy = memoryAzure();
  busy.disturb = () => armThrottled(3600);
  expect(await listVaults(busy)).toEqual({ ok: false, reason: "throttled", cause: "throttled" });
  expect(busy.requests).toHaveLength(1);
});

test("R03: a service that never answers is left in time, and a person who leaves is answered at once", async () => {
  const azure = memoryAzure();
  azure.disturb = () => "hang";
  expect(await listVaults(azure)).toEqual({ ok: false, reason: "unreachable", cause: "unreachable" });
  expect(azure.clock.monotonic()).toBeLessThanOrEqual(60_000);
  const person = new AbortController();
  const outcome = azure.resourceManager.listSubscriptions(login, person.signal);
  await azure.clock.advance(100);
  person.abort();
  expect(await azure.clock.until(outcome)).toEqual({ ok: false, reason: "loading", cause: "cancelled" });
  expect(azure.clock.timers).toBe(0);
});

test.each<readonly [string, number, string]>([
  ["text", 200, "[]x"],
  ["no object", 200, "7"],
  ["no list", 200, '{"value":7}'],
  ["a page", 502, "<html>no</html>"],
  ["nothing", 500, ""],
  ["null", 500, "null"],
  ["nothing, accepted", 202, ""],
  ["nothing, moved", 307, ""],
])("R02: the answer %s is a fault of the service, never one of ours", async (_what, status, body) => {
  const azure = memoryAzure();
  azure.disturb = () => ({ status, headers: { "content-type": "application/json" }, body });
  expect(await listVaults(azure)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(azure.logged.join("\n")).not.toMatch(/TypeError|undefined|html/);
});

test("F10: a refused token is replaced once; a foreign tenant's means: wrong tenant", async () => {
  const azure = memoryAzure();
  azure.disturb = () => {
    if (azure.requests.length === 1) azure.services.tokens.revokeAll("expired");
    return undefined;
  };
  expect(await listVaults(azure)).toMatchObject({ ok: true });
  expect(azure.asked).toHaveLength(2);
  expect(await azure.clock.until(azure.resourceManager.listVaults({ ...login, tenant: "11111111-0000-4000-8000-000000000002" }, subscription, () => undefined, never))).toEqual({ ok: false, reason: "wrong-tenant", cause: "wrong-tenant" });
});

test("without a token nothing is sent, and the cause of it is handed on", async () => {
  for (const [reason, cause] of [["tenant-not-found", "tenant-not-found"], ["credential-refused", "wrong-client-secret"], ["not-signed-in", "not-signed-in"]] as const) {
    const azure = memoryAzure({ source: () => ({ reason, cause }) });
    expect(await azure.clock.until(azure.resourceManager.listSubscriptions(login, never))).toEqual({ ok: false, reason, cause });
    expect(azure.requests).toEqual([]);
  }
});

test("a vault name is free where nobody in the cloud has it, not even a deleted vault", async () => {
  const azure = memoryAzure();
  azure.services.store.add({ name: "gone-vault", tenant: "11111111-0000-4000-8000-000000000009", subscription: "x", vaultDeleted: true });
  const free = (name: string): Promise<unknown> => azure.clock.until(azure.resourceManager.isVaultNameFree(login, subscription, name, never));
  expect(await free("free-vault")).toEqual({ ok: true, value: true });
  expect(await free("MY-VAULT")).toEqual({ ok: true, value: false });
  expect(await free("gone-vault")).toEqual({ ok: true, value: false });
  expect(azure.requests.map((request) => `${request.method} ${request.path}`)).toEqual([`POST ${checkPath}`, `POST ${checkPath}`, `POST ${checkPath}`]);
  expect(azure.requests[0]?.body).toBe('{"name":"free-vault","type":"Microsoft.KeyVault/vaults"}');
  azure.disturb = () => jsonAnswer(200, {});
  expect(await free("free-vault")).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  azure.disturb = () => {
    throw resetError("ENOTFOUND");
  };
  expect(await free("free-vault")).toEqual({ ok: false, reason: "unreachable", cause: "dns" });
});

test.each(["", "..", "x", `${subscription}/`, `${subscription}/../..`, "my subscription", "{subscription}", `${subscription}?x=`])("T10: nothing is sent for the subscription %j", async (bad) => {
  const azure = memoryAzure();
  expect(await azure.resourceManager.listVaults(login, bad, () => undefined, never)).toMatchObject({ ok: false });
  expect(await azure.resourceManager.isVaultNameFree(login, bad, "free-vault", never)).toMatchObject({ ok: false });
  expect([...azure.requests, ...azure.asked]).toEqual([]);
});

test("T10: nothing is sent for a tenant that is no GUID, or a name that no vault can have", async () => {
  const azure = memoryAzure();
  for (const bad of ["--debug", "common", "", `${tenant}/..`]) expect(await azure.resourceManager.listSubscriptions({ ...login, tenant: bad }, never)).toMatchObject({ ok: false });
  for (const bad of ["..", "a", "a--b", "x/y"]) expect(await azure.resourceManager.isVaultNameFree(login, subscription, bad, never)).toEqual({ ok: false, reason: "bad-vault-name" });
  expect([...azure.requests, ...azure.asked]).toEqual([]);
});

test("R11: at most 4 requests run at once, whoever asks, and each identity has its own token", async () => {
  const azure = memoryAzure();
  const most = countAtOnce(azure);
  const credentials: readonly CredentialChoice[] = [{ kind: "azure-cli" }, { kind: "workload-identity" }, { kind: "managed-identity" }];
  const lists = credentials.flatMap((credential) => Array.from({ length: 10 }, () => azure.resourceManager.listSubscriptions({ ...login, credential }, never)));
  const outcomes = await azure.clock.until(Promise.all(lists));
  expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  expect(azure.asked).toHaveLength(3);
  expect(most()).toBe(4);
  for (const first of azure.requests) expect(azure.requests.filter((request) => request.atMs >= first.atMs && request.atMs < first.atMs + 1000).length).toBeLessThanOrEqual(20);
});

test("T17: no token and no text of the service is in an outcome or the log", async () => {
  const azure = memoryAzure();
  azure.disturb = (request) => armError(400, "canary-code-4f1c", `canary-text-4f1c ${azure.given.join(" ")} ${request.path}`);
  const outcomes = [await listVaults(azure), await azure.clock.until(azure.resourceManager.isVaultNameFree(login, subscription, "free-vault", never))];
  const text = JSON.stringify([outcomes, azure.logged]);
  for (const canary of ["canary", ...azure.given.flatMap((token) => token.split("."))]) expect(text).not.toContain(canary);
});
