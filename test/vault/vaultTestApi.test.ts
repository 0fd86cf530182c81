import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { WriteStep } from "../../server/src/vault/vaultTestApi.ts";
import { keyVaultError } from "../azure/keyVaultErrors.ts";
import { memoryAzure, never, objectId, resetError, tenant, vault } from "./memoryAzure.ts";
import type { MemoryAzure, MemoryAzureOptions } from "./memoryAzure.ts";

const run = { id: "run-1", name: "harness-test-0123456789abcdef" };
const secretPath = `/secrets/${run.name}`;
const deletedPath = `/deletedsecrets/${run.name}`;

interface Written {
  readonly outcome: unknown;
  readonly steps: readonly WriteStep[];
  /** Method and path of each request. */
  readonly sent: readonly string[];
}

async function write(azure: MemoryAzure, signal: AbortSignal = never, onStep: (step: WriteStep) => void = () => undefined): Promise<Written> {
  const steps: WriteStep[] = [];
  const outcome = await azure.clock.until(
    azure.tests.write(
      vault,
      run,
      (step) => {
        steps.push(step);
        onStep(step);
        return Promise.resolve();
      },
      signal,
    ),
  );
  return { outcome, steps, sent: sentBy(azure) };
}

function sentBy(azure: MemoryAzure): readonly string[] {
  return azure.requests.map((request) => `${request.method} ${request.path.replace(/\/$/, "")}`);
}

/** How often the service was asked to store the secret, and did. */
function puts(azure: MemoryAzure): number {
  return azure.requests.filter((request) => request.method === "PUT").length;
}

function stored(azure: MemoryAzure): readonly string[] {
  return [...(azure.services.store.find(vault.name, "public")?.secrets.values() ?? [])].map((secret) => secret.name);
}

test("the read test names the tenant, says whether there are secrets, and sees purge protection", async () => {
  const empty = memoryAzure();
  expect(await empty.clock.until(empty.tests.read(vault, never))).toEqual({ ok: true, value: { tenant, holdsSecrets: false } });
  for (const purgeProtection of [true, false]) {
    const azure = memoryAzure({ purgeProtection, pageSizes: [0, 0, 3] });
    for (let index = 0; index < 40; index++) azure.services.store.setSecret(vault.name, `secret-${String(index)}`, { value: "demo value" });
    expect(await azure.clock.until(azure.tests.read(vault, never))).toEqual({ ok: true, value: { tenant, holdsSecrets: true, purgeProtected: purgeProtection } });
    // The challenge, and pages up to the first that holds something.
    expect(sentBy(azure)).toEqual(["GET /secrets", "GET /secrets", "GET /secrets", "GET /secrets"]);
  }
});

test.each<readonly [string, MemoryAzureOptions, string, string]>([
  ["no role", { rights: [] }, "forbidden", "rbac"],
  ["no policy", { rights: [], rbac: false }, "forbidden", "access-policy"],
  ["an old policy", { rights: [], rbac: false, policyRefusal: "AccessDenied" }, "forbidden", "access-policy"],
  ["a firewall", { publicAccess: "firewall" }, "network-blocked", "firewall"],
  ["a private endpoint", { publicAccess: "disabled" }, "network-blocked", "private-endpoint"],
  ["a deleted vault", { vaultDeleted: true }, "vault-not-found", "vault-not-found"],
  ["another tenant", { tenant: "11111111-0000-4000-8000-000000000009" }, "wrong-tenant", "wrong-tenant"],
  ["a wrong client secret", { source: () => ({ reason: "credential-refused", cause: "wrong-client-secret" }) }, "credential-refused", "wrong-client-secret"],
  ["an unknown tenant", { source: () => ({ reason: "tenant-not-found", cause: "tenant-not-found" }) }, "tenant-not-found", "tenant-not-found"],
  ["nobody signed in", { source: () => ({ reason: "not-signed-in" }) }, "not-signed-in", "not-signed-in"],
])("R08: with %s both tests say so, and nothing is written", async (_what, options, reason, cause) => {
  const azure = memoryAzure(options);
  expect(await azure.clock.until(azure.tests.read(vault, never))).toEqual({ ok: false, reason, cause });
  const { outcome, steps } = await write(azure);
  // Who may not list may still write: that alone is found out by writing.
  const refusedByRight = cause === "rbac" || cause === "access-policy";
  expect(outcome).toEqual(refusedByRight ? { ok: true, value: { write: cause } } : { ok: false, reason, cause });
  expect(steps).toEqual(refusedByRight ? ["write", "done"] : []);
  expect(puts(azure)).toBe(refusedByRight ? 1 : 0);
  expect(stored(azure)).toEqual([]);
});

