/** Test Connection's two steps: what is sent, what stays behind, and what is told. */
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { WriteStep, WriteTest } from "../../server/src/vault/vaultTestApi.ts";
import type { Right } from "../azure/vaultAccess.ts";
import type { MemoryVault } from "./memoryVault.ts";
import { memoryVault, principal, tenant, testVault } from "./memoryVault.ts";

const never = new AbortController().signal;
const run = { id: "run-1", name: "harness-test-0123456789abcdef" };
const notFound = { status: 404, headers: { "content-type": "application/json" }, body: JSON.stringify({ error: { code: "SecretNotFound", message: "Deleted Secret not found" } }) };

interface Written {
  readonly outcome: Outcome<WriteTest>;
  readonly steps: readonly WriteStep[];
}

async function write(memory: MemoryVault, signal: AbortSignal = never, of: typeof run = run): Promise<Written> {
  const steps: WriteStep[] = [];
  const onStep = (step: WriteStep): Promise<void> => {
    steps.push(step);
    return Promise.resolve();
  };
  const outcome = await memory.clock.until(memory.tests.write(testVault, of, onStep, signal));
  return { outcome, steps };
}

function left(memory: MemoryVault): readonly string[] {
  return [...(memory.services.store.find(testVault.name, "public")?.secrets.keys() ?? [])];
}

function lines(memory: MemoryVault): readonly string[] {
  return memory.seen.filter(({ authorized }) => authorized).map(({ line }) => line);
}

describe("reading", () => {
  test("tells the tenant and whether there is anything to list", async () => {
    const memory = memoryVault();
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toEqual({ ok: true, value: { tenant, holdsSecrets: false } });
    memory.services.store.setSecret(testVault.name, "db", { value: "demo value" });
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toEqual({ ok: true, value: { tenant, holdsSecrets: true, purgeProtected: false } });
    expect(new Set(lines(memory))).toEqual(new Set(["GET /secrets"]));
  });

  test("sees purge protection by a secret's recovery level", async () => {
    const memory = memoryVault({ vault: { purgeProtection: true } });
    memory.services.store.setSecret(testVault.name, "db", { value: "demo value" });
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toMatchObject({ ok: true, value: { purgeProtected: true } });
  });

  test.each([
    ["rbac", { vault: {}, rights: [] }],
    ["access-policy", { vault: { rbac: false }, rights: [] }],
    ["firewall", { vault: { publicAccess: "firewall" } }],
    ["private-endpoint", { vault: { publicAccess: "disabled" } }],
    ["vault-not-found", { vault: { vaultDeleted: true } }],
  ] as const)("says why it fails: %s", async (cause, options) => {
    const memory = memoryVault(options);
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toMatchObject({ ok: false, cause });
  });

  test.each([
    ["throttled", { status: 429, headers: {}, body: JSON.stringify({ error: { code: "Throttled", message: "busy" } }) }],
    ["proxy", { status: 407, headers: {}, body: "" }],
    ["proxy", { status: 502, headers: {}, body: "<html>Bad Gateway</html>" }],
    ["service-error", { status: 503, headers: {}, body: "" }],
    ["unreachable", "reset"],
  ] as const)("says why it fails on the way: %s", async (cause, answer) => {
    const memory = memoryVault();
    memory.disturb = (request, real) => (request.headers.authorization === undefined ? real() : answer);
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toMatchObject({ ok: false, cause });
    expect(lines(memory)).toHaveLength(answer === "reset" || [429, 502, 503].includes(answer.status) ? 2 : 1);
  });

  test("R09: a refused token and a Date that is far off mean that the clock is wrong", async () => {
    const memory = memoryVault();
    const date = new Date(memory.clock.now() + 600_000).toUTCString();
    memory.disturb = (request, real) => (request.headers.authorization === undefined ? real() : { status: 401, headers: { date }, body: JSON.stringify({ error: { code: "Unauthorized", message: "[TokenExpired]" } }) });
    expect(await memory.clock.until(memory.tests.read(testVault, never))).toMatchObject({ ok: false, cause: "clock" });
  });

  test("a vault of another tenant is told, and no token is sent", async () => {
    const memory = memoryVault();
    const other = { ...testVault, tenant: "99999999-2222-3333-4444-555555555555" };
    expect(await memory.clock.until(memory.tests.read(other, never))).toMatchObject({ ok: false, cause: "wrong-tenant" });
    expect(lines(memory)).toEqual([]);
  });
});

