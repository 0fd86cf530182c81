import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { throttled } from "./keyVaultErrors.ts";
import type { LocalAzure } from "./localAzure.ts";
import { startLocalAzure } from "./localAzure.ts";
import { sendRaw } from "./sendRaw.ts";
import { askVault, clientId, startTestShop, tenant, vaultAudience, vaultUrl } from "./testShop.ts";

let azure: LocalAzure;
beforeEach(async () => {
  azure = await startTestShop();
  azure.setSecret("my-vault", "key", { value: "test value" });
});
afterEach(() => azure.stop());

const getKey = (): ReturnType<typeof askVault> => askVault(azure, "/secrets/key");

describe("a fault", () => {
  test("replaces status, body and headers, as often as told", async () => {
    azure.fault({ path: /^\/secrets\/key/, status: 429, body: { error: { code: "Throttled" } }, headers: { "retry-after": "3" }, times: 2 });
    const first = await getKey();
    expect([first.status, first.json, first.headers["retry-after"]]).toEqual([429, { error: { code: "Throttled" } }, "3"]);
    expect((await getKey()).status).toBe(429);
    expect((await getKey()).status).toBe(200);
  });

  test("hits only the requests that it names, until it is taken away", async () => {
    const remove = azure.fault({ host: "my-vault.vault.azure.net", method: "get", path: /^\/secrets\?/, authorized: true, status: 503 });
    expect((await askVault(azure, "/secrets")).status).toBe(503);
    expect((await sendRaw(azure, { url: `${vaultUrl}/secrets?api-version=7.6` })).status).toBe(401);
    expect((await getKey()).status).toBe(200);
    remove();
    expect((await askVault(azure, "/secrets")).status).toBe(200);
  });

  test("sends a raw body as it is", async () => {
    azure.fault({ rawBody: "<html>", headers: { "content-type": "text/html" } });
    const answer = await getKey();
    expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([200, "<html>", "text/html"]);
  });

  test("delays the real answer", async () => {
    azure.fault({ delayMs: 120 });
    const before = performance.now();
    expect((await getKey()).json).toMatchObject({ value: "test value" });
    expect(performance.now() - before).toBeGreaterThan(100);
  });

  test("resets the connection before the request is applied", async () => {
    azure.fault({ method: "PUT", reset: true });
    await expect(askVault(azure, "/secrets/key", { method: "PUT", body: { value: "new" } })).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect((await getKey()).json).toMatchObject({ value: "test value" });
    expect(azure.requests.find((request) => request.method === "PUT")).toMatchObject({ status: undefined, bodyBytes: 15 });
  });

  test("resets the connection after the request was applied", async () => {
    azure.fault({ method: "PUT", reset: true, afterApplied: true });
    await expect(askVault(azure, "/secrets/key", { method: "PUT", body: { value: "new" } })).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect((await getKey()).json).toMatchObject({ value: "new" });
  });

  test("throttles as Key Vault does: without a time to wait", async () => {
    const { status, body } = throttled();
    azure.fault({ status, rawBody: body });
    const answer = await getKey();
    expect(answer.status).toBe(429);
    expect(answer.json).toMatchObject({ error: { code: "Throttled" } });
    expect(answer.headers).not.toHaveProperty("retry-after");
  });

  test("does not keep the local Azure from stopping", async () => {
    azure.fault({ stallHeaders: true });
    const asked = getKey();
    const failed = expect(asked).rejects.toThrow(/ECONNRESET|socket hang up/);
    await expect.poll(() => azure.requests.length).toBe(1);
    await azure.stop();
    await failed;
  });

  test("stalls before the headers", async () => {
    azure.fault({ stallHeaders: true });
    const abort = new AbortController();
    const asked = askVault(azure, "/secrets/key", { signal: abort.signal });
    await expect.poll(() => azure.requests.length).toBe(1);
    expect(azure.requests[0]?.status).toBeUndefined();
    abort.abort();
    await expect(asked).rejects.toThrow(/abort/);
  });

  test("stalls in the body", async () => {
    azure.fault({ stallBody: true });
    const abort = new AbortController();
    const asked = askVault(azure, "/secrets/key", { signal: abort.signal });
    await expect.poll(() => azure.requests[0]?.status).toBe(200);
    abort.abort();
    await expect(asked).rejects.toThrow(/abort/);
  });

  test("drops the connection in the body", async () => {
    azure.fault({ dropBodyAfter: 10 });
    await expect(getKey()).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
  });

  test("truncates the body of an answer that looks complete", async () => {
    azure.fault({ truncateBody: 14, times: 1 });
    expect(await getKey()).toMatchObject({ status: 200, text: '{"value":"test' });
    azure.fault({ truncateBody: true });
    const { status, json } = await getKey();
    expect([status, json]).toEqual([200, undefined]);
  });

  test("slows the body down", async () => {
    azure.fault({ slowBytesPerSecond: 2000 });
    const before = performance.now();
    expect((await getKey()).json).toMatchObject({ value: "test value" });
    expect(performance.now() - before).toBeGreaterThan(80);
  });

  test("can hit Entra too", async () => {
    azure.fault({ host: /^login\./, status: 503, rawBody: "" });
    expect((await sendRaw(azure, { url: `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration` })).status).toBe(503);
  });
});

describe("the proxy", () => {
  test("refuses and records hosts that are none of Azure's", async () => {
    await expect(sendRaw(azure, { url: "https://evil.example/secrets" })).rejects.toThrow("502");
    await expect(sendRaw(azure, { url: "https://my-vault.vault.azure.net.evil.example/" })).rejects.toThrow("502");
    await expect(sendRaw(azure, { url: "https://my-vault.vault.azure.net:8443/" })).rejects.toThrow("502");
    expect(azure.requests.map(({ method, host, path, kind }) => [method, host, path, kind])).toEqual([
      ["CONNECT", "evil.example", "", "unexpected"],
      ["CONNECT", "my-vault.vault.azure.net.evil.example", "", "unexpected"],
      ["CONNECT", "my-vault.vault.azure.net", ":8443", "unexpected"],
    ]);
  });

  test("cannot reach a vault that does not exist", async () => {
    await expect(sendRaw(azure, { url: "https://no-vault.vault.azure.net/secrets" })).rejects.toThrow("502");
    expect(azure.requests).toMatchObject([{ host: "no-vault.vault.azure.net", kind: "unknownVault" }]);
  });

  test("hangs up on such a vault where told so", async () => {
    const other = await startLocalAzure({ unknownVault: "close" });
    await expect(sendRaw(other, { url: "https://no-vault.vault.azure.net/secrets" })).rejects.toThrow(/ECONNRESET|socket hang up/);
    await other.stop();
  });

  test("records what was asked, without headers, values or tokens", async () => {
    azure.clearRequests();
    const token = azure.tokenFor(clientId, vaultAudience);
    await askVault(azure, "/secrets/key", { method: "PUT", body: { value: "hidden words" }, token });
    expect(azure.requests).toEqual([
      { method: "PUT", host: "my-vault.vault.azure.net", path: "/secrets/key", query: "api-version=2026-04-01", status: 200, hadAuthorization: true, bodyBytes: 24, kind: "answered", at: expect.any(Number) },
    ]);
    expect(JSON.stringify(azure.requests)).not.toMatch(/hidden words|eyJ/);
  });

  test("keeps the clouds apart", async () => {
    await expect(sendRaw(azure, { url: "https://my-vault.vault.azure.cn/secrets" })).rejects.toThrow("502");
  });
});