test("the write test writes, deletes and purges, each request once, after a read alone", async () => {
  const azure = memoryAzure();
  const { outcome, steps, sent } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: {} });
  expect(steps).toEqual(["write", "delete", "purge", "done"]);
  expect(sent).toEqual(["GET /secrets", "GET /secrets", `PUT ${secretPath}`, `DELETE ${secretPath}`, `GET ${deletedPath}`, `DELETE ${deletedPath}`]);
  expect(azure.requests.map((request) => request.authorized)).toEqual([false, true, true, true, true, true]);
  const put = azure.requests.find((request) => request.method === "PUT");
  const now = Math.floor(azure.clock.now() / 1000);
  expect(JSON.parse(put?.body ?? "")).toEqual({ value: "keyline connection test", contentType: "text/plain", tags: { createdBy: "keyline", run: "run-1" }, attributes: { exp: now + 3600 } });
  expect(stored(azure)).toEqual([]);
});

test("F3: nothing is written before the vault has named itself: all first writes at once, each client's first request failing", async () => {
  const azure = memoryAzure();
  azure.disturb = (request) => {
    if (!request.authorized) throw resetError("ENOTFOUND");
    return undefined;
  };
  const outcomes = await azure.clock.until(Promise.all(Array.from({ length: 8 }, () => azure.tests.write(vault, { id: "run-1", name: nameOf() }, () => Promise.resolve(), never))));
  expect(outcomes).toEqual(outcomes.map(() => ({ ok: false, reason: "unreachable", cause: "dns" })));
  expect(puts(azure)).toBe(0);
  azure.disturb = () => undefined;
  azure.requests.length = 0;
  await azure.clock.until(Promise.all(Array.from({ length: 8 }, () => azure.tests.write(vault, { id: "run-1", name: nameOf() }, () => Promise.resolve(), never))));
  const writes = azure.requests.filter((request) => request.method !== "GET");
  expect(writes).toHaveLength(24);
  for (const request of azure.requests) expect(request.authorized || request.body === "").toBe(true);
  for (const request of writes) expect(request.authorized).toBe(true);
  expect(stored(azure)).toEqual([]);
});

test.each([
  ["https://evil.example", "service-error"],
  ["https://management.azure.com", "service-error"],
])("F3: after a challenge that names %s nothing is written and no token is asked for", async (resource, cause) => {
  const azure = memoryAzure();
  azure.disturb = (request) =>
    request.authorized ? undefined : { status: 401, headers: { "www-authenticate": `Bearer authorization="https://login.windows.net/${tenant}", resource="${resource}"` }, body: "{}" };
  expect((await write(azure)).outcome).toEqual({ ok: false, reason: "service-error", cause });
  expect(azure.asked).toEqual([]);
  expect(sentBy(azure)).toEqual(["GET /secrets"]);
});

test("T37: 50 write tests at once leave nothing behind, and share the vault's limits", async () => {
  const azure = memoryAzure({ deletionLagMs: 14_000 });
  const names = Array.from({ length: 50 }, nameOf);
  const outcomes = await azure.clock.until(Promise.all(names.map((name, index) => azure.tests.write(vault, { id: `run-${String(index)}`, name }, () => Promise.resolve(), never))));
  expect(outcomes).toEqual(names.map(() => ({ ok: true, value: {} })));
  const written = azure.requests.filter((request) => request.method === "PUT").map((request) => request.path.split("/")[2]);
  expect(new Set(written).size).toBe(50);
  expect(written).toHaveLength(50);
  expect(stored(azure)).toEqual([]);
  for (const first of azure.requests) expect(azure.requests.filter((request) => request.atMs >= first.atMs && request.atMs < first.atMs + 1000).length).toBeLessThanOrEqual(20);
});