describe("writing", () => {
  test("writes, deletes and purges, each told before it is done", async () => {
    const memory = memoryVault();
    const { outcome, steps } = await write(memory);
    expect(outcome).toEqual({ ok: true, value: {} });
    expect(steps).toEqual(["write", "delete", "purge", "done"]);
    expect(left(memory)).toEqual([]);
    expect(lines(memory).filter((line) => !line.startsWith("GET"))).toEqual([`PUT /secrets/${run.name}`, `DELETE /secrets/${run.name}`, `DELETE /deletedsecrets/${run.name}`]);
    const sent = JSON.parse(memory.seen.find(({ line }) => line.startsWith("PUT"))?.body ?? "{}") as { attributes: { exp: number }; tags: object };
    expect(sent.tags).toEqual({ createdBy: "keyline", run: "run-1" });
    expect(sent.attributes.exp).toBe(memory.clock.now() / 1000 + 3600);
  });

  test("F3: nothing with a body is sent without a token", async () => {
    const memory = memoryVault();
    await write(memory);
    expect(memory.seen.filter(({ authorized }) => !authorized).map(({ line, body }) => line + body)).toEqual(["GET /secrets"]);
  });

  test("F3: a vault whose first answer fails is not written to", async () => {
    const memory = memoryVault();
    memory.disturb = () => "reset";
    expect((await write(memory)).outcome).toMatchObject({ ok: false, cause: "unreachable" });
    expect(memory.seen.filter(({ line }) => !line.startsWith("GET"))).toEqual([]);
  });

  test.each([
    ["Key Vault Secrets User", true, "rbac"],
    ["get", false, "access-policy"],
  ] as const)("with %s alone reading works and writing is refused", async (right: Right, rbac, cause) => {
    const memory = memoryVault({ vault: { rbac }, rights: rbac ? [right] : [right, "list"] });
    const { outcome, steps } = await write(memory);
    expect(outcome).toEqual({ ok: true, value: { write: cause } });
    expect(steps).toEqual(["write", "done"]);
  });

  test("without the list permission it still writes", async () => {
    const memory = memoryVault({ vault: { rbac: false }, rights: ["set", "delete", "get", "purge"] });
    expect((await write(memory)).outcome).toEqual({ ok: true, value: {} });
    expect(left(memory)).toEqual([]);
  });

  test("where deleting is forbidden, what stays is told", async () => {
    const memory = memoryVault({ vault: { rbac: false }, rights: ["list", "set", "get"] });
    const { outcome, steps } = await write(memory);
    expect(outcome).toEqual({ ok: true, value: { cleanUp: { step: "delete", cause: "access-policy" } } });
    expect(steps).toEqual(["write", "delete"]);
    expect(left(memory)).toEqual([run.name]);
  });

  test("where purging is forbidden, the deleted secret is told", async () => {
    const memory = memoryVault({ vault: { rbac: false }, rights: ["list", "set", "get", "delete"] });
    expect((await write(memory)).outcome).toEqual({ ok: true, value: { cleanUp: { step: "purge", cause: "access-policy" } } });
  });

  test("T36: a protected vault is not asked to purge", async () => {
    const memory = memoryVault({ vault: { purgeProtection: true } });
    expect((await write(memory)).outcome).toEqual({ ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } });
    expect(lines(memory)).not.toContain(`DELETE /deletedsecrets/${run.name}`);
  });

  test.each([
    [0, {}],
    [14, {}],
    [90, {}],
    [200, { cleanUp: { step: "delete", cause: "unreachable" } }],
  ])("R16: a deletion that takes %i s ends as it should", async (lagSeconds, value) => {
    const memory = memoryVault();
    let deletedAt: number | undefined;
    memory.disturb = (request, real) => {
      if (request.method === "DELETE" && request.path.startsWith("/secrets/")) deletedAt ??= memory.clock.monotonic();
      const early = deletedAt !== undefined && memory.clock.monotonic() < deletedAt + lagSeconds * 1000;
      return early && request.path.startsWith("/deletedsecrets/") ? notFound : real();
    };
    expect((await write(memory)).outcome).toEqual({ ok: true, value });
    expect(lines(memory).filter((line) => line.startsWith("PUT"))).toHaveLength(1);
    expect(lines(memory).filter((line) => line === `DELETE /secrets/${run.name}`)).toHaveLength(1);
  });

  test("F16: a deleted secret that may not be seen counts as deleted", async () => {
    const memory = memoryVault();
    memory.services.store.deny(testVault.name, principal.objectId, ["getDeleted"]);
    expect((await write(memory)).outcome).toEqual({ ok: true, value: {} });
  });

  test("T38: a write that was applied before the connection broke makes one version and is cleaned up", async () => {
    const memory = memoryVault();
    let versions = 0;
    memory.disturb = (request, real) => {
      const answer = real();
      if (request.method !== "PUT") return answer;
      versions += 1;
      return "reset";
    };
    expect((await write(memory)).outcome).toEqual({ ok: true, value: {} });
    expect(versions).toBe(1);
    expect(left(memory)).toEqual([]);
  });

  test("T38: a write that never arrived is a failure, and nothing is deleted", async () => {
    const memory = memoryVault();
    memory.disturb = (request, real) => (request.method === "PUT" ? "reset" : real());
    expect((await write(memory)).outcome).toEqual({ ok: true, value: { write: "unreachable" } });
    expect(lines(memory).filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });

  test("cancelling before the write sends none; after it the secret is cleaned up all the same", async () => {
    const before = memoryVault();
    const gone = AbortSignal.abort();
    expect((await write(before, gone)).outcome).toMatchObject({ ok: false, cause: "cancelled" });
    expect(before.seen.filter(({ line }) => line.startsWith("PUT"))).toEqual([]);
    const after = memoryVault();
    const controller = new AbortController();
    after.disturb = (request, real) => {
      if (request.method === "DELETE") controller.abort();
      return real();
    };
    expect((await write(after, controller.signal)).outcome).toEqual({ ok: true, value: {} });
    expect(left(after)).toEqual([]);
  });

  test("cancelling while it is written leaves nothing behind", async () => {
    const memory = memoryVault();
    const controller = new AbortController();
    memory.disturb = (request, real) => {
      const answer = real();
      if (request.method === "PUT") controller.abort();
      return answer;
    };
    await write(memory, controller.signal);
    expect(left(memory)).toEqual([]);
  });

  test("T37: 50 tests side by side have 50 names and leave nothing", async () => {
    const memory = memoryVault();
    const names = Array.from({ length: 50 }, (_, index) => `harness-test-${index.toString(16).padStart(16, "0")}`);
    const all = Promise.all(names.map((name, index) => memory.tests.write(testVault, { id: `run-${String(index)}`, name }, () => Promise.resolve(), never)));
    const outcomes = await memory.clock.until(all);
    expect(outcomes).toEqual(names.map(() => ({ ok: true, value: {} })));
    expect(new Set(lines(memory).filter((line) => line.startsWith("PUT"))).size).toBe(50);
    expect(left(memory)).toEqual([]);
  });

  test.each(["db-password", "harness-test-xyz", "../keys", ""])("no other name is written or removed: %j", async (name) => {
    const memory = memoryVault();
    expect((await write(memory, never, { id: "x", name })).outcome).toMatchObject({ ok: false });
    expect(await memory.tests.remove(testVault, { name, run: "x", deleted: false }, never)).toMatchObject({ ok: false });
    expect(memory.seen).toEqual([]);
  });

  test("T17: neither value nor token stands in an outcome or in the log", async () => {
    const memory = memoryVault();
    memory.disturb = (request, real) => (request.method === "PUT" ? { status: 500, headers: {}, body: request.body.toString("utf8") } : real());
    const { outcome } = await write(memory);
    expect(JSON.stringify([outcome, memory.logged])).not.toMatch(/connection test|eyJ/);
  });
});

