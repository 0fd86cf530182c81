import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { expect, test } from "vitest";
import type { Outcome, VaultApi } from "../../server/src/vault/vaultApi.ts";
import { challengeOf, item, listPage, never, origin, pageOf, tenant, vault, wireVault } from "./wireVault.ts";
import type { WireAnswer, WireVault } from "./wireVault.ts";
import { readErrorBodies } from "./readVectors.ts";

type Ask = (api: VaultApi) => Promise<Outcome<unknown>>;
const list: Ask = (api) => api.listSecrets(vault, () => undefined, never);
const versions: Ask = (api) => api.listVersions(vault, "db", never);
const operations: readonly (readonly [string, Ask])[] = [
  ["listSecrets", list],
  ["listVersions", versions],
  ["deletedSecret", (api) => api.deletedSecret(vault, "db", never)],
  ["jsonShape", (api) => api.jsonShape(vault, "db", undefined, never)],
];

function errorOf(code: string): Error {
  return Object.assign(new Error("text of the transport"), { code });
}

async function reasonOf(world: WireVault, operation: Ask): Promise<string> {
  const outcome = await world.clock.until(operation(world.api));
  return outcome.ok ? "ok" : outcome.reason;
}

/** What an error body means for a read; SecretNotFound is an answer to three of the four. */
const reasons: Readonly<Record<string, string>> = {
  noToken: "not-signed-in",
  tokenExpired: "not-signed-in",
  caeRevoked: "not-signed-in",
  accessPolicyOld: "forbidden",
  accessPolicyNew: "forbidden",
  privateOnly: "network-blocked",
  disabled: "forbidden",
  purgeProtected: "forbidden",
  vaultNotFound: "vault-not-found",
  badName: "service-error",
  deletedRecoverable: "service-error",
  beingDeleted: "service-error",
  proxyHtml502: "service-error",
  emptyJson500: "service-error",
};

const bodies = readErrorBodies().filter((vector) => vector.id !== "notFound");
for (const [name, operation] of operations) {
  test.each(bodies.map((vector) => [vector.id, vector] as const))(`${name}: the answer %s has its own reason`, async (id, vector) => {
    const world = wireVault({ wire: () => ({ status: vector.status, headers: vector.headers ?? {}, body: vector.body }) });
    expect(await reasonOf(world, operation)).toBe(reasons[id]);
  });

  test.each([400, 401, 403, 404, 405, 408, 409, 410, 429, 500, 501, 502, 503, 504, 202, 204, 307])(`R02 ${name}: an empty, null, HTML or cut body with status %s is no error of ours`, async (status) => {
    for (const body of ["", "null", "<html>no</html>", '{"error":', '{"error":null}', '{"error":{"code":7}}', "[]"]) {
      const world = wireVault({ wire: () => ({ status, body }) });
      const reason = await reasonOf(world, operation);
      const expected = { 401: "not-signed-in", 403: body.startsWith("<") ? "network-blocked" : "forbidden", 429: "throttled" }[status] ?? "service-error";
      expect(reason).toBe(expected);
      expect(world.logged.join("\n")).not.toMatch(/TypeError|undefined|html/);
    }
  });

  test.each(["", "null", "7", "{", "<html>", '"text"'])(`${name}: a 200 with the body %j is not an answer`, async (body) => {
    const world = wireVault({ wire: () => ({ body }) });
    expect(await reasonOf(world, operation)).toBe("service-error");
    expect(world.sent).toHaveLength(1);
  });

  test(`R03 ${name}: a server that never answers is left after 10 s a try and 30 s in all`, async () => {
    const world = wireVault({ wire: () => "hang" });
    expect(await reasonOf(world, operation)).toBe("unreachable");
    expect(world.sent.map((request) => request.atMs)).toEqual([0, 11_000, 23_000]);
    expect(world.clock.monotonic()).toBe(30_000);
    expect(world.flights.now).toBe(0);
    expect(world.clock.timers).toBe(0);
  });

  test(`R03 ${name}: a body that stalls or drips is left as well`, async () => {
    for (const drips of [false, true]) {
      const streams: Readable[] = [];
      const world: WireVault = wireVault({
        wire: () => {
          const stream = new Readable({ read: () => undefined });
          streams.push(stream);
          stream.push('{"value":[');
          if (drips) drip(world, stream);
          return { stream };
        },
      });
      expect(await reasonOf(world, operation)).toBe("unreachable");
      expect(world.clock.monotonic()).toBe(30_000);
      expect(streams).toHaveLength(3);
      for (const stream of streams) expect(stream.destroyed).toBe(true);
    }
  });

  test(`T40 ${name}: an answer of more than 4 MiB is cut off`, async () => {
    let pushed = 0;
    const stream = new Readable({
      read: () => {
        pushed += 65_536;
        stream.push(Buffer.alloc(65_536, 0x20));
      },
    });
    const world = wireVault({ wire: () => ({ stream }) });
    expect(await reasonOf(world, operation)).toBe("service-error");
    expect(pushed).toBeLessThan(6 * 1024 * 1024);
    expect(stream.destroyed).toBe(true);
    expect(world.logged.join()).toContain("AnswerTooLong");
    expect(world.sent).toHaveLength(1);
  });
}

