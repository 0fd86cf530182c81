import { afterEach, beforeEach, expect, test } from "vitest";
import type { SecretAttributes, UnknownReason, VaultWant } from "../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import { silentLog } from "../../server/src/host/log.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome, VaultApi } from "../../server/src/vault/vaultApi.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import type { VaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { ManualClock, quiet } from "./manualClock.ts";

const shop: VaultTarget = { name: "shop", cloud: "public" };
const minuteMs = 60_000;

interface Call {
  readonly what: string;
  readonly signal: AbortSignal;
  readonly open: () => boolean;
  readonly page: (names: readonly string[]) => void;
  readonly answer: (value: unknown) => Promise<void>;
  readonly fail: (reason: UnknownReason, cause?: FaultCause) => Promise<void>;
}

let clock: ManualClock;
let calls: Call[];
let changes: number;
let closed: Map<string, UnknownReason>;
let keysAllowed: boolean;
let index: VaultIndex;

beforeEach(() => {
  clock = new ManualClock();
  calls = [];
  changes = 0;
  closed = new Map();
  keysAllowed = true;
  index = createVaultIndex({ api: recordingApi(), clock, log: silentLog, gate: (vault) => closed.get(vault.name), keysAllowed: () => keysAllowed });
  index.onDidChange(() => changes++);
});

afterEach(() => {
  index.dispose();
  expect(clock.timers).toBe(0);
  for (const call of calls) expect(call.open() && !call.signal.aborted).toBe(false);
});

test("ten that want the same make one request, and it goes on when nine go", async () => {
  const caller = new AbortController();
  for (let count = 0; count < 5; count++) index.want([wantOf(shop, { listing: true })]);
  const loads = Array.from({ length: 5 }, () => index.load([wantOf({ name: "SHOP", cloud: "public" }, { listing: true })], caller.signal));
  expect(whats()).toEqual(["list shop"]);
  caller.abort();
  await Promise.all(loads);
  expect(calls[0]?.signal.aborted).toBe(false);
  await calls[0]?.answer([secret("a")]);
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", value: { complete: true } });
  expect(whats()).toEqual(["list shop"]);
});

test("while pages come, the listing is known but not complete, and is announced 4 times a second at most", async () => {
  index.want([wantOf(shop, { listing: true })]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "loading" });
  await clock.advance(1000);
  changes = 0;
  for (let page = 0; page < 100; page++) {
    calls[0]?.page([`name-${String(page)}`]);
    await clock.advance(10);
  }
  expect(changes).toBeGreaterThanOrEqual(3);
  expect(changes).toBeLessThanOrEqual(5);
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", value: { complete: false } });
  expect(index.facts().listed(shop, "NAME-42")).toMatchObject({ name: "name-42" });
  await calls[0]?.answer([secret("name-1")]);
  const listing = index.facts().listing(shop);
  expect(listing).toEqual({ state: "known", at: clock.now(), value: { secrets: [secret("name-1")], complete: true } });
});

test("a listing is asked for again at 4 minutes, and what is known stays until the new one is complete", async () => {
  index.want([wantOf(shop, { listing: true })]);
  await calls[0]?.answer([secret("a")]);
  await clock.advance(4 * minuteMs - 1);
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  expect(calls).toHaveLength(2);
  const before = index.facts();
  calls[1]?.page(["b"]);
  await clock.advance(300);
  expect(index.facts()).toBe(before);
  await calls[1]?.answer([secret("b")]);
  expect(index.facts().listed(shop, "a")).toBeUndefined();
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", at: clock.now() });
});

test("when the refresh fails the old listing stays, is marked stale at 5 minutes, and is asked for every 30 s", async () => {
  index.want([wantOf(shop, { listing: true })]);
  await calls[0]?.answer([secret("a")]);
  const at = clock.now();
  await clock.advance(4 * minuteMs);
  await calls[1]?.fail("throttled");
  expect(index.facts().listing(shop)).toEqual({ state: "known", at, value: { secrets: [secret("a")], complete: true } });
  await clock.advance(30_000);
  await calls[2]?.fail("unreachable");
  changes = 0;
  await clock.advance(29_999);
  expect(index.facts().listing(shop)).not.toHaveProperty("stale");
  await clock.advance(300);
  expect(changes).toBeGreaterThan(0);
  expect(index.facts().listing(shop)).toEqual({ state: "known", at, stale: "unreachable", value: { secrets: [secret("a")], complete: true } });
  expect(calls).toHaveLength(4);
  await calls[3]?.answer([secret("a")]);
  expect(index.facts().listing(shop)).not.toHaveProperty("stale");
});

