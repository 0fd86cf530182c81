import { expect, test } from "vitest";
import { challengeOf, item, listPage, never, origin, pageOf, tenant, vault, wireVault } from "./wireVault.ts";

const hex = "0123456789abcdef0123456789abcdef";

test("a listing follows its pages, short and empty ones too, and hands each on as it comes", async () => {
  const pages = [
    { value: [item("a"), item("b", { tags: { team: "shop" }, contentType: "text/plain", managed: true })], nextLink: `${origin}:443/secrets?$skiptoken=1` },
    { value: [], nextLink: `${origin}/secrets?$skiptoken=2` },
    { value: [item("c", { attributes: { enabled: false, exp: 2_208_988_800, nbf: 1_700_000_000 } })], nextLink: null },
  ];
  const { api, clock, sent } = wireVault({ wire: (url) => ({ body: pages[pageOf(url)] }) });
  const parts: string[][] = [];
  const outcome = await clock.until(api.listSecrets(vault, (secrets) => parts.push(secrets.map((secret) => secret.name)), never));
  expect(parts).toEqual([["a", "b"], [], ["c"]]);
  expect(outcome).toEqual({
    ok: true,
    value: [
      { name: "a", enabled: true, created: 1_700_000_000_000, updated: 1_700_000_000_000, recoveryLevel: "Recoverable+Purgeable" },
      { name: "b", enabled: true, created: 1_700_000_000_000, updated: 1_700_000_000_000, recoveryLevel: "Recoverable+Purgeable", tags: [["team", "shop"]], contentType: "text/plain", managed: true },
      { name: "c", enabled: false, expires: 2_208_988_800_000, notBefore: 1_700_000_000_000 },
    ],
  });
  expect(sent.map((request) => new URL(request.url).pathname)).toEqual(["/secrets", "/secrets", "/secrets"]);
  expect(new Set(sent.map((request) => new URL(request.url).host))).toEqual(new Set(["my-vault.vault.azure.net"]));
  expect(new URL(sent[0]?.url ?? "").searchParams.get("maxresults")).toBe("25");
});

test("versions come newest first, each with its own attributes, and an unknown name has none", async () => {
  const version = (digit: string, created: number, more: object = {}): object => ({ id: `${origin}/secrets/db/${digit.repeat(32)}`, attributes: { enabled: digit !== "2", created, recoveryLevel: "Recoverable" }, ...more });
  const { api, clock } = wireVault({
    wire: (url) => ({ body: url.pathname.includes("/db/") ? { value: [version("1", 10), version("2", 30), version("3", 20, { contentType: "text/plain", tags: { team: "shop" }, managed: true })], nextLink: null } : { value: [], nextLink: null } }),
  });
  const versions = await clock.until(api.listVersions(vault, "db", never));
  expect(versions).toEqual({
    ok: true,
    value: [
      { version: "2".repeat(32), enabled: false, created: 30_000, recoveryLevel: "Recoverable" },
      { version: "3".repeat(32), enabled: true, created: 20_000, recoveryLevel: "Recoverable", contentType: "text/plain", tags: [["team", "shop"]], managed: true },
      { version: "1".repeat(32), enabled: true, created: 10_000, recoveryLevel: "Recoverable" },
    ],
  });
  expect(await clock.until(api.listVersions(vault, "gone", never))).toEqual({ ok: true, value: [] });
});

test("deleted secrets come in pages, with their dates and levels, and no name that none can have", async () => {
  const deleted = (name: string, more: object = {}): object => ({ ...item(name, more), recoveryId: `${origin}/deletedsecrets/${name}`, deletedDate: 100, scheduledPurgeDate: 200 });
  const pages = [
    { value: [deleted("a", { contentType: "text/plain" }), deleted("b_c")], nextLink: `${origin}:443/deletedsecrets?$skiptoken=1` },
    { value: [], nextLink: `${origin}/deletedsecrets?$skiptoken=2` },
    { value: [item("c", { attributes: { enabled: false } })], nextLink: null },
  ];
  const { api, clock, sent } = wireVault({ wire: (url) => ({ body: pages[pageOf(url)] }) });
  const parts: string[][] = [];
  expect(await clock.until(api.listDeleted(vault, (entries) => parts.push(entries.map((entry) => entry.name)), never))).toEqual({
    ok: true,
    value: [{ name: "a", deletedOn: 100_000, scheduledPurge: 200_000, recoveryLevel: "Recoverable+Purgeable", contentType: "text/plain" }, { name: "c" }],
  });
  expect(parts).toEqual([["a"], [], ["c"]]);
  expect(sent.map((request) => new URL(request.url).pathname)).toEqual(["/deletedsecrets", "/deletedsecrets", "/deletedsecrets"]);
});

