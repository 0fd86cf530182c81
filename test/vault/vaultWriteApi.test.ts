import { describe, expect, test } from "vitest";
import { lazyVaultWriteApi } from "../../server/src/vault/lazyVaultWriteApi.ts";
import type { AttributeChange, NewVersion, VaultWriteApi } from "../../server/src/vault/vaultWriteApi.ts";
import { maxValueBytes } from "../../server/src/vault/vaultWriteApi.ts";
import type { LocalAnswer } from "../azure/localAnswer.ts";
import type { StoredSecret } from "../azure/vaultState.ts";
import { memoryAzure, never, objectId, resetError, tenant, vault } from "./memoryAzure.ts";
import type { MemoryAzure, MemoryAzureOptions, MemoryRequest } from "./memoryAzure.ts";
import { quiet } from "./manualClock.ts";
import { readErrorBodies } from "./readVectors.ts";

const name = "db-password";
const path = `/secrets/${name}`;
const deletedPath = `/deletedsecrets/${name}`;
const first = "00000000000000000000000000000001";
const second = "00000000000000000000000000000002";
const canary = "canary-0b5e7c19";
const value: NewVersion = { value: canary, enabled: true };
const day = 86_400_000;

/** A vault with one secret of one version, made a day ago. */
function shop(options: MemoryAzureOptions = {}): MemoryAzure {
  const azure = memoryAzure(options);
  azure.services.store.setSecret(vault.name, name, { value: "demo value", version: first, created: new Date(azure.clock.now() - day) });
  return azure;
}

function deletedShop(options: MemoryAzureOptions = {}): MemoryAzure {
  const azure = shop(options);
  azure.services.store.deleteSecret(vault.name, name);
  return azure;
}

/** Each operation on the shop's secret, as a person starts it. */
const operations = {
  set: (writes: VaultWriteApi, signal: AbortSignal) => writes.set(vault, name, value, first, "run-1", signal),
  update: (writes: VaultWriteApi, signal: AbortSignal) => writes.update(vault, name, first, { enabled: false }, signal),
  delete: (writes: VaultWriteApi, signal: AbortSignal) => writes.delete(vault, name, signal),
  waitDeleted: (writes: VaultWriteApi, signal: AbortSignal) => writes.waitDeleted(vault, name, signal),
  recover: (writes: VaultWriteApi, signal: AbortSignal) => writes.recover(vault, name, signal),
  purge: (writes: VaultWriteApi, signal: AbortSignal) => writes.purge(vault, name, signal),
  useValue: (writes: VaultWriteApi, signal: AbortSignal) => writes.useValue(vault, name, undefined, () => Promise.resolve(), signal),
} as const;
type OperationName = keyof typeof operations;
const names = Object.keys(operations) as OperationName[];
/** How each succeeds, the request that changes something, and whether it needs a deleted secret. */
const successes = {
  set: { value: { kind: "written" }, change: `PUT ${path}`, deleted: false },
  update: { value: { kind: "updated" }, change: `PATCH ${path}/${first}`, deleted: false },
  delete: { value: { kind: "accepted" }, change: `DELETE ${path}`, deleted: false },
  recover: { value: { kind: "recovered" }, change: `POST ${deletedPath}/recover`, deleted: true },
  purge: { value: { kind: "purged" }, change: `DELETE ${deletedPath}`, deleted: true },
} as const;
type ChangeName = keyof typeof successes;
const changeNames = Object.keys(successes) as ChangeName[];

function shopFor(operation: OperationName, options: MemoryAzureOptions = {}): MemoryAzure {
  return operation === "waitDeleted" || (operation in successes && successes[operation as ChangeName].deleted) ? deletedShop(options) : shop(options);
}

function run(azure: MemoryAzure, operation: OperationName, signal: AbortSignal = never): Promise<unknown> {
  return azure.clock.until<unknown>(operations[operation](azure.writes, signal));
}

function sentBy(azure: MemoryAzure): readonly string[] {
  return azure.requests.map((request) => `${request.method} ${request.path.replace(/\/$/, "")}`);
}

function changesOf(azure: MemoryAzure): readonly string[] {
  return sentBy(azure).filter((line) => !line.startsWith("GET "));
}

function stored(azure: MemoryAzure): StoredSecret | undefined {
  return azure.services.store.find(vault.name, "public")?.secrets.get(name);
}

function latest(azure: MemoryAzure) {
  return stored(azure)?.versions.at(-1);
}

/** Lets the vault do what changes something, then answers in its place. */
function afterwards(azure: MemoryAzure, answer: (answer: LocalAnswer) => LocalAnswer | "hang"): void {
  azure.disturb = (request, apply) => (request.method === "GET" ? undefined : answer(apply()));
}

function reset(): never {
  throw resetError();
}

const set = (azure: MemoryAzure, version: Partial<NewVersion> = {}, expected = first, signal = never) =>
  azure.clock.until(azure.writes.set(vault, name, { ...value, ...version }, expected, "run-1", signal));