test.each([["unreachable", 30_000], ["not-signed-in", 30_000], ["forbidden", 120_000]] as const)("the failure %s lives %i ms and is told meanwhile, also while it is tried again", async (reason, lifeMs) => {
  index.want([wantOf(shop, { listing: true })]);
  await calls[0]?.fail(reason);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason });
  await clock.advance(lifeMs - 1);
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  expect(calls).toHaveLength(2);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason });
  await calls[1]?.answer([]);
  expect(index.facts().listing(shop)).toMatchObject({ state: "known" });
});

test("R06: a listing that breaks off proves presence, never absence, and says why it is not whole", async () => {
  index.want([wantOf(shop, { listing: true })]);
  calls[0]?.page(["a"]);
  await calls[0]?.fail("throttled");
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", stale: "throttled", value: { complete: false } });
  expect(index.facts().listed(shop, "a")).toMatchObject({ name: "a" });
});

test("a forbidden listing does not keep versions from being asked for", async () => {
  index.want([wantOf(shop, { listing: true, versionsOf: ["Db"] })]);
  await callOf("list shop").fail("forbidden");
  await callOf("versions shop Db").answer([]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "forbidden" });
  expect(index.facts().versions(shop, "DB")).toMatchObject({ state: "known", value: [] });
});

test("what nobody wants any more is no longer asked for, and comes back without a request while it is fresh", async () => {
  index.want([wantOf(shop, { listing: true, versionsOf: ["a", "b"] })]);
  await callOf("versions shop a").answer([]);
  index.want([wantOf(shop, { listing: true })]);
  expect(callOf("versions shop b").signal.aborted).toBe(true);
  expect(callOf("list shop").signal.aborted).toBe(false);
  index.want([]);
  expect(callOf("list shop").signal.aborted).toBe(true);
  const asked = calls.length;
  await clock.advance(minuteMs);
  index.want([wantOf(shop, { versionsOf: ["a"] })]);
  expect(index.facts().versions(shop, "a")).toMatchObject({ state: "known" });
  expect(calls).toHaveLength(asked);
  index.want([]);
  await clock.advance(10 * minuteMs);
  expect(calls).toHaveLength(asked);
  expect(index.facts().vaults()).toEqual([]);
  expect(clock.timers).toBe(0);
});

test("a vault behind a closed gate is never called, says why, and is called as soon as it is opened", async () => {
  closed.set("shop", "not-approved");
  index.want([wantOf(shop, { listing: true, versionsOf: ["a"], jsonOf: [{ name: "a" }] })]);
  await clock.advance(10 * minuteMs);
  expect(calls).toEqual([]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "not-approved" });
  expect(index.facts().versions(shop, "a")).toEqual({ state: "unknown", reason: "not-approved" });
  expect(index.facts().jsonShape(shop, "a", undefined)).toEqual({ state: "unknown", reason: "not-approved" });
  closed.clear();
  index.recheck();
  expect(whats()).toEqual(["list shop", "versions shop a", "json shop a"]);
  await callOf("list shop").answer([secret("a")]);
  closed.set("shop", "untrusted");
  changes = 0;
  index.recheck();
  await clock.advance(300);
  expect(changes).toBe(1);
  expect(calls.slice(1).every((call) => call.signal.aborted)).toBe(true);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "untrusted" });
  expect(index.facts().listed(shop, "a")).toBeUndefined();
});

test("values are not read before the user has allowed it", async () => {
  keysAllowed = false;
  index.want([wantOf(shop, { versionsOf: ["a"], jsonOf: [{ name: "A", version: "0F" }] })]);
  expect(whats()).toEqual(["versions shop a"]);
  expect(index.facts().jsonShape(shop, "a", "0f")).toEqual({ state: "unknown", reason: "keys-not-allowed" });
  keysAllowed = true;
  index.recheck();
  await callOf("json shop A 0F").answer({ kind: "not-json" });
  expect(index.facts().jsonShape(shop, "a", "0f")).toMatchObject({ state: "known", value: { kind: "not-json" } });
  keysAllowed = false;
  index.recheck();
  expect(index.facts().jsonShape(shop, "a", "0f")).toEqual({ state: "unknown", reason: "keys-not-allowed" });
});

