import { expect, test } from "vitest";
import { analyze } from "../../server/src/core/index.ts";
import { applyFix, check, fixture } from "./fixture.ts";

const head = `pipeline:
  identifier: p
  orgIdentifier: o
  projectIdentifier: q
`;

/** A script of one line in a pipeline, with what is expected under it. */
function script(line: string, ...expected: readonly string[]): string {
  return [`${head}  script: |`, `    ${line}`, ...expected.map((each) => `#   ${each}`)].join("\n");
}

test.each([
  `<+secrets.getValue("db_password")>`,
  `<+secrets.getValue('db_password')>`,
  `<+secrets.getValue("org.db_password")>`,
  `<+secrets.getValue("account.db_password")>`,
  `<+ secrets.getValue("db_password") >`,
  `<+secrets . getValue ( "db_password" )>`,
  `<+secrets.getValue(<+pipeline.variables.secretId>)>`,
  `<+secrets.getValue("<+pipeline.variables.secretId>")>`,
  `<+secrets.getValue("app_<+env.identifier>_pw")>`,
  `<+secrets.getValue("app_" + <+env.name>)>`,
  `<+secrets.getValue("app_".concat(<+env.name>))>`,
  `<+secrets.getValue(variables.of.something)>`,
  `<+<+pipeline.variables.v>=="a"?<+secrets.getValue("s1")>:<+secrets.getValue("s2")>>`,
  `<+<+pipeline.variables.v>=="a"?secrets.getValue("s1"):secrets.getValue("s2")>`,
  `<+secrets.getValue("a").concat("b")>`,
  `<+secrets.getValue("azurevault://akv/db-password")>`,
  `<+secrets.getValue("account.azurevault://akv/db-password#user/0123456789abcdef0123456789abcdef")>`,
  `<+secrets.getValue("hashicorpvault://hv//engine/path#key")>`,
  `<+secrets.getValue("awssecretsmanager://aws/name#key")>`,
  `<+secrets.getValue("gcpsecretsmanager://gcp/name/3")>`,
  `curl -d "{\\"password\\": \\"<+secrets.getValue('db_password')>\\"}"`,
  `echo '<+secrets.getValue("x")>' > out.txt`,
  `<+secrets.getValue("\${var.name}")>`,
  `echo don't # and <+pipeline.name>`,
  `mvn -Dtype=Map<secrets.Foo>`,
])("nothing is wrong with %s", (line) => {
  check(script(line));
});

test("an unknown scope", () => {
  check(script(`<+secrets.getValue("acount.db")>`, `                    ^^^^^^ error[invalid-scope-prefix] no scope`));
  check(script(`<+secrets.getValue("project.db")>`, `                    ^^^^^^^ warning[invalid-scope-prefix] without prefix`));
});

test("the prefix project is a warning, and its reference is listed and not followed", () => {
  const text = `${head}  auth:
    token: <+secrets.getValue("project.scanner_token")>
#                              ^^^^^^^ warning[invalid-scope-prefix] pages of its documentation
    other: <+secrets.getValue("proj.scanner_token")>
#                              ^^^^ error[invalid-scope-prefix] no scope
`;
  check(text);
  expect(fixture(text).snapshot.analysis.references.map(({ argument, broken, scope }) => [argument.text, broken, scope])).toEqual([
    ["project.scanner_token", true, undefined],
    ["proj.scanner_token", true, undefined],
  ]);
  expect(applyFix(script(`<+secrets.getValue("project.db")>`), "Remove the prefix: a project secret has none")).toContain(`getValue("db")`);
});

test("a backslash before a quote in a block and between single quotes is a warning", () => {
  const text = `${head}  script: |-
    TOKEN="<+secrets.getValue(\\"account.API_KEY\\")>"
#                             ^^^^^^^^^^^^^^^^^^^ warning[escaped-quote-outside-dq] backslash
  settings: '{"key":"<+secrets.getValue(\\"api_key\\")>"}'
#                                       ^^^^^^^^^^^ warning[escaped-quote-outside-dq] backslash
  right: "<+secrets.getValue(\\"db\\")>"
`;
  check(text);
  expect(fixture(text).snapshot.analysis.references.map(({ identifier, broken }) => [identifier?.text, broken])).toEqual([["API_KEY", true], ["api_key", true], ["db", false]]);
});

