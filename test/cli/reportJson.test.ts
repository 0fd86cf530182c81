import { join } from "node:path";
import { expect, test } from "vitest";
import { demoFolder } from "../core/demoWorkspace.ts";
import { checkJson, cliRun } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

const bad = `<+secrets.getValue("acount.x")>`;

test("keyline/check/1: exactly these fields, positions zero-based, one finding like another", async () => {
  const folder = await tempFolder({ "sub/p.yaml": pipelineText(`echo <+secrets.getValue("acount.token")>`) });
  const run = await cliRun(folder, ["check", "--offline", "--format", "json"]);
  expect(JSON.parse(run.out)).toEqual({
    schema: "keyline/check/1",
    findings: [
      {
        file: "sub/p.yaml",
        range: { start: { line: 14, character: 47 }, end: { line: 14, character: 53 } },
        rule: "invalid-scope-prefix",
        severity: "error",
        message: `"acount" is no scope. Write id, org.id or account.id`,
        verified: true,
      },
    ],
    summary: { files: 1, references: 1, errors: 1, warnings: 0, infos: 0, hints: 0, notVerified: { count: 0, reasons: {} } },
  });
  expect(run.err).toBe("");
  expect(run.out.endsWith("}\n")).toBe(true);
});

test("fields stand in the order of the schema, so that two runs give the same text", async () => {
  const folder = await tempFolder({ "p.yaml": pipelineText(`${wrongScope} ${vaultReference("a")} <+secrets.getValue("x<+y>")>`) });
  const [first, second] = [await checkJson(folder, ["--offline"]), await checkJson(folder, ["--offline"])];
  expect(first.out).toBe(second.out);
  expect(Object.keys(first.report)).toEqual(["schema", "findings", "summary"]);
  expect(Object.keys(first.report.findings[0] ?? {})).toEqual(["file", "range", "rule", "severity", "message", "verified"]);
  expect(Object.keys(first.report.summary)).toEqual(["files", "references", "errors", "warnings", "infos", "hints", "notVerified"]);
  expect(Object.keys(first.report.summary.notVerified.reasons)).toEqual(["dynamic", "unknown-connector"]);
});

test.each([
  ["non-ASCII", `ä語 ${bad}`, 1, 25],
  ["an emoji is two UTF-16 code units", `😀 ${bad}`, 1, 25],
  ["a tab is one", `\t${bad}`, 1, 23],
  ["a combining mark is one", `e\u0301${bad}`, 1, 24],
])("positions count UTF-16 code units: %s", async (_, line, row, character) => {
  const { report } = await checkJson(await tempFolder({ "p.yaml": `run: |\n  ${line}\n` }), ["--offline"]);
  expect(report.findings.map(({ range }) => range)).toEqual([{ start: { line: row, character }, end: { line: row, character: character + 6 } }]);
});

test.each([
  ["LF", "\n", ""],
  ["CRLF", "\r\n", ""],
  ["a byte order mark", "\n", "\ufeff"],
  ["a byte order mark and CRLF", "\r\n", "\ufeff"],
])("positions do not depend on how the file is kept: %s", async (_, end, start) => {
  const text = start + [`a: ${bad}`, "b:", `  - ${bad}`, "run: |", `  x ${bad}`, ""].join(end);
  const { report } = await checkJson(await tempFolder({ "p.yaml": text }), ["--offline"]);
  expect(report.findings.map(({ range: { start: at } }) => [at.line, at.character])).toEqual([[0, 23], [2, 24], [4, 24]]);
});

test("every range of every finding cuts the part at fault out of the text", async () => {
  const text = `\u00e9: "😀 ${bad.replaceAll('"', "'")}"\r\nrun: |\r\n  語\t${bad} 😀 ${bad}\r\n`;
  const { report } = await checkJson(await tempFolder({ "p.yaml": text }), ["--offline"]);
  const lines = text.split("\r\n");
  expect(report.findings.map(({ range: { start, end } }) => lines[start.line]?.slice(start.character, end.character))).toEqual(["acount", "acount", "acount"]);
});

test("the summary's counts are those of the findings, and its reasons add up", async () => {
  const { report } = await checkJson(demoFolder, ["--offline"]);
  const count = (severity: string): number => report.findings.filter((finding) => finding.severity === severity).length;
  const { summary } = report;
  expect([summary.errors, summary.warnings, summary.infos, summary.hints]).toEqual(["error", "warning", "info", "hint"].map(count));
  expect(Object.values(summary.notVerified.reasons).reduce((sum, one) => sum + one, 0)).toBe(summary.notVerified.count);
  expect(summary.notVerified.count).toBeGreaterThan(0);
});

