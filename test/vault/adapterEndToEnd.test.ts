import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startLocalAzure } from "../azure/localAzure.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { writeFakeAz } from "../azure/fakeAz.ts";
import { demo, demoVersions, seedDemo } from "../azure/seed.ts";
import type { Question } from "./vaultProbe.ts";

interface Result {
  readonly outcomes: readonly { readonly ok: boolean; readonly value?: unknown; readonly reason?: string; readonly cause?: string }[];
  readonly stdout: string;
  readonly stderr: string;
}

const dev = { name: demo.devVault, cloud: "public", tenant: demo.tenant } as const;
const canary = "canary-4f1c9be07d5a4d7b8e21";
let folder: string;
let bundle: string;
let azure: LocalAzure;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyline-probe-"));
  bundle = join(folder, "probe.js");
  // As the product is bundled: one file, CommonJS.
  await build({ entryPoints: [new URL("vaultProbe.ts", import.meta.url).pathname], outfile: bundle, bundle: true, platform: "node", format: "cjs", target: "node22", minify: true, mainFields: ["module", "main"], logLevel: "silent" });
  azure = await startLocalAzure();
  seedDemo(azure);
  azure.setSecret(demo.devVault, "canary", { value: JSON.stringify({ key: canary, deep: { list: canary } }) });
});

beforeEach(() => {
  azure.clearFaults();
  azure.clearRequests();
});

