/** How a secret of a vault is written at a place: `[` and `]` mark the selection, `$0` an empty one. */
import { describe, expect, test } from "vitest";
import type { SecretTextChoice } from "../../server/src/core/index.ts";
import { secretText } from "../../server/src/core/index.ts";
import type { SecretPlace } from "../../server/src/core/chain/secretPlace.ts";
import { fixture } from "./fixture.ts";

const version = "0123456789abcdef0123456789abcdef";
const vault = { name: "Shop-KV", cloud: "public" } as const;
const workspace = `
#- scope *.yaml: account
#- /connectors.yaml
connector:
  identifier: akv
  type: AzureKeyVault
  spec:
    vaultName: shop-kv
---
connector:
  identifier: team
  orgIdentifier: default
  projectIdentifier: shop
  type: AzureKeyVault
  spec:
    vaultName: shop-kv
---
connector:
  identifier: other
  type: AzureKeyVault
  spec:
    vaultName: other-kv
#- /secrets.yaml
secret:
  type: SecretText
  identifier: db
  name: db
  orgIdentifier: default
  projectIdentifier: shop
  spec:
    secretManagerIdentifier: account.akv
    valueType: Reference
    value: DB-Password
---
secret:
  type: SecretText
  identifier: db_user
  name: db user
  spec:
    secretManagerIdentifier: akv
    valueType: Reference
    value: db-password#a.user/${version}
---
secret:
  type: SecretText
  identifier: inline_one
  name: inline-name
  orgIdentifier: default
  spec:
    secretManagerIdentifier: account.akv
    valueType: Inline
---
secret:
  type: SecretText
  identifier: elsewhere
  orgIdentifier: default
  projectIdentifier: billing
  spec:
    secretManagerIdentifier: account.akv
    valueType: Reference
    value: db-password
`;

const db: SecretPlace = { vault, name: "db-password" };
const dbEntity = "db";

/** A pipeline of project default/shop with these lines in its spec. */
function pipeline(lines: string): string {
  return `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n${lines}`;
}

interface Asked {
  readonly choices: readonly SecretTextChoice[] | undefined;
  /** The text after the choice of that number. */
  readonly after: (index?: number) => string;
}

function ask(marked: string, target: SecretPlace = db): Asked {
  const cursor = marked.indexOf("$0");
  const [from, to] = cursor >= 0 ? [cursor, cursor] : [marked.indexOf("«"), marked.indexOf("»") - 1];
  const text = marked.replace(/\$0|[«»]/g, "");
  const { snapshot } = fixture(`#- /.harness/p.yaml\n${text}${workspace}`);
  const content = snapshot.analysis.text;
  const choices = secretText(snapshot, { start: from, end: to }, target);
  return {
    choices,
    after: (index = 0) => {
      const choice = choices?.[index];
      if (choice === undefined) return "no choice";
      return (content.slice(0, choice.span.start) + choice.text + content.slice(choice.span.end)).slice(0, text.length + choice.text.length);
    },
  };
}

/** The marked line after the first choice. */
function written(line: string, target: SecretPlace = db): string | undefined {
  const { choices, after } = ask(pipeline(line), target);
  return choices === undefined ? undefined : after().split("\n").find((each) => /db|azurevault|inline/.test(each))?.trim();
}

const call = `<+secrets.getValue("${dbEntity}")>`;

describe("in any value of a pipeline stands an expression", () => {
  test.each([
    ["over a plain value", `  a: «hunter2»`, `a: ${call}`],
    ["in a part of one", `  a: postgres://app:«hunter2»@host`, `a: postgres://app:${call}@host`],
    ["at the end of one", `  a: pw=$0`, `a: pw=${call}`],
    ["in an empty value, with a blank", `  a:$0`, `a: ${call}`],
    ["in an empty value behind a blank", `  a: $0`, `a: ${call}`],
    ["before a comment", `  a: $0  # why`, `a: ${call}  # why`],
    ["in single quotes", `  a: '«it''s»'`, `a: '${call}'`],
    ["in double quotes", `  a: "x«y»z"`, `a: "x<+secrets.getValue(\\"db\\")>z"`],
    ["over a value with its quotes", `  a: «"x"»`, `a: ${call}`],
    ["in a flow mapping", `  a: { b: «x», c: y }`, `a: { b: ${call}, c: y }`],
    ["in an empty value of a flow mapping", `  a: { b: $0, c: y }`, `a: { b: ${call}, c: y }`],
    ["in a list", `  a:\n    - «x»`, `- ${call}`],
    ["in an empty item of a list", `  a:\n    - $0\n    - y`, `- ${call}`],
    ["behind another expression", `  a: <+pipeline.name>$0`, `a: <+pipeline.name>${call}`],
    ["over a whole expression", `  a: x «<+pipeline.name>» y`, `a: x ${call} y`],
    ["in a script, over a selection of whole lines", `  a: |\n    echo\n«    x\n»    echo`, call],
    ["in a script, between its words", `  a: |\n    echo "$0" > x`, `echo "${call}" > x`],
  ])("%s", (_, line, expected) => {
    expect(written(line)).toBe(expected);
  });
});