test("a deleted secret says until when; one that is not deleted is absent", async () => {
  const { api, clock, sent } = wireVault({
    wire: (url) =>
      url.pathname === "/deletedsecrets/old"
        ? { body: { ...item("old"), recoveryId: `${origin}/deletedsecrets/old`, deletedDate: 100, scheduledPurgeDate: 200 } }
        : { status: 404, body: { error: { code: "SecretNotFound", message: "Deleted Secret not found: live" } } },
  });
  expect(await clock.until(api.deletedSecret(vault, "old", never))).toEqual({ ok: true, value: { state: "deleted", deletedOn: 100_000, scheduledPurge: 200_000 } });
  expect(await clock.until(api.deletedSecret(vault, "live", never))).toEqual({ ok: true, value: { state: "absent" } });
  expect(sent).toHaveLength(2);
});

test.each([
  ["..", undefined],
  ["a/b", undefined],
  ["a?b", undefined],
  ["a#b", undefined],
  ["a%2fb", undefined],
  ["a\\b", undefined],
  ["", undefined],
  [" ", undefined],
  ["a\n", undefined],
  ["ä", undefined],
  ["__proto__", undefined],
  ["a".repeat(128), undefined],
  ["a", "keys"],
  ["a", ".."],
  ["a", `${hex}/`],
  ["a", `${hex}0`],
  ["..", "keys"],
])("T10: nothing is sent for the name %j and version %j", async (name, version) => {
  const { api, clock, sent, challenged, asked } = wireVault({ wire: () => ({}) });
  const outcomes = await clock.until(
    Promise.all([api.jsonShape(vault, name, version, never), ...(version === undefined ? [api.listVersions(vault, name, never), api.deletedSecret(vault, name, never)] : [])]),
  );
  for (const outcome of outcomes) expect(outcome).toEqual({ ok: false, reason: "service-error" });
  expect([...sent, ...challenged, ...asked]).toEqual([]);
});

test.each(["my-vault.evil.example", "my-vault/", "-abc", "a--b", "my-vault@evil.example", ""])("T01: nothing is sent for the vault name %j", async (name) => {
  const { api, clock, sent, challenged, asked } = wireVault({ wire: () => ({}) });
  expect(await clock.until(api.listSecrets({ name, cloud: "public" }, () => undefined, never))).toEqual({ ok: false, reason: "bad-vault-name" });
  expect([...sent, ...challenged, ...asked]).toEqual([]);
});

const other = "99999999-2222-3333-4444-555555555555";
test.each([
  [challengeOf(other), "wrong-tenant"],
  [challengeOf("--debug"), "service-error"],
  [challengeOf("common"), "service-error"],
  [challengeOf(`x/../${other}`), "wrong-tenant"],
  [challengeOf(`${tenant}/oauth2`), "service-error"],
  [challengeOf(""), "service-error"],
  [challengeOf(tenant, "https://evil.example"), "service-error"],
  [challengeOf(tenant, "https://azure.net"), "service-error"],
  [challengeOf(tenant, "https://vault.azure.net/.default https://graph.microsoft.com"), "service-error"],
  [challengeOf(tenant, "https://vault.azure.net.evil.example"), "service-error"],
  [challengeOf(tenant, "https://management.azure.com"), "service-error"],
  [challengeOf(tenant, "not a URL"), "service-error"],
  [`Bearer authorization="nowhere", resource="https://vault.azure.net"`, "service-error"],
  [`Bearer scope="https://evil.example/.default"`, "not-signed-in"],
  [`Bearer realm="", error="insufficient_claims", claims="e30="`, "not-signed-in"],
  ["Basic realm=\"x\"", "not-signed-in"],
  ["", "not-signed-in"],
])("T33: no token is asked for after the challenge %j", async (challenge, reason) => {
  const { api, clock, sent, asked } = wireVault({ wire: () => ({}), challenge });
  const outcome = await clock.until(api.listSecrets({ ...vault, tenant }, () => undefined, never));
  expect(outcome).toEqual({ ok: false, reason, cause: reason });
  expect(asked).toEqual([]);
  expect(sent).toEqual([]);
});

