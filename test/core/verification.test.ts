import { describe, expect, test } from "vitest";
import { diagnostics, Facts, factsNeeded, mergeWants, verification } from "../../server/src/core/index.ts";
import type { Snapshot, VaultFacts, VaultWant } from "../../server/src/core/index.ts";
import type { Fact, SecretAttributes, SecretVersion, UnknownReason } from "../../server/src/core/model/facts.ts";
import { lookUpKey } from "../../server/src/core/chain/jsonPath.ts";
import { check, fixture, now } from "./fixture.ts";

const v1 = "0123456789abcdef0123456789abcdef";
const v2 = "fedcba9876543210fedcba9876543210";
const vault = { name: "shop-kv", cloud: "public" } as const;

const shop = `
#- /keyline.jsonc
{ "complete": ["account"],
  "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }, { "identifier": "two", "scope": "account", "vault": "two-kv" }],
  "secrets": [
    { "identifier": "token", "scope": "account", "connector": "akv", "value": "docker-token" },
    { "identifier": "built_in", "scope": "account", "connector": "harnessSecretManager" }] }
#- /hv.yaml
connector:
  identifier: hv
  type: Vault
  spec: {}`;

const uri = (path: string): string => `<+secrets.getValue("account.azurevault://akv/${path}")>`;

function pipeline(expressions: readonly string[], vaults = ""): string {
  return `pipeline:\n  identifier: p\n  script: |\n${expressions.map((each) => `    ${each}`).join("\n")}${shop}\n${vaults}`;
}

function wants(...expressions: readonly string[]): readonly VaultWant[] {
  return factsNeeded(fixture(pipeline(expressions, "#- unknown shop-kv: loading")).snapshot);
}

const nothingMore: VaultWant = { vault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] };

describe("what has to be known", () => {
  test.each([
    `<+secrets.getValue(<+pipeline.variables.x>)>`,
    `<+secrets.getValue("nowhere")>`,
    `<+secrets.getValue("account.nowhere")>`,
    `<+secrets.getValue("account.built_in")>`,
    `<+secrets.getValue("account.hashicorpvault://hv/a#b")>`,
    `<+secrets.getValue("account.azurevault://nowhere/a")>`,
    `<+secrets.getValue("account.azurevault://akv/a_b")>`,
    `<+secrets.getValue("account.azurevault://akv/a/1")>`,
    `<+secrets.getValue("acount.azurevault://akv/a")>`,
    `<+secret.getValue("account.azurevault://akv/a")>`,
    `echo no reference`,
  ])("nothing for %s", (expression) => {
    expect(wants(expression)).toEqual([]);
  });

  test("a name wants the listing, a pinned version its versions too", () => {
    expect(wants(uri("a"))).toEqual([nothingMore]);
    expect(wants(`<+secrets.getValue("account.token")>`)).toEqual([nothingMore]);
    expect(wants(uri(`a/${v1}`))).toEqual([{ ...nothingMore, versionsOf: ["a"] }]);
  });

  test("one want for each vault, each name once, whatever its letters", () => {
    expect(wants(uri("a"), uri("b"), uri(`C/${v1}`), uri(`c/${v2}`), `<+secrets.getValue("account.azurevault://two/x")>`)).toEqual([
      { ...nothingMore, versionsOf: ["c"] },
      { ...nothingMore, vault: { name: "two-kv", cloud: "public" } },
    ]);
    const split: VaultWant[] = [
      { ...nothingMore, listing: false, jsonOf: [{ name: "a" }, { name: "A" }, { name: "a", version: v1 }] },
      { ...nothingMore, vault: { ...vault, name: "SHOP-KV" }, deletedOf: ["x"] },
    ];
    expect(mergeWants(split)).toEqual([{ ...nothingMore, vault: { ...vault, name: "SHOP-KV" }, deletedOf: ["x"], jsonOf: [{ name: "a" }, { name: "a", version: v1 }] }]);
  });

  test("deleted ones are asked for only after a complete listing lacks the name", () => {
    const deletedOf = (vaults: string): readonly string[] => factsNeeded(fixture(pipeline([uri("a")], vaults)).snapshot).flatMap((want) => want.deletedOf);
    expect(deletedOf("#- vault shop-kv: b")).toEqual(["a"]);
    expect(deletedOf("#- vault shop-kv: a")).toEqual([]);
    expect(deletedOf("#- partial shop-kv: b")).toEqual([]);
    expect(deletedOf("#- vault shop-kv: b\n#- stale shop-kv: throttled")).toEqual([]);
    expect(deletedOf("#- unknown shop-kv: forbidden")).toEqual([]);
  });

  test("a value is read only for a plain key of a secret that is there and enabled", () => {
    const jsonOf = (path: string, vaults = "#- vault shop-kv: cfg"): VaultWant["jsonOf"] => factsNeeded(fixture(pipeline([uri(path)], vaults)).snapshot).flatMap((want) => want.jsonOf);
    expect(jsonOf("cfg#user")).toEqual([{ name: "cfg" }]);
    expect(jsonOf("cfg")).toEqual([]);
    expect(jsonOf("cfg#a[0]")).toEqual([]);
    expect(jsonOf("cfg#*")).toEqual([]);
    expect(jsonOf("other#user")).toEqual([]);
    expect(jsonOf("cfg#user", "#- unknown shop-kv: loading")).toEqual([]);
    expect(jsonOf("cfg#user", "#- vault shop-kv: cfg disabled")).toEqual([]);
    expect(jsonOf(`cfg#user/${v1}`, `#- vault shop-kv: cfg versions:${v1}`)).toEqual([{ name: "cfg", version: v1 }]);
    expect(jsonOf(`cfg#user/${v1}`, `#- vault shop-kv: cfg versions:${v1}!`)).toEqual([]);
  });

  test("a secret's own file wants what its path names", () => {
    const secret = `secret:\n  identifier: s\n  type: SecretText\n  spec:\n    secretManagerIdentifier: account.akv\n    valueType: Reference\n    value: cfg/${v1}${shop}\n#- unknown shop-kv: loading`;
    expect(factsNeeded(fixture(secret).snapshot)).toEqual([{ ...nothingMore, versionsOf: ["cfg"] }]);
  });
});

