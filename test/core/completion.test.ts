import { describe, expect, test } from "vitest";
import { completion, completionDocumentation, Facts } from "../../server/src/core/index.ts";
import type { VaultFacts } from "../../server/src/core/index.ts";
import { demoFiles } from "./demoWorkspace.ts";
import { complete, fixture, now } from "./fixture.ts";

const v1 = "0123456789abcdef0123456789abcdef";
const v2 = "fedcba9876543210fedcba9876543210";

const shop = `
#- /keyline.jsonc
{ "connectors": [
    { "identifier": "akv", "scope": "account", "vault": "shop-kv" },
    { "identifier": "own", "scope": "project:default/shop", "vault": "own-kv" },
    { "identifier": "org_kv", "scope": "org:default", "vault": "org-kv" },
    { "identifier": "far", "scope": "org:other", "vault": "far-kv" }],
  "secrets": [
    { "identifier": "token", "scope": "account", "connector": "akv", "value": "docker-token", "name": "Docker token" },
    { "identifier": "metrics", "scope": "org:default", "connector": "org_kv", "value": "metrics" },
    { "identifier": "db_password", "scope": "project:default/shop", "connector": "own", "value": "db", "name": "Shop database" },
    { "identifier": "db_user", "scope": "project:default/shop", "connector": "own", "value": "db-user" },
    { "identifier": "elsewhere", "scope": "project:default/other", "connector": "own", "value": "x" },
    { "identifier": "foreign", "scope": "org:other", "connector": "far", "value": "x" }] }
#- scope *.yaml: account
#- /hv.yaml
connector:
  identifier: hv
  type: Vault
  spec: {}
#- /git.yaml
connector:
  identifier: git
  type: Github
  spec: {}
#- vault shop-kv: zeta, db-password versions:${v2} ${v1}!, old-key disabled, a-expired expired, cfg json:user;endpoint{host;port};a.b, later starts:3`;

const project = "pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n";
const account = "connector:\n  identifier: c\n  type: Github\n  spec:\n";

const inScript = (line: string): string => `${project}  script: |\n    ${line}`;
const inField = (rest: string): string => `${project}  script: ${rest}`;
const within = (file: string): string => `${file}${shop}`;

/** What the one line becomes when the item is taken. */
function script(line: string, label: string): string {
  return complete(within(inScript(line))).take(label).slice(inScript("").length);
}

function field(rest: string, label: string): string {
  return complete(within(inField(rest))).take(label).slice(inField("").length);
}

function labels(file: string): readonly string[] {
  return complete(within(file)).labels;
}

