import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkJson, cliRun, filesOf, rulesOf } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

const wrong = pipelineText(wrongScope);
const referring = pipelineText(vaultReference("db-password"));
const complete = `{ "complete": ["project:default/shop"] }`;
const off = `{ "rules": { "invalid-scope-prefix": "off" } }`;

test("keyline.jsonc in the working directory counts for all paths in it", async () => {
  const folder = await tempFolder({ "keyline.jsonc": complete, "a/b/p.yaml": referring });
  for (const path of [".", "a", "a/b", "a/b/p.yaml", join(folder, "a")]) {
    expect(rulesOf((await checkJson(folder, ["--offline", path])).report)).toEqual(["connector-not-found"]);
  }
});

test("one nearer to the checked path does not count; that it is not read is said, and changes no code", async () => {
  const folder = await tempFolder({ "keyline.jsonc": complete, "a/keyline.jsonc": off, "a/b/keyline.jsonc": "{ broken", "a/b/p.yaml": referring, "c/node_modules/keyline.jsonc": off, "kv.yaml": "a: 1\n" });
  const said = (below: string): string => `${below}/keyline.jsonc: not read: the configuration of this run is keyline.jsonc. Run keyline in ${below} to use it\n`;
  for (const path of [".", "a", "a/b", "a/b/p.yaml"]) {
    const { report, err, code } = await checkJson(folder, ["--offline", path]);
    expect([rulesOf(report), err, code]).toEqual([["connector-not-found"], said("a/b") + said("a"), 1]);
  }
  expect(await cliRun(folder, ["check", "--offline", "kv.yaml"])).toMatchObject({ code: 0, err: said("a/b") + said("a") });
  // In a/ that folder's own file is the nearest.
  expect(await cliRun(join(folder, "a"), ["check", "--offline"])).toMatchObject({ code: 0, err: said("b") });
  // What the file itself leaves out is no news.
  await writeFiles(folder, { "keyline.jsonc": `{ "exclude": ["a/**"] }` });
  expect(await cliRun(folder, ["check", "--offline"])).toMatchObject({ code: 0, err: "" });
});

test("without any keyline.jsonc for the run, one below is named with what to do", async () => {
  const folder = await tempFolder({ "a/keyline.jsonc": off, "a/p.yaml": wrong });
  const err = "a/keyline.jsonc: not read: this run has no configuration. Run keyline in a to use it\n";
  expect(await checkJson(folder, ["--offline", "a"])).toMatchObject({ code: 1, err });
  expect(await cliRun(folder, ["references", "a"])).toMatchObject({ code: 0, err });
});

test("the nearest keyline.jsonc at or above the working directory counts, before any Git root", async () => {
  const folder = await tempFolder({ "keyline.jsonc": complete, "one/.git/HEAD": "", "one/two/p.yaml": referring, "one/two/three/x.txt": "" });
  for (const [from, path] of [["one/two", "."], ["one/two/three", ".."], ["one", "two/p.yaml"]] as const) {
    expect(rulesOf((await checkJson(join(folder, from), ["--offline", path])).report)).toEqual(["connector-not-found"]);
  }
  await writeFiles(folder, { "one/two/keyline.jsonc": "{" });
  expect(await cliRun(join(folder, "one/two/three"), ["check", "--offline", ".."])).toMatchObject({ code: 2, err: "../keyline.jsonc:1:1: error Close brace expected. Mend the JSON here\n" });
});

test("one above that cannot be read is no reason to take another, nor none", async () => {
  const folder = await tempFolder({ "keyline.jsonc": complete, "one/keyline.jsonc": off, "one/two/p.yaml": wrong });
  const run = await cliRun(join(folder, "one/two"), ["check", "--offline"], { files: troubledFiles({ "keyline.jsonc": "no-permission" }) });
  expect(run).toMatchObject({ code: 2, out: "", err: "../keyline.jsonc: error no permission to read it\n" });
});