describe("how far a file is verified", () => {
  test("counts by reason", () => {
    const { references, secrets, vaults } = verification(
      fixture(
        pipeline(
          [uri("a"), uri("a"), uri("nowhere"), uri(`a/${v1}`), uri("a#k"), `<+secrets.getValue(<+x.y>)>`, `<+secrets.getValue("mine")>`, `<+secrets.getValue("account.hashicorpvault://hv/a")>`, `<+secrets.getValue("account.azurevault://two/x")>`, `<+secrets.getValue("account.none")>`],
          "#- vault shop-kv: a\n#- deleted shop-kv: nowhere gone\n#- keys shop-kv: a keys-not-allowed\n#- unknown two-kv: not-approved",
        ),
      ).snapshot,
    );
    expect(references.count).toBe(10);
    expect(secrets.count).toBe(0);
    // Right or wrong, these were followed to their end: twice "a", "nowhere", and the identifier that a complete scope lacks.
    expect(references.verified).toBe(4);
    expect(Object.fromEntries(references.notVerified)).toEqual({ loading: 1, "keys-not-allowed": 1, dynamic: 1, "unknown-project": 1, "other-secret-manager": 1, "not-approved": 1 });
    expect(vaults.map(({ vault: { name }, state }) => [name, state])).toEqual([
      ["shop-kv", "known"],
      ["two-kv", "not-approved"],
    ]);
  });

  test("who may list but not read a secret misses the keys alone", () => {
    const { snapshot } = fixture(pipeline([uri("a"), uri("a#k"), uri(`a/${v1}`)], `#- vault shop-kv: a versions:${v1}\n#- keys shop-kv: a keys-forbidden`));
    expect(diagnostics(snapshot)).toEqual([]);
    const { references, vaults } = verification(snapshot);
    expect([references.count, references.verified, Object.fromEntries(references.notVerified)]).toEqual([3, 2, { "keys-forbidden": 1 }]);
    expect(vaults.map(({ state }) => state)).toEqual(["known"]);
  });

  test.each([
    ["#- vault shop-kv: a", "known"],
    ["#- vault shop-kv: a\n#- stale shop-kv: throttled", "stale"],
    ["#- partial shop-kv: a", "loading"],
    ["#- unknown shop-kv: tls", "tls"],
    ["", "not-approved"],
  ])("the vault after %s", (vaults, state) => {
    expect(verification(fixture(pipeline([uri("a")], vaults)).snapshot).vaults.map((each) => each.state)).toEqual([state]);
  });
});

