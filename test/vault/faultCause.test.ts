import { expect, test } from "vitest";
import type { UnknownReason } from "../../server/src/core/model/facts.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import { faultOfAnswer } from "../../server/src/vault/azure/faultOfAnswer.ts";
import { managementFault } from "../../server/src/vault/azure/managementFault.ts";
import { faultOfTransport } from "../../server/src/vault/azure/vaultFault.ts";
import { readErrorBodies } from "./readVectors.ts";
import { challengeOf, never, tenant, vault, wireVault } from "./wireVault.ts";

const now = Date.UTC(2026, 10, 1);
const noHeaders = { get: () => undefined };
const dated = (offsetMs: number): { get(name: string): string | undefined } => ({ get: (name) => (name === "date" ? new Date(now + offsetMs).toUTCString() : undefined) });

/** Undefined: neither the network nor a right of the caller. */
const causes: Readonly<Record<string, FaultCause | undefined>> = {
  noToken: "not-signed-in",
  tokenExpired: "not-signed-in",
  caeRevoked: "not-signed-in",
  accessPolicyOld: "access-policy",
  accessPolicyNew: "access-policy",
  privateOnly: "private-endpoint",
  disabled: "secret-disabled",
  purgeProtected: "purge-protection",
  notFound: "secret-not-found",
  vaultNotFound: "vault-not-found",
  badName: "service-error",
  deletedRecoverable: "service-error",
  beingDeleted: "service-error",
  proxyHtml502: "service-error",
  emptyJson500: "service-error",
};

test.each(readErrorBodies().map((vector) => [vector.id, vector] as const))("the answer %s has its cause, with and without its inner code", (id, vector) => {
  const text = typeof vector.body === "string" ? vector.body : JSON.stringify(vector.body);
  expect(Object.keys(causes)).toContain(id);
  expect(faultOfAnswer(vector.status, text, noHeaders, now).cause).toBe(causes[id]);
  const bare = text.replace(/,"innererror":\{[^}]{1,100}\}/, "");
  expect(faultOfAnswer(vector.status, bare, noHeaders, now).cause).toBe(causes[id]);
});

const body = (code: string, message: string, inner?: string): string => JSON.stringify({ error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } });
test.each<readonly [string, number, string, UnknownReason, FaultCause | undefined]>([
  ["roles", 403, body("Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac"), "forbidden", "rbac"],
  ["roles by the text", 403, body("Forbidden", "Caller is not authorized to perform action on resource."), "forbidden", "rbac"],
  ["the firewall", 403, body("Forbidden", "Client address is not authorized and caller is not a trusted service.", "ForbiddenByFirewall"), "network-blocked", "firewall"],
  ["the firewall by the text", 403, body("Forbidden", "Client address is not authorized and caller is not a trusted service."), "network-blocked", "firewall"],
  ["another tenant", 401, body("Unauthorized", "AKV10032: Invalid issuer. Expected one of x, found y."), "wrong-tenant", "wrong-tenant"],
  ["a proxy's page", 403, "<html>Blocked</html>", "network-blocked", "proxy"],
  ["a proxy that wants a password", 407, "", "network-blocked", "proxy"],
  ["a proxy that wants a password, in JSON", 407, body("Forbidden", "no", "ForbiddenByRbac"), "network-blocked", "proxy"],
  ["nothing that is known", 403, "", "forbidden", undefined],
  ["too many", 429, "", "throttled", "throttled"],
])("%s: reason and cause", (_what, status, text, reason, cause) => {
  const fault = faultOfAnswer(status, text, noHeaders, now);
  expect([fault.reason, fault.cause]).toEqual([reason, cause]);
});

test.each<readonly [string, number, string, UnknownReason, FaultCause | undefined]>([
  ["no role", 403, body("AuthorizationFailed", "The client '…' does not have authorization to perform action"), "forbidden", "no-reader-role"],
  ["a policy of the subscription", 403, body("RequestDisallowedByPolicy", "no"), "forbidden", undefined],
  ["another tenant", 401, body("InvalidAuthenticationTokenTenant", "no"), "wrong-tenant", "wrong-tenant"],
  ["an old token", 401, body("ExpiredAuthenticationToken", "no"), "not-signed-in", "not-signed-in"],
  ["no such subscription", 404, body("SubscriptionNotFound", "no"), "service-error", "subscription-not-found"],
  ["no such thing", 404, body("ResourceNotFound", "no"), "service-error", "service-error"],
  ["too many", 429, body("SubscriptionRequestsThrottled", "no"), "throttled", "throttled"],
  ["a proxy's page", 403, "  <!doctype html>", "network-blocked", "proxy"],
  ["a proxy that wants a password", 407, "", "network-blocked", "proxy"],
  ["an outage", 503, "", "service-error", "service-error"],
])("Resource Manager, %s: reason and cause", (_what, status, text, reason, cause) => {
  const fault = managementFault(status, text, noHeaders, now);
  expect([fault.reason, fault.cause]).toEqual([reason, cause]);
});