test.each(["rbac", "access-policy", undefined] as const)("a value that is refused (%s) is a right that keys alone need, told beside what is listed and asked for again after 2 minutes", async (cause) => {
  const want = [wantOf(shop, { listing: true, jsonOf: [{ name: "a" }] })];
  index.want(want);
  await callOf("list shop").answer([secret("a")]);
  await callOf("json shop a").fail("forbidden", cause);
  expect(index.facts().jsonShape(shop, "a", undefined)).toEqual({ state: "unknown", reason: "keys-forbidden" });
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", value: { complete: true } });
  await clock.advance(2 * minuteMs - 1);
  expect(calls).toHaveLength(2);
  await clock.advance(1);
  expect(calls).toHaveLength(3);
  await callOf("json shop a").answer({ kind: "not-json" });
  expect(index.facts().jsonShape(shop, "a", undefined)).toMatchObject({ state: "known" });
});

test.each([
  ["forbidden", "secret-disabled", "stale"],
  ["network-blocked", "firewall", "network-blocked"],
  ["not-signed-in", "not-signed-in", "not-signed-in"],
] as const)("a value that is not to be had (%s, %s) is no missing right: %s", async (reason, cause, told) => {
  index.want([wantOf(shop, { listing: true, jsonOf: [{ name: "a" }] })]);
  await callOf("list shop").answer([secret("a")]);
  await callOf("json shop a").fail(reason, cause);
  expect(index.facts().jsonShape(shop, "a", undefined)).toEqual({ state: "unknown", reason: told });
});

test("a vault that refuses the list too says that, of its keys as well", async () => {
  index.want([wantOf(shop, { listing: true, versionsOf: ["a"] })]);
  await callOf("list shop").fail("forbidden", "rbac");
  await callOf("versions shop a").fail("forbidden", "rbac");
  for (const fact of [index.facts().listing(shop), index.facts().versions(shop, "a"), index.facts().jsonShape(shop, "a", undefined)]) expect(fact).toEqual({ state: "unknown", reason: "forbidden" });
});

test("a key that is wanted only once the listing is there is said not to be allowed, and listeners hear of it", async () => {
  keysAllowed = false;
  index.want([wantOf(shop, { listing: true })]);
  await callOf("list shop").answer([{ name: "a", enabled: true }]);
  await clock.advance(300);
  expect(index.facts().listed(shop, "a")).toBeDefined();
  const before = changes;
  index.want([wantOf(shop, { listing: true, jsonOf: [{ name: "a" }] })]);
  await clock.advance(300);
  expect(index.facts().jsonShape(shop, "a", undefined)).toEqual({ state: "unknown", reason: "keys-not-allowed" });
  expect(changes).toBe(before + 1);
});

test("no vault can have the name: nothing is called, whatever the gate says", async () => {
  const target: VaultTarget = { name: "a--b", cloud: "public" };
  closed.set("a--b", "not-approved");
  index.want([wantOf(target, { listing: true })]);
  expect(index.facts().listing(target)).toEqual({ state: "unknown", reason: "bad-vault-name" });
  await clock.advance(minuteMs);
  expect(calls).toEqual([]);
});

test("connectors that name different tenants for one vault are told so; one tenant is enough for all", async () => {
  const first: VaultTarget = { ...shop, tenant: "11111111-2222-3333-4444-555555555555" };
  index.want([wantOf(shop, { listing: true }), wantOf(first, { versionsOf: ["a"] })]);
  expect(calls.map((call) => call.what)).toEqual(["list shop 1111", "versions shop a 1111"]);
  await calls[0]?.answer([secret("a")]);
  index.want([wantOf(first, { listing: true }), wantOf({ ...shop, tenant: "99999999-2222-3333-4444-555555555555" }, { listing: true })]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "wrong-tenant" });
  expect(calls).toHaveLength(2);
});

test("what one tenant answered is not kept for another", async () => {
  index.want([wantOf({ ...shop, tenant: "11111111-2222-3333-4444-555555555555" }, { listing: true })]);
  await calls[0]?.answer([secret("a")]);
  index.want([wantOf({ ...shop, tenant: "99999999-2222-3333-4444-555555555555" }, { listing: true })]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "loading" });
  expect(calls[1]?.what).toBe("list shop 9999");
});