describe("left-overs", () => {
  async function withLeftOvers(): Promise<MemoryVault> {
    const memory = memoryVault();
    const { store } = memory.services;
    const tags = { createdBy: "keyline", run: "old" };
    store.setSecret(testVault.name, "harness-test-00000000000000aa", { value: "demo value", tags });
    store.setSecret(testVault.name, "harness-test-00000000000000bb", { value: "demo value", tags });
    store.deleteSecret(testVault.name, "harness-test-00000000000000bb");
    store.setSecret(testVault.name, "harness-test-00000000000000cc", { value: "demo value" });
    store.setSecret(testVault.name, "keyline-own", { value: "demo value", tags });
    for (let index = 0; index < 60; index += 1) store.setSecret(testVault.name, `other-${String(index)}`, { value: "demo value" });
    return memory;
  }

  test("are those that bear the tag and the name, living and deleted", async () => {
    const memory = await withLeftOvers();
    expect(await memory.clock.until(memory.tests.leftOvers(testVault, never))).toEqual({
      ok: true,
      value: [
        { name: "harness-test-00000000000000aa", run: "old", deleted: false },
        { name: "harness-test-00000000000000bb", run: "old", deleted: true },
      ],
    });
  });

  test("are found without the permission to see deleted ones", async () => {
    const memory = await withLeftOvers();
    memory.services.store.deny(testVault.name, principal.objectId, ["listDeleted"]);
    const found = await memory.clock.until(memory.tests.leftOvers(testVault, never));
    expect(found.ok && found.value.map(({ name }) => name)).toEqual(["harness-test-00000000000000aa"]);
  });

  test("are removed, and what has lost its tag meanwhile is not", async () => {
    const memory = await withLeftOvers();
    for (const [suffix, deleted] of [["aa", false], ["bb", true], ["cc", false]] as const) {
      expect(await memory.clock.until(memory.tests.remove(testVault, { name: `harness-test-00000000000000${suffix}`, run: "old", deleted }, never))).toEqual({ ok: true, value: {} });
    }
    expect(left(memory).filter((name) => name.startsWith("harness-test"))).toEqual(["harness-test-00000000000000cc"]);
  });
});