test("its globs count from its folder, wherever the run begins", async () => {
  const config = `{ "exclude": ["one/old"], "scopes": [{ "files": "one/kv.yaml", "scope": "account" }], "complete": ["account"] }`;
  const account = connectorText().replace("  orgIdentifier: default\n  projectIdentifier: shop\n", "");
  const folder = await tempFolder({ "keyline.jsonc": config, "one/kv.yaml": account, "one/old/q.yaml": wrong, "one/p.yaml": pipelineText(vaultReference("gone").replace("azurevault", "account.azurevault")) });
  for (const [from, path] of [[".", "one"], ["one", "."], ["one", "p.yaml"]] as const) {
    const { report } = await checkJson(join(folder, from), [path], { vaults: { "shop-kv": [] } });
    expect(rulesOf(report)).toEqual(["vault-secret-not-found"]);
  }
});

test("what lies outside the paths but in the configuration's reach defines connectors", async () => {
  const folder = await tempFolder({ "keyline.jsonc": complete, "connectors/kv.yaml": connectorText(), "pipelines/p.yaml": referring });
  const run = await checkJson(folder, ["pipelines/p.yaml"], { vaults: { "shop-kv": [{ name: "db-password", enabled: true }] } });
  expect(run.report).toMatchObject({ findings: [], summary: { files: 1, references: 1, notVerified: { count: 0 } } });
  expect(run.requests).toEqual(["list shop-kv"]);
});

test("--config takes the place of the one that would be found, and its globs count from the same root", async () => {
  const folder = await tempFolder({
    "keyline.jsonc": "{ broken",
    "ci/strict.jsonc": `{ "complete": ["project:default/shop"], "exclude": ["old/**"] }`,
    "p.yaml": referring,
    "old/p.yaml": referring,
    "ci/old/p.yaml": referring,
    "ci/new/p.yaml": referring,
  });
  const run = async (from: string, ...words: string[]): Promise<readonly string[]> => filesOf((await checkJson(join(folder, from), ["--offline", ...words])).report);
  expect(await run(".", "--config", "ci/strict.jsonc")).toEqual(["ci/new/p.yaml", "ci/old/p.yaml", "p.yaml"]);
  expect(await run(".", "--config", "ci/strict.jsonc", "ci")).toEqual(["ci/new/p.yaml", "ci/old/p.yaml"]);
  expect(await run("ci/new", `--config=${join(folder, "ci/strict.jsonc")}`, "..", "../../old")).toEqual(["p.yaml", "../old/p.yaml"]);
});

test("--config may name one below the root, which is then read, or one outside, by way of a link too", async () => {
  const folder = await tempFolder({ "out/my.jsonc": `{ "exclude": ["old/**"] }`, "work/old/p.yaml": wrong, "work/new/p.yaml": wrong, "work/sub/keyline.jsonc": `{ "exclude": ["new"] }` });
  await symlink(join(folder, "out"), join(folder, "link"));
  const run = async (config: string): Promise<readonly unknown[]> => {
    const { report, err } = await checkJson(join(folder, "work"), ["--offline", "--config", config]);
    return [filesOf(report), err];
  };
  expect(await run("sub/keyline.jsonc")).toEqual([["old/p.yaml"], ""]);
  expect(await run("../link/my.jsonc")).toEqual([["new/p.yaml"], "sub/keyline.jsonc: not read: the configuration of this run is ../link/my.jsonc. Run keyline in sub to use it\n"]);
});

test("a configuration that is named and broken is told once, for however many paths", async () => {
  const folder = await tempFolder({ "work/my.jsonc": "{ nonsense }", "a/p.yaml": wrong, "b/p.yaml": wrong });
  const run = await cliRun(join(folder, "work"), ["check", "--offline", "--config", "my.jsonc", "../a", "../b"]);
  expect(run.code).toBe(2);
  expect(run.err.split("\n").filter((line) => line.startsWith("my.jsonc:1:3: error "))).toHaveLength(1);
});