describe("the call", () => {
  const whole = 'secrets.getValue("…")';

  test.each([
    ["<+$0", whole, `<+secrets.getValue("$0")>`],
    ["<+ $0", whole, `<+ secrets.getValue("$0")>`],
    ["<+sec$0", whole, `<+secrets.getValue("$0")>`],
    ["<+sec$0rets", whole, `<+secrets.getValue("$0")>`],
    ["<+SECR$0", whole, `<+secrets.getValue("$0")>`],
    ["<+$0>", whole, `<+secrets.getValue("$0")>`],
    ["<+sec$0 > out.txt", whole, `<+secrets.getValue("$0")> > out.txt`],
    ["$(echo <+sec$0)", whole, `$(echo <+secrets.getValue("$0")>)`],
    ["echo a <+sec$0 && echo b", whole, `echo a <+secrets.getValue("$0")> && echo b`],
    [`<+<+env.name>=="a"?$0`, whole, `<+<+env.name>=="a"?secrets.getValue("$0")>`],
    [`<+sec$0.getValue("token")>`, "secrets", `<+secrets$0.getValue("token")>`],
    ["<+secrets.$0", 'getValue("…")', `<+secrets.getValue("$0")>`],
    ["<+secrets.$0>", 'getValue("…")', `<+secrets.getValue("$0")>`],
    ["<+secrets . get$0", 'getValue("…")', `<+secrets . getValue("$0")>`],
    [`<+secrets.getval$0("token")>`, "getValue", `<+secrets.getValue$0("token")>`],
    [`<+secrets.get$0Val("token")>`, "getValue", `<+secrets.getValue$0("token")>`],
  ])("%s", (before, label, after) => {
    expect(script(before, label)).toBe(after);
  });

  test.each([
    ["<+$0", `<+secrets.getValue("$0")>`],
    [`'<+$0'`, `'<+secrets.getValue("$0")>'`],
    [`"<+$0"`, `"<+secrets.getValue(\\"$0\\")>"`],
    [`"echo <+sec$0 there"`, `"echo <+secrets.getValue(\\"$0\\")> there"`],
    [`"<+$0`, `"<+secrets.getValue(\\"$0\\")>`],
  ])("in the YAML value %s", (before, after) => {
    expect(field(before, whole)).toBe(after);
  });

  test("in a list, a flow mapping and under a quoted key, quotes are escaped where they have to be", () => {
    const cases = [
      [`${project}  args:\n    - "<+$0"`, `- "<+secrets.getValue(\\"$0\\")>"`],
      [`${project}  env: { A: "<+$0" }`, `{ A: "<+secrets.getValue(\\"$0\\")>" }`],
      [`${project}  "my key": "<+$0"`, `"my key": "<+secrets.getValue(\\"$0\\")>"`],
      [`${project}  script: |\n    "a": "<+$0"`, `"a": "<+secrets.getValue("$0")>"`],
    ] as const;
    for (const [file, line] of cases) expect(complete(within(file)).take(whole)).toContain(line);
  });

  test("the cursor goes between the quotes, where there is more to complete", () => {
    expect(complete(within(inScript("<+$0"))).item(whole)).toMatchObject({ again: true, cursor: `secrets.getValue("`.length });
  });
});