describe("set", () => {
  test("reads the versions, writes once with all that was given, and looks whether somebody else wrote as well", async () => {
    const azure = shop();
    const expires = Date.UTC(2040, 0, 1, 12, 0, 0, 700);
    const outcome = await set(azure, { contentType: "text/plain", tags: [["team", "shop"]], expires, notBefore: Date.UTC(2026, 0, 1), enabled: false });
    expect(outcome).toEqual({ ok: true, value: { kind: "written", version: latest(azure)?.version } });
    expect(sentBy(azure)).toEqual([`GET ${path}/versions`, `GET ${path}/versions`, `PUT ${path}`, `GET ${path}/versions`]);
    expect(azure.requests.map((request) => request.authorized)).toEqual([false, true, true, true]);
    expect(JSON.parse(azure.requests[2]?.body ?? "")).toEqual({
      value: canary,
      contentType: "text/plain",
      tags: { team: "shop", "keyline-run": "run-1" },
      // After 2038 too: the SDK would send a negative number.
      attributes: { enabled: false, nbf: Date.UTC(2026, 0, 1) / 1000, exp: Date.UTC(2040, 0, 1, 12) / 1000 },
    });
    expect(azure.logged).toEqual([`setSecret ${name} in my-vault: written`]);
  });

  test("creates a secret where there is none, with an empty value too", async () => {
    const azure = memoryAzure();
    expect(await set(azure, { value: "" }, "none")).toMatchObject({ ok: true, value: { kind: "written" } });
    expect(latest(azure)?.value).toBe("");
  });

  test.each([
    ["the secret was not there", "none"],
    ["another version was the latest", second],
  ])("sends nothing where %s when the person decided", async (_what, expected) => {
    const azure = shop();
    expect(await set(azure, {}, expected)).toEqual({ ok: true, value: { kind: "changed" } });
    expect(changesOf(azure)).toEqual([]);
  });

  test("sends nothing where the secret has gone", async () => {
    const azure = memoryAzure();
    expect(await set(azure)).toEqual({ ok: true, value: { kind: "changed" } });
    expect(changesOf(azure)).toEqual([]);
  });

  test("takes the latest version by its time, not by the vault's order", async () => {
    const azure = shop();
    for (const [version, hours] of [["f".repeat(32), 30], [second, 1]] as const) {
      azure.services.store.setSecret(vault.name, name, { value: "demo value", version, created: new Date(azure.clock.now() - hours * 3_600_000) });
    }
    expect(await set(azure, {}, "f".repeat(32))).toEqual({ ok: true, value: { kind: "changed" } });
    expect(await set(azure, {}, second.toUpperCase())).toMatchObject({ ok: true, value: { kind: "written" } });
  });

  test("of two versions of one second neither counts as the latest, until both are 10 minutes old", async () => {
    const azure = shop();
    const twin = (created: Date): string => azure.services.store.setSecret(vault.name, name, { value: "demo value", created });
    const made = new Date(azure.clock.now() - 1000);
    const twins = [twin(made), twin(made)] as const;
    for (const expected of twins) expect(await set(azure, {}, expected)).toEqual({ ok: true, value: { kind: "changed" } });
    await azure.clock.advance(10 * 60_000 + 1000);
    expect(await set(azure, {}, first)).toEqual({ ok: true, value: { kind: "changed" } });
    expect(await set(azure, {}, twins[0])).toMatchObject({ ok: true, value: { kind: "written" } });
  });

  test("says that the name waits among the deleted secrets, or is being deleted", async () => {
    const deleted = deletedShop();
    expect(await set(deleted, {}, "none")).toEqual({ ok: true, value: { kind: "deleted" } });
    const busy = shop({ deletionLagMs: 60_000 });
    await run(busy, "delete");
    expect(await set(busy, {}, "none")).toEqual({ ok: true, value: { kind: "deleted" } });
  });

  test("a run's mark of an earlier version is not carried on, and does not count among the 15 tags", async () => {
    const azure = shop();
    const tags = [...Array.from({ length: 14 }, (_, index) => [`tag-${String(index)}`, "x"] as const), ["Keyline-Run", "run-0"] as const];
    expect(await set(azure, { tags })).toMatchObject({ ok: true, value: { kind: "written" } });
    expect(Object.keys(latest(azure)?.tags ?? {})).toHaveLength(15);
    expect(latest(azure)?.tags).toMatchObject({ "keyline-run": "run-1", "tag-13": "x" });
  });

  test("with 15 tags there is no room for the mark, and an open answer stays open", async () => {
    const tags = Array.from({ length: 15 }, (_, index) => [`tag-${String(index)}`, "x"] as const);
    const azure = shop();
    expect(await set(azure, { tags })).toMatchObject({ ok: true, value: { kind: "written" } });
    expect(latest(azure)?.tags).not.toHaveProperty("keyline-run");
    const open = shop();
    afterwards(open, reset);
    expect(await set(open, { tags })).toEqual({ ok: true, value: { kind: "unknown", cause: "unreachable" } });
    expect(changesOf(open)).toEqual([`PUT ${path}`]);
  });

  test("without the right to list nothing is sent, since nobody can tell what is the latest", async () => {
    const azure = shop({ rights: ["get", "set"], rbac: false });
    expect(await set(azure)).toEqual({ ok: false, reason: "forbidden", cause: "access-policy" });
    expect(changesOf(azure)).toEqual([]);
  });
});

