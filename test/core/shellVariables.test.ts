import { describe, expect, test } from "vitest";
import { analyze, diagnostics } from "../../server/src/core/index.ts";
import { check, fixture, hovered } from "./fixture.ts";

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";

/** The findings with what they mark, of lines in a script of a pipeline. */
function found(lines: string, { key = "script", before = "", after = "" } = {}): readonly string[] {
  return marks(`${head}${before}  ${key}: |\n    ${lines.replaceAll("\n", "\n    ")}\n${after}`);
}

function marks(text: string): readonly string[] {
  const { snapshot } = fixture(text);
  return diagnostics(snapshot).map(({ rule, severity, span }) => `${severity} ${rule} ${snapshot.analysis.text.slice(span.start, span.end)}`);
}

const call = (argument: string): string => `echo <+secrets.getValue("${argument}")>`;
const certain = (variable: string): readonly string[] => [`error shell-variable-in-reference ${variable}`];
const assigned = (variable: string): readonly string[] => [`warning shell-variable-in-reference ${variable}`];

test("three variables of a script, each marked alone, and every reference listed", () => {
  const text = `${head}  script: |
    export SECRET_NAME=db_password
    echo <+secrets.getValue("$SECRET_NAME")>
#                            ^^^^^^^^^^^^ error[shell-variable-in-reference] before the shell starts
    echo <+secrets.getValue("account.\${SECRET_NAME}")>
#                                    ^^^^^^^^^^^^^^ error[shell-variable-in-reference] Write the identifier
    echo <+secrets.getValue("app_$SECRET_NAME")>
#                                ^^^^^^^^^^^^ warning[shell-variable-in-reference] although the script assigns it`;
  check(text);
  expect(fixture(text).snapshot.analysis.references.map(({ broken, dynamic }) => [broken, dynamic])).toEqual([
    [true, false],
    [true, false],
    [false, false],
  ]);
});

test.each([
  ["$NAME", "$NAME"],
  ["org.$NAME", "$NAME"],
  ["Account.$NAME", "$NAME"],
  ["$SCOPE.db", "$SCOPE"],
  ["$1", "$1"],
  ["db_${NAME}", "${NAME}"],
  ["acount.${NAME}", "${NAME}"],
  ["${NAME:-a.b}_pw", "${NAME:-a.b}"],
  ["${NAME,,}", "${NAME,,}"],
  ["${!NAME}", "${!NAME}"],
  ["${1}", "${1}"],
  ["$env:NAME", "$env:NAME"],
  ["app_$Env:NAME", "$Env:NAME"],
  ["app_$script:NAME", "$script:NAME"],
  ["${env:NAME}", "${env:NAME}"],
  ["db_%NAME%", "%NAME%"],
  ["db_$(cat name)", "$(cat name)"],
  ["app_<+env.name>_${NAME}", "${NAME}"],
  ["azurevault://kv/db-${ENV}#user", "${ENV}"],
  ["azurevault://kv/db-$ENV#user", "$ENV"],
  ["account.azurevault://$KV/db", "$KV"],
  ["hashicorpvault://hv/${ENV}/db#password", "${ENV}"],
])("nothing can be called %s: an error at %s alone", (argument, variable) => {
  expect(found(call(argument))).toEqual(certain(variable));
});

test("without quotes it is no variable of Harness either, and no quotes help", () => {
  expect(found("echo <+secrets.getValue($NAME)>")).toEqual(certain("$NAME"));
  expect(found("echo <+secrets.getValue(${NAME})>")).toEqual(certain("${NAME}"));
  expect(found('echo <+secrets.getValue("a_" + "${NAME}")>')).toEqual(certain("${NAME}"));
  expect(found("NAME=x\necho <+secrets.getValue(a$NAME)>")).toEqual(["error missing-quotes a$NAME"]);
});

test.each([
  "NAME=x",
  "NAME+=x",
  "export NAME",
  "declare -x OTHER NAME",
  "local NAME",
  "readonly NAME",
  'read -r -p "Which? " NAME',
  "for NAME in a b; do",
  "mapfile -t NAME < list",
  "printf -v NAME %s x",
  "env NAME=x bash",
  "$NAME = 'x'",
  "if ($a) { $NAME = 'x' }",
  "[string]$name = 'x'",
  "$env:Name = 'x'",
  "foreach ($NAME in $names) {",
  "set NAME=x",
  'set "NAME=x"',
  "set /p NAME=Which?",
])("a legal identifier is a warning where the script says %s", (line) => {
  expect(found(`${line}\n${call("app_$NAME")}`)).toEqual(assigned("$NAME"));
});

test.each(["echo $NAME", 'if [ "$NAME" == x ]; then', "[ $NAME = x ]", "[[ $A == b && $NAME =~ c ]]", "OTHER_NAME=x", "NAMES=x", "--NAME=x", "echo export", "NAME == x"])("but not where it says %s", (line) => {
  expect(found(`${line}\n${call("app_$NAME")}`)).toEqual([]);
});

test("a legal text with a variable that is assigned, in whatever form", () => {
  expect(found(`NAME=x\n${call("app-$NAME")}`)).toEqual(assigned("$NAME"));
  expect(found(`NAME=x\n${call("$".concat("OTHER_$NAME"))}`)).toEqual(certain("$OTHER_"));
  expect(found(`NAME=x\n${call("a_$OTHER-$NAME")}`)).toEqual(assigned("$NAME"));
  expect(found(`NAME=x\n${call("app_$NAME_pw")}`)).toEqual([]);
  expect(found(`NAME=x\n${call("<+env.name>_$NAME")}`)).toEqual(assigned("$NAME"));
  expect(found(`NAME=x\n${call("hashicorpvault://hv/apps/$NAME#pw")}`)).toEqual(assigned("$NAME"));
  expect(found(`NAME=x\n${call("acount.app_$NAME")}`)).toEqual(["error invalid-scope-prefix acount"]);
  expect(found(`NAME=x\n${call("my app_$NAME")}`)).toEqual(["error invalid-identifier my app_$NAME"]);
});

