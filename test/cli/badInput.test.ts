import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { checkJson, cliRun, filesOf } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

const wrong = pipelineText(wrongScope);

/** What is said on standard error of one file, and which code ends the run, beside a good file that is checked all the same. */
async function beside(name: string, content: string | Uint8Array): Promise<{ readonly err: string; readonly code: number | undefined; readonly files: number }> {
  const folder = await tempFolder({ "a-good.yaml": wrong, "z-good.yaml": wrong, [name]: content });
  const { report, err, code } = await checkJson(folder, ["--offline"]);
  expect(filesOf(report).filter((file) => file.endsWith("-good.yaml"))).toEqual(["a-good.yaml", "z-good.yaml"]);
  return { err, code, files: report.summary.files };
}

describe("content that is no text in UTF-8 is said, and does not keep the rest from being checked", () => {
  test.each([
    ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), "x.yaml: binary, not checked\n"],
    ["a NUL in a text", "run: \u0000\n", "x.yaml: binary, not checked\n"],
    ["UTF-16, little-endian", Buffer.from(`\ufeff${wrong}`, "utf16le"), "x.yaml: UTF-16, not checked; save it as UTF-8\n"],
    ["UTF-16, big-endian", Buffer.from(`\ufeff${wrong}`, "utf16le").swap16(), "x.yaml: UTF-16, not checked; save it as UTF-8\n"],
    ["UTF-16 without a mark", Buffer.from(wrong, "utf16le"), "x.yaml: binary, not checked\n"],
    ["Latin-1", Buffer.from("name: M\u00fcller\n", "latin1"), "x.yaml: not valid UTF-8, not checked; save it as UTF-8\n"],
    ["a character that is cut off", Buffer.from("a: é").subarray(0, 4), "x.yaml: not valid UTF-8, not checked; save it as UTF-8\n"],
    ["a lone surrogate", Buffer.from([0xed, 0xa0, 0x80]), "x.yaml: not valid UTF-8, not checked; save it as UTF-8\n"],
  ])("%s", async (_, content, err) => {
    expect(await beside("x.yaml", content)).toEqual({ err, code: 1, files: 2 });
  });

  test.each([
    ["empty", ""],
    ["a byte order mark alone", "\ufeff"],
    ["blanks", " \n\t\n"],
    ["no line's end", "a: b"],
    ["no YAML", "}{ ]:\n- \t%@`"],
  ])("%s is text", async (_, content) => {
    expect(await beside("x.yaml", content)).toEqual({ err: "", code: 1, files: 3 });
  });
});

describe("what cannot be read is said and ends with 2, and the rest is checked", () => {
  test.each([
    ["no-permission", "no permission to read it"],
    ["unreadable", "cannot be read"],
    ["not-found", "no such file or folder"],
  ] as const)("a file: %s", async (problem, words) => {
    const folder = await tempFolder({ "a.yaml": wrong, "sub/x.yaml": wrong, "z.yaml": wrong });
    const run = await checkJson(folder, ["--offline"], { files: troubledFiles({ "x.yaml": problem }) });
    expect(run).toMatchObject({ code: 2, err: `sub/x.yaml: ${words}\n` });
    expect(filesOf(run.report)).toEqual(["a.yaml", "z.yaml"]);
  });

  test("a folder, the working directory among them", async () => {
    const folder = await tempFolder({ "a.yaml": wrong, "locked/x.yaml": wrong });
    const run = await checkJson(folder, ["--offline"], { files: troubledFiles({ locked: "no-permission" }) });
    expect(run).toMatchObject({ code: 2, err: "locked: no permission to read it\n" });
    expect(filesOf(run.report)).toEqual(["a.yaml"]);
    const files: Files = { ...nodeFiles, list: async () => ({ ok: false, problem: "no-permission" }) };
    expect(await cliRun(folder, ["check", "--offline"], { files })).toMatchObject({ code: 2, err: ".: no permission to read it\n" });
  });

  test("a PATH that may not even be looked up is not called missing", async () => {
    const files: Files = { ...nodeFiles, realPath: async () => ({ ok: false, problem: "no-permission" }) };
    expect(await cliRun(await tempFolder(), ["check", "a.yaml"], { files })).toMatchObject({ code: 2, out: "", err: "keyline: a.yaml: no permission to read it\n" });
  });

  test("references, too", async () => {
    const folder = await tempFolder({ "a.yaml": wrong, "x.yaml": wrong, "bin.yaml": Buffer.from([0]) });
    const run = await cliRun(folder, ["references"], { files: troubledFiles({ "x.yaml": "no-permission" }) });
    expect(run).toMatchObject({ code: 2, err: "bin.yaml: binary, not checked\nx.yaml: no permission to read it\n" });
    expect((JSON.parse(run.out) as { references: unknown[] }).references).toHaveLength(1);
  });
});

