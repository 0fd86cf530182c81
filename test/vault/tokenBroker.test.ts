import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Cloud } from "../../server/src/core/model/vaultTarget.ts";
import { environmentSource, sessionSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import type { SourceAnswer, TokenAsk, TokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { silentLog } from "../../server/src/host/log.ts";
import { ManualClock } from "./manualClock.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const request = { cloud: "public", tenant, audience: "vault" } as const;
const never = new AbortController().signal;

let clock: ManualClock;
let asked: TokenAsk[];
let answer: (ask: TokenAsk, signal: AbortSignal) => Promise<SourceAnswer>;
let broker: TokenBroker;

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  answer = () => Promise.resolve({ token: `token-${String(asked.length)}`, expiresAt: clock.now() + 3_600_000 });
  broker = createTokenBroker({
    clock,
    log: silentLog,
    source: (ask, signal) => {
      asked.push(ask);
      return answer(ask, signal);
    },
  });
});

test("F11: a hundred callers make one sign-in, and those who go leave it to the others", async () => {
  answer = () => new Promise((resolve) => clock.after(5000, () => { resolve({ token: "one" }); }));
  const caller = new AbortController();
  const gone = broker.token(request, caller.signal);
  const callers = Array.from({ length: 100 }, () => broker.token({ ...request, tenant: tenant.toUpperCase() }, never));
  caller.abort();
  expect(await gone).toMatchObject({ ok: false, reason: "loading" });
  expect(new Set((await clock.until(Promise.all(callers))).map((got) => got.ok && got.token))).toEqual(new Set(["one"]));
  expect(asked).toHaveLength(1);
});

test("a token is kept until 2 minutes before its end; cloud, tenant and audience keep tokens apart", async () => {
  await broker.token(request, never);
  await clock.advance(58 * 60_000 - 1);
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "token-1" });
  await clock.advance(1);
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "token-2" });
  await broker.token({ ...request, cloud: "usgov" }, never);
  await broker.token({ ...request, audience: "arm" }, never);
  await broker.token({ ...request, tenant: "99999999-2222-3333-4444-555555555555" }, never);
  expect(asked).toHaveLength(5);
});

test("T33: there are two scopes and one login host in each cloud", async () => {
  const clouds: readonly Cloud[] = ["public", "usgov", "china"];
  for (const cloud of clouds) for (const audience of ["vault", "arm"] as const) await broker.token({ cloud, tenant, audience }, never);
  expect(asked.map((ask) => [ask.scope, ask.authorityHost])).toEqual([
    ["https://vault.azure.net/.default", "https://login.microsoftonline.com"],
    ["https://management.azure.com/.default", "https://login.microsoftonline.com"],
    ["https://vault.usgovcloudapi.net/.default", "https://login.microsoftonline.us"],
    ["https://management.usgovcloudapi.net/.default", "https://login.microsoftonline.us"],
    ["https://vault.azure.cn/.default", "https://login.chinacloudapi.cn"],
    ["https://management.chinacloudapi.cn/.default", "https://login.chinacloudapi.cn"],
  ]);
});

test.each(["--debug", "common", "", "contoso.onmicrosoft.com", `${tenant}/x`, `${tenant}\n`])("T33: nobody is asked for the tenant %j", async (hostile) => {
  expect(await broker.token({ ...request, tenant: hostile }, never)).toMatchObject({ ok: false, reason: "wrong-tenant" });
  expect(asked).toEqual([]);
});

test("R17: a failed sign-in is remembered for 30 s, whatever it threw", async () => {
  answer = () => Promise.reject(new Error("text of az"));
  for (let count = 0; count < 10; count++) expect(await broker.token(request, never)).toMatchObject({ ok: false, reason: "not-signed-in" });
  await clock.advance(29_999);
  await broker.token(request, never);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  await broker.token(request, never);
  expect(asked).toHaveLength(2);
});

test("a sign-in that never ends is left after 15 s", async () => {
  answer = () => new Promise(() => undefined);
  expect(await clock.until(broker.token(request, never))).toMatchObject({ ok: false, reason: "unreachable" });
  expect(clock.monotonic()).toBe(15_000);
  expect(clock.timers).toBe(0);
});

test("R09: a computer's clock that runs a day ahead does not make a sign-in for every call", async () => {
  answer = () => Promise.resolve({ token: "old", expiresAt: clock.now() - 86_400_000 });
  for (let second = 0; second < 60; second++) {
    await broker.token(request, never);
    await clock.advance(1000);
  }
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("a refused token is dropped once, however many were refused with it; a reset drops everything", async () => {
  await broker.token(request, never);
  broker.forget(request, "token-1");
  await broker.token(request, never);
  broker.forget(request, "token-1");
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "token-2" });
  broker.reset();
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "token-3" });
});

test("what an old sign-in brings after a reset is not kept", async () => {
  let resolveOld: (answer: SourceAnswer) => void = () => undefined;
  answer = () => new Promise((resolve) => (resolveOld = resolve));
  const old = broker.token(request, never);
  broker.reset();
  answer = () => Promise.resolve({ token: "new" });
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "new" });
  resolveOld({ token: "old" });
  await old;
  expect(await broker.token(request, never)).toEqual({ ok: true, token: "new" });
});

const principal = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: "22222222-2222-3333-4444-555555555555", AZURE_CLIENT_SECRET: "not-a-real-one" };
const ask: TokenAsk = { cloud: "public", tenant, scope: "https://vault.azure.net/.default", audience: "vault", authorityHost: "https://login.microsoftonline.com" };
const foreign = { AZURE_AUTHORITY_HOST: "https://sink.example", AZURE_REGIONAL_AUTHORITY_NAME: "sink.example/" };