test("T40: a few hundred kB that unpack to 300 MB are cut off at once, and little of it is held", async () => {
  const bomb = await pack(300);
  const before = process.memoryUsage().rss;
  const stream = Readable.from([bomb]).pipe(createGunzip());
  const world = wireVault({ wire: () => ({ stream }) });
  // Unpacking is real work that the test's clock knows nothing of, so that clock stands still.
  expect(await list(world.api)).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(world.logged).toEqual(["listSecrets my-vault: service-error (AnswerTooLong)"]);
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  expect(stream.destroyed).toBe(true);
});

test("an unknown secret is an answer where it is one, and no finding where it contradicts the listing", async () => {
  const wire = (): WireAnswer => ({ status: 404, body: { error: { code: "SecretNotFound", message: "not found" } } });
  const outcomes = await Promise.all(operations.map(([, operation]) => reasonOf(wireVault({ wire }), operation)));
  expect(outcomes).toEqual(["stale", "ok", "ok", "stale"]);
});

test.each(["ENOTFOUND", "EAI_AGAIN", "ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH", "ENETUNREACH"])("%s is tried again, and in the end the vault is unreachable", async (code) => {
  const world = wireVault({ wire: () => { throw errorOf(code); } });
  expect(await reasonOf(world, list)).toBe("unreachable");
  expect(world.sent.map((request) => request.atMs)).toEqual([0, 1000, 3000, 7000, 15_000]);
  expect(world.logged).toEqual([`listSecrets my-vault: unreachable (${code})`]);
});

test.each(["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"])(
  "T32: %s is told apart and not tried again",
  async (code) => {
    const world = wireVault({ wire: () => { throw errorOf(code); } });
    expect(await reasonOf(world, list)).toBe("tls");
    expect(world.sent).toHaveLength(1);
    expect(world.logged).toEqual([`listSecrets my-vault: tls (${code})`]);
  },
);

test("R01: a 429 without Retry-After waits 1, 2, 4, 8 s, each shortened by chance to half at most", async () => {
  for (const [random, waits] of [[1, [1000, 2000, 4000, 8000]], [0, [500, 1000, 2000, 4000, 8000]]] as const) {
    const world = wireVault({ wire: () => ({ status: 429, body: { error: { code: "Throttled" } } }), random: () => random });
    expect(await reasonOf(world, list)).toBe("throttled");
    expect(world.sent.slice(1).map((request, index) => request.atMs - (world.sent[index]?.atMs ?? 0))).toEqual(waits);
    expect(world.clock.monotonic()).toBeLessThanOrEqual(30_000);
  }
});