test("a file that vanishes after it was found is said", async () => {
  const folder = await tempFolder({ "a.yaml": wrong, "b.yaml": wrong });
  const files: Files = {
    ...nodeFiles,
    read: async (path, maxBytes) => {
      if (path.endsWith("a.yaml")) rmSync(join(folder, "b.yaml"));
      return nodeFiles.read(path, maxBytes);
    },
  };
  const run = await checkJson(folder, ["--offline"], { files });
  expect(run).toMatchObject({ code: 2, err: "b.yaml: no such file or folder\n" });
  expect(filesOf(run.report)).toEqual(["a.yaml"]);
});

test("pipes, links to nothing and folders with a YAML file's name stop nothing", async () => {
  const folder = await tempFolder({ "a.yaml": wrong, "folder.yaml/b.yaml": wrong });
  execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
  await symlink("nowhere", join(folder, "dangling.yaml"));
  await symlink("loop.yaml", join(folder, "loop.yaml"));
  await symlink("pipe.yaml", join(folder, "to-pipe.yml"));
  await symlink("folder.yaml", join(folder, "to-folder.yaml"));
  const run = await checkJson(folder, ["--offline"]);
  expect(filesOf(run.report)).toEqual(["a.yaml", "folder.yaml/b.yaml"]);
  expect(run.err.split("\n")).toEqual([
    "dangling.yaml: link to nothing, not checked",
    "loop.yaml: link to nothing, not checked",
    "pipe.yaml: not a regular file, not checked",
    "to-pipe.yml: not a regular file, not checked",
    "",
  ]);
  expect(run.code).toBe(1);
});

test("a name that is written as a folder in keyline.jsonc's place is a broken configuration", async () => {
  const folder = await tempFolder({ "a.yaml": wrong });
  await mkdir(join(folder, "keyline.jsonc"));
  expect(await cliRun(folder, ["check"])).toMatchObject({ code: 2, out: "", err: "keyline.jsonc: error not a regular file, not checked\n" });
});