test("a refresh asks again at once, keeps what is known, and forgets failures", async () => {
  const other: VaultTarget = { name: "other", cloud: "public" };
  index.want([wantOf(shop, { listing: true, versionsOf: ["a"] }), wantOf(other, { listing: true })]);
  await callOf("list shop").answer([secret("a")]);
  await callOf("versions shop a").fail("forbidden");
  await callOf("list other").answer([]);
  for (let count = 0; count < 10; count++) index.refresh(shop);
  expect(whats().slice(3)).toEqual(["list shop", "versions shop a"]);
  expect(index.facts().listed(shop, "a")).toMatchObject({ name: "a" });
  expect(index.facts().listing(shop)).not.toHaveProperty("stale");
  expect(index.facts().versions(shop, "a")).toEqual({ state: "unknown", reason: "loading" });
  await clock.advance(2000);
  index.refresh();
  expect(whats().slice(5).sort()).toEqual(["list other", "list shop", "versions shop a"]);
  expect(calls[3]?.signal.aborted).toBe(true);
});

test("load ends when every want has its answer or failure, and the facts can be read then", async () => {
  const load = index.load([wantOf(shop, { listing: true, versionsOf: ["a"], deletedOf: ["b"], jsonOf: [{ name: "a" }] })], new AbortController().signal);
  let done = false;
  void load.then(() => (done = true));
  await callOf("list shop").answer([secret("a")]);
  await callOf("versions shop a").fail("forbidden");
  await callOf("deleted shop b").answer({ state: "absent" });
  expect(done).toBe(false);
  await callOf("json shop a").answer({ kind: "not-json" });
  await load;
  const facts = index.facts();
  expect(facts.listing(shop)).toMatchObject({ state: "known" });
  expect(facts.versions(shop, "a")).toEqual({ state: "unknown", reason: "forbidden" });
  expect(facts.deleted(shop, "B")).toMatchObject({ value: { state: "absent" } });
  expect(facts.jsonShape(shop, "a", undefined)).toMatchObject({ value: { kind: "not-json" } });
  await index.load([wantOf(shop, { listing: true, versionsOf: ["a"] })], new AbortController().signal);
  expect(calls).toHaveLength(4);
});

test("load ends at once where nothing may be asked, and tells the reason afterwards", async () => {
  closed.set("shop", "not-approved");
  keysAllowed = false;
  const open: VaultTarget = { name: "open", cloud: "public" };
  await index.load([wantOf(shop, { listing: true }), wantOf(open, { jsonOf: [{ name: "a" }] })], new AbortController().signal);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "not-approved" });
  expect(index.facts().jsonShape(open, "a", undefined)).toEqual({ state: "unknown", reason: "keys-not-allowed" });
  expect(calls).toEqual([]);
});

test("load ends when its caller goes or the index does", async () => {
  const caller = new AbortController();
  const first = index.load([wantOf(shop, { listing: true })], caller.signal);
  caller.abort();
  await first;
  expect(calls[0]?.signal.aborted).toBe(true);
  const second = index.load([wantOf(shop, { listing: true })], new AbortController().signal);
  index.dispose();
  await second;
  expect(calls.every((call) => call.signal.aborted)).toBe(true);
});

test("facts are the same object until something changes, and an old one never changes", async () => {
  index.want([wantOf(shop, { listing: true, versionsOf: ["a"] })]);
  const loading = index.facts();
  expect(index.facts()).toBe(loading);
  await callOf("list shop").answer([secret("a")]);
  const listed = index.facts();
  expect(listed).not.toBe(loading);
  expect(loading.listing(shop)).toEqual({ state: "unknown", reason: "loading" });
  expect(index.facts()).toBe(listed);
  expect(listed.vaults()[0]?.versions).toBe(loading.vaults()[0]?.versions);
  index.want([wantOf(shop, { listing: true, versionsOf: ["a"] })]);
  expect(index.facts()).toBe(listed);
});

test("after a computer has slept, an answer from before is no proof, and is asked for again", async () => {
  index.want([wantOf(shop, { listing: true })]);
  await calls[0]?.answer([secret("a")]);
  expect(index.facts().listing(shop)).not.toHaveProperty("stale");
  clock.shiftWall(8 * 60 * minuteMs);
  expect(index.facts().listing(shop)).toMatchObject({ state: "known", stale: "loading" });
  await clock.advance(1);
  expect(calls).toHaveLength(2);
});

test("a wall clock that is set back neither ages an answer nor keeps it young", async () => {
  index.want([wantOf(shop, { listing: true })]);
  await calls[0]?.answer([secret("a")]);
  clock.shiftWall(-24 * 60 * minuteMs);
  expect(index.facts().listing(shop)).not.toHaveProperty("stale");
  await clock.advance(4 * minuteMs);
  expect(calls).toHaveLength(2);
  await clock.advance(minuteMs);
  expect(index.facts().listing(shop)).toMatchObject({ stale: "loading" });
});