test("a scope in upper case works, but not everywhere", () => {
  check(script(`<+secrets.getValue("Account.db")>`, `                    ^^^^^^^ warning[scope-prefix-case] lower case`));
});

test("identifiers", () => {
  check(script(`<+secrets.getValue("a.b.c")>`, `                       ^^ error[too-many-dots] at most one dot`));
  check(script(`<+secrets.getValue("")>`, `                   ^^ error[empty-identifier] names no secret`));
  check(script(`<+secrets.getValue("account.")>`, `                    ^^^^^^^^ error[empty-identifier] names a scope`));
  check(script(`<+secrets.getValue("1db")>`, `                    ^^^ error[invalid-identifier] no identifier`));
  check(script(`<+secrets.getValue("org.class")>`, `                        ^^^^^ error[invalid-identifier] keyword`));
  check(script(`<+secrets.getValue("db-password")>`, `                    ^^^^^^^^^^^ hint[hyphen-identifier] Older`));
});

test("quotes", () => {
  check(script(`<+secrets.getValue(db_password)>`, `                   ^^^^^^^^^^^ error[missing-quotes] is a variable`));
  check(script(`<+secrets.getValue(“db”)>`, `                   ^^^^ error[smart-quotes] straight`));
  check(script(`<+secrets.getValue(\\"db\\")>`, `                   ^^^^^^ warning[escaped-quote-outside-dq] backslash`));
  expect(applyFix(script(`<+secrets.getValue(db_password)>`), "Add quotes")).toContain(`<+secrets.getValue("db_password")>`);
  expect(applyFix(script(`<+secrets.getValue(“db”)>`), "Write straight quotes")).toContain(`<+secrets.getValue("db")>`);
  expect(applyFix(script(`<+secrets.getValue(\\"db\\")>`), "Remove the backslashes")).toContain(`<+secrets.getValue("db")>`);
});

test("a double-quoted YAML value ended by its inner quotes", () => {
  const text = `${head}  url: "<+secrets.getValue("x")>"\n#                          ^^^ error[yaml-quoting] single quotes`;
  check(text);
  expect(applyFix(text, "Put the value in single quotes")).toContain(`url: '<+secrets.getValue("x")>'`);
});

test("a double-quoted YAML value with escaped quotes is right, and positions hold", () => {
  check(`${head}  url: "é\\t<+secrets.getValue(\\"acount.x\\")>"\n#                               ^^^^^^ error[invalid-scope-prefix] no scope`);
});

test("expressions without an end", () => {
  check(script(`echo <+secrets.getValue("db")`, `     ^^^^^^^^^^^^^^^^^^^^^^^^ error[unterminated] no closing >`));
  check(script(`echo <+secrets.getValue("db)> and more`, `                        ^^^^ error[unterminated] no closing "`));
  check(script(`<+secrets.getValue("db">`, `                  ^ error[unbalanced-paren] partner`));
  check(script(`<+secrets.getValue("db"))>`, `                        ^ error[unbalanced-paren] partner`));
  expect(applyFix(script(`echo <+secrets.getValue("db")`), 'Add ">"')).toContain(`echo <+secrets.getValue("db")>\n`.trimEnd());
});

test("an expression being typed does not swallow the next lines", () => {
  check(`${head}  script: |
    echo <+secrets.getValue("db
#                           ^^^ error[unterminated] no closing "
    cat file > out
    echo <+secrets.getValue("acount.x")>
#                            ^^^^^^ error[invalid-scope-prefix] no scope
`);
});

test("an expression over several lines", () => {
  check(`${head}  script: |
    echo <+<+pipeline.name> == "a" ?
      <+secrets.getValue("s1")> :
      <+secrets.getValue("acount.s2")>>
#                         ^^^^^^ error[invalid-scope-prefix] no scope
`);
});