describe("T38", () => {
  test.each(["ECONNRESET", "EPIPE", "hang", 500, 503, 408, "truncated", "empty"] as const)("the vault writes and then answers with %s: 1 version in 100 of 100, and it is found", async (how) => {
    for (let count = 0; count < 100; count++) {
      const azure = shop();
      afterwards(azure, (answer) => {
        if (how === "hang") return "hang";
        if (how === "truncated") return { ...answer, body: answer.body.slice(0, 30) };
        if (how === "empty") return { ...answer, body: "{}" };
        if (typeof how === "number") return { status: how, headers: {}, body: "" };
        throw resetError(how);
      });
      expect(await set(azure)).toEqual({ ok: true, value: { kind: "written", version: latest(azure)?.version } });
      expect(stored(azure)?.versions).toHaveLength(2);
      expect(changesOf(azure)).toEqual([`PUT ${path}`]);
    }
  });

  test.each(changeNames)("%s: whatever the vault answers after it has done it, it is sent once and found to be done", async (operation) => {
    const { change, value: done } = successes[operation];
    for (const how of [resetError("ECONNRESET"), resetError("ETIMEDOUT"), 500, 502, 408, "hang"] as const) {
      const azure = shopFor(operation, { deletionLagMs: 1000 });
      afterwards(azure, () => {
        if (how === "hang") return "hang";
        if (typeof how === "number") return { status: how, headers: {}, body: "<html>" };
        throw how;
      });
      expect(await run(azure, operation)).toMatchObject({ ok: true, value: done });
      expect(changesOf(azure)).toEqual([change]);
    }
  });

  test.each(changeNames)("%s: a request that never arrived is sent once, and what went wrong is told", async (operation) => {
    for (const how of ["ECONNRESET", "ENOTFOUND"]) {
      const azure = shopFor(operation);
      azure.disturb = (request) => {
        if (request.method !== "GET") throw resetError(how);
        return undefined;
      };
      expect(await run(azure, operation)).toEqual({ ok: false, reason: "unreachable", cause: how === "ENOTFOUND" ? "dns" : "unreachable" });
      expect(changesOf(azure)).toEqual([successes[operation].change]);
    }
  });

  test.each(changeNames)("%s: where nothing can be read afterwards, it is never called done", async (operation) => {
    const azure = shopFor(operation);
    let gone = false;
    azure.disturb = (request, apply) => {
      if (request.method !== "GET") {
        apply();
        gone = true;
      }
      if (gone) throw resetError();
      return undefined;
    };
    const unknown = { ok: true, value: { kind: "unknown", cause: "unreachable" } };
    expect(await run(azure, operation)).toEqual(operation === "recover" || operation === "purge" ? { ok: false, reason: "unreachable", cause: "unreachable" } : unknown);
    expect(changesOf(azure)).toEqual([successes[operation].change]);
  });

  test.each(changeNames)("%s: a refused token is renewed once, and the vault has done nothing before", async (operation) => {
    const azure = shopFor(operation);
    let revoked = false;
    azure.disturb = (request) => {
      if (request.method !== "GET" && !revoked) {
        revoked = true;
        azure.services.tokens.revokeAll("expired");
      }
      return undefined;
    };
    expect(await run(azure, operation)).toMatchObject({ ok: true, value: successes[operation].value });
    expect(azure.requests.filter((request) => request.method !== "GET").map((request) => request.status)).toEqual([401, operation === "purge" ? 204 : 200]);
    expect(azure.asked).toHaveLength(2);
  });

  test.each<readonly [number, string]>([[400, "service-error"], [429, "throttled"], [403, "forbidden"], [409, "service-error"]])("a refusal (%i) is told and not repeated", async (status, cause) => {
    for (const operation of changeNames) {
      const azure = shopFor(operation);
      azure.disturb = (request) => (request.method === "GET" ? undefined : { status, headers: {}, body: JSON.stringify({ error: { code: "Other", message: "text" } }) });
      const outcome = await run(azure, operation);
      expect(outcome).toMatchObject({ ok: false });
      if (cause !== "forbidden") expect(outcome).toMatchObject({ cause });
      expect(changesOf(azure)).toHaveLength(1);
    }
  });
});

