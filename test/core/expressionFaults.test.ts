import { expect, test } from "vitest";
import { analyze, diagnostics } from "../../server/src/core/index.ts";
import { applyFix, check, fixture } from "./fixture.ts";

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";

function script(line: string): string {
  return `${head}  script: |\n    ${line}\n`;
}

/** Expects one finding, under exactly `part` of the line. */
function expectOne(line: string, part: string, expected: string): void {
  const at = line.indexOf(part);
  expect(at).toBeGreaterThanOrEqual(0);
  check(`${script(line)}#   ${" ".repeat(at)}${"^".repeat(part.length)} ${expected}`);
}

test.each([
  `{{ .Values.x }} <+secrets.getValue("{{ .Values.secret }}")>`,
  `<+secrets.getValue("{{{name}}}")>`,
  `<+secrets.getValue({{ name }})>`,
  `<+secrets.getValue("%{ if x }a%{ endif }")>`,
  `\${var.prefix}<+secrets.getValue("x")>`,
  `<+secrets.getValue("acount.app_<+env.name>")>`,
  `<+secrets.getValue("azureVault://akv/<+env.name>")>`,
  `<+secrets.getValue(account.db)>`,
  `<+secrets.getValue(("x"))>`,
  `<+(secrets.getValue("x"))>`,
  `<+<+<+secrets.getValue("x")>>>`,
  `<+secrets.getValue("a")><+secrets.getValue("b")>`,
  `<+shell.quote(<+secrets.getValue("x")>)>`,
  `<+json.list("$", <+httpResponseBody>)> <+secrets.getValue("cfg")>`,
  `<+"a".concat(<+secrets.getValue("x")>)>`,
  `<+secrets.getValue("x").toString().concat("y")>`,
  `<+pipeline.variables.secret> <+secret> <+stage.secrets.x> <+secretManager.environmentVariables.X>`,
  `<+configFile.getAsString("x")> <+stage.variables.secrets.getValue("x")>`,
  `\\$<+secrets.getValue("x")> $$<+secrets.getValue("y")> $(<+secrets.getValue("z")>)`,
  `cat < secrets.getValue > out; cat <secrets.txt; Map<secrets.Foo>`,
  `<password><+secrets.getValue("x")></password> <a href="<+secrets.getValue("y")>">z</a>`,
  `it's <+secrets.getValue("x")> it's <+secrets.getValue("y")>`,
  `ssh x <+secrets.getValue("x")>>out`,
  `<+secrets.getValue("${"a".repeat(128)}")>`,
  `<+secrets.getValue("_a$b")>`,
  `<+secrets.getValue("True")>`,
  `<+secrets.getValue("hashicorpvault://hv/a_b-c d/e#f_g")>`,
  `<+secrets.getValue("awssecretsmanager://aws/a+b=@c#d")>`,
  `<+secrets.getValue("gcpsecretsmanager://gcp/name/latest")>`,
  `<+secrets.getValue("azurevault://akv/secrets")>`,
  `<+secrets.getValue("azurevault://akv/db#a b")>`,
])("nothing is wrong with %s", (line) => {
  check(script(line));
});

test.each([
  ["<+secrets.getValue(“db\")>", "“db\""],
  ["<+secrets.getValue(\"db”)>", "\"db”"],
  ["<+secrets.getValue(„db“)>", "„db“"],
  ["<+secrets.getValue(‘db’)>", "‘db’"],
  ["<+secrets.getValue(«db»)>", "«db»"],
  ["<+secrets.getValue(′db′)>", "′db′"],
  ["<+secrets.getValue(＂db＂)>", "＂db＂"],
])("typographic quotes, one of them or both: %s", (line, part) => {
  expectOne(line, part, "error[smart-quotes] straight");
  expect(applyFix(script(line), "Write straight quotes")).toBe(script(`<+secrets.getValue("db")>`));
});

test.each([
  [`<+secrets.getValue(\\"db")>`, `\\"db"`],
  [`<+secrets.getValue("db\\")>`, `"db\\"`],
  [`<+secrets.getValue(\\'db\\')>`, `\\'db\\'`],
  [`<+secrets.getValue(\\\\"db\\\\")>`, `\\\\"db\\\\"`],
])("backslashes before one quote or both: %s", (line, part) => {
  expectOne(line, part, "warning[escaped-quote-outside-dq] backslash");
  expect(applyFix(script(line), "Remove the backslashes")).toBe(script(`<+secrets.getValue("db")>`));
});