afterAll(async () => {
  await azure.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("names, versions, deleted secrets and JSON keys come from behind the real host names", async () => {
  const { outcomes } = await probe([
    { ask: "list", vault: dev },
    { ask: "versions", vault: dev, name: "db-password" },
    { ask: "versions", vault: dev, name: "no-such-secret" },
    { ask: "deleted", vault: dev, name: "session-key" },
    { ask: "deleted", vault: dev, name: "db-password" },
    { ask: "json", vault: dev, name: "payment-config" },
    { ask: "json", vault: dev, name: "db-password", version: demoVersions["db-password"][0] },
    { ask: "json", vault: dev, name: "legacy-api-key" },
  ]);
  const [listing, versions, none, deleted, live, json, plain, disabled] = outcomes;
  const names = (listing?.value as { name: string; enabled: boolean }[]).map((secret) => secret.name);
  expect(names).toHaveLength(48);
  expect(names).toEqual(expect.arrayContaining(["db-password", "service-token-40", "legacy-api-key"]));
  expect((versions?.value as { version: string }[]).map((version) => version.version)).toEqual(demoVersions["db-password"].toReversed());
  expect(none).toEqual({ ok: true, value: [] });
  expect(deleted).toMatchObject({ ok: true, value: { state: "deleted" } });
  expect(live).toEqual({ ok: true, value: { state: "absent" } });
  expect(json).toEqual({ ok: true, value: { kind: "json", keys: [{ name: "user" }, { name: "password" }, { name: "endpoint", children: [{ name: "host" }, { name: "port" }] }] } });
  expect(plain).toEqual({ ok: true, value: { kind: "not-json" } });
  expect(disabled).toEqual({ ok: false, reason: "forbidden", cause: "secret-disabled" });
  expect(azure.requests.filter((request) => request.kind === "unexpected")).toEqual([]);
  expect(azure.requests.filter((request) => request.path.endsWith("/token"))).toHaveLength(1);
});

test("T17: with every log of the libraries on, no value, token or client secret is written", async () => {
  const questions: Question[] = [{ ask: "json", vault: dev, name: "canary" }, { ask: "list", vault: dev }, { ask: "versions", vault: dev, name: "db-password" }];
  const { stdout, stderr, outcomes } = await probe(questions, { AZURE_LOG_LEVEL: "verbose", DEBUG: "*", NODE_DEBUG: "http,https,net,tls" });
  expect(stderr).toContain("keyvault-secrets:info");
  expect(outcomes[0]).toEqual({ ok: true, value: { kind: "json", keys: [{ name: "key" }, { name: "deep", children: [{ name: "list" }] }] } });
  const token = azure.tokenFor(demo.appObjectId, "https://vault.azure.net").split(".")[0] ?? "";
  for (const secret of [canary, demo.clientSecret, `${token}.`]) for (const text of [stdout, stderr]) for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")]) expect(text).not.toContain(form);
});

test("T34: login goes to the cloud's own host, whatever the environment says", async () => {
  const { outcomes } = await probe([{ ask: "versions", vault: dev, name: "db-password" }], { AZURE_AUTHORITY_HOST: "https://sink.example" });
  expect(outcomes[0]).toMatchObject({ ok: true });
  expect(new Set(azure.requests.map((request) => request.host))).toEqual(new Set(["login.microsoftonline.com", `${demo.devVault}.vault.azure.net`]));
});

test("a certificate that nobody vouches for is told apart, and no token is sent", async () => {
  const { outcomes } = await probe([{ ask: "list", vault: dev }], { NODE_EXTRA_CA_CERTS: "" });
  expect(outcomes).toEqual([{ ok: false, reason: "tls", cause: "tls" }]);
  expect(azure.requests.filter((request) => request.hadAuthorization)).toEqual([]);
});

test("a firewall, a missing right, another tenant and a deleted vault each have their reason", async () => {
  const { tenant, subscription } = demo;
  azure.addVault({ name: "walled-kv", tenant, subscription, publicAccess: "firewall" });
  azure.addVault({ name: "private-kv", tenant, subscription, publicAccess: "disabled" });
  azure.addVault({ name: "closed-kv", tenant, subscription });
  azure.addVault({ name: "gone-kv", tenant, subscription, vaultDeleted: true });
  azure.grant("gone-kv", demo.appObjectId, "Key Vault Secrets Officer");
  const list = (name: string, of: string = tenant): Question => ({ ask: "list", vault: { name, cloud: "public", tenant: of } });
  const { outcomes } = await probe([list("walled-kv"), list("private-kv"), list("closed-kv"), list("gone-kv"), list(demo.devVault, "99999999-2222-4333-8444-555555555555")]);
  expect(outcomes.map((outcome) => outcome.reason)).toEqual(["network-blocked", "network-blocked", "forbidden", "vault-not-found", "wrong-tenant"]);
  expect(outcomes.map((outcome) => outcome.cause)).toEqual(["firewall", "private-endpoint", "rbac", "vault-not-found", "wrong-tenant"]);
});

test("a vault whose name leads nowhere is not said to be missing", async () => {
  const { outcomes } = await probe([{ ask: "list", vault: { name: "no-such-vault", cloud: "public" } }]);
  expect(outcomes[0]?.ok).toBe(false);
  // The proxy looks the name up and refuses; what it answers is not taken for Azure's own word.
  expect(outcomes).toEqual([{ ok: false, reason: "service-error", cause: "proxy" }]);
}, 60_000);

test("resets, cut answers and throttling are got over; a broken answer is not taken for one", async () => {
  azure.fault({ host: /vault/, path: /^\/secrets\?/, authorized: true, reset: true, times: 1 });
  azure.fault({ host: /vault/, path: /versions/, authorized: true, dropBodyAfter: 40, times: 1 });
  azure.fault({ host: /vault/, path: /deletedsecrets/, authorized: true, status: 429, body: { error: { code: "Throttled", message: "busy" } }, times: 1 });
  const { outcomes } = await probe([
    { ask: "list", vault: dev },
    { ask: "versions", vault: dev, name: "db-password" },
    { ask: "deleted", vault: dev, name: "session-key" },
  ]);
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, true]);
  azure.fault({ host: /vault/, path: /payment-config/, authorized: true, truncateBody: true });
  const broken = await probe([{ ask: "json", vault: dev, name: "payment-config" }]);
  expect(broken.outcomes).toEqual([{ ok: false, reason: "service-error", cause: "service-error" }]);
  expect(broken.stderr).not.toContain("demo value");
}, 30_000);

test("F10: a revoked token is replaced without a word", async () => {
  azure.fault({ host: /vault/, path: /^\/secrets\?/, authorized: true, status: 401, body: { error: { code: "Unauthorized", message: "[TokenExpired] Error validating token" } }, times: 1 });
  const { outcomes } = await probe([{ ask: "list", vault: dev }]);
  expect(outcomes[0]).toMatchObject({ ok: true });
  expect(azure.requests.filter((request) => request.path.endsWith("/token"))).toHaveLength(2);
});