test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "hang", 500, 503, 408, "truncated"] as const)("T38: the service writes and then answers with %s: one version is made, found by its run, and removed", async (how) => {
  for (let count = 0; count < 12; count++) {
    const azure = memoryAzure();
    let made = 0;
    azure.disturb = (request, apply) => {
      if (request.method !== "PUT") return undefined;
      const answer = apply();
      made++;
      if (how === "hang") return "hang";
      if (how === "truncated") return { ...answer, body: answer.body.slice(0, 30) };
      if (typeof how === "number") return { status: how, headers: {}, body: "" };
      throw resetError(how);
    };
    const { outcome, steps } = await write(azure);
    expect(outcome).toEqual({ ok: true, value: {} });
    expect(steps).toEqual(["write", "delete", "purge", "done"]);
    expect([made, puts(azure)]).toEqual([1, 1]);
    expect(stored(azure)).toEqual([]);
    expect(JSON.stringify([outcome, azure.logged])).not.toContain("keyline connection test");
  }
});

test("a write that never arrived is not repeated, and its cause is told", async () => {
  const azure = memoryAzure();
  azure.disturb = (request) => {
    if (request.method === "PUT") throw resetError();
    return undefined;
  };
  const { outcome, steps, sent } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: { write: "unreachable" } });
  expect(steps).toEqual(["write", "done"]);
  expect(puts(azure)).toBe(1);
  expect(sent.slice(-2)).toEqual([`GET ${secretPath}/versions`, `GET ${secretPath}/versions`]);
});

test("a write that lands only after the first look is found by the second", async () => {
  const azure = memoryAzure();
  let land: (() => void) | undefined;
  azure.disturb = (request, apply) => {
    if (request.path.endsWith("/versions") && azure.requests.filter((one) => one.path.endsWith("/versions")).length === 2) land?.();
    if (request.method !== "PUT") return undefined;
    land = () => {
      land = undefined;
      apply();
    };
    throw resetError();
  };
  expect((await write(azure)).outcome).toEqual({ ok: true, value: {} });
  expect(stored(azure)).toEqual([]);
});

test("where nobody can say whether it was written, it is removed all the same, or said to be left", async () => {
  const listless = memoryAzure({ rights: ["set", "delete", "get", "purge"], rbac: false });
  listless.disturb = (request, apply) => {
    if (request.method !== "PUT") return undefined;
    apply();
    throw resetError();
  };
  expect((await write(listless)).outcome).toEqual({ ok: true, value: { write: "unreachable" } });
  expect(stored(listless)).toEqual([]);
  const cut = memoryAzure();
  let gone = false;
  cut.disturb = (request, apply) => {
    if (request.method === "PUT") {
      apply();
      gone = true;
    }
    if (gone) throw resetError();
    return undefined;
  };
  const { outcome, steps } = await write(cut);
  expect(outcome).toEqual({ ok: true, value: { write: "unreachable", cleanUp: { step: "delete", cause: "unreachable" } } });
  expect(steps).toEqual(["write", "delete"]);
});