test("what another script assigns does not count", () => {
  expect(found(call("app_$NAME"), { before: "  other:\n    script: NAME=x\n" })).toEqual([]);
});

describe("only scripts are read by a shell", () => {
  test.each(["script", "command"])("%s is one", (key) => {
    expect(found(call("$NAME"), { key })).toEqual(certain("$NAME"));
    expect(marks(`${head}  ${key}: "echo <+secrets.getValue(\\"\${NAME}\\")>"\n`)).toEqual(certain("${NAME}"));
    expect(marks(`${head}  ${key}: echo <+secrets.getValue("\${NAME}")>\n`)).toEqual(certain("${NAME}"));
  });

  test("run is one in version 1", () => {
    expect(marks(`version: 1\npipeline:\n  identifier: p\n  run: ${call("${NAME}")}\n`)).toEqual(certain("${NAME}"));
    expect(marks(`${head}  run: ${call("${NAME}")}\n`)).toEqual([]);
  });

  test.each(["value", "url", "requestBody", "condition"])("%s is none", (key) => {
    expect(found(`NAME=x ${call("${NAME}")} ${call("app_$NAME")}`, { key })).toEqual([]);
    expect(found(call("$NAME"), { key })).toEqual(["error invalid-identifier $NAME"]);
  });

  test("and in files that are not Harness's nothing is known of shells", () => {
    expect(marks(`script: ${call("${NAME}")}\n`)).toEqual([]);
  });
});

describe("a template is filled in before Harness reads it", () => {
  test.each(["${var.name}", "${each.value}", "app_${local.name}_$NAME", "${ name }", "${lower(name)}", "{{ name }}_$NAME", "%{ if x }$NAME%{ endif }", "$<+env.name>", "${<+env.name>}"])("no shell has %s", (argument) => {
    expect(found(call(argument))).toEqual([]);
    expect(fixture(`${head}  script: ${call(argument)}\n`).snapshot.analysis.references).toMatchObject([{ dynamic: true, broken: false }]);
  });

  test.each(["  name: ${name}\n", "  tags: [${join(tags)}]\n", "  name: <+secrets.getValue(\"${name}\")>\n", "%{ if deploys }\n", '  x: "%{ if x }a%{ endif }"\n'])("nor is anything told in a file with %s", (after) => {
    for (const argument of ["${NAME}", "$NAME", "$env:NAME", "%NAME%", "app_$NAME"]) {
      expect(found(`NAME=x\n${call(argument)}`, { after }), argument).toEqual([]);
    }
  });

  test.each(["  other: { script: 'echo ${HOME} %{http_code}' }\n", "  # ${HOME}\n", "  x: ${{ inputs.y }}\n", "  x: a # ${HOME}\n", "  x: $HOME\n"])("%j makes no template", (after) => {
    expect(found(call("${NAME}"), { after })).toEqual(certain("${NAME}"));
  });
});

describe("a source that knows exactly this identifier", () => {
  const file = (...config: readonly string[]): string => `${head}  script: |\n    NAME=x\n    ${call("app-$NAME")}\n#- /keyline.jsonc\n{ ${config.join(", ")} }`;
  const complete = `"complete": ["account", "org:o", "project:o/q"]`;
  const secret = (scope: string): string => `"secrets": [{ "identifier": "app-$NAME", "scope": "${scope}" }]`;

  test("silences the warning", () => {
    expect(marks(file(secret("project:o/q")))).toEqual([]);
    expect(marks(file(complete, secret("project:o/q")))).toEqual([]);
  });

  test("is told of where it is elsewhere", () => {
    expect(marks(file(complete, secret("account")))).toEqual(["error secret-in-other-scope app-$NAME"]);
    expect(marks(file(complete, secret("project:o/other")))).toEqual(["error secret-not-found app-$NAME"]);
  });

  test("is missing: the warning alone", () => {
    expect(marks(file(complete))).toEqual(assigned("$NAME"));
    expect(marks(file(complete, `"rules": { "shell-variable-in-reference": "off" }`))).toEqual(["error secret-not-found app-$NAME"]);
  });

  test("is the same for the hover", () => {
    const at = (text: string): string => hovered(text.replace("app-$NAME", "app-$0$NAME"))?.text ?? "";
    expect(at(file(complete))).toContain("before the shell starts");
    expect(at(file(complete))).not.toContain("No secret has");
    expect(at(file(secret("project:o/q")))).not.toContain("shell");
  });

  test("a connector that is missing is another matter than the path behind it", () => {
    expect(marks(`${head}  script: |\n    NAME=x\n    ${call("hashicorpvault://hv/$NAME#k")}\n    ${call("hashicorpvault://a_$NAME/b#k")}\n#- /keyline.jsonc\n{ ${complete} }`)).toEqual([
      "error connector-not-found hv",
      "warning shell-variable-in-reference $NAME",
      "warning shell-variable-in-reference $NAME",
    ]);
  });
});

test("a hundred thousand references and assignments are read in one pass", () => {
  const text = `${head}  script: |\n${`    A=1 ${call("a_$A")} ${call("${A")}\n`.repeat(20_000)}`;
  const before = process.threadCpuUsage().user;
  expect(analyze("file:///p.yaml", text).references).toHaveLength(40_000);
  expect(process.threadCpuUsage().user - before).toBeLessThan(10_000_000);
});