test.each([
  [`<+secrets.getValue(db")>`, `db"`, "unterminated", "Add quotes"],
  [`<+secrets.getValue("db')>`, `"db'`, "unterminated", `Write "`],
  [`<+secrets.getValue("db>`, `"db`, "unterminated", `Add "`],
  [`<+secrets.getValue("db)>`, `"db)`, "unterminated", `Add "`],
  [`<+secrets.getValue("db`, `"db`, "unterminated", `Add "`],
  [`<+secrets.getValue("db")`, `<+secrets.getValue("db")`, "unterminated", `Add ">"`],
  [`<+secrets.getValue("db"`, `<+secrets.getValue("db"`, "unterminated", `Add ")>"`],
  [`<+secrets.getValue("db"]>`, "(", "unbalanced-paren", `Write ")"`],
  [`<+secrets.getValue("db">`, "(", "unbalanced-paren", `Add ")"`],
  [`<+secrets.getValue("db"))>`, "))", "unbalanced-paren", "Remove the bracket"],
  [`<+secrets.getValue "db">`, "getValue", "unknown-method", `Write getValue("db")`],
  [`<+secrets.getValue["db"]>`, "getValue", "unknown-method", `Write getValue("db")`],
  [`<+secrets.getValue"db")>`, "getValue", "unknown-method", `Write getValue("db")`],
  [`<+secrets["db"]>`, `["db"]`, "unknown-method", `Write .getValue("db")`],
  [`<+secrets.getValues("db")>`, "getValues", "unknown-method", `Write "getValue"`],
  [`<+secret.db>`, "secret", "singular-secret", `Write "secrets"`],
  [`<+SECRET.getvalue("db")>`, "SECRET", "singular-secret", `Write "secrets"`],
])("%s has one fault, and its fix makes it right", (line, part, rule, title) => {
  if (part === "))") check(`${script(line)}#   ${" ".repeat(line.indexOf("))") + 1)}^ error[${rule}]`);
  else expectOne(line, part, `error[${rule}]`);
  expect(applyFix(script(line), title)).toBe(script(`<+secrets.getValue("db")>`));
});

test("what cannot be mended has no fix, and one finding all the same", () => {
  expectOne(`<+secrets.getValue()>`, "()", "error[empty-identifier] names no secret");
  expectOne(`<+secrets.getValue(>`, "(", "error[unbalanced-paren] partner");
  expectOne(`<+secrets.x.y>`, "x", "error[unknown-method] no property");
  expectOne(`<+secrets.getVal`, "<+secrets.getVal", "error[unterminated] no closing >");
  expectOne(`echo "<+secrets.getValue("db>" > f`, `"db`, "error[unterminated] no closing");
});

test("a property with a scope or a hyphen", () => {
  expectOne(`<+secrets.account.db_password>`, "account.db_password", "error[unknown-method] no property");
  expectOne(`<+secrets.db-password>`, "db-password", "error[unknown-method] no property");
  expect(applyFix(script(`<+secrets.account.db_password>`), `Write getValue("account.db_password")`)).toBe(script(`<+secrets.getValue("account.db_password")>`));
});

test("an open expression ends where its call ends", () => {
  expectOne(`<+secrets.getValue("a") <+secrets.getValue("b")>`, `<+secrets.getValue("a")`, "error[unterminated] no closing >");
  expect(applyFix(script(`<+secrets.getValue("a") <+secrets.getValue("b")>`), `Add ">"`)).toBe(script(`<+secrets.getValue("a")> <+secrets.getValue("b")>`));
});

test("a secret inside another, with an expression of its own or without", () => {
  expectOne(`<+secrets.getValue(secrets.getValue("x"))>`, `secrets.getValue("x")`, "error[nested-secret]");
  expectOne(`<+secrets.getValue("a".concat(secrets.getValue("b")))>`, `secrets.getValue("b")`, "error[nested-secret]");
  expectOne(`<+secrets.getValue("a" + <+secrets.getValue("b")>)>`, `<+secrets.getValue("b")>`, "error[nested-secret]");
  expectOne(`<+secrets.getValue(<+<+x>=="a"?<+secrets.getValue("b")>:"c">)>`, `<+<+x>=="a"?<+secrets.getValue("b")>:"c">`, "error[nested-secret]");
});