test.each([
  ["gone.jsonc", "gone.jsonc: error no such file or folder\n"],
  ["folder", "folder: error not a regular file, not checked\n"],
  ["latin1.jsonc", "latin1.jsonc: error not valid UTF-8, not checked; save it as UTF-8\n"],
  ["utf16.jsonc", "utf16.jsonc: error UTF-16, not checked; save it as UTF-8\n"],
])("--config %s, which cannot be read, ends with 2 and nothing on standard output", async (name, err) => {
  const folder = await tempFolder({ "p.yaml": wrong, "latin1.jsonc": Buffer.from("// \u00e4", "latin1"), "utf16.jsonc": Buffer.from("\ufeff{}", "utf16le") });
  await mkdir(join(folder, "folder"));
  expect(await cliRun(folder, ["check", "--config", name])).toMatchObject({ code: 2, out: "", err });
});

test.each([
  ["{", "keyline.jsonc:1:1: error Close brace expected. Mend the JSON here\n"],
  [`{\n  // ä😀\n  "rules": { "hyphen-identifer": "off" }\n}`, `keyline.jsonc:3:14: error No rule is called "hyphen-identifer". Did you mean "hyphen-identifier"?\n`],
  [`\ufeff{\r\n"rules": { "😀": 1, "gt-in-string": "loud" } }`, `keyline.jsonc:2:12: error No rule is called "😀". See docs/rules for the list\nkeyline.jsonc:2:37: error A rule's severity is one of off, hint, info, warning, error\n`],
  [`[]`, "keyline.jsonc:1:1: error Write an object { } for keyline.jsonc\n"],
  [`{ "complete": ["everything"] }`, `keyline.jsonc:1:16: error A scope is written "account", "org:<organization>" or "project:<organization>/<project>"\n`],
  [`{ "exclude": "x" }`, "keyline.jsonc:1:14: error Write a list [ ] for exclude\n"],
])("a broken keyline.jsonc is said with its place on standard error, and nothing is checked: %s", async (config, err) => {
  const folder = await tempFolder({ "keyline.jsonc": config, "p.yaml": wrong });
  expect(await cliRun(folder, ["check", "--offline"])).toMatchObject({ code: 2, out: "", err });
});

test("a keyline.jsonc that leads out of its folder is not followed", async () => {
  const folder = await tempFolder({ "inside/p.yaml": wrong, "outside/keyline.jsonc": off });
  await symlink("../outside/keyline.jsonc", join(folder, "inside/keyline.jsonc"));
  expect(await cliRun(join(folder, "inside"), ["check"])).toMatchObject({ code: 2, out: "", err: "keyline.jsonc: error link that leaves the folder, not followed\n" });
});

test("comments, trailing commas and an empty file are good", async () => {
  for (const config of ["", " \n", "{}", `// nothing\n{ "include": [], /* none */ "exclude": [], }`]) {
    const folder = await tempFolder({ "keyline.jsonc": config, "p.yaml": wrong });
    expect(await cliRun(folder, ["check", "--offline"])).toMatchObject({ code: 1, err: "" });
  }
});

test("references lists all the same where keyline.jsonc is broken", async () => {
  const folder = await tempFolder({ "keyline.jsonc": "{", "p.yaml": wrong });
  const run = await cliRun(folder, ["references"]);
  expect(run).toMatchObject({ code: 0, err: "" });
  expect((JSON.parse(run.out) as { references: unknown[] }).references).toHaveLength(1);
});

test("include and exclude leave files out of the check, and out of what is known", async () => {
  const folder = await tempFolder({
    "keyline.jsonc": `{ "complete": ["project:default/shop"], "include": [".harness/**", "extra/*.yml"], "exclude": ["**/generated", ".harness/kv.yaml"] }`,
    ".harness/p.yaml": referring,
    ".harness/kv.yaml": connectorText(),
    ".harness/generated/p.yaml": wrong,
    "extra/q.yml": wrong,
    "extra/deep/q.yml": wrong,
    "other/p.yaml": wrong,
  });
  const { report } = await checkJson(folder, ["--offline"]);
  expect(report.findings.map(({ file, rule }) => [file, rule])).toEqual([[".harness/p.yaml", "connector-not-found"], ["extra/q.yml", "invalid-scope-prefix"]]);
  expect(report.summary.files).toBe(2);
});