test("T33: the token is asked for the cloud's audience and the connector's tenant, whatever its letters' case", async () => {
  const { api, clock, asked, sent } = wireVault({ wire: () => ({ body: listPage(0, 1) }), challenge: challengeOf("ABCDEF00-2222-3333-4444-555555555555") });
  await clock.until(api.listSecrets({ ...vault, tenant: "abcdef00-2222-3333-4444-555555555555" }, () => undefined, never));
  expect(asked).toEqual([
    { cloud: "public", tenant: "abcdef00-2222-3333-4444-555555555555", scope: "https://vault.azure.net/.default", audience: "vault", authorityHost: "https://login.microsoftonline.com" },
  ]);
  expect(sent.map((request) => request.authorization)).toEqual(["Bearer token-1"]);
});

test.each([
  "https://other-vault.vault.azure.net/secrets?$skiptoken=x",
  "https://evil.example/secrets?$skiptoken=x",
  "https://my-vault.vault.azure.net/keys?$skiptoken=x",
  "https://my-vault.vault.azure.net:8443/secrets",
  "https://my-vault.vault.azure.net/secrets/a/versions",
  "http://my-vault.vault.azure.net/secrets?$skiptoken=x",
  "/secrets?$skiptoken=x",
])("F4: the nextLink %j is not followed, and what has come is no complete listing", async (nextLink) => {
  const { api, clock, sent, challenged } = wireVault({ wire: () => ({ body: { value: [item("a")], nextLink } }) });
  const parts: number[] = [];
  expect(await clock.until(api.listSecrets(vault, (secrets) => parts.push(secrets.length), never))).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(parts).toEqual([1]);
  expect(sent).toHaveLength(1);
  expect(challenged).toHaveLength(1);
});

test("T15: a nextLink that loops is followed twice at most", async () => {
  const { api, clock, sent } = wireVault({ wire: () => ({ body: { value: [item("a")], nextLink: `${origin}/secrets?$skiptoken=1` } }) });
  expect(await clock.until(api.listSecrets(vault, () => undefined, never))).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(sent.length).toBeLessThanOrEqual(2);
});

test("T15: a list without an end stops at 2,000 pages", async () => {
  const { api, clock, sent } = wireVault({ wire: (url) => ({ body: listPage(pageOf(url), 1_000_000, 0) }) });
  expect(await clock.until(api.listSecrets(vault, () => undefined, never))).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  expect(sent).toHaveLength(2000);
}, 60_000);

test("T42: at most 4 requests run at once and 20 start in any second", async () => {
  const { api, clock, sent, flights } = wireVault({
    wire: () => new Promise((resolve) => clock.after(50, () => { resolve({ body: { value: [], nextLink: null } }); })),
  });
  await clock.until(Promise.all(Array.from({ length: 100 }, (_, index) => api.listVersions(vault, `name-${String(index)}`, never))));
  expect(sent).toHaveLength(100);
  expect(flights.most).toBe(4);
  for (const first of sent) expect(sent.filter((request) => request.atMs >= first.atMs && request.atMs < first.atMs + 1000).length).toBeLessThanOrEqual(20);
});

test("a caller that goes away is answered at once and nothing more is sent", async () => {
  const { api, clock, sent, flights } = wireVault({ wire: () => "hang" });
  const caller = new AbortController();
  const outcome = api.listSecrets(vault, () => undefined, caller.signal);
  await clock.advance(100);
  expect(flights.now).toBe(1);
  caller.abort();
  expect(await clock.until(outcome)).toEqual({ ok: false, reason: "loading", cause: "cancelled" });
  expect(clock.monotonic()).toBe(100);
  await clock.advance(60_000);
  expect(sent).toHaveLength(1);
  expect(flights.now).toBe(0);
  expect(clock.timers).toBe(0);
});