test("T37: two people who rotate at once: in 100 of 100 interleavings at least one of them is told", async () => {
  for (let seed = 0; seed < 100; seed++) {
    const azure = shop();
    const random = randomFrom(seed);
    azure.disturb = (_request, apply) =>
      new Promise((resolve) => {
        azure.clock.after(Math.floor(random() * 300), () => {
          const answer = apply();
          azure.clock.after(Math.floor(random() * 300), () => { resolve(answer); });
        });
      });
    const rotate = (runId: string) => azure.writes.set(vault, name, value, first, runId, never);
    const outcomes = await azure.clock.until(Promise.all([rotate("run-a"), rotate("run-b")]));
    const told = outcomes.filter((outcome) => outcome.ok && (outcome.value.kind === "changed" || (outcome.value.kind === "written" && outcome.value.contested === true)));
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(stored(azure)?.versions).toHaveLength(1 + outcomes.filter((outcome) => outcome.ok && outcome.value.kind === "written").length);
  }
});

describe("update", () => {
  const update = (azure: MemoryAzure, change: AttributeChange, version = first) => azure.clock.until(azure.writes.update(vault, name, version, change, never));

  test("changes what is given and nothing else, dates after 2038 too", async () => {
    const azure = shop();
    const change = { contentType: "application/json", tags: [["a", "1"]], expires: Date.UTC(2040, 0, 1), notBefore: Date.UTC(2026, 0, 1), enabled: false } as const;
    expect(await update(azure, change)).toEqual({ ok: true, value: { kind: "updated" } });
    expect(sentBy(azure)).toEqual(["GET /secrets", "GET /secrets", `PATCH ${path}/${first}`]);
    expect(latest(azure)).toMatchObject({ contentType: "application/json", tags: { a: "1" }, expires: Date.UTC(2040, 0, 1), notBefore: Date.UTC(2026, 0, 1), enabled: false, value: "demo value" });
    await update(azure, { enabled: true });
    expect(JSON.parse(azure.requests.at(-1)?.body ?? "")).toEqual({ attributes: { enabled: true } });
    expect(latest(azure)).toMatchObject({ contentType: "application/json", tags: { a: "1" }, enabled: true });
  });

  test.each([
    [{ contentType: "text/plain" }],
    [{ contentType: "" }],
    [{ tags: [] }],
    [{ tags: [["a", "1"]] }],
    [{ expires: Date.UTC(2040, 0, 1, 0, 0, 0, 5) }],
    [{ notBefore: Date.UTC(2020, 0, 1), enabled: false }],
  ] satisfies (readonly [AttributeChange])[])("after an open answer %j is found in the version's attributes, or found missing", async (change) => {
    const done = shop();
    done.services.store.updateSecret(vault.name, name, { contentType: "x", tags: { b: "2" } });
    afterwards(done, reset);
    expect(await update(done, change)).toEqual({ ok: true, value: { kind: "updated" } });
    const lost = shop();
    lost.services.store.updateSecret(vault.name, name, { contentType: "x", tags: { b: "2" } });
    lost.disturb = (request) => (request.method === "PATCH" ? reset() : undefined);
    expect(await update(lost, change)).toEqual({ ok: false, reason: "unreachable", cause: "unreachable" });
  });

  test("says that there is no such version", async () => {
    expect(await update(shop(), { enabled: true }, second)).toEqual({ ok: true, value: { kind: "absent" } });
    expect(await update(deletedShop(), { enabled: true })).toEqual({ ok: true, value: { kind: "absent" } });
  });
});

describe("delete", () => {
  test("is accepted once, or says that there is nothing to delete", async () => {
    const azure = shop({ deletionLagMs: 14_000 });
    expect(await run(azure, "delete")).toEqual({ ok: true, value: { kind: "accepted" } });
    // It is being deleted already.
    expect(await run(azure, "delete")).toEqual({ ok: true, value: { kind: "accepted" } });
    expect(sentBy(azure).slice(0, 3)).toEqual(["GET /secrets", "GET /secrets", `DELETE ${path}`]);
    expect(await run(memoryAzure(), "delete")).toEqual({ ok: true, value: { kind: "absent" } });
  });

  test("needs no right but its own", async () => {
    expect(await run(shop({ rights: ["delete"], rbac: false }), "delete")).toEqual({ ok: true, value: { kind: "accepted" } });
  });

  test("a deletion that lands only after the first look is found by the second", async () => {
    const azure = shop();
    let land: () => void = () => undefined;
    azure.disturb = (request, apply) => {
      if (request.path.endsWith("/versions")) azure.clock.after(1000, land);
      if (request.method !== "DELETE") return undefined;
      land = apply;
      return reset();
    };
    expect(await run(azure, "delete")).toEqual({ ok: true, value: { kind: "accepted" } });
    expect(changesOf(azure)).toHaveLength(1);
  });
});

