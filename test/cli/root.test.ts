import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { CheckReport } from "../support/cliRun.ts";
import { checkJson, cliRun, filesOf, rulesOf } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

const wrong = pipelineText(wrongScope);
const referring = pipelineText(vaultReference("db"));
const complete = `{ "complete": ["project:default/shop"] }`;
const both = { "one-kv": [], "two-kv": [{ name: "db", enabled: true }] };

/** What is said of one file, whatever path leads to it. */
function saidOf(report: CheckReport, file: string): readonly unknown[] {
  return report.findings.filter((finding) => finding.file === file);
}

describe("a file is judged alike, whatever else is named and in which order", () => {
  test.each([{}, { "keyline.jsonc": "{}" }, { ".git/HEAD": "" }])("two definitions of one connector, beside %j", async (beside) => {
    const folder = await tempFolder({ ...beside, "a/kv.yaml": connectorText("kv", "one-kv"), "z/kv.yaml": connectorText("kv", "two-kv"), "p.yaml": referring });
    const whole = (await checkJson(folder, ["."], { vaults: both })).report;
    expect(rulesOf(whole)).toContain("connector-duplicate");
    for (const paths of [["p.yaml"], ["a/kv.yaml", "p.yaml"], ["z/kv.yaml", "a/kv.yaml", "p.yaml"], ["z", "p.yaml", "a"], ["p.yaml", "z", "."]]) {
      const { report } = await checkJson(folder, paths, { vaults: both });
      for (const file of new Set(["p.yaml", ...filesOf(report)])) expect(saidOf(report, file), `${file} of ${paths.join(" ")}`).toEqual(saidOf(whole, file));
      expect(report.summary.notVerified.count).toBe(0);
    }
  });

  test("a link to a file, named itself, by its target or found", async () => {
    const folder = await tempFolder({ "texts/p.txt": referring, "kv.yaml": connectorText("kv", "one-kv"), "sub/x.yaml": "a: 1\n" });
    await symlink("../texts/p.txt", join(folder, "sub/p.yaml"));
    for (const [path, file] of [[".", "sub/p.yaml"], ["sub", "sub/p.yaml"], ["sub/p.yaml", "sub/p.yaml"], ["texts/p.txt", "texts/p.txt"]] as const) {
      const { report, err } = await checkJson(folder, [path], { vaults: both });
      expect([path, err, report.findings.map((finding) => [finding.file, finding.rule])]).toEqual([path, "", [[file, "vault-secret-not-found"]]]);
    }
  });

  test("a text that is no UTF-8 and can define nothing leaves a scope complete, named or not", async () => {
    const folder = await tempFolder({ "keyline.jsonc": complete, "latin1.yaml": Buffer.from("name: M\u00fcller\n", "latin1"), "p.yaml": referring });
    for (const path of [".", "p.yaml"]) expect(rulesOf((await checkJson(folder, ["--offline", path])).report)).toEqual(["connector-not-found"]);
  });
});

describe("the root", () => {
  test("is the Git root where there is no keyline.jsonc, a worktree's file too", async () => {
    for (const git of [".git/HEAD", ".git"]) {
      const folder = await tempFolder({ [git]: "", "connectors/kv.yaml": connectorText("kv", "one-kv"), "pipelines/deep/p.yaml": referring });
      for (const [from, path] of [[".", "pipelines"], ["pipelines", "."], ["pipelines/deep", "p.yaml"]] as const) {
        const { report, requests } = await checkJson(join(folder, from), [path], { vaults: both });
        expect([rulesOf(report), report.summary.files, requests]).toEqual([["vault-secret-not-found"], 1, ["list one-kv", "deleted one-kv/db"]]);
      }
    }
  });

  test("is the working directory where there is neither: nothing above it is read", async () => {
    const folder = await tempFolder({ "kv.yaml": connectorText("kv", "one-kv"), "work/p.yaml": referring });
    const read: string[] = [];
    const files: Files = {
      ...nodeFiles,
      list: async (path) => {
        read.push(path);
        return nodeFiles.list(path);
      },
      read: async (path, maxBytes) => {
        read.push(path);
        return nodeFiles.read(path, maxBytes);
      },
    };
    const { report, requests } = await checkJson(join(folder, "work"), [], { files, vaults: both });
    expect([report.summary.notVerified.reasons, requests]).toEqual([{ "unknown-connector": 1 }, []]);
    expect([...new Set(read)].sort()).toEqual([join(folder, "work"), join(folder, "work/p.yaml")]);
  });

  test("is found from the folder that holds all paths, where they all lie outside", async () => {
    const other = { "other/keyline.jsonc": complete, "other/a/p.yaml": referring, "other/b/q.yaml": referring, "other/.git/HEAD": "" };
    const folder = await tempFolder({ "work/keyline.jsonc": "{ broken", ...other });
    const work = join(folder, "work");
    for (const paths of [["../other"], ["../other/a"], ["../other/a/p.yaml"], [join(folder, "other/a/p.yaml"), "../other/b"]]) {
      const { report, err } = await checkJson(work, ["--offline", ...paths]);
      expect([err, new Set(rulesOf(report))]).toEqual(["", new Set(["connector-not-found"])]);
    }
    // A folder around the root lies outside it, and what counted from inside is one below now.
    await writeFiles(folder, { "p.yaml": wrong });
    expect(await checkJson(work, ["--offline", ".."])).toMatchObject({ code: 1, err: expect.stringContaining("keyline.jsonc: not read: this run has no configuration. Run keyline in . to use it\n") as string });
  });

  test("paths on both sides of it end with 2, and say which and what to do", async () => {
    const folder = await tempFolder({ "work/keyline.jsonc": "{}", "work/a.yaml": wrong, "work/c.yaml": wrong, "other/b.yaml": wrong });
    const work = join(folder, "work");
    const err = `keyline: ../other/b.yaml lies outside ${work}, the root of this run, and a.yaml inside it. Check them in two runs, or run keyline in a folder that holds both\n`;
    expect(await cliRun(work, ["check", "a.yaml", "../other/b.yaml", "c.yaml"])).toMatchObject({ code: 2, out: "", err });
    expect(await cliRun(work, ["references", "../other/b.yaml", "a.yaml"])).toMatchObject({ code: 2, out: "", err });
    expect(await cliRun(work, ["check", "--config", "keyline.jsonc", "a.yaml", "../other"])).toMatchObject({ code: 2, out: "" });
    expect(filesOf((await checkJson(folder, ["--offline", "work/a.yaml", "other"])).report)).toEqual(["work/a.yaml", "other/b.yaml"]);
  });

  test("is that of the place behind a working directory that is a link", async () => {
    const folder = await tempFolder({ "real/keyline.jsonc": complete, "real/sub/p.yaml": referring, "real/sub/keyline.jsonc": "{}" });
    await symlink("real/sub", join(folder, "link"));
    await writeFiles(folder, { "real/sub/deep/keyline.jsonc": "{}" });
    const { report, err } = await checkJson(join(folder, "link"), ["--offline"]);
    expect([rulesOf(report), err]).toEqual([[], "deep/keyline.jsonc: not read: the configuration of this run is keyline.jsonc. Run keyline in deep to use it\n"]);
  });
});