test("R01: Retry-After is kept to", async () => {
  const world = wireVault({ wire: (_, count) => (count === 1 ? { status: 429, headers: { "retry-after": "7" } } : { body: listPage(0, 1) }) });
  expect(await reasonOf(world, list)).toBe("ok");
  expect(world.sent.map((request) => request.atMs)).toEqual([0, 7000]);
});

test("R01: a Retry-After beyond the budget ends the call, and the vault is left alone for that long, 60 s at most", async () => {
  const world = wireVault({ wire: () => ({ status: 429, headers: { "retry-after": "3600" } }) });
  expect(await reasonOf(world, list)).toBe("throttled");
  expect(world.clock.monotonic()).toBe(0);
  await world.clock.advance(59_999);
  expect(await reasonOf(world, versions)).toBe("throttled");
  expect(world.sent).toHaveLength(1);
  await world.clock.advance(1);
  expect(await reasonOf(world, versions)).toBe("throttled");
  expect(world.sent).toHaveLength(2);
});

test("R01: 10,000 secrets are listed through 20 % of 429s, a failed page alone being asked for again", async () => {
  const tries = new Map<number, number>();
  const world = wireVault({
    wire: (url, count) => {
      const page = pageOf(url);
      tries.set(page, (tries.get(page) ?? 0) + 1);
      return count % 5 === 0 ? { status: 429, body: { error: { code: "Throttled" } } } : { body: listPage(page, 400) };
    },
  });
  const outcome = await world.clock.until(world.api.listSecrets(vault, () => undefined, never));
  expect(outcome.ok && outcome.value.length).toBe(10_000);
  expect(Math.max(...tries.values())).toBeLessThanOrEqual(6);
  expect(world.sent.length).toBeLessThanOrEqual(500);
});

test.each([0, 1, 200, 399])("R06: page %i fails for good: no complete listing, and only that page is repeated", async (failing) => {
  const world = wireVault({ wire: (url) => (pageOf(url) === failing ? { status: 500, body: "" } : { body: listPage(pageOf(url), 400) }) });
  let names = 0;
  const outcome = await world.clock.until(world.api.listSecrets(vault, (secrets) => (names += secrets.length), never));
  expect(outcome).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(names).toBe(failing * 25);
  expect(world.sent).toHaveLength(failing + 5);
});

test("after 3 failed operations a vault is asked once in 30 s, and at once again when it is back", async () => {
  let up = false;
  const world = wireVault({ wire: () => { if (!up) throw errorOf("ENOTFOUND"); return { body: listPage(0, 1) }; } });
  const again = (): Promise<string> => reasonOf(world, list);
  await again();
  const first = world.sent.length;
  for (let call = 0; call < 20; call++) expect(await again()).toBe("unreachable");
  expect(world.sent).toHaveLength(first + 2);
  await world.clock.advance(30_000);
  const probes = world.clock.until(Promise.all([world.api.listSecrets(vault, () => undefined, never), world.api.listVersions(vault, "db", never)]));
  expect((await probes).map((outcome) => outcome.ok)).toEqual([false, false]);
  expect(world.sent).toHaveLength(first + 3);
  up = true;
  await world.clock.advance(30_000);
  expect(await again()).toBe("ok");
  expect(await again()).toBe("ok");
  const other = world.sent.length;
  expect(await world.clock.until(world.api.listSecrets({ name: "other-vault", cloud: "public" }, () => undefined, never))).toMatchObject({ ok: true });
  expect(world.sent).toHaveLength(other + 1);
});

test("100 names on a vault that hangs end together, not one after the other", async () => {
  const world = wireVault({ wire: () => "hang" });
  const outcomes = await world.clock.until(Promise.all(Array.from({ length: 100 }, (_, index) => world.api.listVersions(vault, `name-${String(index)}`, never))));
  expect(outcomes.every((outcome) => !outcome.ok && outcome.reason === "unreachable")).toBe(true);
  // Those that were let in between the first and the third failure have one try.
  expect(world.clock.monotonic()).toBeLessThanOrEqual(40_000);
  expect(world.sent.length).toBeLessThanOrEqual(4 * 3 + 2);
});