test("a placeholder read by a functor or a method, behind harmless methods too", () => {
  expectOne(`<+json.select("a.b", secrets.getValue("cfg"))>`, "json.select", "warning[method-on-secret]");
  expectOne(`<+xml.select("/a", <+secrets.getValue("cfg")>)>`, "xml.select", "warning[method-on-secret]");
  expectOne(`<+<+secrets.getValue("x")>.toString().split(",")>`, ".split", "warning[method-on-secret]");
  expectOne(`<+secrets.getValue("x").concat("(").split(",")>`, ".split", "warning[method-on-secret]");
  expectOne(`<+<+secrets.getValue("x")>["a"]>`, `["a"]`, "warning[method-on-secret]");
});

test("a missing plus, inside an expression too", () => {
  expectOne(`<secret.getValue("x")>`, "<", "error[missing-plus]");
  const nested = `<+<+x>=="a"?<secrets.getValue("s")>:"b">`;
  check(`${script(nested)}#   ${" ".repeat(nested.indexOf("<secrets"))}^ error[missing-plus]`);
});

test("a secret in double quotes inside an expression is reported with what its quotes hold", () => {
  expectOne(`<+"prefix-<+secrets.getValue('x')>">`, `"prefix-<+secrets.getValue('x')>"`, "error[quoted-secret-in-expression]");
  expectOne(`<+shell.quote("<+secrets.getValue('x')>")>`, `"<+secrets.getValue('x')>"`, "error[quoted-secret-in-expression]");
  check(script(`<+<+x>=="a"?'<+secrets.getValue("s")>':"b">`));
});

test("an escaped > is part of the identifier, which then is none", () => {
  expectOne(`<+secrets.getValue("a\\>b")>`, "a\\>b", "error[invalid-identifier]");
});

test.each(["account", "org"])("a slash behind a scope: %s", (level) => {
  expectOne(`<+secrets.getValue("${level}/db_password")>`, `${level}/`, `error[invalid-identifier] Write "${level}.db_password"`);
  expect(applyFix(script(`<+secrets.getValue("${level}/db_password")>`), 'Write "."')).toBe(script(`<+secrets.getValue("${level}.db_password")>`));
  expectOne(`<+secrets.getValue("${level}.${level}/db_password")>`, `${level}/db_password`, "error[invalid-identifier]");
});

test.each([
  ["azurevault://v.vault.azure.net/db", "v.vault.azure.net/db", `Write "<connector>/db"`, "azurevault://connector/db"],
  ["azurevault://https://v.vault.azure.net/secrets/db", "https://v.vault.azure.net/secrets/db", `Write "<connector>/db"`, "azurevault://connector/db"],
  ["account.https://v.vault.azure.net/secrets/db", "https://v.vault.azure.net/secrets/db", `Write "azurevault://<connector>/db"`, "account.azurevault://connector/db"],
  ["v.vault.azure.net/secrets/db", "v.vault.azure.net/secrets/db", `Write "azurevault://<connector>/db"`, "azurevault://connector/db"],
  ["azurevault://akv/v.vault.azure.net/secrets/db", "v.vault.azure.net/secrets/db", `Write "db"`, "azurevault://akv/db"],
])("a Key Vault URL, wherever it stands: %s", (argument, part, title, mended) => {
  expectOne(`<+secrets.getValue("${argument}")>`, part, "error[akv-url] no Key Vault URL");
  expect(applyFix(script(`<+secrets.getValue("${argument}")>`), title)).toBe(script(`<+secrets.getValue("${mended}")>`));
});

test("a scope both before the scheme and inside the path", () => {
  expectOne(`<+secrets.getValue("account.azurevault://org.akv/db")>`, "org.", "error[scope-inside-uri]");
  expect(applyFix(script(`<+secrets.getValue("account.azurevault://org.akv/db")>`), `Move "org." before the scheme`)).toContain(`"org.azurevault://akv/db"`);
});