describe("an identifier in the quotes", () => {
  const marks = [
    ["", ""],
    [`"`, ""],
    [`)`, ""],
    [`>`, ""],
    [`")`, ""],
    [`">`, ""],
    [`)>`, ""],
    [`")>`, ""],
    [`" ) >`, ""],
    ["", " && echo x"],
    [`")>`, " && echo x"],
    ["", " > out.txt"],
    [`"`, " > out.txt"],
    ["", ` "other"`],
  ] as const;

  test.each(marks.flatMap(([mark, after]) => ["", "db", "db_pass"].map((typed) => [typed, mark, after] as const)))("typed '%s', then %s, then %s", (typed, mark, after) => {
    const line = script(`echo <+secrets.getValue("${typed}$0${mark}${after}`, "db_password");
    const isWhole = mark === `")>` || mark === `" ) >`;
    expect(line).toBe(`echo <+secrets.getValue("db_password${isWhole ? `$0${mark}` : `")>$0`}${after}`);
  });

  test.each(["", `'`, `')`, `')>`])("in single quotes, then %s", (mark) => {
    const line = script(`<+secrets.getValue('db$0${mark}`, "db_password");
    expect(line).toBe(`<+secrets.getValue('db_password${mark === `')>` ? `$0${mark}` : `')>$0`}`);
  });

  test.each([
    [`"<+secrets.getValue(\\"db$0\\")>"`, `"<+secrets.getValue(\\"db_password$0\\")>"`],
    [`"<+secrets.getValue(\\"db$0"`, `"<+secrets.getValue(\\"db_password\\")>$0"`],
    [`"<+secrets.getValue(\\"db$0\\""`, `"<+secrets.getValue(\\"db_password\\")>$0"`],
    [`"<+secrets.getValue(\\"db$0`, `"<+secrets.getValue(\\"db_password\\")>$0`],
    [`"<+secrets.getValue('db$0')>"`, `"<+secrets.getValue('db_password$0')>"`],
    [`'<+secrets.getValue("db$0")>'`, `'<+secrets.getValue("db_password$0")>'`],
    [`'<+secrets.getValue("db$0'`, `'<+secrets.getValue("db_password")>$0'`],
    [`'<+secrets.getValue(''db$0'')>'`, `'<+secrets.getValue(''db_password$0'')>'`],
    [`'<+secrets.getValue(''db$0'`, `'<+secrets.getValue(''db_password'')>$0'`],
    [`<+secrets.getValue("db$0")>`, `<+secrets.getValue("db_password$0")>`],
    [`<+secrets.getValue("db$0`, `<+secrets.getValue("db_password")>$0`],
  ])("in the YAML value %s", (before, after) => {
    expect(field(before, "db_password")).toBe(after);
  });

  test.each([
    ["<+secrets.getValue($0", `<+secrets.getValue("db_password")>$0`],
    ["<+secrets.getValue($0)", `<+secrets.getValue("db_password")>$0`],
    ["<+secrets.getValue($0)>", `<+secrets.getValue("db_password"$0)>`],
    ["<+secrets.getValue( db$0 )>", `<+secrets.getValue( "db_password"$0 )>`],
    ["<+secrets.getValue(db$0_x)>", `<+secrets.getValue("db_password"$0)>`],
  ])("before any quote: %s", (before, after) => {
    expect(script(before, "db_password")).toBe(after);
  });

  test("before any quote in a double-quoted value, quotes are escaped", () => {
    expect(field(`"<+secrets.getValue($0"`, "db_password")).toBe(`"<+secrets.getValue(\\"db_password\\")>$0"`);
    expect(field(`"<+secrets.getValue($0)>"`, "account.")).toBe(`"<+secrets.getValue(\\"account.$0)>"`);
  });

  test("from the middle of a word, the whole of it is replaced", () => {
    expect(script(`<+secrets.getValue("db$0_pasword")> # x`, "db_password")).toBe(`<+secrets.getValue("db_password$0")> # x`);
    expect(script(`<+secrets.getValue("acc$0ount.token")>`, "account.token")).toBe(`<+secrets.getValue("account.token$0")>`);
  });

  test("a scope or scheme taken before one that stands there replaces it alone", () => {
    expect(script(`<+secrets.getValue("a$0ccount.token")>`, "account.")).toBe(`<+secrets.getValue("account.$0token")>`);
    expect(script(`<+secrets.getValue("azure$0://akv/x")>`, "azurevault://")).toBe(`<+secrets.getValue("azurevault://$0akv/x")>`);
    expect(script(`<+secrets.getValue("$0")>`, "org.")).toBe(`<+secrets.getValue("org.$0")>`);
  });

  test("secrets are found by their Name too", () => {
    expect(script(`<+secrets.getValue("Shop data$0")>`, "db_password")).toBe(`<+secrets.getValue("db_password$0")>`);
    expect(complete(within(inScript(`<+secrets.getValue("docker to$0")>`))).labels).toEqual(["account.token"]);
    expect(complete(within(inScript(`<+secrets.getValue("$0")>`))).item("db_password").detail).toBe("Shop database · own");
  });

  test("Windows line ends stay", () => {
    const text = `${inScript(`<+secrets.getValue("db$0`)}\n`.replaceAll("\n", "\r\n");
    expect(complete(within(text)).take("db_password")).toContain(`<+secrets.getValue("db_password")>$0\r\n`);
  });
});

describe("what may be used", () => {
  const inQuotes = `<+secrets.getValue("$0")>`;
  const schemes = ["awssecretsmanager://", "azurevault://", "gcpsecretsmanager://", "hashicorpvault://"];

  test("in a project: its own, its organization's and the account's, in this order", () => {
    expect(labels(inScript(inQuotes))).toEqual(["db_password", "db_user", "org.metrics", "account.token", "account.", "org.", ...schemes]);
  });

  test("in an organization: its own and the account's", () => {
    const file = `template:\n  identifier: t\n  versionLabel: v1\n  orgIdentifier: default\n  spec:\n    script: ${inQuotes}`;
    expect(labels(file)).toEqual(["org.metrics", "account.token", "account.", "org.", ...schemes]);
  });

  test("in a template of unknown organization: the account's, for which project it runs in is not known", () => {
    expect(labels(`template:\n  identifier: t\n  versionLabel: v1\n  spec:\n    script: ${inQuotes}`)).toEqual(["account.token", "account.", "org.", ...schemes]);
  });

  test("where the scope is unknown: what every scope may use", () => {
    expect(labels(`pipeline:\n  identifier: p\n  script: ${inQuotes}`)).toEqual(["account.token", "account.", "org.", ...schemes]);
    expect(labels(`values: ${inQuotes}`)).toEqual(["account.token", "account.", "org.", ...schemes]);
  });

  test("each of several documents in its own scope", () => {
    const other = "pipeline:\n  identifier: q\n  orgIdentifier: other\n  projectIdentifier: x\n";
    expect(labels(`${project}---\n${other}  script: ${inQuotes}`)).toContain("org.foreign");
    expect(labels(`${project}  script: ${inQuotes}\n---\n${other}`)).not.toContain("org.foreign");
  });

  test("an identifier that could not be written is not offered", () => {
    const hostile = `#- /bad.yaml\nsecret:\n  identifier: 'x")> <+pipeline.name>'\n  type: SecretText\n  spec: {}`;
    expect(complete(`${within(inScript(inQuotes))}\n${hostile}`).list.items.map(({ label }) => label).filter((label) => label.includes("x"))).toEqual([]);
  });

  test("connectors by scope and by the scheme's type", () => {
    const at = (typed: string): readonly string[] => complete(within(inScript(`<+secrets.getValue("${typed}$0")>`))).list.items.map(({ newText }) => newText);
    expect(at("azurevault://")).toEqual(["azurevault://own/", "org.azurevault://org_kv/", "account.azurevault://akv/"]);
    expect(at("account.azurevault://")).toEqual(["account.azurevault://akv/"]);
    expect(at("org.azurevault://o")).toEqual(["org.azurevault://org_kv/"]);
    expect(at("hashicorpvault://")).toEqual(["account.hashicorpvault://hv/"]);
    expect(at("gcpsecretsmanager://")).toEqual([]);
    expect(at("https://")).not.toContain("account.azurevault://akv/");
  });

  test("a scheme behind a scope keeps it", () => {
    expect(script(`<+secrets.getValue("account.$0")>`, "account.azurevault://")).toBe(`<+secrets.getValue("account.azurevault://$0")>`);
    expect(script(`<+secrets.getValue("org.az$0")>`, "org.azurevault://")).toBe(`<+secrets.getValue("org.azurevault://$0")>`);
  });

  test("a connector taken before a path leaves the path", () => {
    expect(script(`<+secrets.getValue("account.azurevault://a$0x/zeta#k")>`, "akv")).toBe(`<+secrets.getValue("account.azurevault://akv/$0zeta#k")>`);
    expect(script(`<+secrets.getValue("azurevault://a$0")>`, "akv")).toBe(`<+secrets.getValue("account.azurevault://akv/$0")>`);
  });
});

describe("inside a vault", () => {
  const path = (rest: string): string => `<+secrets.getValue("account.azurevault://akv/${rest}`;

  test("names, those that can be used first, each with its state", () => {
    const { labels: shown, item, list } = complete(within(inScript(path(`$0")>`))));
    expect(shown).toEqual(["cfg", "db-password", "later", "zeta", "a-expired", "old-key"]);
    expect(item("old-key").detail).toBe("disabled, 3 months old");
    expect(item("a-expired").detail).toBe("expired 2025-11-22, 3 months old");
    expect(item("later").detail).toBe("valid from 2026-01-04, 3 months old");
    expect(item("zeta").detail).toBe("enabled, 3 months old");
    expect(list).toMatchObject({ incomplete: false, wants: [{ vault: { name: "shop-kv" }, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] }] });
  });

  test.each([
    [`db$0`, "db-password", `db-password")>$0`],
    [`db$0")>`, "db-password", `db-password$0")>`],
    [`d$0b-pasword")>`, "db-password", `db-password$0")>`],
    [`ze$0#user")>`, "zeta", `zeta$0#user")>`],
    [`ze$0x/${v1}")>`, "zeta", `zeta$0/${v1}")>`],
    [`cfg#$0`, "user", `cfg#user")>$0`],
    [`db-password/$0")>`, v2, `db-password/${v2}$0")>`],
    [`db-password/$0${v1}")>`, v2, `db-password/${v2}$0")>`],
    [`db-password#user/$0`, v2, `db-password#user/${v2}")>$0`],
  ])("%s", (before, label, after) => {
    expect(script(path(before), label)).toBe(path(after));
  });

  test("the keys of a pinned version are those of that version's value", () => {
    const [before, after] = [`cfg#us$0er/${v1}")>`, `cfg#user$0/${v1}")>`];
    const { snapshot, cursor = 0 } = fixture(within(inScript(path(before))));
    const facts = snapshot.facts.vaults().map((vault): VaultFacts => ({ ...vault, jsonShapes: [[`cfg/${v1}`, { state: "known", at: now, value: { kind: "json", keys: [{ name: "user" }] } }]] }));
    const { items, wants } = completion({ ...snapshot, facts: new Facts(facts, "loading") }, cursor);
    expect(items.map(({ newText, span }) => snapshot.analysis.text.slice(0, span.start) + newText + "$0" + snapshot.analysis.text.slice(span.end))).toEqual([inScript(path(after))]);
    expect(wants[0]?.jsonOf).toEqual([{ name: "cfg", version: v1 }]);
  });

  test("keys: in an expression those without dots alone, as a dot breaks it", () => {
    const { labels: shown, list } = complete(within(inScript(path(`cfg#$0")>`))));
    expect(shown).toEqual(["user", "endpoint"]);
    expect(list.wants[0]?.jsonOf).toEqual([{ name: "cfg" }]);
  });

  test("keys that no reference can hold are not offered", () => {
    const keys = ["ok", "a b", "a.b", "a/b", "a#b", "a:b", "a'b", 'a"b', "a[0]", "$x", "<+x>", "a\\b", "{{a}}", "${a}", "a\nb", "a\u202eb", "__proto__", "äö"];
    const { snapshot, cursor = 0 } = fixture(within(inScript(path(`cfg#$0")>`))));
    const facts = snapshot.facts.vaults().map((vault): VaultFacts => ({ ...vault, jsonShapes: [["cfg", { state: "known", at: now, value: { kind: "json", keys: keys.map((name) => ({ name })) } }]] }));
    expect(completion({ ...snapshot, facts: new Facts(facts, "loading") }, cursor).items.map(({ label }) => label)).toEqual(["ok", "__proto__", "äö"]);
  });

  test("versions, newest first, the latest said so", () => {
    const { labels: shown, item, list } = complete(within(inScript(path(`db-password/$0")>`))));
    expect(shown).toEqual([v2, v1]);
    expect(item(v2).detail).toBe("latest, enabled, 1 day old");
    expect(item(v1).detail).toBe("disabled, 2 days old");
    expect(list.wants[0]?.versionsOf).toEqual(["db-password"]);
  });

  test.each([
    ["$0", { listing: true, versionsOf: [], jsonOf: [] }],
    ["cfg#$0", { listing: false, versionsOf: [], jsonOf: [{ name: "cfg" }] }],
    ["cfg/$0", { listing: false, versionsOf: ["cfg"], jsonOf: [] }],
  ])("%s asks for what it lacks, and again while that is loading", (typed, want) => {
    const nothingKnown = within(inScript(path(`${typed}")>`))).replace(/#- vault.*/, "#- unknown shop-kv: loading");
    const { list } = complete(nothingKnown);
    expect(list).toMatchObject({ items: [], incomplete: true, wants: [want] });
    expect(complete(nothingKnown.replace("loading", "forbidden")).list).toMatchObject({ items: [], incomplete: false, wants: [want] });
  });

  test("a partial listing is offered, and asked for again; a stale one is offered", () => {
    const partial = complete(within(inScript(path(`$0")>`))).replace("#- vault", "#- partial"));
    expect(partial.labels).toContain("zeta");
    expect(partial.list.incomplete).toBe(true);
    const stale = complete(`${within(inScript(path(`$0")>`)))}\n#- stale shop-kv: throttled`);
    expect(stale.labels).toContain("zeta");
  });

  test("a value that is not JSON has no keys, a name that cannot be one has nothing", () => {
    expect(complete(within(inScript(path(`zeta#$0")>`))).replace("zeta,", "zeta text,")).list).toMatchObject({ items: [], incomplete: false });
    expect(complete(within(inScript(path(`a_b#$0")>`)))).list).toEqual({ items: [], incomplete: false, wants: [] });
    expect(complete(within(inScript(path(`a_b/$0")>`)))).list).toEqual({ items: [], incomplete: false, wants: [] });
  });

  test("other secret managers have no names to offer", () => {
    expect(complete(within(inScript(`<+secrets.getValue("account.hashicorpvault://hv/$0")>`))).list.items).toEqual([]);
    expect(complete(within(inScript(`<+secrets.getValue("account.azurevault://nowhere/$0")>`))).list).toEqual({ items: [], incomplete: false, wants: [] });
  });

  test("10,000 names: the best 500, those that begin with what is typed first, at once", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => (index < 9_990 ? `a${String(index)}-with-x` : `x${String(index)}`));
    const text = within(inScript(path(`x$0")>`))).replace(/#- vault.*/, `#- vault shop-kv: ${names.join(", ")}`);
    const { snapshot, cursor = 0 } = fixture(text);
    const before = performance.now();
    const { items, incomplete } = completion(snapshot, cursor);
    expect(performance.now() - before).toBeLessThan(500);
    expect(items).toHaveLength(500);
    expect(incomplete).toBe(true);
    expect(items.slice(0, 10).map(({ label }) => label)).toEqual(names.slice(-10));
  });
});

describe("plain references", () => {
  const variable = (value: string): string => `${project}  variables:\n    - name: v\n      type: Secret\n      value: ${value}`;
  const takeIn = (file: string, label: string): string => complete(within(file)).take(label).split("\n").find((line) => line.includes("$0")) ?? "";

  test.each([
    ["$0", "value: db_password$0"],
    ["db$0", "value: db_password$0"],
    ["d$0b_pasword", "value: db_password$0"],
    ["d$0b # why", "value: db_password$0 # why"],
    ["$0 # why", "value: db_password$0 # why"],
    [`"$0"`, `value: "db_password$0"`],
    [`"db$0"`, `value: "db_password$0"`],
    [`"db$0`, `value: "db_password"$0`],
    [`'$0'`, `value: 'db_password$0'`],
    [`'db$0' # why`, `value: 'db_password$0' # why`],
    ["Shop d$0at", "value: db_password$0"],
  ])("a Secret variable: %s", (value, line) => {
    expect(takeIn(variable(value), "db_password").trim()).toBe(line);
  });

  test.each([`""$0`, `$0""`, `"db"$0`, "db $0", "db # why$0", "# $0", "#$0"])("nothing at %s", (value) => {
    expect(labels(variable(value))).toEqual([]);
  });

  test("nothing directly behind the colon, and nothing in a block scalar", () => {
    expect(labels(`${project}  variables:\n    - name: v\n      type: Secret\n      value:$0`)).toEqual([]);
    expect(labels(variable("|\n        db$0"))).toEqual([]);
  });

  test("in flow style, written or not", () => {
    const flow = (value: string): string => `${project}  variables:\n    - { name: v, type: Secret, ${value} }`;
    expect(takeIn(flow("value: db$0"), "db_password")).toContain("value: db_password$0 }");
    expect(takeIn(flow("value: $0"), "db_password")).toContain("value: db_password$0 }");
    expect(takeIn(flow("value: x, default: db$0"), "db_password")).toContain("value: x, default: db_password$0 }");
    expect(labels(flow("value: x, description: db$0"))).toEqual([]);
  });

  test("paths may be written in a Secret variable, not in a connector", () => {
    expect(labels(variable("$0"))).toContain("azurevault://");
    expect(takeIn(variable("account.azurevault://akv/ze$0"), "zeta")).toContain("value: account.azurevault://akv/zeta$0");
    expect(labels(`${account}    authentication:\n      spec:\n        tokenRef: $0`)).toEqual(["account.token", "account.", "org."]);
    expect(labels(`${account}    authentication:\n      spec:\n        tokenRef: account.azurevault://$0`)).toEqual([]);
  });

  test("connector fields, secretFiles, triggers and SSH keys", () => {
    const files = [
      `${account}    authentication:\n      spec:\n        tokenRef: acc$0`,
      `${project}  store:\n    spec:\n      secretFiles:\n        - acc$0`,
      `${project}  store:\n    spec:\n      secretFiles:\n        - $0`,
      `trigger:\n  identifier: t\n  encryptedWebhookSecretIdentifier: acc$0`,
      `secret:\n  identifier: ssh\n  type: SSHKey\n  spec:\n    spec:\n      key: acc$0`,
    ];
    for (const file of files) expect(takeIn(file, "account.token")).toMatch(/account\.token\$0$/);
  });

  test("no expression where a plain reference stands", () => {
    expect(labels(variable("<+$0"))).toEqual([]);
    expect(labels(variable(`<+secrets.getValue("$0")>`))).toEqual([]);
  });

  test("no secret in fields that take none", () => {
    for (const line of ["connectorRef: acc$0", "serviceRef: $0", "name: db$0", "outputVariables:\n    - { name: o, type: Secret, value: $0 }"]) expect(labels(`${project}  ${line}`)).toEqual([]);
  });
});

describe("the path of a secret", () => {
  const secret = (identifier: string, connector: string, value: string): string => `secret:\n  identifier: ${identifier}\n  type: SecretText\n  spec:\n    secretManagerIdentifier: ${connector}\n    valueType: Reference\n    value: ${value}`;

  test.each([
    ["$0", "zeta", "value: zeta$0"],
    ["ze$0", "zeta", "value: zeta$0"],
    [`"ze$0"`, "zeta", `value: "zeta$0"`],
    [`'ze$0`, "zeta", `value: 'zeta'$0`],
    [`ze$0#user`, "zeta", "value: zeta$0#user"],
    ["cfg#$0", "endpoint.host", "value: cfg#endpoint.host$0"],
    ["cfg#en$0x.y", "endpoint", "value: cfg#endpoint$0"],
    [`db-password/$0 # why`, v2, `value: db-password/${v2}$0 # why`],
  ])("%s", (value, label, line) => {
    expect(complete(within(secret("s", "akv", value))).take(label)).toContain(`    ${line}`);
  });

  test("keys with dots may be written here", () => {
    expect(labels(secret("s", "akv", "cfg#$0"))).toEqual(["user", "endpoint", "a.b", "endpoint.host", "endpoint.port"]);
  });

  test("of several secrets in one file, the one around the cursor tells the vault", () => {
    const vaults = `\n#- vault own-kv: own-secret`;
    const own = secret("own", "own", "$0").replace("  type:", "  orgIdentifier: default\n  projectIdentifier: shop\n  type:");
    expect(complete(within(`${secret("first", "akv", "zeta")}\n---\n${own}\n---\n${secret("last", "akv", "zeta")}`) + vaults).labels).toEqual(["own-secret"]);
    expect(complete(within(`${secret("first", "akv", "$0")}\n---\n${own.replace("$0", "x")}`) + vaults).labels).toContain("zeta");
  });

  test("nothing for other managers, unknown ones, inline values and other types", () => {
    for (const connector of ["hv", "nowhere", "org.akv", "harnessSecretManager"]) expect(labels(secret("s", connector, "$0"))).toEqual([]);
    expect(labels(secret("s", "akv", "$0").replace("Reference", "Inline"))).toEqual([]);
  });
});

describe("nothing in the wrong place", () => {
  test.each([
    inScript("echo $0"),
    inScript(`<+secrets.getValue("token")>$0`),
    inScript(`<+secrets.getValue("token"$0)>`),
    inScript(`<+secrets.getValue("token")$0>`),
    inScript(`$0<+secrets.getValue("token")>`),
    inScript(`<$0+secrets.getValue("token")>`),
    inScript(`<+pipeline.name$0`),
    inScript(`<+pipeline.variables.$0>`),
    inScript(`<+mysecrets.$0>`),
    inScript(`<+a.secrets.$0>`),
    inScript(`<+a == "sec$0`),
    inScript(`<+secrets.getValue("<+sec$0")>`),
    inScript(`<+secrets.getValue(<+$0)>`),
    inScript(`<+a == "<+sec$0>">`),
    inScript(`<+secrets.getValue($0"token")>`),
    inScript(`<+secrets.getValue("app_<+env.name>$0")>`),
    `${project}  # <+secrets.getValue("$0")>`,
    `${project}  name: x # <+$0`,
    `# <+secrets.$0\n${project}`,
    "values: <+$0",
    "values: <+sec$0",
    "apiVersion: v1\nkind: Secret\nvalue: $0",
    "$0",
    "pipeline:$0",
  ])("%s", (file) => {
    expect(complete(within(file)).list).toEqual({ items: [], incomplete: false, wants: [] });
  });

  test("a comment outside Harness's own files is evaluated, so it is completed", () => {
    expect(complete(within(`a: <+secrets.getValue("account.token")>\n# <+secrets.getValue("$0")>`)).labels).toContain("account.token");
  });
});

describe("documentation", () => {
  const doc = (file: string, label: string, vault = ""): string | undefined => {
    const { snapshot } = fixture(`${within(file)}${vault}`);
    return completionDocumentation(snapshot, complete(`${within(file)}${vault}`).item(label).data ?? "");
  };

  test("of a Harness secret", () => {
    expect(doc(inScript(`<+secrets.getValue("$0")>`), "account.token")).toMatchInlineSnapshot(`
      "Harness secret \`token\` in the account

      - Type SecretText, Reference
      - Name \`Docker token\`
      - Secret manager \`akv\`
      - Path \`docker-token\`"
    `);
  });

  test("of a Key Vault secret: state, content type and tags, never a value", () => {
    const vault = `\n#- vault shop-kv: token type:text/plain tags:team=payments;owner=me expires:10`;
    expect(doc(inScript(`<+secrets.getValue("account.azurevault://akv/$0")>`), "token", vault)).toMatchInlineSnapshot(`
      "Key Vault secret \`token\` in vault \`shop-kv\`

      - expires 2026-01-11, 3 months old
      - Content type \`text/plain\`
      - Tags \`team=payments\`, \`owner=me\`"
    `);
  });

  test("of what is no longer known there is none, and foreign data gives none", () => {
    const { snapshot } = fixture(within(inScript("")));
    const gone = JSON.stringify({ kind: "name", vault: { name: "shop-kv", cloud: "public" }, name: "gone" });
    for (const data of ["", "{", "null", "7", "[]", "{}", `{"kind":"name","name":"x","vault":null}`, `{"kind":"secret","scope":"__proto__","identifier":"x"}`, `{"kind":"secret","scope":"account","identifier":"toString"}`, gone]) {
      expect(completionDocumentation(snapshot, data)).toBeUndefined();
    }
  });
});

describe("at every offset of the demo workspace", () => {
  const files = demoFiles(Date.UTC(2026, 10, 24, 12));

  test.each(files.map(({ path, snapshot }) => [path, snapshot] as const))("%s", (_path, snapshot) => {
    const { text } = snapshot.analysis;
    for (let offset = 0; offset <= text.length; offset++) {
      for (const { span, newText } of completion(snapshot, offset).items) {
        expect(span.start <= offset && offset <= span.end, `an edit around ${String(offset)}`).toBe(true);
        expect(newText.includes("\n") || text.slice(span.start, span.end).includes("\n")).toBe(false);
        const lineEnd = text.indexOf("\n", offset) < 0 ? text.length : text.indexOf("\n", offset);
        expect(span.end).toBeLessThanOrEqual(lineEnd);
        // What is replaced is one reference, its quotes and brackets at most.
        expect(text.slice(span.start, span.end)).toMatch(/^[^\s"'()<>]*(?:[^\s<]*>)?$/);
      }
    }
    // An expression where a plain reference belongs is a finding, and nothing is offered inside it.
    const isMisplaced = (at: number): boolean => snapshot.analysis.slots.some(({ content }) => content.start < at && at < content.end);
    const written = snapshot.analysis.references.filter(({ form, identifier, uri, argument }) => (identifier ?? uri) !== undefined && (form === "plain" || !isMisplaced(argument.span.start)));
    expect(written.filter(({ argument }) => completion(snapshot, argument.span.start).items.length === 0)).toEqual([]);
  });
});