describe("unknown is not empty", () => {
  const reasons: readonly UnknownReason[] = ["loading", "offline", "untrusted", "not-approved", "not-signed-in", "wrong-tenant", "forbidden", "network-blocked", "vault-not-found", "throttled", "unreachable", "tls", "service-error", "bad-vault-name", "keys-not-allowed", "keys-forbidden", "stale"];
  const expressions = [uri("db"), uri(`db/${v1}`), uri("db#user"), uri(`db#user/${v1}`), `<+secrets.getValue("account.token")>`];
  const { snapshot } = fixture(pipeline(expressions));

  const listing = (names: readonly string[], at = now, rest: object = {}): VaultFacts["listing"] => ({ state: "known", at, value: { complete: true, secrets: names.map((name): SecretAttributes => ({ name, enabled: true })) }, ...rest });
  const noVersions = (at = now, rest: object = {}): VaultFacts["versions"] => ["db", "docker-token"].map((name) => [name, { state: "known", at, value: [], ...rest }] as const);
  const gone = (at = now, rest: object = {}): VaultFacts["deleted"] => ["db", "docker-token"].map((name) => [name, { state: "known", at, value: { state: "absent" }, ...rest }] as const);
  const unknown = (reason: UnknownReason): { readonly state: "unknown"; readonly reason: UnknownReason } => ({ state: "unknown", reason });
  const noKeys = (rest: object = {}): VaultFacts["jsonShapes"] => ["db", `db/${v1}`].map((key) => [key, { state: "known", at: now, value: { kind: "json", keys: [] }, ...rest }] as const);
  const someVersions = (at: number, rest: object = {}): VaultFacts["versions"] => ["db", "docker-token"].map((name) => [name, { state: "known", at, value: [{ version: v1, enabled: true, created: 1 }], ...rest }] as const);

  const situations: readonly (readonly [string, Partial<VaultFacts>])[] = [
    ...reasons.map((reason) => [`the listing is unknown: ${reason}`, { listing: unknown(reason) }] as const),
    ...reasons.map((reason) => [`listing, versions, deleted and keys unknown: ${reason}`, { listing: unknown(reason), versions: noVersions().map(([name]) => [name, unknown(reason)] as const), deleted: gone().map(([name]) => [name, unknown(reason)] as const), jsonShapes: noKeys().map(([name]) => [name, unknown(reason)] as const) }] as const),
    ...reasons.map((reason) => [`an empty listing is stale: ${reason}`, { listing: listing([], now, { stale: reason }), deleted: gone() }] as const),
    ...reasons.map((reason) => [`empty versions are stale: ${reason}`, { listing: unknown(reason), versions: noVersions(now, { stale: reason }), deleted: gone() }] as const),
    ...reasons.map((reason) => [`found, but versions and keys are unknown: ${reason}`, { listing: listing(["db", "docker-token"]), versions: noVersions().map(([name]) => [name, unknown(reason)] as const), jsonShapes: noKeys().map(([name]) => [name, unknown(reason)] as const) }] as const),
    ...reasons.map((reason) => [`found, but empty versions and keys are stale: ${reason}`, { listing: listing(["db", "docker-token"], now + 1), versions: noVersions(now, { stale: reason }), jsonShapes: noKeys({ stale: reason }) }] as const),
    ["the listing is partial", { listing: { state: "known", at: now, value: { complete: false, secrets: [] } }, deleted: gone() }],
    ["the listing is missing", {}],
    ["a newer listing holds what older versions lack, and keys are loading", { listing: listing(["db", "docker-token"], now), versions: noVersions(now - 1), deleted: gone() }],
    ["newer versions hold what an older listing lacks", { listing: listing([], now - 1), versions: someVersions(now), deleted: gone() }],
    ["a listing lacks the name, but whether it is deleted is loading", { listing: listing([]) }],
  ];

  const claims = /^(?:vault-|json-)/;

  test.each(situations)("%s", (title, facts) => {
    const all: Snapshot = { ...snapshot, facts: new Facts([{ vault, listing: unknown("loading"), versions: [], deleted: [], jsonShapes: [], ...facts }], "loading") };
    const found = diagnostics(all).filter(({ rule }) => claims.test(rule));
    expect(found.map(({ rule, message }) => `${rule}: ${message}`), title).toEqual([]);
    const { references } = verification(all);
    expect(references.verified, title).toBeLessThan(references.count);
  });

  test.each(reasons)("the deleted ones are unknown for %s: the listing alone decides, unless they are still loading", (reason) => {
    const facts = new Facts([{ vault, listing: listing([]), versions: [], deleted: gone().map(([name]) => [name, unknown(reason)] as const), jsonShapes: [] }], "loading");
    const rules = new Set(diagnostics({ ...snapshot, facts }).map(({ rule }) => rule));
    expect([...rules]).toEqual(reason === "loading" ? [] : ["vault-secret-not-found"]);
  });
});

