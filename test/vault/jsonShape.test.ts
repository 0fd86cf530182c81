import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { jsonShapeOf } from "../../server/src/vault/azure/jsonShapeOf.ts";
import { item, never, vault, wireVault } from "./wireVault.ts";
import type { WireAnswer, WireVault } from "./wireVault.ts";

const version = "0123456789abcdef0123456789abcdef";

test("keys are listed nested; arrays and scalars have none below them", () => {
  expect(jsonShapeOf('{"a":1,"b":{"c":"x","d":{"e":null}},"f":[{"g":1}],"h":{}}')).toEqual({
    kind: "json",
    keys: [{ name: "a" }, { name: "b", children: [{ name: "c" }, { name: "d", children: [{ name: "e" }] }] }, { name: "f" }, { name: "h", children: [] }],
  });
  expect(jsonShapeOf("[1,2]")).toEqual({ kind: "json", keys: [] });
});

test("T08: keys that every object inherits are names like any other", () => {
  const shape = jsonShapeOf('{"__proto__":{"x":1},"constructor":2,"a":1}');
  expect(shape).toEqual({ kind: "json", keys: [{ name: "__proto__", children: [{ name: "x" }] }, { name: "constructor" }, { name: "a" }] });
  expect(jsonShapeOf('{"a":1}')).toEqual({ kind: "json", keys: [{ name: "a" }] });
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test.each(["", "plain", "7", "true", "null", '"text"', "{", "{'a':1}", "\ufeff{}", "{\"a\":1}x", "[".repeat(25_000)])("not JSON: %j", (text) => {
  expect(jsonShapeOf(text)).toEqual({ kind: "not-json" });
});

test("T09: what is too deep or too long is unknown, and what is just small enough is read", () => {
  const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
  expect(jsonShapeOf(nested(100))?.kind).toBe("json");
  expect(jsonShapeOf(nested(101))).toBeUndefined();
  expect(jsonShapeOf(JSON.stringify({ a: "x".repeat(25_590) }))?.kind).toBe("json");
  expect(jsonShapeOf(JSON.stringify({ a: "ä".repeat(40_000) }))).toBeUndefined();
});

test("T09: no text makes it throw", () => {
  for (let round = 0; round < 2000; round++) {
    const bytes = randomBytes(round % 64);
    expect(() => jsonShapeOf(bytes.toString("latin1"))).not.toThrow();
    expect(() => jsonShapeOf(`{"a":${bytes.toString("utf8")}`)).not.toThrow();
  }
});

test("the shape of the latest and of a pinned version are read from their own addresses", async () => {
  const world = wireVault({ wire: (url) => ({ body: { ...item("cfg"), id: `https://my-vault.vault.azure.net${url.pathname.replace(/\/$/, "")}`, value: url.pathname.endsWith(version) ? '{"old":1}' : '{"new":1}' } }) });
  expect(await world.clock.until(world.api.jsonShape(vault, "cfg", undefined, never))).toEqual({ ok: true, value: { kind: "json", keys: [{ name: "new" }] } });
  expect(await world.clock.until(world.api.jsonShape(vault, "cfg", version, never))).toEqual({ ok: true, value: { kind: "json", keys: [{ name: "old" }] } });
});

test("a value never leaves the adapter: not in an answer, a log or an error, whole or in part, plain or encoded", async () => {
  const canary = randomBytes(32).toString("hex");
  const answers: readonly WireAnswer[] = [
    { body: bundle(canary) },
    { body: bundle(JSON.stringify({ key: canary, deep: { list: [canary], text: canary } })) },
    { body: bundle(`{"a":"${canary}`) },
    { body: bundle("[".repeat(200) + canary) },
    { body: bundle(JSON.stringify({ a: canary.repeat(2000) })) },
    { body: JSON.stringify(bundle(canary)).slice(0, 60 + canary.length) },
    { body: `{"value":"${canary}` },
    { body: `{"value":"${canary}","id":7}` },
    { body: { value: canary } },
    { body: { ...bundle(canary), attributes: canary } },
    { status: 500, body: { error: { code: canary, message: canary, innererror: { code: canary } }, value: canary } },
    { status: 403, body: { error: { code: "Forbidden", message: `oid=${canary}` } } },
    { status: 404, body: { error: { code: "SecretNotFound", message: canary } } },
    { status: 400, body: canary },
    { status: 307, headers: { location: `https://evil.example/${canary}` } },
    { status: 429, headers: { "retry-after": canary }, body: canary },
  ];
  for (const answer of answers) {
    const world = wireVault({ wire: () => answer });
    const outcome = await world.clock.until(world.api.jsonShape(vault, "cfg", undefined, never));
    expectAbsent(canary, outcome, world);
  }
  const broken = wireVault({ wire: () => { throw Object.assign(new Error(canary), { code: `E${canary}`, request: { body: canary } }); } });
  expectAbsent(canary, await broken.clock.until(broken.api.jsonShape(vault, "cfg", undefined, never)), broken);
});

test("the token stays between broker and wire: it is in no answer and no log", async () => {
  const token = randomBytes(32).toString("hex");
  for (const wire of [(): WireAnswer => ({ status: 403, body: { error: { code: "Forbidden", message: token } } }), (): WireAnswer => { throw new Error(token); }, (): WireAnswer => ({ body: bundle("{}") })]) {
    const world = wireVault({ wire, source: () => Promise.resolve({ token }) });
    const outcome = await world.clock.until(world.api.jsonShape(vault, "cfg", undefined, never));
    expect(world.sent[0]?.authorization).toBe(`Bearer ${token}`);
    expectAbsent(token, outcome, { logged: world.logged });
  }
});

function bundle(value: string): object {
  return { ...item("cfg"), value };
}

function expectAbsent(canary: string, outcome: unknown, world: Pick<WireVault, "logged">): void {
  const seen = `${JSON.stringify(outcome)}\n${inspect(outcome, { depth: 20, showHidden: true })}\n${world.logged.join("\n")}`;
  for (const form of [canary, Buffer.from(canary).toString("base64"), Buffer.from(canary).toString("hex"), canary.slice(0, 12), canary.slice(-12), encodeURIComponent(canary)]) expect(seen).not.toContain(form);
}