test.each([
  ["$a", "$a", "error[shell-variable-in-reference]"],
  ["$", "$", "error[invalid-identifier]"],
  ["a".repeat(129), "a".repeat(129), "error[invalid-identifier]"],
  ["account.class", "class", "error[invalid-identifier] keyword"],
  ["org.", "org.", "error[empty-identifier]"],
  ["project.azurevault://akv/db", "project", "warning[invalid-scope-prefix]"],
  ["Account.azurevault://akv/db", "Account", "warning[scope-prefix-case]"],
  ["azurevault://my-akv/db", "my-akv", "error[invalid-identifier] connector"],
  ["azurevault:///db", "azurevault:///db", "error[bad-uri] connector"],
  ["azurevault://akv/db#", "#", "error[bad-uri] JSON key"],
  ["azurevault://akv/db:x", ":x", "error[bad-uri] second colon"],
  ["azurevault://akv/#k", "#k", "error[akv-secret-name]"],
  ["azurevault://akv/secrets/db#k", "secrets/", "error[akv-extra-segment]"],
  ["azurevault://akv/keys/db", "/db", "warning[akv-version-format]"],
  ["azurevault://akv/db_x/05", "db_x", "error[akv-secret-name]"],
  ["hashicorpvault://hv/a.b#c", "a.b", "error[dot-in-uri]"],
  ["gcpsecretsmanager://gcp/a/b/c", "/c", "error[gcp-too-many-segments]"],
])("the argument %s has one fault", (argument, part, expected) => {
  const line = `<+secrets.getValue("${argument}")>`;
  if (part === "/db") {
    check(`${script(line)}#   ${" ".repeat(line.indexOf("/db") + 1)}^^ ${expected}`);
    return;
  }
  expectOne(line, part, expected);
});

test("quick fixes suit the quotes of the YAML around them", () => {
  const double = `${head}  a: "<+secrets.getValue('db)>"\n`;
  expect(applyFix(double, "Add '")).toBe(`${head}  a: "<+secrets.getValue('db')>"\n`);
  const escaped = `${head}  a: "<+secrets.db>"\n`;
  expect(applyFix(escaped, `Write getValue("db")`)).toBe(`${head}  a: "<+secrets.getValue(\\"db\\")>"\n`);
  const single = `${head}  a: '<+secrets.getValue("db'')>'\n`;
  expect(diagnostics(fixture(applyFix(single, `Write "`)).snapshot)).toEqual([]);
});

test("long repetitions are read to their end, every call once", () => {
  const calls = (unit: string, start = ""): number => fixture(script(start + unit.repeat(10_000))).snapshot.analysis.references.length;
  expect(calls(`<+secrets.getValue("`)).toBeGreaterThan(0);
  expect(calls("<+secrets.getValue(")).toBe(10_000);
  expect(calls("secrets.getValue(", "<+")).toBe(10_000);
  expect(calls(`# <+secrets.getValue("x")> `)).toBe(10_000);
  expect(calls(`<+secrets.getValue(“x”)>`)).toBe(10_000);
});

test("a secret that is compared is still a placeholder; appending to it and an arm of a ternary are right", () => {
  expect(rulesIn(`<+<+secrets.getValue("flag")>=="true">`)).toEqual(["method-on-secret =="]);
  expect(rulesIn(`<+"true" != <+secrets.getValue("flag")>>`)).toEqual(["method-on-secret !="]);
  expect(rulesIn(`<+secrets.getValue("flag") =~ "t.*">`)).toEqual(["method-on-secret =~"]);
  expect(rulesIn(`<+"x" == secrets.getValue("flag")>`)).toEqual(["method-on-secret =="]);
  expect(rulesIn(`<+<+secrets.getValue("a")>=="x"?<+secrets.getValue("b")>:"c">`)).toEqual(["method-on-secret =="]);
  expect(rulesIn(`<+<+pipeline.variables.v>=="a"?<+secrets.getValue("s1")>:<+secrets.getValue("s2")>>`)).toEqual([]);
  expect(rulesIn(`<+"user:" + <+secrets.getValue("a")> + "@">`)).toEqual([]);
  expect(rulesIn(`<+secrets.getValue("a").concat("x")>`)).toEqual([]);
});