describe("R16: the deletion's end", () => {
  test.each([0, 14_000, 90_000, 200_000])("after a lag of %i ms", async (deletionLagMs) => {
    const azure = shop({ deletionLagMs });
    const deletedAt = azure.clock.now();
    await run(azure, "delete");
    azure.requests.length = 0;
    const begin = azure.clock.monotonic();
    expect(await run(azure, "waitDeleted")).toEqual({
      ok: true,
      value: deletionLagMs > 120_000 ? { kind: "pending" } : { kind: "deleted", scheduledPurge: deletedAt + 90 * day, recoveryLevel: "Recoverable+Purgeable" },
    });
    const polls = azure.requests.filter((request) => request.authorized).map((request) => request.atMs - begin);
    expect(polls.slice(0, 6)).toEqual([0, 2000, 6000, 14_000, 22_000, 30_000].slice(0, Math.min(polls.length, 6)));
    expect(azure.clock.monotonic() - begin).toBeLessThanOrEqual(Math.min(deletionLagMs + 8000, 120_000));
    expect(azure.clock.timers).toBe(0);
  });

  test("F16: a deleted secret that the caller may not see is there", async () => {
    const azure = deletedShop({ rights: ["list", "delete"], rbac: false });
    expect(await run(azure, "waitDeleted")).toEqual({ ok: true, value: { kind: "deleted" } });
  });

  test("a firewall in the way is no sign of a deleted secret", async () => {
    const azure = deletedShop({ publicAccess: "firewall" });
    expect(await run(azure, "waitDeleted")).toEqual({ ok: false, reason: "network-blocked", cause: "firewall" });
  });
});

describe("recover", () => {
  test.each([0, 14_000, 90_000, 200_000])("brings all versions back after %i ms, and never asks for a value", async (deletionLagMs) => {
    const azure = deletedShop({ deletionLagMs });
    expect(await run(azure, "recover")).toEqual({ ok: true, value: { kind: deletionLagMs > 120_000 ? "pending" : "recovered" } });
    expect(changesOf(azure)).toEqual([`POST ${deletedPath}/recover`]);
    expect(sentBy(azure).slice(0, 3)).toEqual([`GET ${deletedPath}`, `GET ${deletedPath}`, `POST ${deletedPath}/recover`]);
    expect(sentBy(azure)).not.toContain(`GET ${path}`);
    expect(azure.clock.timers).toBe(0);
  });

  test("where a living secret has the name nothing is sent, nor where there is none", async () => {
    const living = shop();
    expect(await run(living, "recover")).toEqual({ ok: true, value: { kind: "exists" } });
    const none = memoryAzure();
    expect(await run(none, "recover")).toEqual({ ok: true, value: { kind: "absent" } });
    expect([...changesOf(living), ...changesOf(none)]).toEqual([]);
  });

  test("a caller who may not see the deleted secret may recover it", async () => {
    const azure = deletedShop({ rights: ["list", "recover"], rbac: false });
    expect(await run(azure, "recover")).toEqual({ ok: true, value: { kind: "recovered" } });
    const gone = memoryAzure({ rights: ["list", "recover"], rbac: false });
    expect(await run(gone, "recover")).toEqual({ ok: true, value: { kind: "absent" } });
  });

  test("what has begun is pending where the caller cannot see its end", async () => {
    expect(await run(deletedShop({ rights: ["get", "recover"], rbac: false }), "recover")).toEqual({ ok: true, value: { kind: "pending" } });
    const cut = deletedShop();
    cut.disturb = (request) => (request.path.endsWith("/versions") ? reset() : undefined);
    expect(await run(cut, "recover")).toEqual({ ok: true, value: { kind: "pending" } });
  });

  test("without its right it is told which kind of right is missing", async () => {
    const azure = deletedShop({ rights: ["list", "get"], rbac: false });
    expect(await run(azure, "recover")).toEqual({ ok: false, reason: "forbidden", cause: "access-policy" });
  });
});

