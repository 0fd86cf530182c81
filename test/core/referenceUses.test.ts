import { expect, test } from "vitest";
import { analyze, emptyConfig, referenceUses, usedConnector, WorkspaceModel } from "../../server/src/core/index.ts";
import { connectorText, pipelineText } from "../support/shopFiles.ts";

function uses(text: string): readonly string[] {
  return referenceUses(analyze("file:///p.yaml", text)).map(({ text: written, level, secret, connector }) => `${written} → ${level} ${secret === undefined ? `connector ${connector ?? ""}` : `secret ${secret}`}`);
}

test.each([
  [`echo <+secrets.getValue("account.db")>`, ["account.db → account secret db"]],
  [`echo <+secrets.getValue("org.azurevault://kv/db#user")>`, ["org.azurevault://kv/db#user → org connector kv"]],
  [`echo <+secrets.getValue("hashicorpvault://hv/db#user")>`, ["hashicorpvault://hv/db#user → project connector hv"]],
  [`echo <+secrets.getValue("acount.db")>`, []],
  [`echo <+secrets.getValue(<+pipeline.variables.unknown>)>`, []],
  [`echo <+secrets.getValue("azurevault://account.kv/db")>`, []],
])("what %s uses", (script, expected) => {
  expect(uses(pipelineText(script))).toEqual(expected);
});

test("a variable of the same file is followed to what it holds; a plain reference counts", () => {
  const text = `pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: shop
  variables:
    - name: which
      type: String
      value: account.azurevault://kv/db
    - name: pw
      type: Secret
      value: org.db
    - name: use
      type: String
      value: <+secrets.getValue(<+pipeline.variables.which>)>
`;
  expect(uses(text)).toEqual(["org.db → org secret db", "<+pipeline.variables.which> → account connector kv"]);
});

test.each([
  [`<+secrets.getValue("azurevault://kv/db#user/0123456789abcdef0123456789abcdef")>`, { name: "db", key: "user", version: "0123456789abcdef0123456789abcdef" }],
  [`<+secrets.getValue("azurevault://kv/db")>`, { name: "db" }],
  [`<+secrets.getValue("hashicorpvault://kv/db#user")>`, undefined],
  [`<+secrets.getValue("db")>`, undefined],
])("what %s names in a vault", (script, expected) => {
  expect(referenceUses(analyze("file:///p.yaml", pipelineText(`echo ${script}`))).map(({ path }) => path)).toEqual([expected]);
});

test("a connector is found through a secret and its manager's scope, and by a path", () => {
  const secret = `secret:\n  identifier: db\n  type: SecretText\n  orgIdentifier: default\n  projectIdentifier: shop\n  spec:\n    secretManagerIdentifier: kv\n    valueType: Reference\n    value: db\n`;
  const { entities } = analyze("file:///e.yaml", `${connectorText()}---\n${secret}---\n${secret.replace("db", "inBuiltIn").replace(": kv", ": harnessSecretManager")}`);
  const model = new WorkspaceModel(emptyConfig, entities);
  const shop = { level: "project", org: "default", project: "shop" } as const;
  const other = { level: "project", org: "default", project: "other" } as const;
  const found = (level: "project" | "account", part: { secret?: string; connector?: string }, from: typeof shop | typeof other): string | undefined => usedConnector(model, { text: "", level, ...part }, from)?.identifier;
  expect([found("project", { secret: "db" }, shop), found("project", { connector: "kv" }, shop)]).toEqual(["kv", "kv"]);
  expect([found("project", { secret: "db" }, other), found("account", { secret: "db" }, shop), found("project", { secret: "inBuiltIn" }, shop), found("project", { connector: "none" }, shop)]).toEqual([undefined, undefined, undefined, undefined]);
});

test("a text too long for its structure is not read for uses, and a long reference is kept cut", () => {
  const long = `azurevault://kv/${"x".repeat(120)}#${"k".repeat(400)}`;
  const [use] = referenceUses(analyze("file:///p.yaml", pipelineText(`echo <+secrets.getValue("${long}")>`)));
  expect([use?.text.length, use?.path?.key?.length, use?.span.end === undefined ? 0 : use.span.end - use.span.start]).toEqual([300, 300, long.length]);
});
