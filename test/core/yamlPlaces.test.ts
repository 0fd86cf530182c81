import { expect, test } from "vitest";
import { uriParts } from "../../server/src/core/index.ts";
import { applyFix, check, fixture } from "./fixture.ts";

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";

function arguments_(text: string): readonly string[] {
  return fixture(text).snapshot.analysis.references.map((reference) => reference.argument.text);
}

/** Expects one finding, under exactly `part` of the last line. */
function expectOne(lines: string, part: string, expected: string): void {
  const at = (lines.split("\n").at(-1) ?? "").indexOf(part);
  expect(at).toBeGreaterThan(0);
  check(`${head}${lines}\n#${" ".repeat(at - 1)}${"^".repeat(part.length)} ${expected}`);
}

test.each([
  ["a plain key", `  <+secrets.getValue("x")>: v`],
  ["a quoted key", `  "<+secrets.getValue('x')>": v`],
  ["an explicit key", `  ? <+secrets.getValue("x")>\n  : v`],
  ["an anchor", `  a: &b <+secrets.getValue("x")>\n  c: *b`],
  ["a tag", `  a: !!str '<+secrets.getValue("x")>'`],
  ["a single-quoted scalar with doubled quotes", `  a: '<+secrets.getValue(''x'')>'`],
  ["a double-quoted scalar with escapes", `  a: "\\u00e9 <+secrets.getValue(\\x22x\\x22)>"`],
  ["JSON in a double-quoted scalar", `  a: "{\\"b\\": \\"<+secrets.getValue('x')>\\"}"`],
  ["a double-quoted scalar over two lines", `  a: "one\n    two <+secrets.getValue('x')>"`],
  ["a plain scalar over two lines", `  a: curl\n    <+secrets.getValue("x")>`],
  ["an expression over two lines of a plain scalar", `  a: <+secrets\n    .getValue("x")>`],
  ["an expression over three lines of a folded scalar", `  a: >-\n    <+secrets.getValue(\n      "x"\n    )>`],
  ["a block scalar with an indentation indicator", `  a: |2-\n      <+secrets.getValue("x")>`],
  ["a block scalar in a list", `  a:\n    - |\n      <+secrets.getValue("x")>`],
  ["a nested flow collection with a comment", `  a: {b: [ # none\n    {c: <+secrets.getValue("x")>}]}`],
  ["a file with Terraform's lines", `%{ if y }\n  a: <+secrets.getValue("x")>\n%{ endif }`],
  ["a file with Jinja's lines", `{% if y %}\n  a: <+secrets.getValue("x")>\n{% endif %}`],
  ["tabs", `\ta:\t<+secrets.getValue("x")>`],
  ["a ternary with blanks in a plain scalar", `  a: <+<+b> == "c" ? "d" : <+secrets.getValue("x")>>`],
])("an expression in %s", (_place, lines) => {
  const text = `${head}${lines}\n`;
  check(text);
  expect(arguments_(text)).toEqual(["x"]);
  expect(arguments_(text.replaceAll("\n", "\r\n"))).toEqual(["x"]);
  expect(arguments_(`\ufeff${text}`)).toEqual(["x"]);
});

test.each([
  ["between entries", "  # <+secrets.getValue(\"x\")>\n"],
  ["behind a value", "  a: b # <+secrets.getValue(\"x\")>\n"],
  ["in a flow collection", "  a: [b, # <+secrets.getValue(\"x\")>\n    c]\n"],
  ["behind the header of a block scalar", "  a: | # <+secrets.getValue(\"x\")>\n    b\n"],
  ["behind a block scalar, indented less", "  a: |\n      b\n    # <+secrets.getValue(\"x\")>\n"],
])("a YAML comment %s holds no reference", (_place, lines) => {
  check(head + lines);
  expect(arguments_(head + lines)).toEqual([]);
});