test("R09: a refused token and a clock that differs by more than 5 minutes are the clock's fault, and nothing else is", () => {
  const refusal = body("Unauthorized", "[TokenExpired] Error validating token");
  for (const read of [faultOfAnswer, managementFault]) {
    for (const minutes of [-1440, -10, 10, 1440]) expect(read(401, refusal, dated(minutes * 60_000), now)).toMatchObject({ reason: "not-signed-in", cause: "clock" });
    for (const minutes of [-4, 0, 4]) expect(read(401, refusal, dated(minutes * 60_000), now).cause).toBe("not-signed-in");
    expect(read(429, "", dated(600_000), now).cause).toBe("throttled");
    expect(read(401, refusal, { get: () => "nonsense" }, now).cause).toBe("not-signed-in");
  }
  expect(faultOfAnswer(401, body("Unauthorized", "AKV10032: Invalid issuer."), dated(600_000), now).cause).toBe("wrong-tenant");
});

test("R09: the clock is told once, after the token was replaced once", async () => {
  const world = wireVault({ wire: () => ({ status: 401, headers: { date: new Date(now + 600_000).toUTCString() }, body: { error: { code: "Unauthorized", message: "[TokenExpired]" } } }) });
  expect(await world.clock.until(world.api.listSecrets(vault, () => undefined, never))).toEqual({ ok: false, reason: "not-signed-in", cause: "clock" });
  expect(world.sent).toHaveLength(2);
  expect(world.asked).toHaveLength(2);
});

const errorOf = (code: string | undefined, message = "text of the transport"): Error => Object.assign(new Error(message), code === undefined ? {} : { code });
test.each<readonly [string | undefined, string, FaultCause, FaultCause]>([
  ["ENOTFOUND", "", "dns", "proxy"],
  ["EAI_AGAIN", "", "dns", "proxy"],
  ["ECONNREFUSED", "", "unreachable", "proxy"],
  ["EHOSTUNREACH", "", "unreachable", "proxy"],
  ["ENETUNREACH", "", "unreachable", "proxy"],
  ["ECONNRESET", "", "unreachable", "unreachable"],
  ["ETIMEDOUT", "", "unreachable", "unreachable"],
  ["CERT_HAS_EXPIRED", "", "tls", "tls"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "", "tls", "tls"],
  ["REQUEST_SEND_ERROR", "Proxy connection ended before receiving CONNECT response", "proxy", "proxy"],
  ["REQUEST_SEND_ERROR", "No header received from proxy CONNECT response", "proxy", "proxy"],
  ["REQUEST_SEND_ERROR", 'Invalid header from proxy CONNECT response: "x"', "proxy", "proxy"],
  [undefined, "", "unreachable", "unreachable"],
])("the error %s %s: its cause without and with a proxy", (code, message, direct, proxied) => {
  const error = errorOf(code, message === "" ? undefined : message);
  expect([faultOfTransport(error).cause, faultOfTransport(error, true).cause]).toEqual([direct, proxied]);
});

test("every failed call carries its cause: no answer in time, a foreign challenge, no token, a vault at rest", async () => {
  const list = async (world: ReturnType<typeof wireVault>): Promise<unknown> => world.clock.until(world.api.listSecrets(vault, () => undefined, never));
  expect(await list(wireVault({ wire: () => "hang" }))).toEqual({ ok: false, reason: "unreachable", cause: "unreachable" });
  expect(await list(wireVault({ wire: () => ({}), challenge: challengeOf(tenant, "https://evil.example") }))).toEqual({ ok: false, reason: "service-error", cause: "service-error" });
  for (const [reason, cause] of [["credential-refused", "expired-client-secret"], ["credential-refused", "unknown-application"], ["tenant-not-found", "tenant-not-found"]] as const) {
    expect(await list(wireVault({ wire: () => ({}), source: () => Promise.resolve({ reason, cause }) }))).toEqual({ ok: false, reason, cause });
  }
  expect(await list(wireVault({ wire: () => ({}), source: () => Promise.resolve({ reason: "credential-refused" }) }))).toEqual({ ok: false, reason: "credential-refused" });
  expect(await list(wireVault({ wire: () => ({}), source: () => Promise.resolve({ reason: "tenant-not-found" }) }))).toEqual({ ok: false, reason: "tenant-not-found", cause: "tenant-not-found" });
  const down = wireVault({ wire: () => { throw errorOf("ENOTFOUND"); } });
  for (let call = 0; call < 5; call++) expect(await list(down)).toEqual({ ok: false, reason: "unreachable", cause: "dns" });
  expect(down.sent.length).toBeLessThan(10);
});
