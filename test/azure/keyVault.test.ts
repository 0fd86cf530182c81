import { afterEach, describe, expect, test } from "vitest";
import type { LocalAzure } from "./localAzure.ts";
import { sendRaw } from "./sendRaw.ts";
import { askVault, clientId, startTestShop, vaultAudience, vaultUrl } from "./testShop.ts";

interface Page {
  readonly value: readonly { readonly id: string; readonly attributes: { readonly enabled: boolean } }[];
  readonly nextLink: string | null;
}

let azure: LocalAzure;
afterEach(() => azure.stop());

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) {
    azure.setSecret("my-vault", `name-${String(index)}`, { value: "test value" });
  }
}

async function pages(first: string): Promise<Page[]> {
  const token = azure.tokenFor(clientId, vaultAudience);
  const seen: Page[] = [];
  for (let url: string | null = first; url !== null; url = seen.at(-1)?.nextLink ?? null) {
    seen.push((await sendRaw(azure, { url, token })).json as Page);
  }
  return seen;
}

describe("listing", () => {
  test("comes in pages of 25 whose next address names port 443", async () => {
    azure = await startTestShop();
    fill(60);
    const all = await pages(`${vaultUrl}/secrets?api%2Dversion=2026-04-01`);
    expect(all.map((page) => page.value.length)).toEqual([25, 25, 10]);
    expect(all[0]?.nextLink).toMatch(/^https:\/\/my-vault\.vault\.azure\.net:443\/secrets\?api-version=2026-04-01&\$skiptoken=/);
    expect(all[0]?.value[0]?.id).toBe(`${vaultUrl}/secrets/name-0`);
  });

  test("gives short and empty pages where the vault is told so, and still every name once", async () => {
    azure = await startTestShop({ pageSizes: [4, 2, 1, 0, 0, 0, 0, 0] });
    fill(30);
    const all = await pages(`${vaultUrl}/secrets?api-version=7.6`);
    expect(all.map((page) => page.value.length)).toEqual([4, 2, 1, 0, 0, 0, 0, 0, 23]);
    expect(new Set(all.flatMap((page) => page.value.map((item) => item.id))).size).toBe(30);
  });

  test("an exact multiple of 25 ends without an empty page", async () => {
    azure = await startTestShop();
    fill(25);
    const [only, ...more] = await pages(`${vaultUrl}/secrets?api-version=7.6`);
    expect([only?.value.length, only?.nextLink, more.length]).toEqual([25, null, 0]);
  });

  test.each([["1", 200], ["25", 200], ["0", 400], ["26", 400], ["x", 400]])("maxresults=%s is %i", async (maxResults, status) => {
    azure = await startTestShop();
    expect((await askVault(azure, `/secrets?maxresults=${maxResults}`)).status).toBe(status);
  });

  test("without an api version is 400", async () => {
    azure = await startTestShop();
    expect((await sendRaw(azure, { url: `${vaultUrl}/secrets`, token: azure.tokenFor(clientId, vaultAudience) })).status).toBe(400);
  });

  test("shows disabled and managed secrets, and no value", async () => {
    azure = await startTestShop();
    azure.setSecret("my-vault", "off", { value: "hidden words", enabled: false });
    azure.setSecret("my-vault", "cert", { value: "hidden words", managed: true, contentType: "application/x-pkcs12" });
    const answer = await askVault(azure, "/secrets");
    expect(answer.json).toMatchObject({ value: [{ id: `${vaultUrl}/secrets/off`, attributes: { enabled: false } }, { id: `${vaultUrl}/secrets/cert`, managed: true, contentType: "application/x-pkcs12" }] });
    expect(answer.text).not.toContain("hidden words");
  });
});