describe("in the quotes of a call stands its argument alone", () => {
  test.each([
    ["with the cursor in them", `  a: <+secrets.getValue("$0")>`, `a: ${call}`],
    ["in place of another", `  a: <+secrets.getValue("account.o$0ld")>`, `a: ${call}`],
    ["with a selection", `  a: <+secrets.getValue('«old»')>`, `a: <+secrets.getValue('db')>`],
    ["with an expression in them", `  a: <+secrets.getValue("x<+env.name>$0")>`, `a: ${call}`],
    ["in double quotes", `  a: "<+secrets.getValue(\\"o$0\\")>"`, `a: "<+secrets.getValue(\\"db\\")>"`],
    ["where they are not closed", `  a: <+secrets.getValue("$0`, `a: ${call}`],
    ["before they are written", `  a: <+secrets.getValue($0)>`, `a: ${call}`],
    ["behind the mark of an expression", `  a: <+$0`, `a: ${call}`],
    ["behind the functor", `  a: <+secrets.$0>`, `a: ${call}`],
  ])("%s", (_, line, expected) => {
    expect(written(line)).toBe(expected);
  });

  test("and says so: the range is that of the argument", () => {
    const { choices } = ask(pipeline(`  a: <+secrets.getValue("o$0ld")>`));
    expect(choices?.map(({ text, form, through, identifier, span }) => [text, form, through, identifier, span.end - span.start])).toEqual([
      ["db", "expression", "entity", "db", 3],
      ["azurevault://team/db-password", "expression", "connector", "team", 3],
      ["account.azurevault://akv/db-password", "expression", "connector", "account.akv", 3],
    ]);
  });
});

describe("in a field that takes a secret stands the bare reference", () => {
  test.each([
    ["a Secret variable", `  variables:\n    - name: v\n      type: Secret\n      value: $0`, `value: db`],
    ["one with a placeholder", `  variables:\n    - name: v\n      type: Secret\n      value: <+in$0put>`, `value: db`],
    ["one in quotes", `  variables:\n    - name: v\n      type: Secret\n      value: "$0"`, `value: "db"`],
    ["one whose value is selected with its quotes", `  variables:\n    - name: v\n      type: Secret\n      value: «"x"»`, `value: db`],
  ])("%s", (_, line, expected) => {
    expect(written(line)).toBe(expected);
  });

  test("a Secret variable takes a path too, after the Harness secrets", () => {
    const { choices } = ask(pipeline(`  variables:\n    - name: v\n      type: Secret\n      value: $0`));
    expect(choices?.map(({ text, form, through }) => [text, form, through])).toEqual([
      ["db", "plain", "entity"],
      ["azurevault://team/db-password", "plain", "connector"],
      ["account.azurevault://akv/db-password", "plain", "connector"],
    ]);
  });

  test("a connector's field takes no path, and one of the account no secret of a project", () => {
    const connector = (scope: string): string => `connector:\n  identifier: docker\n  type: DockerRegistry\n${scope}  spec:\n    auth:\n      spec:\n        passwordRef: $0\n`;
    expect(ask(connector("  orgIdentifier: default\n  projectIdentifier: shop\n")).choices?.map(({ text }) => text)).toEqual(["db"]);
    expect(ask(connector("")).choices).toEqual([]);
    expect(ask(connector(""), { ...db, key: "a.user", version }).choices?.map(({ text }) => text)).toEqual(["account.db_user"]);
  });

  test("an SSH key refers to a Harness secret", () => {
    const { after } = ask(`secret:\n  type: SSHKey\n  identifier: ssh\n  orgIdentifier: default\n  projectIdentifier: shop\n  spec:\n    auth:\n      type: SSH\n      spec:\n        spec:\n          key: «x»\n`);
    expect(after()).toContain("          key: db\n");
  });

  test("the credential of a Key Vault connector takes none: it is kept in Harness's built-in manager", () => {
    expect(ask(`connector:\n  identifier: kv\n  type: AzureKeyVault\n  orgIdentifier: default\n  projectIdentifier: shop\n  spec:\n    secretKey: $0\n`).choices).toBeUndefined();
  });
});

describe("in the path of a text secret stands name, key and version", () => {
  const secret = (value: string, manager = "account.akv"): string => `secret:\n  type: SecretText\n  identifier: new\n  name: new\n  spec:\n    secretManagerIdentifier: ${manager}\n    valueType: Reference\n    value:${value}\n`;

  test.each([
    [secret("$0"), db, "value: db-password"],
    [secret(" «old#x»"), { ...db, key: "a.b", version }, `value: db-password#a.b/${version}`],
    [secret(` "o$0"`), { ...db, key: `it's "x"` }, `value: "db-password#it's \\"x\\""`],
    [secret(` 'o$0'`), { ...db, key: `it's "x"` }, `value: 'db-password#it''s "x"'`],
    [secret(" $0"), { ...db, key: "a: b #c" }, `value: "db-password#a: b #c"`],
    [secret(" $0"), { ...db, name: "null" }, `value: "null"`],
    [secret(" $0"), { ...db, name: "007" }, `value: "007"`],
  ])("%s", (text, target, expected) => {
    const { choices, after } = ask(text, target);
    expect(choices?.map(({ form, through, identifier }) => [form, through, identifier])).toEqual([["path", "connector", "account.akv"]]);
    expect(after().trim().split("\n").find((line) => line.includes("value:"))?.trim()).toBe(expected);
  });

  test("only in that of a connector that leads to the vault", () => {
    expect(ask(secret("$0", "account.other")).choices).toEqual([]);
    expect(ask(secret("$0", "harnessSecretManager")).choices).toEqual([]);
  });

  test("a key that no path can hold is not offered", () => {
    expect(ask(secret(" $0"), { ...db, key: "a/b" }).choices).toBeUndefined();
  });
});