test("T42: 50 documents with 100 references each make one listing, and one request for each name, in 5 minutes", async () => {
  const names = Array.from({ length: 100 }, (_, count) => `name-${String(count)}`);
  const load = (): void => { index.want(Array.from({ length: 50 }, () => wantOf(shop, { listing: true, versionsOf: names }))); };
  load();
  for (const call of [...calls]) await call.answer([]);
  for (let second = 0; second < 230; second++) {
    load();
    await clock.advance(1000);
  }
  expect(calls.filter((call) => call.what === "list shop")).toHaveLength(1);
  expect(calls).toHaveLength(101);
});

test("an interest is wanted beside the documents, joins their flights, and goes with its end", async () => {
  index.want([wantOf(shop, { listing: true })]);
  const tree = index.interest();
  const other = index.interest();
  tree.want([wantOf(shop, { listing: true, versionsOf: ["db"] })]);
  other.want([wantOf({ name: "bill", cloud: "public" }, { listing: true })]);
  expect(whats()).toEqual(["list shop", "versions shop db", "list bill"]);
  index.want([]);
  expect(callOf("list shop").open() && !callOf("list shop").signal.aborted).toBe(true);
  tree.want([wantOf(shop, { listing: true })]);
  expect([callOf("versions shop db").signal.aborted, callOf("list shop").signal.aborted]).toEqual([true, false]);
  await callOf("list shop").answer([secret("a")]);
  expect(index.facts().listing(shop)).toMatchObject({ state: "known" });
  tree.dispose();
  other.dispose();
  expect(callOf("list bill").signal.aborted).toBe(true);
  tree.want([wantOf(shop, { versionsOf: ["db"] })]);
  expect(whats()).toHaveLength(3);
  await clock.advance(11 * minuteMs);
  expect(index.facts().vaults()).toEqual([]);
});

test("an interest goes through the gate, and ends with the index", () => {
  closed.set("shop", "not-approved");
  const tree = index.interest();
  tree.want([wantOf(shop, { listing: true })]);
  expect(index.facts().listing(shop)).toEqual({ state: "unknown", reason: "not-approved" });
  closed.clear();
  index.recheck();
  expect(whats()).toEqual(["list shop"]);
  index.dispose();
  expect(callOf("list shop").signal.aborted).toBe(true);
  tree.dispose();
});

function whats(): string[] {
  return calls.map((call) => call.what);
}

function callOf(what: string): Call {
  const call = calls.findLast((candidate) => candidate.what === what);
  if (call === undefined) throw new Error(`No call ${what} among: ${whats().join(", ")}`);
  return call;
}

function secret(name: string): SecretAttributes {
  return { name, enabled: true };
}

function wantOf(vault: VaultTarget, want: Partial<VaultWant>): VaultWant {
  return { listing: false, versionsOf: [], deletedOf: [], jsonOf: [], ...want, vault };
}

/** A VaultApi that answers when the test says so. */
function recordingApi(): VaultApi {
  const record = <T>(what: string, vault: VaultTarget, signal: AbortSignal, onPage?: (secrets: readonly SecretAttributes[]) => void): Promise<Outcome<T>> =>
    new Promise((resolve) => {
      let open = true;
      const settle = async (outcome: Outcome<T>): Promise<void> => {
        open = false;
        resolve(outcome);
        await quiet();
      };
      calls.push({
        what: vault.tenant === undefined ? what : `${what} ${vault.tenant.slice(0, 4)}`,
        signal,
        open: () => open,
        page: (names) => onPage?.(names.map(secret)),
        answer: (value) => settle({ ok: true, value: value as T }),
        fail: (reason, cause) => settle({ ok: false, reason, ...(cause === undefined ? {} : { cause }) }),
      });
    });
  return {
    listSecrets: (vault, onPage, signal) => record(`list ${vault.name}`, vault, signal, onPage),
    listVersions: (vault, name, signal) => record(`versions ${vault.name} ${name}`, vault, signal),
    listDeleted: (vault, _onPage, signal) => record(`list deleted ${vault.name}`, vault, signal),
    deletedSecret: (vault, name, signal) => record(`deleted ${vault.name} ${name}`, vault, signal),
    jsonShape: (vault, name, version, signal) => record(`json ${vault.name} ${name}${version === undefined ? "" : ` ${version}`}`, vault, signal),
  };
}