test("R11: the Azure CLI is started once for several vaults, with the tenant that the vaults name", async () => {
  const az = writeFakeAz(join(folder, "az-working"), { azure, signedIn: demo.userObjectId });
  const { outcomes } = await probe(
    [
      { ask: "list", vault: { name: demo.devVault, cloud: "public" } },
      { ask: "list", vault: { name: demo.prodVault, cloud: "public" } },
      { ask: "versions", vault: { name: demo.prodVault, cloud: "public" }, name: "db-password" },
    ],
    { ...az.env, PROBE_CREDENTIAL: "azure-cli" },
  );
  expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, true]);
  const started = readFileSync(az.callsPath, "utf8").trim().split("\n");
  expect(started).toHaveLength(1);
  expect(started[0]).toContain(demo.tenant);
});

test.each(["missing", "working"] as const)("R17: with an Azure CLI that is %s and signed out, nobody is signed in", async (behaviour) => {
  const az = writeFakeAz(join(folder, `az-${behaviour}-out`), { azure, behaviour });
  const { outcomes } = await probe([{ ask: "list", vault: dev }], { ...az.env, PROBE_CREDENTIAL: "azure-cli" });
  expect(outcomes).toEqual([{ ok: false, reason: "not-signed-in", cause: "not-signed-in" }]);
  expect(azure.requests.filter((request) => request.hadAuthorization)).toEqual([]);
});

test("Fetch Vault: subscriptions, vaults over pages and free names come from behind Resource Manager's own host name", async () => {
  for (let index = 1; index <= 300; index++) azure.addVault({ name: `many-${String(index)}-kv`, tenant: demo.tenant, subscription: demo.subscription });
  const { subscription } = demo;
  const { outcomes, stderr } = await probe([
    { ask: "subscriptions", vault: dev },
    { ask: "vaults", vault: dev, subscription },
    { ask: "nameFree", vault: dev, subscription, name: "no-such-vault" },
    { ask: "nameFree", vault: dev, subscription, name: demo.devVault },
  ]);
  const [subscriptions, vaults, free, taken] = outcomes;
  expect(subscriptions).toEqual({ ok: true, value: [{ id: subscription, name: "Shop", tenant: demo.tenant, cloud: "public", state: "Enabled" }] });
  expect((vaults?.value as { name: string }[]).length).toBeGreaterThanOrEqual(302);
  expect([free, taken]).toEqual([{ ok: true, value: true }, { ok: true, value: false }]);
  expect(stderr).toBe("");
  expect(new Set(azure.requests.map((request) => request.host))).toEqual(new Set(["login.microsoftonline.com", "management.azure.com"]));
  expect(azure.requests.filter((request) => request.path.endsWith("/token"))).toHaveLength(1);
  expect(azure.requests.filter((request) => request.path.endsWith("/vaults")).length).toBeGreaterThanOrEqual(4);
});

test("Test Connection: read, write and clean up through the proxy, a reset after the write included", async () => {
  azure.fault({ host: /vault/, method: "PUT", authorized: true, reset: true, afterApplied: true, times: 1 });
  const name = "harness-test-0123456789abcdef";
  const { outcomes } = await probe([{ ask: "readTest", vault: dev }, { ask: "writeTest", vault: dev, name }]);
  expect(outcomes).toEqual([{ ok: true, value: { tenant: demo.tenant, holdsSecrets: true, purgeProtected: false } }, { ok: true, value: {} }]);
  const of = (method: string): readonly string[] => azure.requests.filter((request) => request.method === method).map((request) => request.path.replace(/\/$/, ""));
  expect(of("PUT")).toEqual([`/secrets/${name}`]);
  expect(of("DELETE")).toEqual([`/secrets/${name}`, `/deletedsecrets/${name}`]);
  expect(azure.requests.filter((request) => request.bodyBytes > 0 && request.host.includes("vault")).every((request) => request.hadAuthorization)).toBe(true);
  const after = await probe([{ ask: "leftOvers", vault: dev }, { ask: "versions", vault: dev, name }, { ask: "deleted", vault: dev, name }]);
  expect(after.outcomes.map((outcome) => outcome.value)).toEqual([[], [], { state: "absent" }]);
}, 30_000);