test("verified: text findings and positive answers are, what could not be followed is not", async () => {
  const folder = await tempFolder({
    "keyline.jsonc": `{ "rules": { "not-verified": "info" } }`,
    "kv.yaml": connectorText(),
    "p.yaml": pipelineText(`${wrongScope} ${vaultReference("gone")} ${vaultReference("x", "other")}`),
  });
  const { report } = await checkJson(folder, [], { vaults: { "shop-kv": [{ name: "db", enabled: true }] } });
  expect(report.findings.map(({ rule, verified }) => [rule, verified])).toEqual([
    ["invalid-scope-prefix", true],
    ["vault-secret-not-found", true],
    ["not-verified", false],
  ]);
});

interface ReferencesReport {
  readonly schema: string;
  readonly references: readonly Readonly<Record<string, unknown>>[];
}

async function referencesOf(text: string, name = "p.yaml"): Promise<ReferencesReport> {
  const run = await cliRun(await tempFolder({ [name]: text }), ["references", "--format", "json"]);
  expect(run).toMatchObject({ code: 0, err: "" });
  return JSON.parse(run.out) as ReferencesReport;
}

test("keyline/references/1: exactly these fields", async () => {
  const text = pipelineText(`x <+secrets.getValue("org.azurevault://kv/db#user/0123456789abcdef0123456789abcdef")>`);
  expect(await referencesOf(text)).toEqual({
    schema: "keyline/references/1",
    references: [
      {
        file: "p.yaml",
        range: { start: { line: 14, character: 24 }, end: { line: 14, character: 107 } },
        form: "expression",
        dynamic: false,
        scope: "org",
        uri: { scheme: "azurevault", connector: "kv", name: "db", key: "user", version: "0123456789abcdef0123456789abcdef" },
      },
    ],
  });
});

test.each([
  [`<+secrets.getValue("a")>`, { form: "expression", dynamic: false, scope: "project", identifier: "a" }],
  [`<+secrets.getValue('account.a')>`, { form: "expression", dynamic: false, scope: "account", identifier: "a" }],
  [`<+secrets.getValue("acount.a")>`, { form: "expression", dynamic: false, identifier: "a" }],
  [`<+secrets.getValue("x_<+stage.name>")>`, { form: "expression", dynamic: true }],
  [`<+secrets.getValue()>`, { form: "expression", dynamic: false }],
  [`<+secrets.getValue("awssecretsmanager://aws/path/to/it")>`, { form: "expression", dynamic: false, scope: "project", uri: { scheme: "awssecretsmanager", connector: "aws", name: "path/to/it" } }],
  [`<+secrets.getValue("azurevault://kv/db")>`, { form: "expression", dynamic: false, scope: "project", uri: { scheme: "azurevault", connector: "kv", name: "db" } }],
])("%s", async (expression, expected) => {
  const { references } = await referencesOf(pipelineText(expression));
  expect(references.map(({ file: _file, range: _range, ...rest }) => rest)).toEqual([expected]);
});

test("every getValue call is an entry, nested and malformed ones too; other functors and methods are none", async () => {
  const script = `<+secrets.getValue("a")> <+secrets.getValue(b)> <+secrets.getValue("<+secrets.getValue("c")>")> <+secret.getValue("d")> <+secrets.getvalue("e")> <+secrets.getValue("f")`;
  const { references } = await referencesOf(pipelineText(script));
  expect(references.filter(({ form }) => form === "expression")).toHaveLength(5);
});

test("plain references are listed with their form, and a script's comment counts", async () => {
  const connector = `connector:\n  identifier: hub\n  orgIdentifier: default\n  projectIdentifier: shop\n  type: DockerRegistry\n  spec:\n    auth:\n      spec:\n        passwordRef: account.docker_token\n`;
  const { references } = await referencesOf(connector);
  expect(references).toMatchObject([{ form: "plain", dynamic: false, scope: "account", identifier: "docker_token" }]);
  expect((await referencesOf(pipelineText(`# <+secrets.getValue("a")>`))).references).toHaveLength(1);
  expect((await referencesOf(`pipeline:\n  identifier: p\n  # <+secrets.getValue("a")>\n`)).references).toEqual([]);
});

test("the demo's references are as many as its check counts", async () => {
  const run = await cliRun(join(demoFolder, ".."), ["references", "demo"]);
  const { references } = JSON.parse(run.out) as ReferencesReport;
  const { report } = await checkJson(join(demoFolder, ".."), ["--offline", "demo"]);
  expect(references.length).toBe(report.summary.references);
  expect(references.every(({ file }) => String(file).startsWith("demo/.harness/"))).toBe(true);
});
