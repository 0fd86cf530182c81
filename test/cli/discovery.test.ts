import { symlink } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkJson, cliRun, filesOf } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";

/** A file with one finding, so that the report tells which files were looked at. */
const wrong = pipelineText(wrongScope);

async function checkedFiles(folder: string, ...words: string[]): Promise<readonly string[]> {
  const { report, err } = await checkJson(folder, ["--offline", ...words]);
  expect(err).toBe("");
  return filesOf(report);
}

test("*.yaml and *.yml below the working directory, dot folders too, but neither .git nor node_modules", async () => {
  const names = ["a.yaml", "b.yml", "C.YAML", ".hidden.yaml", ".harness/x.yaml", "deep/er/and/.deeper/y.yml", "node_modules.yaml", "git/z.yaml"];
  const others = [".git/a.yaml", "node_modules/a.yaml", "deep/node_modules/a.yaml", "deep/.git/hooks/a.yaml", "a.json", "a.yaml.txt", "yaml", "a.yamll"];
  const folder = await tempFolder(Object.fromEntries([...names, ...others].map((name) => [name, wrong])));
  expect(await checkedFiles(folder)).toEqual([...names].sort());
  expect(await checkedFiles(folder, ".")).toEqual([...names].sort());
});

test("the summary counts all files that were read, also those that hold nothing", async () => {
  const folder = await tempFolder({ "a.yaml": wrong, "empty.yaml": "", "other.yaml": "a: 1\n", "b.txt": wrong });
  const { report } = await checkJson(folder, ["--offline"]);
  expect(report.summary).toMatchObject({ files: 3, references: 1 });
});

test("a PATH may be a single file, of any name, and outside the working directory", async () => {
  const folder = await tempFolder({ "work/a.yaml": wrong, "work/b.txt": wrong, "other/c.yaml": wrong });
  const work = join(folder, "work");
  expect(await checkedFiles(work, "a.yaml")).toEqual(["a.yaml"]);
  expect(await checkedFiles(work, "./b.txt")).toEqual(["b.txt"]);
  expect(await checkedFiles(work, "../other/c.yaml")).toEqual(["../other/c.yaml"]);
  expect(await checkedFiles(work, "../other")).toEqual(["../other/c.yaml"]);
  expect(await checkedFiles(work, join(folder, "other"))).toEqual(["../other/c.yaml"]);
  expect(await checkedFiles(join(folder, "other"), "..")).toEqual(["c.yaml", "../work/a.yaml"]);
});

test("a PATH in node_modules or .git that a person names is looked into", async () => {
  const folder = await tempFolder({ "node_modules/pack/a.yaml": wrong });
  expect(await checkedFiles(folder, "node_modules/pack")).toEqual(["node_modules/pack/a.yaml"]);
});

test("PATHs that overlap give each file once, in the order in which they are named", async () => {
  const folder = await tempFolder({ "a/1.yaml": wrong, "a/b/2.yaml": wrong, "c/3.yaml": wrong });
  expect(await checkedFiles(folder, "c", "a/b", "a", "a/b/2.yaml", ".", "a/../a")).toEqual(["c/3.yaml", "a/b/2.yaml", "a/1.yaml"]);
});

test("a file is checked once, however many links lead to it", async () => {
  const folder = await tempFolder({ "a.yaml": wrong, "sub/real.yaml": wrong });
  await symlink("a.yaml", join(folder, "b.yaml"));
  await symlink("sub", join(folder, "linked"));
  await symlink(join(folder, "sub/real.yaml"), join(folder, "abs.yml"));
  expect(await checkedFiles(folder)).toEqual(["a.yaml", "sub/real.yaml"]);
  expect(await checkedFiles(folder, "b.yaml", "a.yaml")).toEqual(["b.yaml"]);
  expect(await checkedFiles(folder, "linked")).toEqual(["linked/real.yaml"]);
});

test("a link to a file that would not be found by itself counts, by the link's name", async () => {
  const folder = await tempFolder({ "templates/pipeline.txt": wrong, ".git/kept.yaml": wrong });
  await symlink("templates/pipeline.txt", join(folder, "pipeline.yaml"));
  await symlink(".git/kept.yaml", join(folder, "kept.yaml"));
  expect(await checkedFiles(folder)).toEqual(["kept.yaml", "pipeline.yaml"]);
});

test("links in circles end", async () => {
  const folder = await tempFolder({ "a/x.yaml": wrong });
  await symlink("..", join(folder, "a/up"));
  await symlink("a", join(folder, "again"));
  await symlink("self.yaml", join(folder, "self.yaml"));
  const { report, code } = await checkJson(folder, ["--offline"]);
  expect(filesOf(report)).toEqual(["a/x.yaml"]);
  expect(code).toBe(1);
});

test("no link that leaves PATH is followed; one that carries a YAML file's name is said", async () => {
  const folder = await tempFolder({ "inside/a.yaml": wrong, "secret/out.yaml": wrong, "secret/keyline.jsonc": "{" });
  const inside = join(folder, "inside");
  await symlink("../secret/out.yaml", join(inside, "link.yaml"));
  await symlink("../secret", join(inside, "folder"));
  await symlink("../secret", join(inside, "folder.yaml"));
  await symlink("link.yaml", join(inside, "chain.yaml"));
  const { report, err, code } = await checkJson(inside, ["--offline"]);
  expect(filesOf(report)).toEqual(["a.yaml"]);
  expect(err).toBe(["chain.yaml", "folder", "folder.yaml", "link.yaml"].map((name) => `${name}: link that leaves the folder, not followed\n`).join(""));
  expect(code).toBe(1);
  expect((await checkJson(folder, ["--offline", "inside"])).err).toContain("inside/link.yaml: link that leaves the folder, not followed\n");
});