describe("versions and reading", () => {
  test("an unknown name has an empty list of versions", async () => {
    azure = await startTestShop();
    const answer = await askVault(azure, "/secrets/nothing/versions");
    expect([answer.status, answer.json]).toEqual([200, { value: [], nextLink: null }]);
  });

  test("every version can be read by its id, the latest by name in any case with a slash at the end", async () => {
    azure = await startTestShop();
    const created = new Date("2026-01-02T03:04:05Z");
    const first = azure.setSecret("my-vault", "Key", { value: "one", created });
    const second = azure.setSecret("my-vault", "Key", { value: "two", expires: new Date("2040-01-01T00:00:00Z"), tags: { owner: "me" } });
    expect((await askVault(azure, `/secrets/key/${first}`)).json).toMatchObject({ value: "one", id: `${vaultUrl}/secrets/Key/${first}`, attributes: { created: created.getTime() / 1000 } });
    expect((await askVault(azure, "/secrets/KEY/")).json).toMatchObject({ value: "two", id: `${vaultUrl}/secrets/Key/${second}`, attributes: { exp: 2_208_988_800 }, tags: { owner: "me" } });
    const versions = (await askVault(azure, "/secrets/Key/versions")).json as Page;
    expect(versions.value.map((item) => item.id.split("/").at(-1)).toSorted()).toEqual([first, second].toSorted());
  });

  test("a disabled latest does not hide an older version", async () => {
    azure = await startTestShop();
    const old = azure.setSecret("my-vault", "key", { value: "one" });
    azure.setSecret("my-vault", "key", { value: "two", enabled: false });
    expect((await askVault(azure, "/secrets/key")).status).toBe(403);
    expect((await askVault(azure, `/secrets/key/${old}`)).status).toBe(200);
  });

  test("an expired secret is still answered", async () => {
    azure = await startTestShop();
    azure.setSecret("my-vault", "key", { value: "one", expires: new Date(azure.now() - 1000) });
    expect((await askVault(azure, "/secrets/key")).status).toBe(200);
  });
});

describe("writing", () => {
  test("a value of more than 25600 bytes is refused, counted in bytes", async () => {
    azure = await startTestShop();
    expect((await askVault(azure, "/secrets/key", { method: "PUT", body: { value: "x".repeat(25_600) } })).status).toBe(200);
    expect((await askVault(azure, "/secrets/key", { method: "PUT", body: { value: "é".repeat(12_801) } })).status).toBe(400);
  });

  test("an update changes one version and answers no value", async () => {
    azure = await startTestShop();
    const version = azure.setSecret("my-vault", "key", { value: "hidden words" });
    const answer = await askVault(azure, `/secrets/key/${version}`, { method: "PATCH", body: { attributes: { enabled: false, exp: 1_900_000_000 }, tags: { a: "b" } } });
    expect(answer.json).toMatchObject({ attributes: { enabled: false, exp: 1_900_000_000 }, tags: { a: "b" } });
    expect(answer.text).not.toContain("hidden words");
  });

  test("a managed secret can be neither set nor deleted", async () => {
    azure = await startTestShop();
    azure.setSecret("my-vault", "cert", { value: "test value", managed: true });
    expect((await askVault(azure, "/secrets/cert", { method: "PUT", body: { value: "x" } })).status).toBe(403);
    expect((await askVault(azure, "/secrets/cert", { method: "DELETE" })).status).toBe(403);
  });
});