test.each<readonly [number, unknown, readonly WriteStep[]]>([
  [0, {}, ["write", "delete", "purge", "done"]],
  [14_000, {}, ["write", "delete", "purge", "done"]],
  [90_000, {}, ["write", "delete", "purge", "done"]],
  [200_000, { cleanUp: { step: "purge", cause: "deletion-pending" } }, ["write", "delete"]],
])("R16: deleting takes %i ms", async (deletionLagMs, value, steps) => {
  const azure = memoryAzure({ deletionLagMs });
  const written = await write(azure);
  expect(written.outcome).toEqual({ ok: true, value });
  expect(written.steps).toEqual(steps);
  const polls = azure.requests.filter((request) => request.method === "GET" && request.path === deletedPath).map((request) => request.atMs);
  expect(polls.slice(0, 6)).toEqual([0, 2000, 6000, 14_000, 22_000, 30_000].slice(0, Math.min(polls.length, 6)));
  expect(azure.clock.monotonic()).toBeLessThanOrEqual(Math.min(deletionLagMs + 8000, 120_000));
  expect(azure.clock.timers).toBe(0);
  if (deletionLagMs !== 200_000) return;
  // Once Azure has finished, the left-over is found and purged.
  await azure.clock.advance(90_000);
  expect(await azure.clock.until(azure.tests.leftOvers(vault, never))).toEqual({ ok: true, value: [{ name: run.name, run: "run-1", deleted: true }] });
  expect(await azure.clock.until(azure.tests.remove(vault, { name: run.name, run: "run-1", deleted: true }, never))).toEqual({ ok: true, value: {} });
  expect(stored(azure)).toEqual([]);
});

test("T36: a vault with purge protection keeps the deleted secret, and is not asked to purge", async () => {
  const azure = memoryAzure({ purgeProtection: true });
  const { outcome, steps, sent } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } });
  expect(steps).toEqual(["write", "delete", "done"]);
  expect(sent).not.toContain(`DELETE ${deletedPath}`);
});

test("T36: a refusal to purge that names the protection is told as such, whatever the recovery level said", async () => {
  const azure = memoryAzure();
  azure.disturb = (request) => {
    if (request.path === deletedPath && request.method === "DELETE") azure.services.store.change(vault.name, { purgeProtection: true });
    return undefined;
  };
  const { outcome, steps } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } });
  expect(steps).toEqual(["write", "delete", "purge", "done"]);
});

test.each([
  [["list", "get", "set"], "delete", "access-policy", ["write", "delete"]],
  [["list", "get", "set", "delete"], "purge", "access-policy", ["write", "delete", "purge"]],
  [["set", "delete", "purge"], undefined, undefined, ["write", "delete", "purge", "done"]],
] as const)("with the permissions %j the clean-up says what it could not do", async (rights, step, cause, steps) => {
  const azure = memoryAzure({ rights, rbac: false });
  const written = await write(azure);
  expect(written.outcome).toEqual({ ok: true, value: step === undefined ? {} : { cleanUp: { step, cause } } });
  expect(written.steps).toEqual(steps);
});

test("a reset while deleting or purging is got over", async () => {
  const azure = memoryAzure();
  const failed = new Set<string>();
  azure.disturb = (request, apply) => {
    if (request.method !== "DELETE" || failed.has(request.path)) return undefined;
    failed.add(request.path);
    apply();
    throw resetError();
  };
  const { outcome } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: {} });
  expect(failed.size).toBe(2);
  expect(stored(azure)).toEqual([]);
});

test("a token that is revoked after the write does not keep the secret from being removed", async () => {
  const azure = memoryAzure();
  azure.disturb = (request, apply) => {
    if (request.method !== "PUT") return undefined;
    const answer = apply();
    azure.services.tokens.revokeAll("expired");
    return answer;
  };
  expect((await write(azure)).outcome).toEqual({ ok: true, value: {} });
  expect(stored(azure)).toEqual([]);
  expect(azure.asked).toHaveLength(2);
});

const steps: readonly WriteStep[] = ["write", "delete", "purge", "done"];
test.each(steps)("a person who cancels at the step %s leaves nothing behind", async (at) => {
  const azure = memoryAzure({ deletionLagMs: 14_000 });
  const person = new AbortController();
  const { outcome, steps: told } = await write(azure, person.signal, (step) => {
    if (step === at) person.abort();
  });
  expect(outcome).toEqual(at === "write" ? { ok: false, reason: "loading", cause: "cancelled" } : { ok: true, value: {} });
  expect(told.at(-1)).toBe("done");
  expect(puts(azure)).toBe(at === "write" ? 0 : 1);
  expect(stored(azure)).toEqual([]);
});