test("a file that is named is checked, whatever include and exclude say", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "exclude": ["**"] }`, "p.yaml": wrong });
  expect(filesOf((await checkJson(folder, ["--offline", "p.yaml"])).report)).toEqual(["p.yaml"]);
  expect(filesOf((await checkJson(folder, ["--offline"])).report)).toEqual([]);
});

test.each(["off", "hint", "info", "warning", "error"])("a rule may be set to %s", async (severity) => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "rules": { "invalid-scope-prefix": "${severity}" } }`, "p.yaml": wrong });
  const { report, code } = await checkJson(folder, ["--offline"]);
  expect(report.findings.map((finding) => finding.severity)).toEqual(severity === "off" ? [] : [severity]);
  expect(code).toBe(severity === "error" ? 1 : 0);
});

test("not-verified may be asked for as findings", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "rules": { "not-verified": "warning" } }`, "p.yaml": referring });
  const { report, code } = await checkJson(folder, ["--fail-on", "warning"]);
  expect(report.findings).toMatchObject([{ rule: "not-verified", severity: "warning", verified: false }]);
  expect(code).toBe(1);
});

test("organization and project of keyline.jsonc give a pipeline its scope", async () => {
  const scopeless = referring.replace("  orgIdentifier: default\n  projectIdentifier: shop\n", "");
  const config = `{ "organization": "default", "project": "shop", "connectors": [{ "identifier": "kv", "scope": "project:default/shop", "vault": "shop-kv" }] }`;
  const vaults = { "shop-kv": [] };
  const known = await checkJson(await tempFolder({ "keyline.jsonc": config, "p.yaml": scopeless }), [], { vaults });
  expect(rulesOf(known.report)).toEqual(["vault-secret-not-found"]);
  const unknown = await checkJson(await tempFolder({ "p.yaml": scopeless, "kv.yaml": connectorText() }), [], { vaults });
  expect(unknown.report).toMatchObject({ findings: [], summary: { notVerified: { count: 1, reasons: { "unknown-project": 1 } } } });
});

test("an include that matches no file is wrong usage: a wrong glob would make every run good", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "include": ["harness/**"], "exclude": ["gone/**"] }`, ".harness/p.yaml": wrong });
  const err = `keyline: "include" in keyline.jsonc matches no YAML file, so nothing would be checked. Its globs are relative to ${folder}\n`;
  for (const paths of [[], [".harness"], ["--force-exclude", ".harness/p.yaml"]]) expect(await cliRun(folder, ["check", "--offline", ...paths])).toMatchObject({ code: 2, out: "", err });
  expect(await cliRun(folder, ["references"])).toMatchObject({ code: 2, out: "", err });
  // A file that is named is checked whatever include says.
  expect(await cliRun(folder, ["check", "--offline", ".harness/p.yaml"])).toMatchObject({ code: 1, err: "" });
  // What exclude leaves out of it was meant to be left out.
  await writeFiles(folder, { "keyline.jsonc": `{ "include": [".harness/**"], "exclude": ["**/p.yaml"] }` });
  expect(await cliRun(folder, ["check", "--offline"])).toMatchObject({ code: 0, err: "" });
});

test("a glob under scopes that matches no file is named, and changes no code", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "scopes": [{ "files": "conectors/**", "scope": "account" }, { "files": "connectors", "scope": "account" }] }`, "connectors/kv.yaml": connectorText(), "p.yaml": referring });
  for (const path of [".", "p.yaml"]) expect(await cliRun(folder, ["check", "--offline", path])).toMatchObject({ code: 0, err: "keyline.jsonc: scopes: no file matches conectors/**\n" });
});