describe("deletion", () => {
  test("deletes, lists, recovers and purges", async () => {
    azure = await startTestShop({ retentionDays: 7 });
    azure.setSecret("my-vault", "key", { value: "hidden words" });
    const deleted = await askVault(azure, "/secrets/key", { method: "DELETE" });
    const nowSeconds = Math.floor(azure.now() / 1000);
    const { deletedDate, scheduledPurgeDate } = deleted.json as { deletedDate: number; scheduledPurgeDate: number };
    expect(scheduledPurgeDate - deletedDate).toBe(7 * 86_400);
    expect(Math.abs(nowSeconds - deletedDate)).toBeLessThan(10);
    expect((await askVault(azure, "/secrets/key")).status).toBe(404);
    expect((await askVault(azure, "/secrets")).json).toEqual({ value: [], nextLink: null });
    expect((await askVault(azure, "/deletedsecrets")).json).toMatchObject({ value: [{ recoveryId: `${vaultUrl}/deletedsecrets/key` }] });
    expect((await askVault(azure, "/deletedsecrets/key")).text).not.toContain("hidden words");
    expect((await askVault(azure, "/deletedsecrets/key/recover", { method: "POST" })).status).toBe(200);
    expect((await askVault(azure, "/secrets/key")).status).toBe(200);
    await askVault(azure, "/secrets/key", { method: "DELETE" });
    expect((await askVault(azure, "/deletedsecrets/key", { method: "DELETE" })).status).toBe(204);
    expect((await askVault(azure, "/deletedsecrets/key")).text).toContain("Deleted Secret not found: key");
  });

  test("takes its time where the vault is told so", async () => {
    azure = await startTestShop({ deletionLagMs: 10_000 });
    azure.setSecret("my-vault", "key", { value: "test value" });
    await askVault(azure, "/secrets/key", { method: "DELETE" });
    expect((await askVault(azure, "/deletedsecrets/key")).status).toBe(404);
    for (const [method, path] of [["DELETE", "/secrets/key"], ["DELETE", "/deletedsecrets/key"], ["POST", "/deletedsecrets/key/recover"]] as const) {
      expect((await askVault(azure, path, { method })).json).toMatchObject({ error: { code: "Conflict", innererror: { code: "ObjectIsBeingDeleted" } } });
    }
    azure.advance(10_001);
    expect((await askVault(azure, "/deletedsecrets/key")).status).toBe(200);
    await askVault(azure, "/deletedsecrets/key", { method: "DELETE" });
    const put = { method: "PUT", body: { value: "again" } };
    expect((await askVault(azure, "/secrets/key", put)).json).toMatchObject({ error: { innererror: { code: "ObjectIsBeingDeleted" } } });
    azure.advance(10_001);
    expect((await askVault(azure, "/secrets/key", put)).status).toBe(200);
  });

  test("ends by itself after the retention period", async () => {
    azure = await startTestShop({ retentionDays: 7 });
    azure.setSecret("my-vault", "key", { value: "test value" });
    azure.deleteSecret("my-vault", "key");
    azure.advance(7 * 86_400_000 - 60_000);
    expect((await askVault(azure, "/deletedsecrets/key")).status).toBe(200);
    azure.advance(60_001);
    expect((await askVault(azure, "/deletedsecrets/key")).status).toBe(404);
  });
});

describe("rights", () => {
  test.each([
    ["Key Vault Reader", [200, 403, 403, 403]],
    ["Key Vault Secrets User", [200, 200, 403, 403]],
    ["Key Vault Secrets Officer", [200, 200, 200, 200]],
  ] as const)("%s may list, get, set, list deleted: %j", async (role, statuses) => {
    azure = await startTestShop();
    azure.setSecret("my-vault", "key", { value: "test value" });
    azure.deny("my-vault", clientId);
    azure.grant("my-vault", clientId, role, "list", "get", "set");
    const answers = [await askVault(azure, "/secrets"), await askVault(azure, "/secrets/key"), await askVault(azure, "/secrets/key", { method: "PUT", body: { value: "x" } }), await askVault(azure, "/deletedsecrets")];
    expect(answers.map((answer) => answer.status)).toEqual(statuses);
  });

  test("permissions of a policy are apart, and roles mean nothing there", async () => {
    azure = await startTestShop({ rbac: false });
    azure.setSecret("my-vault", "key", { value: "test value" });
    azure.deny("my-vault", clientId);
    azure.grant("my-vault", clientId, "get", "Key Vault Administrator");
    expect((await askVault(azure, "/secrets/key")).status).toBe(200);
    expect((await askVault(azure, "/secrets")).status).toBe(403);
  });

  test("one operation can be denied beside all others", async () => {
    azure = await startTestShop();
    azure.deny("my-vault", clientId, "list");
    expect((await askVault(azure, "/secrets")).status).toBe(403);
    expect((await askVault(azure, "/deletedsecrets")).status).toBe(200);
  });
});