test("R13: a person who cancels before or within any request leaves nothing behind", async () => {
  const whole = memoryAzure({ deletionLagMs: 6000 });
  await write(whole);
  const count = whole.requests.length;
  expect(count).toBeGreaterThan(7);
  for (let at = 0; at < count; at++) {
    const azure = memoryAzure({ deletionLagMs: 6000 });
    const person = new AbortController();
    azure.disturb = (request) => {
      if (azure.requests.indexOf(request) === at) person.abort();
      return undefined;
    };
    const { outcome } = await write(azure, person.signal);
    expect(outcome).toEqual(at < 2 ? { ok: false, reason: "loading", cause: "cancelled" } : { ok: true, value: {} });
    expect(stored(azure)).toEqual([]);
  }
});

test.each(["ECONNRESET", "hang"] as const)("R13: a network that dies at any request (%s) leaves nothing behind, or it is said", async (how) => {
  let said = 0;
  for (let at = 0; at < 9; at++) {
    const azure = memoryAzure({ deletionLagMs: 6000 });
    azure.disturb = (request) => {
      if (azure.requests.indexOf(request) < at) return undefined;
      if (how === "hang") return "hang";
      throw resetError(how);
    };
    const { outcome } = await write(azure);
    const cleanUp = (outcome as { readonly value?: { readonly cleanUp?: object } }).value?.cleanUp;
    if (stored(azure).length > 0) {
      expect(cleanUp).toMatchObject({ cause: "unreachable" });
      said++;
    }
    expect(azure.clock.monotonic()).toBeLessThan(300_000);
    expect(azure.clock.timers).toBe(0);
    expect(puts(azure)).toBeLessThanOrEqual(1);
  }
  expect(said).toBeGreaterThanOrEqual(3);
});

test("R13: a process that dies between writing and deleting leaves exactly one secret, which is found and removed", async () => {
  const azure = memoryAzure();
  void azure.tests.write(vault, run, (step) => (step === "delete" ? new Promise(() => undefined) : Promise.resolve()), never);
  await azure.clock.advance(60_000);
  const found = await azure.clock.until(azure.tests.leftOvers(vault, never));
  expect(found).toEqual({ ok: true, value: [{ name: run.name, run: "run-1", deleted: false }] });
  expect(await azure.clock.until(azure.tests.remove(vault, { name: run.name, run: "run-1", deleted: false }, never))).toEqual({ ok: true, value: {} });
  expect(stored(azure)).toEqual([]);
});