describe("purge", () => {
  test.each([
    ["Purgeable", true],
    ["Recoverable+Purgeable", true],
    ["CustomizedRecoverable+Purgeable", true],
    ["Recoverable", false],
    ["Recoverable+ProtectedSubscription", false],
    ["CustomizedRecoverable", false],
    ["CustomizedRecoverable+ProtectedSubscription", false],
  ] as const)("T36: with the recovery level %s: %s", async (level, purgeable) => {
    const azure = deletedShop();
    const deletedAt = azure.clock.now();
    azure.disturb = (_request, apply) => {
      const answer = apply();
      return { ...answer, body: answer.body.replaceAll(/"recoveryLevel":"[^"]{1,60}"/g, `"recoveryLevel":"${level}"`) };
    };
    expect(await run(azure, "purge")).toEqual({ ok: true, value: purgeable ? { kind: "purged" } : { kind: "protected", scheduledPurge: deletedAt + 90 * day } });
    expect(changesOf(azure)).toEqual(purgeable ? [`DELETE ${deletedPath}`] : []);
  });

  test("T36: a refusal that names the protection is told as such, whatever the recovery level said", async () => {
    const azure = deletedShop();
    const deletedAt = azure.clock.now();
    azure.disturb = (request) => {
      if (request.method === "DELETE") azure.services.store.change(vault.name, { purgeProtection: true });
      return undefined;
    };
    expect(await run(azure, "purge")).toEqual({ ok: true, value: { kind: "protected", scheduledPurge: deletedAt + 90 * day } });
  });

  test("where there is nothing deleted nothing is sent", async () => {
    const azure = shop();
    expect(await run(azure, "purge")).toEqual({ ok: true, value: { kind: "absent" } });
    expect(changesOf(azure)).toEqual([]);
  });

  test.each([[14_000, "purged", 4], [200_000, "pending", 17]] as const)("R16: a deletion that goes on for %i ms is waited for", async (lagMs, kind, tries) => {
    const azure = deletedShop();
    const busy: LocalAnswer = { status: 409, headers: {}, body: JSON.stringify({ error: { code: "Conflict", message: "Secret is currently being deleted.", innererror: { code: "ObjectIsBeingDeleted" } } }) };
    azure.disturb = (request) => (request.method === "DELETE" && azure.clock.monotonic() < lagMs ? busy : undefined);
    expect(await run(azure, "purge")).toEqual({ ok: true, value: { kind } });
    expect(changesOf(azure)).toHaveLength(tries);
    expect(azure.clock.monotonic()).toBeLessThanOrEqual(120_000);
  });

  test("a caller who may not see the deleted secret may purge it, and the vault alone protects it", async () => {
    const rights = { rights: ["purge"], rbac: false } as const;
    expect(await run(deletedShop(rights), "purge")).toEqual({ ok: true, value: { kind: "purged" } });
    expect(await run(deletedShop({ ...rights, purgeProtection: true }), "purge")).toEqual({ ok: true, value: { kind: "protected" } });
    expect(await run(memoryAzure(rights), "purge")).toEqual({ ok: true, value: { kind: "absent" } });
  });
});

describe("useValue", () => {
  async function valuesOf(azure: MemoryAzure, version?: string): Promise<readonly unknown[]> {
    const seen: unknown[] = [];
    const use = (text: string): Promise<void> => {
      seen.push(text);
      return Promise.resolve();
    };
    return [await azure.clock.until(azure.writes.useValue(vault, name, version, use, never)), ...seen];
  }

  test("hands the value over and answers nothing of it", async () => {
    const azure = shop();
    azure.services.store.setSecret(vault.name, name, { value: canary });
    expect(await valuesOf(azure)).toEqual([{ ok: true, value: undefined }, canary]);
    expect(await valuesOf(azure, first)).toEqual([{ ok: true, value: undefined }, "demo value"]);
    expect(changesOf(azure)).toEqual([]);
    expect(azure.logged).toEqual([`readValue ${name} in my-vault: done`, `readValue ${name} in my-vault: done`]);
  });

  test("says that the version is disabled, absent or not for the caller, and calls nobody", async () => {
    const disabled = shop();
    disabled.services.store.updateSecret(vault.name, name, { enabled: false });
    expect(await valuesOf(disabled)).toEqual([{ ok: false, reason: "forbidden", cause: "secret-disabled" }]);
    expect(await valuesOf(shop(), second)).toEqual([{ ok: false, reason: "stale", cause: "secret-not-found" }]);
    expect(await valuesOf(deletedShop())).toEqual([{ ok: false, reason: "stale", cause: "secret-not-found" }]);
    expect(await valuesOf(shop({ rights: ["Key Vault Reader"] }))).toEqual([{ ok: false, reason: "forbidden", cause: "rbac" }]);
  });

  test("an answer that no secret can have is none", async () => {
    const azure = shop();
    for (const body of [JSON.stringify({ value: "x".repeat(4 * 1024 * 1024), id: `https://my-vault.vault.azure.net${path}/${first}` }), JSON.stringify({ id: `https://my-vault.vault.azure.net${path}/${first}` })]) {
      azure.disturb = (request) => (request.authorized ? { status: 200, headers: {}, body } : undefined);
      expect(await valuesOf(azure)).toEqual([{ ok: false, reason: "service-error", cause: "service-error" }]);
    }
  });

  test("whoever uses the value may fail, and the reason goes nowhere", async () => {
    const azure = shop();
    azure.services.store.setSecret(vault.name, name, { value: canary });
    for (const use of [(text: string) => Promise.reject(new Error(text)), (text: string): Promise<void> => { throw new Error(text); }]) {
      expect(await azure.clock.until(azure.writes.useValue(vault, name, undefined, use, never))).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
    }
    expect(JSON.stringify(azure.logged)).not.toContain(canary);
  });
});

describe("nothing is sent", () => {
  const bytes = (count: number): string => "é".repeat(count / 2);
  const tag = (text: string, content = "x") => ({ tags: [[text, content]] as const });
  test.each<readonly [string, Partial<NewVersion>]>([
    ["a value of one byte too many", { value: `${bytes(maxValueBytes)}x` }],
    ["a content type that is too long", { contentType: "x".repeat(256) }],
    ["16 tags", { tags: Array.from({ length: 16 }, (_, index) => [String(index), "x"] as const) }],
    ["two tags of one name", { tags: [["a", "1"], ["a", "2"]] }],
    ["a tag without a name", tag("")],
    ["a tag with a long name", tag("x".repeat(257))],
    ["a tag with a long value", tag("a", "x".repeat(257))],
    ["a date that is none", { expires: Number.NaN }],
    ["a date before 1970", { notBefore: -1 }],
    ["a date after the year 9999", { expires: Infinity }],
  ])("for %s", async (_what, version) => {
    const azure = shop();
    expect(await set(azure, version)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
    const { value: _value, ...attributes } = version;
    if (Object.keys(attributes).length > 0) expect(await azure.writes.update(vault, name, first, attributes, never)).toMatchObject({ ok: false });
    expect([...azure.requests, ...azure.asked]).toEqual([]);
  });

  test("a value of exactly 25 KB is written", async () => {
    expect(await set(shop(), { value: bytes(maxValueBytes) })).toMatchObject({ ok: true, value: { kind: "written" } });
  });

  test.each(["", "my_secret", "a/b", "../secrets/a", "x".repeat(128)])("for the name %j", async (bad) => {
    const azure = shop();
    const { writes } = azure;
    const outcomes = [
      await writes.set(vault, bad, value, "none", "run-1", never),
      await writes.update(vault, bad, first, { enabled: true }, never),
      await writes.delete(vault, bad, never),
      await writes.waitDeleted(vault, bad, never),
      await writes.recover(vault, bad, never),
      await writes.purge(vault, bad, never),
      await writes.useValue(vault, bad, undefined, () => Promise.resolve(), never),
    ];
    expect(outcomes).toEqual(outcomes.map(() => ({ ok: false, reason: "service-error", cause: "service-error" })));
    expect([...azure.requests, ...azure.asked]).toEqual([]);
  });

  test("for a version, a run or a change that is none", async () => {
    const azure = shop();
    const { writes } = azure;
    const outcomes = [
      await writes.update(vault, name, "latest", { enabled: true }, never),
      await writes.update(vault, name, first, {}, never),
      await writes.useValue(vault, name, "../x", () => Promise.resolve(), never),
      await writes.set(vault, name, value, "latest", "run-1", never),
      await writes.set(vault, name, value, first, "a b", never),
      await writes.set(vault, name, value, first, "", never),
    ];
    expect(outcomes.map((outcome) => outcome.ok)).toEqual(outcomes.map(() => false));
    expect([...azure.requests, ...azure.asked]).toEqual([]);
  });

  test("T01: for a name that no vault can have", async () => {
    const azure = shop();
    expect(await azure.writes.set({ name: "my-vault.evil.example", cloud: "public" }, name, value, "none", "run-1", never)).toEqual({ ok: false, reason: "bad-vault-name" });
    expect([...azure.requests, ...azure.asked]).toEqual([]);
  });
});

describe("cancelling", () => {
  test.each(names)("%s ends within 100 ms, at any request and while it waits, and says whether something was sent", async (operation) => {
    const options = { deletionLagMs: 60_000 };
    const whole = shopFor(operation, options);
    await run(whole, operation);
    const atChange = whole.requests.findIndex((request) => request.method !== "GET");
    for (let at = 0; at < whole.requests.length; at++) {
      const azure = shopFor(operation, options);
      const person = new AbortController();
      azure.disturb = (request) => (azure.requests.indexOf(request) === at ? "hang" : undefined);
      const outcome = operations[operation](azure.writes, person.signal);
      while (azure.requests.length <= at) await azure.clock.advance(1000);
      const before = azure.clock.monotonic();
      person.abort();
      await azure.clock.until<unknown>(outcome);
      expect(azure.clock.monotonic() - before).toBeLessThanOrEqual(100);
      const cancelled = { ok: false, reason: "loading", cause: "cancelled" };
      const unknown = { ok: true, value: { kind: "unknown", cause: "cancelled" } };
      const keepsUnknown = operation === "set" || operation === "update" || operation === "delete";
      if (operation === "set" && at > atChange) expect(await outcome).toMatchObject({ ok: true, value: { kind: "written" } });
      else expect(await outcome).toEqual(keepsUnknown && at === atChange ? unknown : cancelled);
      expect(changesOf(azure).length).toBe(atChange >= 0 && at >= atChange ? 1 : 0);
      expect(azure.clock.timers).toBe(0);
    }
  });

  test("what was cancelled before its turn is never sent", async () => {
    const azure = shop();
    const person = new AbortController();
    person.abort();
    for (const operation of names) expect(await run(azure, operation, person.signal)).toEqual({ ok: false, reason: "loading", cause: "cancelled" });
    await quiet();
    expect(azure.requests).toEqual([]);
  });
});

describe("F3: nothing is written before the vault has named itself", () => {
  test.each(changeNames)("%s: 4 at once, each client's first request failing", async (operation) => {
    const azure = shopFor(operation);
    azure.disturb = (request) => {
      if (!request.authorized) throw resetError("ENOTFOUND");
      return undefined;
    };
    const outcomes = await azure.clock.until(Promise.all(Array.from({ length: 4 }, (): Promise<unknown> => operations[operation](azure.writes, never))));
    expect(outcomes).toEqual(outcomes.map(() => ({ ok: false, reason: "unreachable", cause: "dns" })));
    expect(changesOf(azure)).toEqual([]);
    for (const request of azure.requests) expect(request.body).toBe("");
  });

  test.each(changeNames)("%s: after a challenge that names another host no token is asked for", async (operation) => {
    const azure = shopFor(operation);
    azure.disturb = (request) =>
      request.authorized ? undefined : { status: 401, headers: { "www-authenticate": `Bearer authorization="https://login.windows.net/${tenant}", resource="https://evil.example"` }, body: "{}" };
    expect(await run(azure, operation)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
    expect([...changesOf(azure), ...azure.asked]).toEqual([]);
  });
});

describe("T17: neither a value nor a token is in any outcome or log", () => {
  function leaks(azure: MemoryAzure, outcomes: readonly unknown[]): void {
    const text = JSON.stringify([outcomes, azure.logged]);
    for (const secret of [canary, ...azure.given.flatMap((token) => token.split("."))]) expect(text).not.toContain(secret);
  }

  async function everything(arrange: (azure: MemoryAzure) => void): Promise<void> {
    for (const operation of names) {
      const azure = shopFor(operation);
      azure.services.store.find(vault.name, "public")?.secrets.get(name)?.versions.splice(0, 1, { ...must(latest(azure)), value: canary });
      arrange(azure);
      leaks(azure, [await run(azure, operation)]);
    }
  }

  test.each(readErrorBodies().map((vector) => [vector.id, vector] as const))("whatever request is answered %s, with both in it", async (_id, vector) => {
    const body = typeof vector.body === "string" ? `${vector.body}${canary}` : JSON.stringify(vector.body).replaceAll(/"(message|code)":"/g, `"$1":"${canary} `);
    for (const method of ["GET", "change"]) {
      await everything((azure) => {
        azure.disturb = (request) => (request.authorized && (request.method === "GET") === (method === "GET") ? { status: vector.status, headers: vector.headers ?? {}, body: `${body}` } : undefined);
      });
    }
  });

  test.each(["reset", "echo", "truncate", "none"] as const)("whatever goes wrong (%s)", async (how) => {
    for (const method of ["GET", "change"]) {
      await everything((azure) => {
        azure.disturb = (request: MemoryRequest, apply) => {
          if (!request.authorized || how === "none" || (request.method === "GET") !== (method === "GET")) return undefined;
          if (how === "reset") throw Object.assign(resetError(), { message: `${request.body} ${azure.given.join(" ")}`, request });
          const answer = apply();
          if (how === "truncate") return { ...answer, body: answer.body.slice(0, -2) };
          return { status: 400, headers: {}, body: JSON.stringify({ error: { code: request.body, message: `${request.body} ${canary} ${azure.given.join(" ")}` } }) };
        };
      });
    }
  });
});

test("the rights of the caller decide, each by itself", async () => {
  for (const operation of changeNames) {
    const azure = shopFor(operation);
    azure.services.store.deny(vault.name, objectId, [operation]);
    expect(await run(azure, operation)).toEqual({ ok: false, reason: "forbidden", cause: "rbac" });
    expect(changesOf(azure)).toHaveLength(1);
    expect(azure.logged).toEqual([`${operation}Secret ${name} in my-vault: forbidden (403 ForbiddenByRbac)`]);
  }
});

test("nothing is opened before the first call, and each call goes on to its own", async () => {
  const azure = shop();
  let opened = 0;
  const lazy = lazyVaultWriteApi(() => {
    opened++;
    return Promise.resolve(azure.writes);
  });
  expect(opened).toBe(0);
  const outcomes: unknown[] = [];
  for (const operation of ["useValue", "update", "set", "delete", "waitDeleted", "recover", "delete", "purge"] as const) {
    const outcome = await azure.clock.until<unknown>(operations[operation](lazy, never));
    outcomes.push((outcome as { readonly value?: { readonly kind: string } }).value?.kind ?? outcome);
  }
  expect(outcomes).toEqual([{ ok: true, value: undefined }, "updated", "written", "accepted", "deleted", "recovered", "accepted", "purged"]);
  expect(stored(azure)).toBeUndefined();
});

function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

function must<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("There is none.");
  return found;
}