test("an unescaped > inside quotes", () => {
  check(script(`<+secrets.getValue("a>b")>`, `                     ^ error[gt-in-string] ends the expression`));
  check(script(`<+<+pipeline.name> == "a>b" ? "x" : <+secrets.getValue("c")>>`, `                        ^ warning[gt-in-string] ends the expression`));
  expect(applyFix(script(`<+secrets.getValue("a>b")>`), "Write \\>")).toContain(`"a\\>b"`);
});

test("slips at the start", () => {
  check(script(`<secrets.getValue("db")>`, `^ error[missing-plus] starts with`));
  check(script(`export A=$<+secrets.getValue("db")>`, `         ^ warning[dollar-prefix] stays in the text`));
  check(script(`<_+secrets.getValue("db")>`, `^^^^^^^^^^^^^^^^^^^^^^^^^^ info[disabled-expression] stays as it is`));
});

test("functor and method", () => {
  check(script(`<+secret.getValue("db")>`, `  ^^^^^^ error[singular-secret] Write "secrets"`));
  check(script(`<+Secrets.getValue("db")>`, `  ^^^^^^^ error[singular-secret] Write "secrets"`));
  check(script(`<+secerts.getValue("db")>`, `  ^^^^^^^ error[singular-secret] Write "secrets"`));
  check(script(`<+secrets.getvalue("db")>`, `          ^^^^^^^^ error[wrong-method-case] getValue`));
  check(script(`<+secrets.get("db")>`, `          ^^^ error[unknown-method] no method`));
  check(script(`<+secrets.db_password>`, `          ^^^^^^^^^^^ error[unknown-method] no property`));
  expect(applyFix(script(`<+secrets.db_password>`), 'Write getValue("db_password")')).toContain(`<+secrets.getValue("db_password")>`);
});

test("secrets inside secrets and expressions", () => {
  check(script(`<+secrets.getValue("<+secrets.getValue('a')>")>`, `                    ^^^^^^^^^^^^^^^^^^^^^^^^ error[nested-secret] by the value of another`));
  check(script(`<+<+env.type> == "Production" ? "<+secrets.getValue("prod")>" : "x">`, `                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[quoted-secret-in-expression] without the quotes`));
  check(script(`<+secrets.getValue("db").split(":")[0]>`, `                        ^^^^^^ warning[method-on-secret] placeholder`));
  check(script(`<+<+secrets.getValue("db")>.split(":")>`, `                           ^^^^^^ warning[method-on-secret] placeholder`));
  check(script(`<+json.select("$.a", <+secrets.getValue("cfg")>)>`, `  ^^^^^^^^^^^ warning[method-on-secret] placeholder`));
});

