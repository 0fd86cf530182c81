import { describe, expect, test } from "vitest";
import { readConfig, ruleIds, WorkspaceModel } from "../../server/src/core/index.ts";

const uri = "file:///repo/keyline.jsonc";

/** The problems of a text, each with what it covers. */
function problems(text: string): readonly (readonly [string, string])[] {
  return readConfig(uri, text).problems.map(({ span, message }) => {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThan(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
    return [text.slice(span.start, span.end), message];
  });
}

const good = `// What Keyline cannot read from the files.
{
  "$schema": "./keyline.schema.json",
  "organization": "default",
  "project": "shop", /* the web shop */
  "complete": ["account", "org:default", "project:default/shop",],
  "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv", "cloud": "usgov", "tenant": "11111111-2222-3333-4444-55555555555A" }],
  "secrets": [
    { "identifier": "db_password", "scope": "project:default/shop", "connector": "account.akv", "value": "db-password#user", "name": "DB password" },
    { "identifier": "bare", "scope": "org:default" },
  ],
  "rules": { "hyphen-identifier": "off", "not-verified": "warning" },
  "scopes": [{ "files": "connectors/**", "scope": "account" }],
  "include": ["pipelines/**"],
  "exclude": ["old/**"],
}
`;

test("everything that can be said, with comments and trailing commas", () => {
  const { config, problems: found } = readConfig(uri, good);
  expect(found).toEqual([]);
  expect(config).toMatchObject({
    organization: "default",
    project: "shop",
    complete: ["account", "org:default", "project:default/shop"],
    rules: { "hyphen-identifier": "off", "not-verified": "warning" },
    scopes: [{ files: "connectors/**", scope: { level: "account" } }],
    include: ["pipelines/**"],
    exclude: ["old/**"],
    entities: [
      { kind: "connector", identifier: "akv", scope: { level: "account" }, type: "AzureKeyVault", vault: { name: "shop-kv", cloud: "usgov", tenant: "11111111-2222-3333-4444-55555555555a" } },
      { kind: "secret", identifier: "db_password", scope: { level: "project", org: "default", project: "shop" }, type: "SecretText", connector: "account.akv", valueType: "Reference", path: "db-password#user", name: "DB password" },
      { kind: "secret", identifier: "bare", scope: { level: "org", org: "default" } },
    ],
  });
  for (const { origin, identifier } of config.entities) expect([origin.uri, good.slice(origin.identifierSpan.start, origin.identifierSpan.end)]).toEqual([uri, identifier]);
});

test.each(["", "  \n\t", "{}", "// nothing yet\n{ }", "\ufeff{}", "\ufeff", good.replaceAll("\n", "\r\n"), `\ufeff${good}`])("no problem in %j", (text) => {
  expect(problems(text)).toEqual([]);
});

describe("syntax, shown where it breaks", () => {
  test.each([
    ["{", "{", "Close brace expected"],
    [`{ "organization": "a"`, `"`, "Close brace expected"],
    [`{ "organization" "a" }`, `"a"`, "Colon expected"],
    [`{ "organization": }`, "}", "Value expected"],
    [`{ "organization": "a" "project": "b" }`, `"project"`, "Comma expected"],
    [`{,}`, ",", "Value expected"],
    [`{ 'organization': 'a' }`, "'organization'", "Invalid symbol"],
    [`{ "organization": "a" } x`, "x", "Invalid symbol"],
    [`{ "organization": "a`, `"a`, "Unexpected end of string"],
    [`{ "complete": ["account" }`, "}", "Comma expected"],
    ["nonsense", "nonsense", "Invalid symbol"],
    ["/* open", "/* open", "Unexpected end of comment"],
    [`{ "include": ["\\q"] }`, `"\\q"`, "Invalid escape character"],
  ])("%s", (text, part, words) => {
    expect(problems(text)).toEqual([[part, `${words}. Mend the JSON here`]]);
  });

  test("one problem for a line, and what is right still counts", () => {
    const { config, problems: found } = readConfig(uri, `{ "organization": "a",\n  project: b,\n  'x': 'y',\n  "complete": ["account"] }`);
    expect(found.map(({ message }) => message.split(".")[0])).toEqual(["Invalid symbol", "Invalid symbol"]);
    expect(config).toMatchObject({ organization: "a", complete: ["account"] });
  });

  test("at most 20 of them", () => {
    expect(problems("{\n" + "  x\n".repeat(500))).toHaveLength(20);
  });

  test.each(["[".repeat(100_000), `{"a":`.repeat(100_000), `{"complete":${"[".repeat(60)}${"]".repeat(60)}}`])("nesting without end is refused before it is parsed", (text) => {
    expect(problems(text)).toEqual([[text.charAt(0), "The file is nested too deeply to be a configuration. Write it anew"]]);
  });
});

describe("values of the wrong type, exactly underlined", () => {
  const text = "Write a text in double quotes";
  const identifier = "An identifier has letters, digits, _ and $, at most 128, and does not start with a digit or $";
  const scope = 'A scope is written "account", "org:<organization>" or "project:<organization>/<project>"';

  test.each([
    ["[]", "[]", "Write an object { } for keyline.jsonc"],
    [`"x"`, `"x"`, "Write an object { } for keyline.jsonc"],
    ["null", "null", "Write an object { } for keyline.jsonc"],
    [`{ "organization": 7 }`, "7", text],
    [`{ "organization": null }`, "null", text],
    [`{ "organization": ["a"] }`, `["a"]`, text],
    [`{ "organization": "a b" }`, `"a b"`, identifier],
    [`{ "project": "" }`, `""`, identifier],
    [`{ "complete": "account" }`, `"account"`, "Write a list [ ] for complete"],
    [`{ "complete": [1] }`, "1", text],
    [`{ "complete": ["acount"] }`, `"acount"`, scope],
    [`{ "complete": ["project:default"] }`, `"project:default"`, scope],
    [`{ "complete": ["org:"] }`, `"org:"`, scope],
    [`{ "scopes": {} }`, "{}", "Write a list [ ] for scopes"],
    [`{ "scopes": ["account"] }`, `"account"`, "Write an object { } for an entry of scopes"],
    [`{ "scopes": [{ "files": "**", "scope": "projekt:a/b" }] }`, `"projekt:a/b"`, scope],
    [`{ "scopes": [{ "files": "", "scope": "account" }] }`, `""`, "Write a glob, relative to the folder of keyline.jsonc"],
    [`{ "scopes": [{ "scope": "account" }] }`, `{ "scope": "account" }`, '"files" is missing. Add it'],
    [`{ "scopes": [{ "files": "**", "scope": "account", "file": "x" }] }`, `"file"`, '"file" is not known in an entry of scopes. Did you mean "files"?'],
    [`{ "project": "shop" }`, `"shop"`, "A project counts only with its organization. Add organization"],
    [`{ "include": [""] }`, `""`, "Write a glob, relative to the folder of keyline.jsonc"],
    [`{ "include": ["/.harness/**"] }`, `"/.harness/**"`, "A glob is relative to the folder of keyline.jsonc. Write it without a drive and without a slash in front"],
    [`{ "exclude": ["C:/repo/**"] }`, `"C:/repo/**"`, "A glob is relative to the folder of keyline.jsonc. Write it without a drive and without a slash in front"],
    [`{ "include": ["!charts/**"] }`, `"!charts/**"`, "A glob cannot be negated. List what to leave out under exclude"],
    [`{ "scopes": [{ "files": "connectors\\\\a.yaml", "scope": "account" }] }`, `"connectors\\\\a.yaml"`, "A glob has / between folders, also on Windows. Write / for the backslash"],
    [`{ "scopes": [{ "files": "../other/**", "scope": "account" }] }`, `"../other/**"`, "Files outside the folder of keyline.jsonc are not read. Write the glob without .."],
    [`{ "exclude": ["a/[bc"] }`, `"a/[bc"`, "The [ is not closed. Close it, or write \\\\[ for the character itself"],
    [`{ "exclude": ["a/{b,c"] }`, `"a/{b,c"`, "The { is not closed. Close it, or write \\\\{ for the character itself"],
    [`{ "connectors": {} }`, "{}", "Write a list [ ] for connectors"],
    [`{ "connectors": [7] }`, "7", "Write an object { } for a connector"],
    [`{ "secrets": ["x"] }`, `"x"`, "Write an object { } for a secret"],
    [`{ "secrets": [{ "identifier": "1a", "scope": "account" }] }`, `"1a"`, "An identifier has letters, digits, _, $ and -, at most 128, and does not start with a digit or $"],
    [`{ "secrets": [{ "identifier": "a", "scope": "here" }] }`, `"here"`, scope],
    [`{ "secrets": [{ "identifier": "a", "scope": "account", "connector": "" }] }`, `""`, "A connector is written id, org.id or account.id"],
    [`{ "secrets": [{ "identifier": "a", "scope": "account", "connector": "project.akv" }] }`, `"project.akv"`, "A connector is written id, org.id or account.id"],
    [`{ "secrets": [{ "identifier": "a", "scope": "account", "value": " " }] }`, `" "`, "Write the secret's path in its secret manager: name, name#key or name/version"],
    [`{ "secrets": [{ "identifier": "a", "scope": "account", "name": {} }] }`, "{}", text],
    [`{ "rules": [] }`, "[]", "Write an object { } for rules"],
    [`{ "rules": { "bad-uri": "loud" } }`, `"loud"`, "A rule's severity is one of off, hint, info, warning, error"],
    [`{ "rules": { "bad-uri": 2 } }`, "2", "A rule's severity is one of off, hint, info, warning, error"],
    [`{ "include": "**" }`, `"**"`, "Write a list [ ] for include"],
    [`{ "exclude": [true] }`, "true", text],
  ])("%s", (content, part, message) => {
    expect(problems(content)).toEqual([[part, message]]);
  });

  test("globs that may match something stand as they are written", () => {
    const globs = [".harness/", "./a", ".", "**/x.yml", "a/[bc]*.yaml", "a/{b,{c,d}}/**", "a/\\\\[b.yaml", "a!b", "a..b/**", "[[]x"];
    const read = readConfig("file:///keyline.jsonc", JSON.stringify({ include: globs.map((glob) => glob.replaceAll("\\\\", "\\")) }));
    expect(read.problems).toEqual([]);
    expect(read.config.include).toHaveLength(globs.length);
  });

  const connector = (rest: string): string => `{ "connectors": [{ "identifier": "akv", "scope": "account", ${rest} }] }`;

  test.each([
    [`"vault": "https://shop-kv.vault.azure.net/"`, `"https://shop-kv.vault.azure.net/"`, "Write the short name, not the URL"],
    [`"vault": "a--b"`, `"a--b"`, "single hyphens"],
    [`"vault": "ab"`, `"ab"`, "3 to 24"],
    [`"vault": "shop-kv", "cloud": "germany"`, `"germany"`, 'A cloud is "public", "usgov" or "china"'],
    [`"vault": "shop-kv", "tenant": "common"`, `"common"`, "A tenant is a GUID"],
    [`"vault": "shop-kv", "tenant": "--debug"`, `"--debug"`, "A tenant is a GUID"],
  ])("a connector with %s", (rest, part, words) => {
    const found = problems(connector(rest));
    expect(found.map(([covered]) => covered)).toEqual([part]);
    expect(found[0]?.[1]).toContain(words);
  });

  test("a bad tenant is left out, a bad vault or cloud leaves the connector out", () => {
    expect(readConfig(uri, connector(`"vault": "shop-kv", "tenant": "common"`)).config.entities).toMatchObject([{ vault: { name: "shop-kv", cloud: "public" } }]);
    expect(readConfig(uri, connector(`"vault": "shop-kv", "cloud": "germany"`)).config.entities).toEqual([]);
    expect(readConfig(uri, connector(`"vault": "evil.example"`)).config.entities).toEqual([]);
  });

  test("what is missing is named at the entry that lacks it", () => {
    expect(problems(`{ "connectors": [{ "identifier": "a" }] }`)).toEqual([
      [`{ "identifier": "a" }`, `"scope" is missing. Add it`],
      [`{ "identifier": "a" }`, `"vault" is missing. Add it`],
    ]);
    expect(problems(`{ "secrets": [{}] }`).map(([, message]) => message)).toEqual([`"identifier" is missing. Add it`, `"scope" is missing. Add it`]);
  });
});

describe("unknown names", () => {
  test.each([
    [`{ "organisation": "a" }`, `"organisation"`, 'Did you mean "organization"?'],
    [`{ "conectors": [] }`, `"conectors"`, 'Did you mean "connectors"?'],
    [`{ "secrets": [{ "identifier": "a", "scope": "account", "conector": "x" }] }`, `"conector"`, 'Did you mean "connector"?'],
    [`{ "rules": { "vault-secret-notfound": "off" } }`, `"vault-secret-notfound"`, 'No rule is called "vault-secret-notfound". Did you mean "vault-secret-not-found"?'],
    [`{ "rules": { "nonsense": "off" } }`, `"nonsense"`, 'No rule is called "nonsense". See docs/rules for the list'],
    [`{ "password": "x" }`, `"password"`, '"password" is not known in keyline.jsonc. Known are organization, project, complete'],
  ])("%s", (content, part, words) => {
    const found = problems(content);
    expect(found.map(([covered]) => covered)).toEqual([part]);
    expect(found[0]?.[1]).toContain(words);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])("%s is a name like any other", (name) => {
    expect(problems(`{ "${name}": {} }`).map(([part]) => part)).toEqual([`"${name}"`]);
    expect(problems(`{ "rules": { "${name}": "off" } }`)).toEqual([[`"${name}"`, `No rule is called "${name}". See docs/rules for the list`]]);
    expect(problems(`{ "connectors": [{ "${name}": "x", "identifier": "a", "scope": "account", "vault": "shop-kv" }] }`).map(([part]) => part)).toEqual([`"${name}"`]);
    expect(problems(`{ "organization": { "${name}": {} } }`).map(([, message]) => message)).toEqual(["Write a text in double quotes"]);
    const { config } = readConfig(uri, `{ "secrets": [{ "identifier": "other", "scope": "account" }], "rules": { "${name}": "error" } }`);
    expect(Object.keys(config.rules)).toEqual([]);
    const workspace = new WorkspaceModel(config, []);
    expect(workspace.secret({ level: "account" }, name)).toBeUndefined();
    expect(workspace.connector({ level: "org", org: name }, name)).toBeUndefined();
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("an identifier that is called so is found", () => {
    const { config, problems: found } = readConfig(uri, `{ "secrets": [{ "identifier": "__proto__", "scope": "account" }] }`);
    expect(found).toEqual([]);
    expect(new WorkspaceModel(config, []).secret({ level: "account" }, "__proto__")?.identifier).toBe("__proto__");
  });
});

describe("what stands twice", () => {
  test("a key: the second is shown, and counts", () => {
    const text = `{ "organization": "a", "organization": "b", "rules": { "bad-uri": "off", "bad-uri": "hint" } }`;
    expect(problems(text)).toEqual([
      [`"organization"`, `"organization" stands here twice, and only the last one counts. Put both together`],
      [`"bad-uri"`, `"bad-uri" stands here twice, and only the last one counts. Put both together`],
    ]);
    expect(readConfig(uri, text).problems[0]?.span.start).toBe(text.lastIndexOf(`"organization"`));
    expect(readConfig(uri, text).config).toMatchObject({ organization: "b", rules: { "bad-uri": "hint" } });
  });

  test("an entry: the same kind, scope and identifier", () => {
    const text = `{ "connectors": [{ "identifier": "a", "scope": "account", "vault": "one-kv" }, { "identifier": "a", "scope": "account", "vault": "two-kv" }],
      "secrets": [{ "identifier": "a", "scope": "account" }, { "identifier": "a", "scope": "org:default" }, { "identifier": "a", "scope": "account", "value": "b" }] }`;
    expect(problems(text)).toEqual([
      [`{ "identifier": "a", "scope": "account", "vault": "two-kv" }`, `There are two entries for connector "a" in the account, and only the last one counts. Remove one`],
      [`{ "identifier": "a", "scope": "account", "value": "b" }`, `There are two entries for secret "a" in the account, and only the last one counts. Remove one`],
    ]);
    const workspace = new WorkspaceModel(readConfig(uri, text).config, []);
    expect(workspace.connector({ level: "account" }, "a")?.vault?.name).toBe("two-kv");
    expect(workspace.secret({ level: "account" }, "a")?.path).toBe("b");
  });
});

test("every rule can be set to every severity", () => {
  for (const severity of ["off", "hint", "info", "warning", "error"]) {
    const text = JSON.stringify({ rules: Object.fromEntries(ruleIds.map((id) => [id, severity])) });
    const { config, problems: found } = readConfig(uri, text);
    expect(found).toEqual([]);
    expect(new Set(Object.values(config.rules))).toEqual(new Set([severity]));
    expect(Object.keys(config.rules)).toEqual([...ruleIds]);
  }
});

test("a text that is cut off anywhere gives an answer", () => {
  for (let end = 0; end <= good.length; end++) problems(good.slice(0, end));
  for (let at = 0; at < good.length; at++) problems(good.slice(0, at) + good.slice(at + 1));
  expect(problems(good.slice(0, good.indexOf("project"))).length).toBeGreaterThan(0);
});