test("comments of scripts, and what only looks like them", () => {
  check(`${head}  script: |
    # <+secrets.getValue("x")>
#     ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment]
    echo 1 # <+secrets.getValue("x")>
#            ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment]
    echo "#" <+secrets.getValue("x")> "a # <+secrets.getValue("x")>" 'b # <+secrets.getValue("x")>'
    echo \${x#y} <+secrets.getValue("x")> a#<+secrets.getValue("x")> $# <+secrets.getValue("x")> \\# <+secrets.getValue("x")>
    cat <<EOF > notes.md
    # <+secrets.getValue("x")>
    EOF
    echo $((1 << shift))
    # <+secrets.getValue("y")>
#     ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment]
`);
});

test("a YAML value ended by its inner quotes, whichever they are", () => {
  const single = `  a: '<+secrets.getValue('x')>'`;
  expectOne(single, "'x'", "error[yaml-quoting] single quote ends");
  expect(applyFix(head + single, "Put the value in double quotes")).toBe(`${head}  a: "<+secrets.getValue('x')>"`);
  const both = `  a: '"<+secrets.getValue('x')>"'`;
  expectOne(both, "'x'", "error[yaml-quoting]");
  expect(applyFix(head + both, "Double the inner quotes")).toBe(`${head}  a: '"<+secrets.getValue(''x'')>"'`);
});

test("the quote that was meant to end the value", () => {
  const list = `  a: ["<+secrets.getValue("x")>", "b"]`;
  expectOne(list, `"x"`, "error[yaml-quoting] double quote ends");
  expect(applyFix(head + list, "Put the value in single quotes")).toBe(`${head}  a: ['<+secrets.getValue("x")>', "b"]`);
  const comment = `  a: "<+secrets.getValue("x")>" # "b"`;
  expectOne(comment, `"x"`, "error[yaml-quoting]");
  expect(applyFix(head + comment, "Put the value in single quotes")).toBe(`${head}  a: '<+secrets.getValue("x")>' # "b"`);
  expectOne(`  a: "one\n    <+secrets.getValue("x")>"`, `"x"`, "error[yaml-quoting]");
  const functor = `  a: "<+shell.quote("b", <+secrets.getValue('x')>)>"`;
  expectOne(functor, `"b"`, "error[yaml-quoting]");
  expect(applyFix(head + functor, "Escape the inner quotes")).toBe(`${head}  a: "<+shell.quote(\\"b\\", <+secrets.getValue('x')>)>"`);
});

test("a comment sign with a blank before it ends a plain value in the middle of the expression", () => {
  expectOne(`  a: <+secrets.getValue("azurevault://akv/db #user")>`, `"azurevault://akv/db`, "error[unterminated]");
});

test.each([
  ["azurevault://akv/db#user/0123456789abcdef0123456789abcdef", { name: "db", key: "user", version: "0123456789abcdef0123456789abcdef" }],
  ["azurevault://akv/cfg#a.b", { name: "cfg", key: "a.b" }],
  ["hashicorpvault://hv//engine/path#key", { name: "/engine/path", key: "key" }],
  ["awssecretsmanager://aws/prod/db#user", { name: "prod/db", key: "user" }],
  ["gcpsecretsmanager://gcp/name/3", { name: "name", version: "3" }],
  ["azurevault://account.akv/db", { name: "db" }],
  ["acount.azurevault://akv/db", { name: "db" }],
])("the parts of %s", (argument, parts) => {
  const [reference] = fixture(`${head}  a: <+secrets.getValue("${argument}")>\n`).snapshot.analysis.references;
  expect(reference?.uri === undefined ? undefined : uriParts(reference.uri)).toEqual(parts);
});

test("a wrong scope leaves the identifier, and no scope", () => {
  const [reference] = fixture(`${head}  a: <+secrets.getValue("acount.db")>\n`).snapshot.analysis.references;
  expect([reference?.identifier?.text, reference?.scope]).toEqual(["db", undefined]);
});
