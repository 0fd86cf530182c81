import { describe, expect, test } from "vitest";
import { createTestResults } from "../../client/src/connectors/testResults.ts";
import { createFakeStore } from "./fakeStore.ts";
import { shop, tenant } from "./testScene.ts";

const key = "keyline.testResults";
const at = 1_793_491_200_000;

describe("the last test results", () => {
  test("are kept for each vault and tenant, whatever the letters' case", async () => {
    const store = createFakeStore();
    const results = createTestResults(store);
    await results.put({ vault: shop, at, read: "passed", write: "rbac" });
    await results.put({ vault: { name: "shop-vault", cloud: "public" }, at, read: "dns" });
    expect(results.get({ ...shop, name: "SHOP-vault", tenant: tenant.toUpperCase() })).toEqual({ vault: shop, at, read: "passed", write: "rbac" });
    expect(results.get({ name: "shop-vault", cloud: "public" })?.read).toBe("dns");
    expect(results.get({ name: "shop-vault", cloud: "usgov" })).toBeUndefined();
    await results.put({ vault: shop, at: at + 1, read: "firewall" });
    expect(createTestResults(store).get(shop)).toEqual({ vault: shop, at: at + 1, read: "firewall" });
    expect(store.content[key]).toHaveLength(2);
  });

  test("tell of a change after it, until the listener is taken away", async () => {
    const results = createTestResults(createFakeStore());
    const seen: unknown[] = [];
    const stop = results.onDidChange(() => seen.push(results.get(shop)?.read));
    await results.put({ vault: shop, at, read: "passed" });
    stop();
    await results.put({ vault: shop, at, read: "dns" });
    expect(seen).toEqual(["passed"]);
  });

  test("are the newest 200", async () => {
    const store = createFakeStore();
    const results = createTestResults(store);
    for (let index = 0; index < 210; index++) await results.put({ vault: { name: `vault-${String(index)}`, cloud: "public" }, at, read: "passed" });
    expect(store.content[key]).toHaveLength(200);
    expect(results.get({ name: "vault-9", cloud: "public" })).toBeUndefined();
    expect(results.get({ name: "vault-10", cloud: "public" })?.read).toBe("passed");
  });

  const whole = { name: "shop-vault", cloud: "public", tenant, at, read: "passed" };
  test.each([
    { content: "no list" },
    { content: { 0: whole } },
    { content: [null, 7, "x", [], {}] },
    { content: [{ ...whole, name: "https://evil.example" }] },
    { content: [{ ...whole, cloud: "mars" }] },
    { content: [{ ...whole, tenant: "common" }] },
    { content: [{ ...whole, at: "now" }] },
    { content: [{ ...whole, at: Number.NaN }] },
    { content: [{ ...whole, read: "constructor" }] },
    { content: [{ ...whole, read: 1 }] },
    { content: [{ ...whole, write: "toString" }] },
  ])("are taken only where they are whole (%#), and can be written over", async ({ content }) => {
    const store = createFakeStore({ [key]: content });
    const results = createTestResults(store);
    expect(results.get(shop)).toBeUndefined();
    await results.put({ vault: shop, at, read: "passed" });
    expect(store.content[key]).toEqual([whole]);
  });
});