test("in a condition the text around an expression is evaluated with it; in a script the shell compares the value", () => {
  expect(rulesIn(`<+secrets.getValue("flag")> == "true"`)).toEqual(["method-on-secret =="]);
  expect(rulesIn(`"x" != "<+secrets.getValue("flag")>"`)).toEqual(["method-on-secret !="]);
  check(script(`[ "<+secrets.getValue("flag")>" == "true" ]`));
  check(script(`[ <+pipeline.variables.pw> == "x" ]`));
});

/** A pipeline with a Secret variable, one of type String, and one that is defined twice. */
function comparing(expression: string, key = "condition"): readonly string[] {
  const variables = "variables:\n    - { name: pw, type: Secret, value: db }\n    - { name: open, type: Secret, value: <+input> }\n    - { name: tier, type: String, value: gold }\n    - { name: twice, type: Secret, value: a }\n    - { name: twice, type: String, value: b }\n";
  const stage = "  stages:\n    - stage:\n        identifier: s\n        variables: [{ name: key, type: Secret, value: db }]\n";
  const { findings, text } = analyze("file:///p.yaml", `pipeline:\n  identifier: p\n  ${variables}${stage}        ${key}: |-\n          ${expression}\n`);
  return findings.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

test.each([
  [`<+<+pipeline.variables.pw> == "x">`, "=="],
  [`<+<+stage.variables.key>=="x">`, "=="],
  [`<+pipeline.variables.pw == "x">`, "=="],
  [`<+"x" != pipeline.variables.pw>`, "!="],
  [`<+"x" =~ <+ pipeline.variables.pw >>`, "=~"],
  [`<+"<+pipeline.variables.pw>" == "x">`, "=="],
  [`<+<+<+pipeline.variables.open> != "x"> ? "a" : "b">`, "!="],
  [`<+(pipeline.variables.tier == "x") && (stage.variables.key == "nullable")>`, "=="],
  [`<+pipeline.variables.pw> == "x"`, "=="],
  [`"<+pipeline.variables.pw>" == "x" && <+pipeline.variables.tier> == "gold"`, "=="],
])("a Secret variable that is compared counts as its secret: %s", (expression, operator) => {
  expect(comparing(expression)).toEqual([`method-on-secret ${operator}`]);
});

test.each([
  `<+<+pipeline.variables.tier> == "x">`,
  `<+<+pipeline.variables.twice> == "x">`,
  `<+<+pipeline.variables.unknown> == "x">`,
  `<+<+stage.variables.pw> == "x">`,
  `<+<+pipeline.variables.pw> != null>`,
  `<+pipeline.variables.pw == "">`,
  `<+"null" == "<+pipeline.variables.pw>">`,
  `<+"a" + <+pipeline.variables.pw>>`,
  `<+<+env.type> == "Production" ? <+pipeline.variables.pw> : <+stage.variables.key>>`,
  `<+pipeline.variables.pw.length() == 3>`,
  `<+x.pipeline.variables.pw == "x">`,
  `<+"pipeline.variables.pw == x">`,
  `<_+secrets.getValue("<+<+pipeline.variables.pw> == "x">")>`,
])("nothing is compared, or nothing is known: %s", (expression) => {
  expect(comparing(expression).filter((mark) => !mark.startsWith("disabled"))).toEqual([]);
});

test("outside a condition only an expression compares", () => {
  expect(comparing(`[ "<+pipeline.variables.pw>" == "x" ]`, "script")).toEqual([]);
  expect(comparing(`echo <+<+pipeline.variables.pw> == "x">`, "script")).toEqual(["method-on-secret =="]);
});

/** The rules with what they mark, in a field of a pipeline. */
function rulesIn(expression: string): readonly string[] {
  const { findings, text } = analyze("file:///p.yaml", `pipeline:\n  identifier: p\n  condition: |-\n    ${expression}\n`);
  return findings.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

test.each([
  ["cfg#user", "A JSON key", "azurevault://connector/name#key"],
  ["account.cfg/0123456789abcdef0123456789abcdef", "A version", "azurevault://connector/name/version"],
])("what stands behind an identifier in %s is told where it belongs", (reference, what, path) => {
  const { findings } = analyze("file:///p.yaml", `pipeline:\n  identifier: p\n  a: <+secrets.getValue("${reference}")>\n`);
  expect(findings.map(({ rule, message }) => [rule, message.startsWith(what), message.endsWith(path)])).toEqual([["invalid-identifier", true, true]]);
});