test("T17: a write test with every log of the libraries on writes neither its value nor the token", async () => {
  const question: Question = { ask: "writeTest", vault: dev, name: "harness-test-00000000000000ff" };
  const { stdout, stderr, outcomes } = await probe([question, { ask: "subscriptions", vault: dev }], { AZURE_LOG_LEVEL: "verbose", DEBUG: "*" });
  expect(outcomes[0]).toEqual({ ok: true, value: {} });
  expect(stderr).toContain("keyvault-secrets:info");
  const token = azure.tokenFor(demo.appObjectId, "https://vault.azure.net").split(".")[0] ?? "";
  for (const secret of ["keyline connection test", demo.clientSecret, `${token}.`]) for (const form of [secret, Buffer.from(secret).toString("base64")]) for (const text of [stdout, stderr]) expect(text).not.toContain(form);
}, 30_000);

test("T17: a secret's life through the proxy, an answer lost on the way and every log of the libraries on: done once, and the value is nowhere", async () => {
  azure.fault({ host: /vault/, method: "PUT", authorized: true, reset: true, afterApplied: true, times: 1 });
  azure.fault({ host: /vault/, method: "POST", authorized: true, reset: true, afterApplied: true, times: 1 });
  const name = "life-of-a-secret";
  const { outcomes, stdout, stderr } = await probe([{ ask: "life", vault: dev, name, value: canary }], { AZURE_LOG_LEVEL: "verbose", DEBUG: "*", NODE_DEBUG: "http,https,net,tls" });
  expect(outcomes).toEqual([{ ok: true, value: ["written", "updated", canary.length, null, "accepted", "deleted", "recovered", "accepted", "deleted", "purged"] }]);
  const changes = azure.requests.filter((request) => request.host.includes("vault") && request.method !== "GET").map((request) => `${request.method} ${request.path.replace(/[0-9a-f]{32}/, "version")}`);
  expect(changes).toEqual([`PUT /secrets/${name}`, `PATCH /secrets/${name}/version`, `DELETE /secrets/${name}`, `POST /deletedsecrets/${name}/recover`, `DELETE /secrets/${name}`, `DELETE /deletedsecrets/${name}`]);
  // One value was asked for, and that once.
  expect(azure.requests.filter((request) => request.method === "GET" && request.hadAuthorization && /^\/secrets\/[^/]+\/(?!versions)/.test(request.path))).toHaveLength(1);
  expect(stderr).toContain("core-rest-pipeline");
  for (const form of [canary, Buffer.from(canary).toString("base64"), Buffer.from(canary).toString("hex")]) for (const text of [stdout, stderr]) expect(text).not.toContain(form);
}, 60_000);

test("R08: a proxy that hangs up, or that is not there, is told apart from a vault that is not", async () => {
  const closed = await startLocalAzure({ unknownVault: "close" });
  try {
    const { outcomes } = await probe([{ ask: "readTest", vault: { name: "no-such-vault", cloud: "public" } }], closed.env());
    expect(outcomes).toEqual([{ ok: false, reason: "unreachable", cause: "proxy" }]);
  } finally {
    await closed.stop();
  }
  const { outcomes } = await probe([{ ask: "readTest", vault: dev }], { HTTPS_PROXY: closed.proxy.url });
  expect(outcomes).toEqual([{ ok: false, reason: "unreachable", cause: "proxy" }]);
}, 60_000);

/** Runs the bundle as a process of its own, which sees of the machine what it is given here. */
function probe(questions: readonly Question[], more: Readonly<Record<string, string>> = {}): Promise<Result> {
  const credential = { AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret };
  const env = { PATH: process.env["PATH"] ?? "", ...azure.env(), ...credential, PROBE_QUESTIONS: JSON.stringify(questions), ...more };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [bundle], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`The probe failed: ${error.message}\n${stderr}`));
      else if (stdout === "") reject(new Error(`The probe ended without an answer\n${stderr}`));
      else resolve({ outcomes: JSON.parse(stdout) as Result["outcomes"], stdout, stderr });
    });
  });
}