test.each([
  ["Purgeable", true],
  ["Recoverable+Purgeable", true],
  ["CustomizedRecoverable+Purgeable", true],
  ["Recoverable", false],
  ["Recoverable+ProtectedSubscription", false],
  ["CustomizedRecoverable", false],
  ["CustomizedRecoverable+ProtectedSubscription", false],
] as const)("T36: with the recovery level %s the read test and the purge agree: %s", async (level, purgeable) => {
  const azure = memoryAzure();
  azure.services.store.setSecret(vault.name, "one", { value: "demo value" });
  azure.disturb = (_request, apply) => {
    const answer = apply();
    return { ...answer, body: answer.body.replaceAll(/"recoveryLevel":"[^"]{1,60}"/g, `"recoveryLevel":"${level}"`) };
  };
  expect(await azure.clock.until(azure.tests.read(vault, never))).toEqual({ ok: true, value: { tenant, holdsSecrets: true, purgeProtected: !purgeable } });
  const { outcome, sent } = await write(azure);
  expect(outcome).toEqual({ ok: true, value: purgeable ? {} : { cleanUp: { step: "purge", cause: "purge-protection" } } });
  expect(sent.includes(`DELETE ${deletedPath}`)).toBe(purgeable);
});

test("nothing is written where the step could not be noted; later steps need no note", async () => {
  const azure = memoryAzure();
  const failing = async (from: WriteStep): Promise<unknown> =>
    azure.clock.until(azure.tests.write(vault, run, (step) => (step === from ? Promise.reject(new Error("no")) : Promise.resolve()), never));
  expect(await failing("write")).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(puts(azure)).toBe(0);
  for (const step of ["delete", "purge", "done"] as const) expect(await failing(step)).toEqual({ ok: true, value: {} });
  expect(stored(azure)).toEqual([]);
});

test.each<readonly [string, number, string]>([
  ["Throttled", 429, "throttled"],
  ["Conflict", 409, "service-error"],
  ["BadParameter", 400, "service-error"],
])("a write that is answered %s is told, not repeated", async (code, status, cause) => {
  const azure = memoryAzure();
  azure.disturb = (request) => (request.method === "PUT" ? keyVaultError(status, code, "text") : undefined);
  expect((await write(azure)).outcome).toEqual({ ok: true, value: { write: cause } });
  expect(puts(azure)).toBe(1);
});

test.each([
  [{ id: "run-1", name: "db-password" }],
  [{ id: "run-1", name: "harness-test-0123456789ABCDEF" }],
  [{ id: "run-1", name: "harness-test-0123456789abcdef0" }],
  [{ id: "run-1", name: "x-harness-test-0123456789abcdef" }],
  [{ id: "run-1", name: "harness-test-../../0123456789ab" }],
  [{ id: "a b", name: run.name }],
  [{ id: "", name: run.name }],
])("nothing is sent for the run %j", async (bad) => {
  const azure = memoryAzure();
  expect(await azure.tests.write(vault, bad, () => Promise.resolve(), never)).toMatchObject({ ok: false });
  if (bad.name !== run.name) expect(await azure.tests.remove(vault, { name: bad.name, run: bad.id, deleted: false }, never)).toMatchObject({ ok: false });
  expect([...azure.requests, ...azure.asked]).toEqual([]);
});

test("T01: nothing is sent for a name that no vault can have", async () => {
  const azure = memoryAzure();
  const bad = { name: "my-vault.evil.example", cloud: "public" } as const;
  const outcomes = [await azure.tests.read(bad, never), await azure.tests.write(bad, run, () => Promise.resolve(), never), await azure.tests.leftOvers(bad, never)];
  expect(outcomes).toEqual(outcomes.map(() => ({ ok: false, reason: "bad-vault-name" })));
  expect([...azure.requests, ...azure.asked]).toEqual([]);
});

const own = { createdBy: "keyline", run: "run-7" };
test("left-overs are found by name and tag, living and deleted, over pages", async () => {
  const azure = memoryAzure();
  const { store } = azure.services;
  for (let index = 0; index < 60; index++) store.setSecret(vault.name, `secret-${String(index)}`, { value: "demo value", tags: own });
  store.setSecret(vault.name, "harness-test-00000000000000aa", { value: "demo value", tags: own });
  store.setSecret(vault.name, "harness-test-00000000000000bb", { value: "demo value", tags: { createdBy: "somebody" } });
  store.setSecret(vault.name, "harness-test-00000000000000cc", { value: "demo value", tags: own });
  store.deleteSecret(vault.name, "harness-test-00000000000000cc");
  expect(await azure.clock.until(azure.tests.leftOvers(vault, never))).toEqual({
    ok: true,
    value: [
      { name: "harness-test-00000000000000aa", run: "run-7", deleted: false },
      { name: "harness-test-00000000000000cc", run: "run-7", deleted: true },
    ],
  });
  expect(azure.requests.every((request) => request.method === "GET")).toBe(true);
});

test("left-overs are found without a right to see deleted secrets, and not at all without one to list", async () => {
  const azure = memoryAzure();
  azure.services.store.setSecret(vault.name, run.name, { value: "demo value", tags: own });
  azure.services.store.deny(vault.name, objectId, ["listDeleted"]);
  expect(await azure.clock.until(azure.tests.leftOvers(vault, never))).toEqual({ ok: true, value: [{ name: run.name, run: "run-7", deleted: false }] });
  azure.disturb = (request) => {
    if (request.path === "/deletedsecrets") throw resetError();
    return undefined;
  };
  expect(await azure.clock.until(azure.tests.leftOvers(vault, never))).toEqual({ ok: false, reason: "unreachable", cause: "unreachable" });
  azure.disturb = () => undefined;
  azure.services.store.deny(vault.name, objectId, ["list"]);
  expect(await azure.clock.until(azure.tests.leftOvers(vault, never))).toEqual({ ok: false, reason: "forbidden", cause: "rbac" });
});

test("a left-over is removed; a secret of the same form that somebody else made is not", async () => {
  const azure = memoryAzure();
  const { store } = azure.services;
  const remove = (): Promise<unknown> => azure.clock.until(azure.tests.remove(vault, { name: run.name, run: "run-7", deleted: false }, never));
  expect(await remove()).toEqual({ ok: true, value: {} });
  store.setSecret(vault.name, run.name, { value: "demo value", tags: { createdBy: "somebody" } });
  expect(await remove()).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  store.deleteSecret(vault.name, run.name);
  expect(await remove()).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(azure.requests.filter((request) => request.method !== "GET")).toEqual([]);
  expect(stored(azure)).toEqual([run.name]);
  const mine = memoryAzure();
  mine.services.store.setSecret(vault.name, run.name, { value: "demo value", tags: own });
  expect(await mine.clock.until(mine.tests.remove(vault, { name: run.name, run: "run-7", deleted: false }, never))).toEqual({ ok: true, value: {} });
  expect(stored(mine)).toEqual([]);
});

test("R13: a left-over in a protected vault is said to stay", async () => {
  const azure = memoryAzure({ purgeProtection: true });
  azure.services.store.setSecret(vault.name, run.name, { value: "demo value", tags: own });
  azure.services.store.deleteSecret(vault.name, run.name);
  const outcome = await azure.clock.until(azure.tests.remove(vault, { name: run.name, run: "run-7", deleted: true }, never));
  expect(outcome).toEqual({ ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } });
  expect(azure.requests.filter((request) => request.method !== "GET")).toEqual([]);
});

