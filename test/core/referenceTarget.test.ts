/** Where the reference under the cursor leads. */
import { expect, test } from "vitest";
import type { ReferenceTarget } from "../../server/src/core/index.ts";
import { referenceTarget } from "../../server/src/core/index.ts";
import { fixture } from "./fixture.ts";

const version = "0123456789abcdef0123456789abcdef";
const workspace = `
#- /world.yaml
connector:
  identifier: akv
  type: AzureKeyVault
  spec:
    vaultName: shop-kv
---
connector:
  identifier: hv
  type: Vault
---
secret:
  type: SecretText
  identifier: db
  spec:
    secretManagerIdentifier: akv
    valueType: Reference
    value: db-password#user/${version}
---
secret:
  type: SecretText
  name: kept-inline
  identifier: inline
  spec:
    secretManagerIdentifier: akv
    valueType: Inline
---
secret:
  type: SecretText
  identifier: lost
  spec:
    secretManagerIdentifier: none
    valueType: Reference
    value: db-password
---
secret:
  type: SecretText
  identifier: bad
  spec:
    secretManagerIdentifier: akv
    valueType: Reference
    value: db_password
#- /keyline.jsonc
{ "complete": ["account"] }
#- vault shop-kv: other`;

function target(text: string): ReferenceTarget | undefined {
  const { snapshot, cursor } = fixture(`#- /.harness/p.yaml\n${text}${workspace}`);
  if (cursor === undefined) throw new Error("the fixture has no $0");
  return referenceTarget(snapshot, cursor);
}

/** The target in one line: what is absent is left out. */
function words(found: ReferenceTarget | undefined): string {
  if (found === undefined) return "none";
  const { text, vault, name, key, version: pinned, secret, unknownIdentifier } = found;
  const parts = [["vault", vault?.name], ["name", name], ["key", key], ["version", pinned], ["entity", secret?.identifier], ["unknown", unknownIdentifier === undefined ? undefined : `${unknownIdentifier.level} ${unknownIdentifier.identifier}`]];
  return [text, ...parts.flatMap(([what, value]) => (value === undefined ? [] : [`${what ?? ""} ${value}`]))].join(", ");
}

function pipeline(line: string): string {
  return `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n${line}`;
}

test.each([
  [`  a: <+secrets.getValue("account.$0db")>`, `account.db, vault shop-kv, name db-password, key user, version ${version}, entity db`],
  [`  a: <+secrets.get$0Value("account.azurevault://akv/not-there#k/${version}")>`, `account.azurevault://akv/not-there#k/${version}, vault shop-kv, name not-there, key k, version ${version}`],
  [`  a: <+secrets.getValue("account.inl$0ine")>`, `account.inline, vault shop-kv, name kept-inline, entity inline`],
  [`  variables: [{ name: v, type: Secret, value: account.d$0b }]`, `account.db, vault shop-kv, name db-password, key user, version ${version}, entity db`],
  [`  a: <+secrets.getValue("account.no$0ne")>`, `account.none, unknown account none`],
  [`  a: <+secrets.getValue("no$0ne")>`, `none, unknown project none`],
  [`  a: <+secrets.getValue("account.azurevault://no$0ne/x#k")>`, `account.azurevault://none/x#k, name x, key k`],
  [`  a: <+secrets.getValue("account.lo$0st")>`, `account.lost, entity lost`],
  [`  a: <+secrets.getValue("account.ba$0d")>`, `account.bad, vault shop-kv, entity bad`],
  [`  a: <+secrets.getValue("account.hashicorpvault://h$0v/x")>`, `account.hashicorpvault://hv/x`],
  [`  a: <+secrets.getValue("acount.d$0b")>`, `acount.db`],
  [`  a: <+secrets.getValue(<+pipeline.variables.re$0gion>)>`, `<+pipeline.variables.region>`],
  [`  variables: [{ name: which, type: String, value: account.db }]\n  a: <+secrets.getValue(<+pipeline.variables.wh$0ich>)>`, `<+pipeline.variables.which>, vault shop-kv, name db-password, key user, version ${version}, entity db`],
  [`  variables: [{ name: which, type: String, value: account.none }]\n  a: <+secrets.getValue(<+pipeline.variables.wh$0ich>)>`, `<+pipeline.variables.which>, unknown account none`],
  [`  a: <+pipeline.na$0me>`, `none`],
  [`  a$0: x`, `none`],
])("%s", (line, expected) => {
  expect(words(target(pipeline(line)))).toBe(expected);
});

test("an identifier whose scope depends on the run is known to be missing nowhere", () => {
  expect(words(target(pipeline(`  a: <+secrets.getValue("no$0ne")>`).replace("shop", "<+input>")))).toBe("none");
});

test.each([
  [`value: db-pass$0word#user`, "db-password#user, vault shop-kv, name db-password, key user, entity own"],
  [`value: "not-$0there"`, "not-there, vault shop-kv, name not-there, entity own"],
  [`value: db_$0x`, "db_x, vault shop-kv, entity own"],
])("the path of a secret in its own file: %s", (line, expected) => {
  const text = `secret:\n  type: SecretText\n  identifier: own\n  spec:\n    secretManagerIdentifier: account.akv\n    valueType: Reference\n    ${line}\n`;
  expect(words(target(text))).toBe(expected);
});

test("the identifier of a secret in its own file, and an inline one's Name", () => {
  const own = (head: string, valueType: string): string => `secret:\n  type: SecretText\n${head}\n  spec:\n    secretManagerIdentifier: account.akv\n    valueType: ${valueType}\n`;
  expect(words(target(own("  name: kept\n  identifier: o$0wn", "Reference\n    value: db")))).toBe("own, vault shop-kv, name db, entity own");
  expect(words(target(own("  name: ke$0pt\n  identifier: own", "Inline")))).toBe("kept, vault shop-kv, name kept, entity own");
  expect(words(target(own("  name: ke$0pt\n  identifier: own", "Reference\n    value: db")))).toBe("none");
  expect(words(target(`secret:\n  type: SSHKey\n  identifier: s$0sh\n  spec: {}\n`))).toBe("ssh, entity ssh");
});