describe("no reference can stand", () => {
  test.each([
    ["in a key", `  a«b»c: x`],
    ["in a comment", `  a: x # no$0te`],
    ["before a comment that would become a part of it", `  a: $0# why`],
    ["beside a value", `  a: x  $0`],
    ["in another expression", `  a: <+pipeline.na$0me>`],
    ["over a part of one", `  a: x«y <+pipe»line.name>`],
    ["in an expression that is not closed", `  a: <+pipeline.name $0`],
    ["inside an escape", `  a: "x\\$0n"`],
    ["in doubled quotes", `  a: 'it'$0's'`],
    ["in the indent of a script", `  a: |\n    echo\n  $0  x`],
    ["in the indent of a value on two lines", `  a: one\n  $0  two`],
    ["behind a dollar", `  a: $$0`],
    ["in a comment of a script", `  a: |\n    # x $0`],
    ["on an alias", `  a: *al$0ias`],
    ["in a value whose quotes are broken", `  a: "x "y$0" z"`],
    ["over two values", `  a: «x\n  b: y»`],
    ["between entries", `  a: x\n$0\n  b: y`],
  ])("%s", (_, line) => {
    expect(ask(pipeline(line)).choices).toBeUndefined();
  });

  test("in a file that is not Harness's, or of its next format", () => {
    expect(ask(`services:\n  web:\n    image: «x»\n`).choices).toBeUndefined();
    expect(ask(`version: 1\nkind: pipeline\nspec:\n  a: «x»\n`).choices).toBeUndefined();
  });

  test("in what a secret says of itself: its value can be no expression", () => {
    expect(ask(`secret:\n  type: SecretText\n  identifier: x\n  name: x\n  spec:\n    secretManagerIdentifier: account.akv\n    valueType: Inline\n    value: «x»\n`).choices).toBeUndefined();
  });
});

describe("what leads to the secret", () => {
  const line = pipeline(`  a: $0`);
  const identifiers = (target: SecretPlace, text = line): readonly string[] | undefined => ask(text, target).choices?.map(({ through, identifier }) => `${through} ${identifier}`);

  test("a Harness secret has to mean the same version and key", () => {
    expect(identifiers({ ...db, version })).toEqual(["connector team", "connector account.akv"]);
    expect(identifiers({ ...db, key: "a.user", version: version.toUpperCase() })).toEqual(["entity account.db_user"]);
    expect(identifiers({ ...db, key: "A.user", version })).toEqual([]);
  });

  test("an inline secret is kept under its Name", () => {
    expect(identifiers({ vault, name: "INLINE-name" })?.[0]).toBe("entity org.inline_one");
  });

  test("a key and a version stand in the path", () => {
    expect(ask(line, { ...db, key: "user", version }).after()).toContain(`a: <+secrets.getValue("azurevault://team/db-password#user/${version}")>`);
  });

  test.each(["a.b", "a b", `"`, "a/b", "a#b", "a<+b", "x:y", "a\nb", ""])("the key %j stands in no path of an expression", (key) => {
    expect(identifiers({ ...db, key })).toEqual([]);
  });

  test("only what the document's scope can see", () => {
    expect(identifiers(db, line.replace("projectIdentifier: shop", "projectIdentifier: <+input>"))).toEqual(["connector account.akv"]);
    expect(identifiers(db, line.replace("projectIdentifier: shop", "projectIdentifier: billing"))).toEqual(["entity elsewhere", "connector account.akv"]);
  });

  test("nothing in another vault or cloud", () => {
    expect(identifiers({ ...db, vault: { name: "none-kv", cloud: "public" } })).toEqual([]);
    expect(identifiers({ ...db, vault: { name: "shop-kv", cloud: "usgov" } })).toEqual([]);
  });

  test("a name or version that Key Vault cannot have is in no path", () => {
    expect(identifiers({ vault, name: "db_password" })).toEqual([]);
    expect(identifiers({ ...db, version: "05" })).toEqual([]);
  });

  test("at most ten", () => {
    const many = Array.from({ length: 12 }, (_, index) => `---\nsecret:\n  type: SecretText\n  identifier: more${String(index)}\n  spec:\n    secretManagerIdentifier: akv\n    valueType: Reference\n    value: db-password\n`).join("");
    expect(ask(`${line}\n#- scope .harness/**: account\n${many}`).choices).toHaveLength(10);
  });
});