test("the credential is asked for at each test, and goes into the token request", async () => {
  const azure = memoryAzure();
  await azure.clock.until(azure.tests.read(vault, never));
  azure.credential = { kind: "managed-identity" };
  await azure.clock.until(azure.tests.read(vault, never));
  await azure.clock.until(azure.api.listSecrets(vault, () => undefined, never));
  azure.credential = { kind: "workload-identity" };
  await azure.clock.until(azure.api.listSecrets(vault, () => undefined, never));
  await azure.clock.until(azure.api.listSecrets(vault, () => undefined, never));
  expect(azure.asked.map((ask) => ask.credential?.kind)).toEqual(["azure-cli", "managed-identity", "workload-identity"]);
});

test("T17: neither a token nor the written text is in any outcome or log, whatever goes wrong", async () => {
  const seen: unknown[] = [];
  for (const method of ["GET", "PUT", "DELETE"]) {
    for (const how of ["reset", "echo", "truncate"] as const) {
      const azure = memoryAzure();
      azure.disturb = (request, apply) => {
        if (request.method !== method || !request.authorized) return undefined;
        if (how === "reset") throw Object.assign(resetError(), { message: `${request.body} ${azure.given.join(" ")}`, request });
        const answer = apply();
        if (how === "truncate") return { ...answer, body: answer.body.slice(0, -2) };
        return { status: 400, headers: {}, body: JSON.stringify({ error: { code: request.body, message: `${request.body} ${azure.given.join(" ")}` } }) };
      };
      const { outcome } = await write(azure);
      seen.push(outcome, azure.logged, await azure.clock.until(azure.tests.read(vault, never)), await azure.clock.until(azure.tests.leftOvers(vault, never)));
      const text = JSON.stringify(seen);
      for (const canary of ["keyline connection test", ...azure.given.flatMap((token) => token.split("."))]) expect(text).not.toContain(canary);
    }
  }
});

function nameOf(): string {
  return `harness-test-${randomBytes(8).toString("hex")}`;
}