describe("a file of 10 MB", () => {
  const filler = "      # a comment that fills the file with nothing of interest to anyone\n".repeat(140_000);
  const big = `${pipelineText(vaultReference("no-such-secret"))}${filler}      - ${wrongScope}\n`;

  test("is checked for its syntax alone, and that is said; its findings stand at their places", async () => {
    expect(big.length).toBeGreaterThan(9_500_000);
    const folder = await tempFolder({ "big.yaml": big, "kv.yaml": connectorText(), "small.yaml": wrong });
    const run = await checkJson(folder, [], { vaults: { "shop-kv": [] } });
    expect(run.err).toBe("big.yaml: very long, only the syntax of its references is checked\n");
    expect(run.code).toBe(1);
    const lastLine = big.split("\n").length - 2;
    expect(run.report.findings.map(({ file, rule, severity, range }) => [file, rule, severity, range.start.line])).toEqual([
      ["big.yaml", "not-verified", "info", 0],
      ["big.yaml", "invalid-scope-prefix", "error", lastLine],
      ["small.yaml", "invalid-scope-prefix", "error", 14],
    ]);
    expect(run.report.summary.notVerified.reasons["file-too-large"]).toBeGreaterThan(0);
    expect(run.requests).toEqual([]);
  });

  test("does not end with 0 where all has to be verified", async () => {
    const folder = await tempFolder({ "big.yaml": `${pipelineText(vaultReference("db"))}${filler}` });
    expect((await cliRun(folder, ["check", "--require-verified"])).code).toBe(3);
  });

  test("whose connectors nobody reads keeps its scope from being complete", async () => {
    const kv = `${connectorText()}---\n${filler}`;
    const config = `{ "complete": ["project:default/shop"] }`;
    const whole = await checkJson(await tempFolder({ "keyline.jsonc": config, "kv.yaml": kv, "p.yaml": pipelineText(vaultReference("db")) }), ["--offline"]);
    expect(whole.report.findings.map(({ rule }) => rule)).toEqual(["not-verified"]);
    const outside = await checkJson(await tempFolder({ "keyline.jsonc": config, "kv.yaml": kv, "p.yaml": pipelineText(vaultReference("db")) }), ["--offline", "p.yaml"]);
    expect(outside.report.findings).toEqual([]);
    expect(outside.err).toBe("kv.yaml: longer than 4 MiB, not read for connectors and secrets; split it\n");
  });

  test("that holds no connector leaves it complete", async () => {
    const folder = await tempFolder({ "keyline.jsonc": `{ "complete": ["project:default/shop"] }`, "big.yaml": filler, "p.yaml": pipelineText(vaultReference("db")) });
    for (const path of [".", "p.yaml"]) {
      const { report } = await checkJson(folder, ["--offline", path]);
      expect(report.findings.map(({ rule }) => rule)).toContain("connector-not-found");
    }
  });
});

test("a file above 32 MiB is not read, and that is said", async () => {
  expect(await beside("huge.yaml", Buffer.alloc(32 * 1024 * 1024 + 1, "# x\n"))).toEqual({ err: "huge.yaml: larger than 32 MiB, not checked\n", code: 1, files: 2 });
});

describe("a scope is not complete while a file that may define something is not read", () => {
  const config = `{ "complete": ["project:default/shop"] }`;
  const utf16 = Buffer.from(`\ufeff${connectorText()}`, "utf16le");

  test.each([
    ["UTF-16", utf16, "kv.yaml: UTF-16, not checked; save it as UTF-8\n"],
    ["UTF-16 without a mark", Buffer.from(connectorText(), "utf16le"), "kv.yaml: binary, not checked\n"],
    ["invalid UTF-8", Buffer.concat([Buffer.from(connectorText()), Buffer.from([0xff])]), "kv.yaml: not valid UTF-8, not checked; save it as UTF-8\n"],
  ])("%s, in PATH and outside it", async (_, content, err) => {
    const folder = await tempFolder({ "keyline.jsonc": config, "kv.yaml": content, "pipelines/p.yaml": pipelineText(vaultReference("db")) });
    for (const path of [".", "pipelines"]) {
      const run = await checkJson(folder, ["--offline", path]);
      expect(run.report).toMatchObject({ findings: [], summary: { notVerified: { reasons: { "unknown-connector": 1 } } } });
      expect(run).toMatchObject({ err, code: 0 });
    }
  });

  test("nor while a folder or a file may not be read", async () => {
    const folder = await tempFolder({ "keyline.jsonc": config, "locked/kv.yaml": connectorText(), "pipelines/p.yaml": pipelineText(vaultReference("db")) });
    for (const name of ["locked", "kv.yaml"]) {
      for (const path of [".", "pipelines"]) {
        const run = await checkJson(folder, ["--offline", path], { files: troubledFiles({ [name]: "no-permission" }) });
        expect(run.report.findings).toEqual([]);
        expect(run).toMatchObject({ code: 2, err: `${name === "locked" ? name : "locked/kv.yaml"}: no permission to read it\n` });
      }
    }
  });
});