describe("what is left out", () => {
  test("knows the root and itself when it is named, and nobody else knows it", async () => {
    const folder = await tempFolder({
      "keyline.jsonc": `{ "complete": ["project:default/shop"], "exclude": ["old"] }`,
      "old/both.yaml": `${connectorText("old", "one-kv")}---\n${pipelineText(vaultReference("db", "old"))}`,
      "old/p.yaml": pipelineText(vaultReference("db", "kv")),
      "kv.yaml": connectorText("kv", "one-kv"),
      "p.yaml": pipelineText(vaultReference("db", "old")),
    });
    const run = async (...paths: string[]): Promise<readonly unknown[]> =>
      (await checkJson(folder, paths, { vaults: both })).report.findings.map(({ file, rule }) => [file, rule]);
    expect(await run("p.yaml")).toEqual([["p.yaml", "connector-not-found"]]);
    expect(await run("old/both.yaml", "p.yaml")).toEqual(expect.arrayContaining([["old/both.yaml", "vault-secret-not-found"], ["p.yaml", "connector-not-found"]]));
    expect(await run("old/p.yaml")).toEqual([["old/p.yaml", "vault-secret-not-found"]]);
  });

  test("in node_modules is checked when it is named, and nothing is missing there", async () => {
    const folder = await tempFolder({ "keyline.jsonc": complete, "node_modules/pack/kv.yaml": connectorText(), "node_modules/pack/p.yaml": referring, "node_modules/pack/q.yaml": wrong, "p.yaml": referring });
    for (const path of ["node_modules/pack", "node_modules"]) {
      const { report } = await checkJson(folder, ["--offline", path]);
      expect([rulesOf(report), report.summary.files]).toEqual([["invalid-scope-prefix"], 3]);
    }
    expect(rulesOf((await checkJson(folder, ["--offline"])).report)).toEqual(["connector-not-found"]);
  });
});

describe("a complete scope is not complete while a YAML file of the root is skipped, which is named", () => {
  const cases: readonly (readonly [string, (folder: string) => Promise<void> | void, string])[] = [
    ["a link that leaves the folder", (folder) => symlink("/etc/hosts", join(folder, "other/x.yaml")), "other/x.yaml: link that leaves the folder, not followed\n"],
    ["a linked folder", (folder) => symlink("/etc", join(folder, "other/etc")), "other/etc: link that leaves the folder, not followed\n"],
    ["a pipe", (folder) => void execFileSync("mkfifo", [join(folder, "other/x.yaml")]), "other/x.yaml: not a regular file, not checked\n"],
    ["too large", (folder) => writeFiles(folder, { "other/x.yaml": Buffer.alloc(32 * 1024 * 1024 + 1, "# x\n") }), "other/x.yaml: larger than 32 MiB, not checked\n"],
  ];

  test.each(cases)("%s", async (_, skip, err) => {
    const folder = await tempFolder({ "keyline.jsonc": complete, "pipelines/p.yaml": referring, "other/y.yaml": "a: 1\n" });
    for (const path of [".", "pipelines", "pipelines/p.yaml"]) expect(rulesOf((await checkJson(folder, ["--offline", path])).report)).toEqual(["connector-not-found"]);
    await skip(folder);
    for (const path of [".", "pipelines", "pipelines/p.yaml"]) {
      const run = await checkJson(folder, ["--offline", path]);
      expect(run.report).toMatchObject({ findings: [], summary: { notVerified: { reasons: { "unknown-connector": 1 } } } });
      expect(run).toMatchObject({ err, code: 0 });
    }
  });

  test("without a configuration what lies outside the paths promises nothing, and nothing is said of it", async () => {
    const folder = await tempFolder({ ".git/HEAD": "", "p.yaml": wrong, "other/x.yaml": "", "locked/y.yaml": "" });
    await symlink("/etc/hosts", join(folder, "other/link.yaml"));
    const files = troubledFiles({ locked: "no-permission" });
    expect(await cliRun(folder, ["check", "--offline", "p.yaml"], { files })).toMatchObject({ code: 1, err: "" });
    expect(await cliRun(folder, ["check", "--offline"], { files })).toMatchObject({ code: 2, err: expect.stringContaining("locked: no permission to read it\n") as string });
  });
});