test("F10: a token that is refused is replaced once, and the call goes on", async () => {
  const world = wireVault({ wire: (_, count) => (count === 2 ? { status: 401, body: { error: { code: "Unauthorized", message: "[TokenExpired]" } } } : { body: listPage(0, 1) }) });
  expect(await reasonOf(world, list)).toBe("ok");
  expect(await reasonOf(world, list)).toBe("ok");
  expect(world.asked).toHaveLength(2);
  expect(world.sent.map((request) => request.authorization)).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
});

test("a token that is refused twice means: not signed in; a foreign issuer means: wrong tenant", async () => {
  const refused = wireVault({ wire: () => ({ status: 401, body: { error: { code: "Unauthorized" } } }) });
  expect(await reasonOf(refused, list)).toBe("not-signed-in");
  expect(refused.sent).toHaveLength(2);
  const foreign = wireVault({ wire: () => ({ status: 401, body: { error: { code: "Unauthorized", message: "AKV10032: Invalid issuer. Expected one of x found y" } } }) });
  expect(await reasonOf(foreign, list)).toBe("wrong-tenant");
  expect(foreign.sent).toHaveLength(1);
});

test("without a token nothing more is sent than the question for the challenge", async () => {
  const world = wireVault({ wire: () => ({}), source: () => Promise.resolve({ reason: "not-signed-in" }) });
  for (const [, operation] of operations) expect(await reasonOf(world, operation)).toBe("not-signed-in");
  expect(world.sent).toEqual([]);
  expect(world.asked).toHaveLength(1);
});

test("the time that a sign-in takes is not the vault's", async () => {
  const world: WireVault = wireVault({
    wire: () => ({ body: listPage(0, 1) }),
    source: () => new Promise((resolve) => world.clock.after(12_000, () => { resolve({ token: "late" }); })),
  });
  expect(await reasonOf(world, list)).toBe("ok");
  expect(world.sent).toHaveLength(1);
});

test("F11: vaults of one tenant share one token", async () => {
  const world = wireVault({ wire: () => ({ body: { value: [], nextLink: null } }) });
  const names = Array.from({ length: 100 }, (_, index) => ({ name: `vault-${String(index)}`, cloud: "public" }) as const);
  await world.clock.until(Promise.all(names.map((target) => world.api.listSecrets(target, () => undefined, never))));
  expect(world.asked).toHaveLength(1);
  expect(world.sent).toHaveLength(100);
});

test("the challenge is asked for once per vault, not once per request", async () => {
  const world = wireVault({ wire: (url) => ({ body: listPage(pageOf(url), 5) }), challenge: challengeOf(tenant) });
  for (let call = 0; call < 3; call++) await reasonOf(world, list);
  expect(world.sent).toHaveLength(15);
  expect(world.challenged).toHaveLength(1);
});

test("an entry that is no secret's address makes the page fail, never vanish", async () => {
  const world = wireVault({ wire: () => ({ body: { value: [item("a"), { id: "nonsense" }], nextLink: null } }) });
  expect(await reasonOf(world, list)).toBe("service-error");
  const broken = wireVault({ wire: () => ({ body: { value: "no list", nextLink: `${origin}/secrets` } }) });
  expect(await reasonOf(broken, list)).toBe("service-error");
});

/** So many MiB of spaces, packed. */
async function pack(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 1 });
  Readable.from(Array.from({ length: mebibytes }, () => Buffer.alloc(1024 * 1024, 0x20))).pipe(gzip);
  const chunks: Buffer[] = [];
  for await (const chunk of gzip) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** One byte a second, for ever. */
function drip(world: WireVault, stream: Readable): void {
  world.clock.after(1000, () => {
    if (stream.destroyed) return;
    stream.push(" ");
    drip(world, stream);
  });
}
