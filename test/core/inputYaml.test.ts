import { expect, test } from "vitest";
import { analyze, analyzeInDetail, editedAnalysis, secretText } from "../../server/src/core/index.ts";
import { applyFix, check, complete, fixture } from "./fixture.ts";

const head = "trigger:\n  identifier: t\n  orgIdentifier: o\n  projectIdentifier: q\n";
const inputs = `    pipeline:
      identifier: shop
      variables:
        - name: tok
          type: Secret
          value: account.token
        - name: s
          type: String
          value: <+secrets.getValue("org.other")>
`;

function references(text: string): readonly string[] {
  return analyze("file:///t.yaml", text).references.map(({ form, argument, document, identifier }) => {
    // Each part stands where its text does.
    expect(text.slice(argument.span.start, argument.span.end)).toBe(argument.text);
    if (identifier !== undefined) expect(text.slice(identifier.span.start, identifier.span.end)).toBe(identifier.text);
    return `${String(document)} ${form} ${argument.text}`;
  });
}

test("Secret variables, expressions and the webhook's secret of a trigger, each once", () => {
  const text = `${head}  encryptedWebhookSecretIdentifier: account.hook\n  inputYaml: |\n${inputs}`;
  expect(references(text)).toEqual(["0 plain account.hook", "0 plain account.token", "0 expression org.other"]);
  expect(references(text.replaceAll("\n", "\r\n"))).toEqual(["0 plain account.hook", "0 plain account.token", "0 expression org.other"]);
  expect(references(`pipeline:\n  identifier: p\n---\n${text}`).map((each) => each.slice(0, 1))).toEqual(["1", "1", "1"]);
  check(text);
});

test.each(["|", "|-", "|+", ">", "|2", "|4-"])("in a block scalar that begins with %s", (header) => {
  const indented = header.includes("2") ? inputs : header.includes("4") ? inputs.replace(/^/gm, "  ").trimEnd() : inputs;
  expect(references(`${head}  inputYaml: ${header}\n${indented}`)).toEqual(["0 plain account.token", "0 expression org.other"]);
});

test("in double quotes, as an export writes it; no fix is offered there", () => {
  const written = JSON.stringify('pipeline:\n  variables:\n    - name: a\n      type: Secret\n      value: acount.token\n    - value: "<+secrets.getValue(\\"x\\")>"\n    - value: <+secrets.getValue("y")>\n');
  const analysis = analyze("file:///t.yaml", `${head}  inputYaml: ${written}\n`);
  expect(analysis.references.map(({ argument }) => argument.text)).toEqual(["acount.token", "x", "y"]);
  expect(analysis.findings.map(({ rule, fixes, span }) => [rule, fixes, analysis.text.slice(span.start, span.end)])).toEqual([["invalid-scope-prefix", [], "acount"]]);
});

test("it is YAML: its quotes are its own, and its comments hold no reference", () => {
  const text = `${head}  inputYaml: |
    pipeline:
      # <+secrets.getValue("acount.old")>
      identifier: shop
      variables:
        - { name: a, type: String, value: "<+secrets.getValue(\\"account.x\\")>" } # <+secrets.getValue("acount.old")>
        - name: script
          type: String
          value: |
            # <+secrets.getValue("y")>
#             ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment]
            echo
`;
  check(text);
  expect(fixture(text).snapshot.analysis.references.map(({ argument }) => argument.text)).toEqual(["account.x", "y"]);
});

test("faults stand where they are in the file, and their fixes too", () => {
  const text = `${head}  inputYaml: |
    pipeline:
      variables:
        - name: a
          type: Secret
          value: <+secrets.getValue("account.x")>
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[secret-var-expression]
        - name: b
          type: Secret
          value: acount.x
#                ^^^^^^ error[invalid-scope-prefix]
        - name: c
          type: Secret
          value: <+input>
`;
  check(text);
  expect(applyFix(text, 'Write "account.x"')).toContain("          value: account.x\n        - name: b");
});

test("the inputYaml of something else is text", () => {
  expect(references(`pipeline:\n  identifier: p\n  inputYaml: |\n${inputs}`)).toEqual(["0 expression org.other"]);
  expect(references(`${head}  source:\n    inputYaml: |\n${inputs.replace(/^/gm, "  ").trimEnd()}\n`)).toEqual(["0 expression org.other"]);
  expect(references(`${head}  inputYaml: <+input>\n`)).toEqual([]);
  expect(references(`${head}  inputYaml: |\n    <+secrets.getValue("x")>\n`)).toEqual(["0 expression x"]);
});

test("an edit in it is read anew, for it may turn a variable into a Secret variable", () => {
  const text = `${head}  name: <+x>\n  inputYaml: |\n${inputs.replace("Secret", "Secre")}`;
  const detailed = analyzeInDetail("file:///t.yaml", text);
  const at = text.indexOf("Secre") + "Secre".length;
  const now = `${text.slice(0, at)}t${text.slice(at)}`;
  expect(detailed.analysis.references).toHaveLength(1);
  expect(editedAnalysis(detailed, now, { prefix: at, suffix: text.length - at })).toBeUndefined();
  expect(analyze("file:///t.yaml", now).references).toHaveLength(2);
});

const secret = `#- /.harness/s.yaml
secret:
  identifier: token
  type: SecretText
  orgIdentifier: o
  projectIdentifier: q
  spec: { secretManagerIdentifier: kv, valueType: Reference, value: db }
#- /.harness/kv.yaml
connector:
  identifier: kv
  type: AzureKeyVault
  orgIdentifier: o
  projectIdentifier: q
  spec: { vaultName: shop-kv }
`;

test("completion and what is dropped there write an identifier into a field and a call into an expression", () => {
  const field = `${head}  inputYaml: |\n    pipeline:\n      variables:\n        - { name: a, type: Secret, value: $0to }\n`;
  expect(complete(field + secret).take("token")).toContain("value: token$0 }");
  const call = `${head}  inputYaml: |\n    pipeline:\n      x: <+secrets.getValue("$0")>\n`;
  expect(complete(call + secret).take("token")).toContain('<+secrets.getValue("token$0")>');
  for (const value of ["old", "", "'old'"]) {
    const { snapshot, cursor = 0 } = fixture(`${head}  inputYaml: |\n    pipeline:\n      variables:\n        - name: a\n          type: Secret\n          value: $0${value}\n          required: true\n${secret}`);
    const at = value.startsWith("'") ? cursor + 1 : cursor;
    const choice = secretText(snapshot, { start: at, end: at }, { vault: { name: "shop-kv", cloud: "public" }, name: "db" })?.[0];
    expect({ value, ...choice }).toMatchObject({ value, text: "token", form: "plain" });
  }
});