test("a link that a person names as PATH is followed", async () => {
  const folder = await tempFolder({ "inside/b.txt": "", "out/a.yaml": wrong });
  await symlink("../out", join(folder, "inside/link"));
  await symlink("../out/a.yaml", join(folder, "inside/a.yaml"));
  expect(await checkedFiles(join(folder, "inside"), "link")).toEqual(["link/a.yaml"]);
  expect(await checkedFiles(join(folder, "inside"), "a.yaml")).toEqual(["a.yaml"]);
});

test("a PATH that does not exist, or is neither file nor folder, is wrong usage, and nothing is checked", async () => {
  const folder = await tempFolder({ "a.yaml": wrong });
  execFileSync("mkfifo", [join(folder, "pipe")]);
  await symlink("nowhere", join(folder, "dangling"));
  const run = (...paths: string[]): Promise<object> => cliRun(folder, ["check", "--offline", ...paths]);
  expect(await run("a.yaml", "gone.yaml")).toMatchObject({ code: 2, out: "", err: "keyline: gone.yaml: no such file or folder\n" });
  expect(await run("a.yaml/b")).toMatchObject({ code: 2, out: "", err: "keyline: a.yaml/b: no such file or folder\n" });
  expect(await run("dangling")).toMatchObject({ code: 2, out: "", err: "keyline: dangling: no such file or folder\n" });
  expect(await run("pipe")).toMatchObject({ code: 2, out: "", err: "keyline: pipe: neither a file nor a folder\n" });
  expect(await run("a\u001b]0;x\u0007")).toMatchObject({ code: 2, out: "", err: "keyline: a\\u001b]0;x\\u0007: no such file or folder\n" });
  expect(await cliRun(folder, ["references", "gone"])).toMatchObject({ code: 2, out: "", err: "keyline: gone: no such file or folder\n" });
});

test("names stand in the report with `/`, as they are on disk", async () => {
  const names = ["a b.yaml", "a%20b.yaml", "x#y?.yaml", "ä/ß😀.yaml", "-.yaml", "back\\slash.yaml"];
  const folder = await tempFolder(Object.fromEntries(names.map((name) => [name, wrong])));
  expect(new Set(await checkedFiles(folder))).toEqual(new Set(names));
});

test("a file's path gives its scope also where the PATH begins inside it", async () => {
  const kv = connectorText().replace("  orgIdentifier: default\n  projectIdentifier: shop\n", "");
  const folder = await tempFolder({
    ".harness/orgs/default/projects/shop/kv.yaml": kv,
    ".harness/orgs/default/projects/shop/pipelines/p.yaml": `pipeline:\n  identifier: p\n  stages:\n    - x: <+secrets.getValue("azurevault://kv/gone")>\n`,
  });
  const { report } = await checkJson(join(folder, ".harness/orgs/default/projects"), ["shop"], { vaults: { "shop-kv": [{ name: "db", enabled: true }] } });
  expect(report.findings.map(({ file, rule }) => [file, rule])).toEqual([["shop/pipelines/p.yaml", "vault-secret-not-found"]]);
});

test("a folder without any YAML file ends with 2; nothing left after exclude with 0", async () => {
  const folder = await tempFolder({ "docs/README.md": "x", "old/keyline.jsonc": `{ "exclude": ["*.yaml"] }`, "old/a.yaml": wrong });
  expect(await cliRun(folder, ["check", "docs"])).toMatchObject({ code: 2, out: "", err: "keyline: No YAML file under docs\n", opened: [] });
  expect(await cliRun(join(folder, "docs"), ["check"])).toMatchObject({ code: 2, out: "", err: "keyline: No YAML file under .\n" });
  expect(await cliRun(join(folder, "old"), ["check", "--offline"])).toMatchObject({ code: 0, err: "" });
});

test("--force-exclude leaves out files that are named, which are checked otherwise", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "exclude": ["old"] }`, "old/a.yaml": wrong, "b.yaml": wrong });
  expect(await checkedFiles(folder, "old/a.yaml", "b.yaml")).toEqual(["old/a.yaml", "b.yaml"]);
  expect(await checkedFiles(folder, "--force-exclude", "old/a.yaml", "b.yaml")).toEqual(["b.yaml"]);
  expect(await cliRun(folder, ["check", "--offline", "--force-exclude", "old/a.yaml"])).toMatchObject({ code: 0, err: "" });
});

test("references finds the same files", async () => {
  const folder = await tempFolder({ "b/x.yaml": wrong, ".harness/y.yml": wrong, ".git/z.yaml": wrong });
  await writeFiles(folder, { "b/one.yaml": pipelineText(vaultReference("db")) });
  const run = await cliRun(folder, ["references", "b", ".", "--format", "json"]);
  const listed = (JSON.parse(run.out) as { references: { file: string }[] }).references.map(({ file }) => file);
  expect(listed).toEqual(["b/one.yaml", "b/x.yaml", ".harness/y.yml"]);
});