describe("contradictory facts: the later answer counts", () => {
  const secret = (name: string): SecretAttributes => ({ name, enabled: true });
  const version: SecretVersion = { version: v1, enabled: true, created: 1 };
  const listed = (at: number, ...names: readonly string[]): VaultFacts["listing"] => ({ state: "known", at, value: { complete: true, secrets: names.map(secret) } });
  const versions = (at: number, ...value: readonly SecretVersion[]): VaultFacts["versions"] => [["db", { state: "known", at, value } satisfies Fact<readonly SecretVersion[]>]];
  const deleted: VaultFacts["deleted"] = [["db", { state: "known", at: now, value: { state: "absent" } }]];
  const rulesOf = (path: string, listing: VaultFacts["listing"], known: VaultFacts["versions"]): readonly string[] => {
    const { snapshot } = fixture(pipeline([uri(path)]));
    return diagnostics({ ...snapshot, facts: new Facts([{ vault, listing, versions: known, deleted, jsonShapes: [] }], "loading") }).map(({ rule }) => rule);
  };

  test.each(["db", `db/${v1}`])("%s", (path) => {
    expect(rulesOf(path, listed(2), versions(1, version)), "deleted since").toEqual(["vault-secret-not-found"]);
    expect(rulesOf(path, listed(1), versions(2, version)), "created since").toEqual([]);
    expect(rulesOf(path, listed(1, "db"), versions(2)), "deleted since, by versions").toEqual(["vault-secret-not-found"]);
  });

  test("a listing that is newer than an empty version list: the secret is there, its versions are not known", () => {
    expect(rulesOf("db", listed(2, "db"), versions(1))).toEqual([]);
    expect(rulesOf(`db/${v1}`, listed(2, "db"), versions(1))).toEqual([]);
  });
});