test("other generations of Harness", () => {
  check(script("${secrets.getValue(\"db\")}", "^^^^^^^^^^^^^^^^^^^^^^^^^ error[firstgen-syntax] FirstGen"));
  check(script("${{ secrets.get(\"db\") }}", "^^^^^^^^^^^^^^^^^^^^^^^^ info[gitness-syntax] Open Source"));
  check(script("${{ secrets.db }}", "^^^^^^^^^^^^^^^^^ info[v3-syntax] 3.0"));
  check(script("${ngSecretManager.obtain(\"db\", 123)}", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[internal-functor] by hand"));
});

test("3.0 syntax is right in a file of its version, whatever body it has", () => {
  check("version: 1\nkind: pipeline\nspec:\n  run: echo ${{ secrets.db }}\n");
  check("version: 1\npipeline:\n  identifier: p\n  run: ${{ secrets.db }} ${{ secrets.account.token }}\n");
  check("version: 1\nkind: pipeline\npipeline:\n  stages:\n    - steps:\n        - run:\n            env: { T: '${{ secrets.org.token }}' }\n");
  check("version: 1\nstage:\n  identifier: s\n  spec: { run: '${{ secrets.db }}' }\n");
  check("pipeline:\n  identifier: p\n  run: ${{ secrets.db }}\n#      ^^^^^^^^^^^^^^^^^ info[v3-syntax] 3.0");
});

test("the syntax of Harness Open Source is right in its own files, but for the functor in the singular", () => {
  const openSource = (line: string, kind = "pipeline"): string => `version: 1\nkind: ${kind}\nspec:\n  script: ${line}\n`;
  check(openSource("docker login -p ${{ secrets.get(\"REGISTRY\") }} -u ${{ secrets.user }}"));
  check(openSource("docker login -p ${{ secrets.get(\"REGISTRY\") }}", "template"));
  const wrong = openSource("echo ${{ secret.get(\"REGISTRY\") }}");
  check(`${wrong}#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info[gitness-syntax] Write secrets.get(`);
  expect(applyFix(wrong, "Write secrets.get(")).toBe(openSource("echo ${{ secrets.get(\"REGISTRY\") }}"));
  const inV3 = "version: 1\npipeline:\n  identifier: p\n  run: ${{ secrets.get(\"db\") }} ${{ secret.get(\"x\") }}\n";
  check(`${inV3}#      ^^^^^^^^^^^^^^^^^^^^^^^^ info[gitness-syntax] In Harness 3.0`);
  expect(applyFix(inV3, "Write ${{ secrets.db }}")).toContain("run: ${{ secrets.db }} ");
  check(script("${{ secret.get(\"db\") }} ${{ secret.x }} ${secret.x}"));
});

test("a disabled expression is marked whole, and nothing in it is a reference", () => {
  const nested = `<_+secrets.getValue("hashicorpvault://<+pipeline.variables.path>/a#b")>`;
  check(script(`pw: ${nested} <+secrets.getValue("acount.x")>`, `    ${"^".repeat(nested.length)} info[disabled-expression] stays as it is`, `    ${" ".repeat(nested.length + 21)}^^^^^^ error[invalid-scope-prefix]`));
  const secret = script(`<_+secrets.getValue("<+secrets.getValue("acount.y")>_<_+z>")> <_+secrets.getValue("z")>`);
  expect(analyze("file:///p.yaml", secret).findings.map(({ rule, span }) => [rule, secret.slice(span.start, span.end)])).toEqual([
    ["disabled-expression", `<_+secrets.getValue("<+secrets.getValue("acount.y")>_<_+z>")>`],
    ["disabled-expression", `<_+secrets.getValue("z")>`],
  ]);
  expect(analyze("file:///p.yaml", secret).references).toEqual([]);
});

test("a disabled expression without an end hides nothing behind it", () => {
  for (const between of ["\n    ", " "]) {
    const text = script(`<_+secrets.getValue("a")${between}<+secrets.getValue("acount.b")>`);
    const { findings, references } = analyze("file:///p.yaml", text);
    expect(findings.map(({ rule, span }) => [rule, text.slice(span.start, span.end)])).toEqual([
      ["disabled-expression", `<_+secrets.getValue("a")`],
      ["invalid-scope-prefix", "acount"],
    ]);
    expect(references).toHaveLength(1);
  }
  const long = script(`<_+secrets.getValue("${"a".repeat(600)}") <+secrets.getValue("b")>`);
  expect(analyze("file:///p.yaml", long).references).toHaveLength(1);
});

test("paths: scheme, connector, dots", () => {
  check(script(`<+secrets.getValue("azureVault://akv/db")>`, `                    ^^^^^^^^^^ error[unknown-scheme] Write azurevault`));
  check(script(`<+secrets.getValue("vault://hv/path#key")>`, `                    ^^^^^ error[unknown-scheme] Write hashicorpvault`));
  check(script(`<+secrets.getValue("azurevault://akv")>`, `                    ^^^^^^^^^^^^^^^^ error[bad-uri] lacks its secret`));
  check(script(`<+secrets.getValue("azurevault:/akv/x")>`, `                    ^^^^^^^^^^^^^^^^^ error[bad-uri] scheme://connector/path`));
  check(script(`<+secrets.getValue("azurevault://account.akv/db")>`, `                                 ^^^^^^^^ error[scope-inside-uri] before the scheme`));
  check(script(`<+secrets.getValue("azurevault://akv/cfg#a.b")>`, `                                         ^^^ error[dot-in-uri] dots`));
  check(script(`<+secrets.getValue("gcpsecretsmanager://gcp/projects/p/secrets/name")>`, `                                                      ^^^^^^^^^^^^^ error[gcp-too-many-segments] name/version`));
  expect(applyFix(script(`<+secrets.getValue("azurevault://account.akv/db")>`), 'Move "account." before the scheme')).toContain(`"account.azurevault://akv/db"`);
});

test("paths inside a Key Vault", () => {
  check(script(`<+secrets.getValue("azurevault://akv/db_password")>`, `                                     ^^^^^^^^^^^ error[akv-secret-name] letters, digits and hyphens`));
  check(script(`<+secrets.getValue("azurevault://akv/secrets/db")>`, `                                     ^^^^^^^^ error[akv-extra-segment] Remove`));
  check(script(`<+secrets.getValue("azurevault://akv/secrets/0123456789abcdef0123456789abcdef")>`));
  check(script(`<+secrets.getValue("azurevault://akv/https://v.vault.azure.net/secrets/x")>`, `                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[akv-url] URL`));
  check(script(`<+secrets.getValue("https://v.vault.azure.net/secrets/x")>`, `                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[akv-url] URL`));
  check(script(`<+secrets.getValue("azurevault://akv/db/0123456789abcdef0123456789abcdef#k")>`, `                                                                       ^^^^^ error[akv-key-after-version] before the version`.replace(/ +\^+/, `${" ".repeat(72)}^^`)));
  check(script(`<+secrets.getValue("azurevault://akv/db/05")>`, `                                        ^^ warning[akv-version-format] 32 hexadecimal`));
  check(script(`<+secrets.getValue("azurevault://akv/db#a/b")>`, `                                          ^ warning[akv-version-format] 32 hexadecimal`));
});

test("an expression in a comment of a script is evaluated, one in a YAML comment is none", () => {
  check(`${head}  # <+secrets.getValue("acount.x")>
  script: |
    # <+secrets.getValue("x")>
#     ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment] evaluates
`);
});

test("a manifest is read for its expressions alone, comments too", () => {
  check(`apiVersion: v1
kind: Secret
data:
  a: <+secrets.getValue("acount.x")>
#                        ^^^^^^ error[invalid-scope-prefix] no scope
  # <+secrets.getValue("x")>
#   ^^^^^^^^^^^^^^^^^^^^^^^^ info[expression-in-comment] evaluates
  b: \${{ secrets.db }}
`);
});

test("a file of no concern is left alone", () => {
  check("services:\n  web:\n    image: x\n    command: ${secrets.getValue(\"x\")}\n");
});

test("tabs, carriage returns, a byte order mark, several documents and astral characters", () => {
  const text = `\ufeff${head}  a: "𝄞 <+secrets.getValue('acount.x')>"\n#                            ^^^^^^ error[invalid-scope-prefix] no scope`;
  check(text);
  const found = check(`${head}---\nservice:\n  identifier: s\n  value: <+secrets.getValue("acount.y")>\n#                            ^^^^^^ error[invalid-scope-prefix] no scope`);
  expect(found).toHaveLength(1);
});

test("flow collections and anchors", () => {
  check(`${head}  list: &a [{x: <+secrets.getValue("acount.y")>}, 'z']
#                                   ^^^^^^ error[invalid-scope-prefix] no scope
  other: *a
`);
});

test("a bracket behind a quote without end is not reported too", () => {
  check(script(`echo '<+secrets.getValue("a.getValue("b")>'`, `                                       ^^ error[unterminated] no closing "`));
});

test.each([
  ["calls without an end on one line", '<+secrets.getValue("'.repeat(20_000)],
  ["calls without an end on many lines", '<+secrets.getValue("\n    '.repeat(20_000)],
  ["bare calls without an end", `<+${"secrets.getValue(".repeat(25_000)}`],
  ["keys and no hash", `x\n${Array.from({ length: 100_000 }, (_, index) => `  k${String(index)}: v`).join("\n")}`],
])("hostile text is read in linear time: %s", { timeout: 5_000 }, (_title, content) => {
  const { documents, findings } = analyze("file:///repo/pipeline.yaml", `${head}  script: |\n    ${content}`);
  expect(documents).toHaveLength(1);
  expect(findings.length > 0).toBe(content.includes("secrets"));
});