afterEach(() => {
  for (const name of Object.keys(foreign)) Reflect.deleteProperty(process.env, name);
});

test.each([{}, { AZURE_TENANT_ID: "" }, { AZURE_CLIENT_ID: "" }, { AZURE_CLIENT_SECRET: "" }, { AZURE_TENANT_ID: "contoso.example" }])("the environment %j is no sign-in, and nothing is sent", async (change) => {
  const { client, hosts } = entra(() => ({ status: 200, body: {} }));
  const environment = Object.keys(change).length === 0 ? {} : { ...principal, ...change };
  expect(await environmentSource(environment, client)(ask, never)).toMatchObject({ reason: "not-signed-in" });
  expect(hosts).toEqual([]);
});

test("the environment's principal is not used for another tenant", async () => {
  const { client, hosts } = entra(() => ({ status: 200, body: {} }));
  expect(await environmentSource(principal, client)({ ...ask, tenant: "99999999-2222-3333-4444-555555555555" }, never)).toMatchObject({ reason: "wrong-tenant" });
  expect(hosts).toEqual([]);
});

test("T34: AZURE_AUTHORITY_HOST moves nothing", async () => {
  process.env["AZURE_AUTHORITY_HOST"] = foreign.AZURE_AUTHORITY_HOST;
  const { client, hosts } = entra(() => ({ status: 200, body: { access_token: "at", token_type: "Bearer", expires_in: 3599 } }));
  expect(await environmentSource({ ...principal, ...foreign, AZURE_CLIENT_ID: "22222222-2222-3333-4444-888888888888" }, client)(ask, never)).toMatchObject({ token: "at" });
  expect(new Set(hosts)).toEqual(new Set(["login.microsoftonline.com"]));
});

test.each(["sink.example/", "sink.example#", "sink.example?", "evil.sink.example:8443/x"])("T34: the secret does not go to the region %j", async (region) => {
  process.env["AZURE_REGIONAL_AUTHORITY_NAME"] = region;
  const { client, hosts, bodies } = entra(() => ({ status: 200, body: {} }));
  const got = await environmentSource(principal, client)(ask, never);
  expect(got).not.toHaveProperty("token");
  for (const host of hosts) expect(host).toMatch(/(^|\.)login\.microsoft(online)?\.com$/);
  expect(bodies.join("\n")).not.toContain(principal.AZURE_CLIENT_SECRET);
});

test("the environment's principal gets a token from its own login host", async () => {
  const { client, hosts } = entra(() => ({ status: 200, body: { access_token: "at", token_type: "Bearer", expires_in: 3599 } }));
  expect(await environmentSource(principal, client)(ask, never)).toMatchObject({ token: "at" });
  expect(new Set(hosts)).toEqual(new Set(["login.microsoftonline.com"]));
});

test.each([
  [401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." }, "not-signed-in"],
  [400, { error: "invalid_instance" }, "not-signed-in"],
  [503, {}, "service-error"],
] as const)("Entra's answer %s %j means: %s", async (status, body, reason) => {
  const { client } = entra(() => ({ status, body }));
  expect(await environmentSource({ ...principal, AZURE_CLIENT_ID: `22222222-2222-3333-4444-${String(status).padStart(12, "0")}` }, client)(ask, never)).toMatchObject({ reason });
});

test("an unreachable login host is unreachable, not a missing sign-in", async () => {
  const { client } = entra(() => { throw Object.assign(new Error("x"), { code: "ENOTFOUND" }); });
  expect(await environmentSource({ ...principal, AZURE_CLIENT_ID: "22222222-2222-3333-4444-999999999999" }, client)(ask, never)).toMatchObject({ reason: "unreachable" });
});

test("a session that is not there is no sign-in", async () => {
  const seen: string[][] = [];
  const source = sessionSource(({ scope, tenant: forTenant }) => {
    seen.push([scope, forTenant]);
    return Promise.resolve(seen.length === 1 ? undefined : "session");
  });
  expect(await source(ask, never)).toMatchObject({ reason: "not-signed-in" });
  expect(await source(ask, never)).toEqual({ token: "session" });
  expect(seen[0]).toEqual([ask.scope, tenant]);
});

/** Entra's login host: its discovery documents, and `token` for the token itself. */
function entra(token: () => { readonly status: number; readonly body: object }): { readonly client: HttpClient; readonly hosts: string[]; readonly bodies: string[] } {
  const hosts: string[] = [];
  const bodies: string[] = [];
  const authority = `https://login.microsoftonline.com/${tenant}`;
  const client: HttpClient = {
    sendRequest: (sent) => {
      const url = new URL(sent.url);
      hosts.push(url.host);
      bodies.push(typeof sent.body === "string" ? sent.body : "");
      const discovery = { issuer: `${authority}/v2.0`, authorization_endpoint: `${authority}/oauth2/v2.0/authorize`, token_endpoint: `${authority}/oauth2/v2.0/token`, jwks_uri: `${authority}/discovery/v2.0/keys` };
      const answer = url.pathname.endsWith("/token") ? token() : { status: 200, body: discovery };
      return Promise.resolve({ request: sent, status: answer.status, headers: createHttpHeaders({ "content-type": "application/json" }), bodyAsText: JSON.stringify(answer.body) });
    },
  };
  return { client, hosts, bodies };
}