describe("names and versions", () => {
  test("are compared ignoring case", () => {
    check(pipeline([uri("DB"), uri(`dB/${v1.toUpperCase()}`), uri("Db#user")], `#- vault shop-kv: db versions:${v1}, x\n#- vault shop-kv: Db json:user`));
  });

  test.each([
    ["disabled", `db disabled versions:${v2}! ${v1}`],
    ["expired", `db expired versions:${v2} ${v1}`],
    ["not valid yet", `db starts:5 versions:${v2} ${v1}`],
  ])("a pinned version is judged by itself while the latest is %s", (_title, line) => {
    check(pipeline([uri(`db/${v1}`)], `#- vault shop-kv: ${line}`));
  });

  test.each([
    [{ enabled: false }, "vault-version-disabled"],
    [{ expires: now - 1 }, "vault-secret-expired"],
    [{ expires: now }, "vault-secret-expired"],
    [{ expires: now + 30 * 86_400_000 }, "vault-secret-expiring"],
    [{ expires: now + 30 * 86_400_000 + 1 }, undefined],
    [{ notBefore: now + 1 }, "vault-secret-not-yet-valid"],
    [{ notBefore: now }, undefined],
    [{ enabled: false, expires: now - 1 }, "vault-version-disabled"],
  ])("and is wrong by itself while the latest is right: %o", (attributes, rule) => {
    const { snapshot } = fixture(pipeline([uri(`db/${v1}`)], "#- vault shop-kv: db"));
    const versions: readonly SecretVersion[] = [
      { version: v2, enabled: true, created: 2 },
      { version: v1, enabled: true, created: 1, ...attributes },
    ];
    const facts = new Facts(snapshot.facts.vaults().map((each) => ({ ...each, versions: [["db", { state: "known", at: now, value: versions }]] as const })), "loading");
    expect(diagnostics({ ...snapshot, facts }).map((finding) => finding.rule)).toEqual(rule === undefined ? [] : [rule]);
  });
});

describe("JSON keys are the object's own", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "length", "__proto__.x", "constructor.name", "a.constructor", "a.length"])("%s is missing", (key) => {
    expect(lookUpKey([{ name: "a", children: [{ name: "b" }] }], key)).toBe("missing");
  });

  test("unless it is one", () => {
    expect(lookUpKey([{ name: "__proto__" }], "__proto__")).toBe("found");
    expect(lookUpKey([{ name: "constructor", children: [{ name: "name" }] }], "constructor.name")).toBe("found");
  });

  test.each([
    ["a.b", "found"],
    ["a", "found"],
    ["a.c", "missing"],
    ["d.e", "found"],
    ["f.g", "found-twice"],
    ["a.b.c", "missing"],
    ["A", "missing"],
    ["a[0]", "not-plain"],
    ["a..b", "not-plain"],
    ["$.a", "not-plain"],
    ["*", "not-plain"],
    ["", "not-plain"],
    [".a", "not-plain"],
    ["a.", "not-plain"],
  ])("%s: %s", (key, found) => {
    const keys = [{ name: "a", children: [{ name: "b" }] }, { name: "d.e" }, { name: "f.g" }, { name: "f", children: [{ name: "g" }] }];
    expect(lookUpKey(keys, key)).toBe(found);
  });

  test("on the way to a finding", () => {
    const { snapshot } = fixture(pipeline(["__proto__", "constructor", "toString"].map((key) => uri(`cfg#${key}`)), "#- vault shop-kv: cfg json:a"));
    expect(diagnostics(snapshot).map(({ rule }) => rule)).toEqual(Array(3).fill("json-key-not-found"));
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

describe("a chain that ends before its vault says where", () => {
  const elsewhere = `
#- /keyline.jsonc
{ "complete": ["account"],
  "scopes": [],
  "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }],
  "secrets": [
    { "identifier": "bare", "scope": "account" },
    { "identifier": "no_value", "scope": "account", "connector": "akv" },
    { "identifier": "strange", "scope": "org:default", "connector": "nowhere", "value": "x" }] }
#- /files.yaml
secret:
  type: SecretFile
  name: kube config
  identifier: kubeconfig
  orgIdentifier: default
  spec:
    secretManagerIdentifier: account.akv
---
secret:
  type: SecretText
  name: good-name
  identifier: unsaid
  orgIdentifier: default
  spec:
    secretManagerIdentifier: account.akv
    valueType: Reference
`;

  test.each([
    ["account.bare", "incomplete-secret"],
    ["account.no_value", "incomplete-secret"],
    ["org.unsaid", "incomplete-secret"],
    ["org.strange", "unknown-connector"],
    ["org.kubeconfig", "impossible-name"],
    ["org.azurevault://nowhere/x", "unknown-connector"],
    ["org.nowhere", "unknown-identifier"],
  ])("%s: %s", (reference, reason) => {
    const text = `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n  script: <+secrets.getValue("${reference}")>${elsewhere}`;
    check(text);
    expect([...verification(fixture(text).snapshot).references.notVerified.keys()]).toEqual([reason]);
  });
});
