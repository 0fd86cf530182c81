import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { copyFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CheckReport } from "../support/cliRun.ts";
import { cliRun } from "../support/cliRun.ts";
import { cliBundle } from "../support/cliBundle.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { version } from "../../server/src/version.ts";
import { usage } from "../../server/src/cli/usage.ts";
import { demoFolder } from "../core/demoWorkspace.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { TestServer, rulesOf } from "../support/testServer.ts";

const bundle = cliBundle();

test("--version and --help", async () => {
  const folder = await tempFolder();
  expect(await bundle.run(folder, ["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  expect(await bundle.run(folder, ["--help"])).toEqual({ code: 0, out: usage, err: "" });
});

test("a finding ends with 1, and says the same as in this process, without colour", async () => {
  const folder = await tempFolder({ "p.yaml": pipelineText(`ä😀 ${wrongScope}`), "sub/q.yml": "\ufeffrun: <+secret.getValue('a')>\r\n" });
  const { code, out, err } = await cliRun(folder, ["check", "--offline"]);
  expect(await bundle.run(folder, ["check", "--offline"], { TERM: "xterm-256color", FORCE_COLOR: "1" })).toEqual({ code, out, err });
  expect(code).toBe(1);
});

test("no finding ends with 0, wrong usage with 2, what is not verified with 3 where it has to be", async () => {
  const folder = await tempFolder({ "p.yaml": pipelineText(vaultReference("db")), "kv.yaml": connectorText() });
  expect(await bundle.run(folder, ["check", "--offline"])).toMatchObject({ code: 0, err: "" });
  expect(await bundle.run(folder, ["check", "--offline", "--require-verified"])).toMatchObject({ code: 3, err: "" });
  expect(await bundle.run(folder, ["check", "--oflline"])).toEqual({ code: 2, out: "", err: "keyline: unknown flag --oflline; did you mean --offline?\nRun keyline --help to see what there is.\n" });
  expect(await bundle.run(folder, [])).toMatchObject({ code: 2, out: "" });
});

test("a broken configuration ends with 2 and its place", async () => {
  const folder = await tempFolder({ "keyline.jsonc": "{\n  nonsense\n}", "p.yaml": pipelineText(wrongScope) });
  const run = await bundle.run(folder, ["check"]);
  expect(run).toMatchObject({ code: 2, out: "" });
  expect(run.err).toMatch(/^keyline\.jsonc:2:3: error /);
});

test("offline, nothing but cli.js is needed", async () => {
  const folder = await tempFolder({ "p.yaml": pipelineText(wrongScope) });
  await copyFile(join(bundle.folder(), "cli.js"), join(folder, "cli.js"));
  const run = spawnSync(process.execPath, [join(folder, "cli.js"), "check", "--offline", "--format", "json"], { cwd: folder, env: {}, encoding: "utf8" });
  expect([run.status, run.stderr, (JSON.parse(run.stdout) as CheckReport).findings.map(({ rule }) => rule)]).toEqual([1, "", ["invalid-scope-prefix"]]);
});

test("references of the demo are those that are found in this process", async () => {
  expect((await bundle.run(demoFolder, ["references", "--format", "json"])).out).toBe((await cliRun(demoFolder, ["references"])).out);
});

describe("standard output", () => {
  /** More than a pipe holds. */
  async function manyFindings(): Promise<string> {
    return tempFolder({ "p.yaml": `run: |\n${`  ${wrongScope}\n`.repeat(3000)}` });
  }

  test("may be closed by a reader who has seen enough: no word about it, and the code is that of the check", async () => {
    const child = spawn(process.execPath, [join(bundle.folder(), "cli.js"), "check", "--offline", "--format", "json"], { cwd: await manyFindings(), stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
    expect(err).toBe("");
  });

  test("that cannot be written to is no good end", async () => {
    const folder = await manyFindings();
    const readOnly = openSync(join(folder, "p.yaml"), "r");
    const words = ["check", "--offline", "--fail-on", "never"];
    const run = spawnSync(process.execPath, [join(bundle.folder(), "cli.js"), ...words], { cwd: folder, stdio: ["ignore", readOnly, "pipe"], encoding: "utf8" });
    closeSync(readOnly);
    expect([run.status, run.stderr]).toEqual([2, "keyline: the report could not be written to standard output\n"]);
  });

  test("is whole, however long and however slowly it is read", async () => {
    const folder = await manyFindings();
    const { out, code } = await bundle.run(folder, ["check", "--offline", "--format", "json"]);
    expect((JSON.parse(out) as CheckReport).findings).toHaveLength(3000);
    expect(code).toBe(1);
  });
});

test("standard error that cannot be written to changes no code", async () => {
  const folder = await tempFolder({ "p.yaml": Buffer.from([0]) });
  const readOnly = openSync(join(folder, "p.yaml"), "r");
  const run = spawnSync(process.execPath, [join(bundle.folder(), "cli.js"), "check", "--offline"], { cwd: folder, stdio: ["ignore", "pipe", readOnly], encoding: "utf8" });
  closeSync(readOnly);
  expect([run.status, run.stdout]).toEqual([0, "No findings in 0 references, 0 files.\n"]);
});

describe("lsp --stdio", () => {
  async function speaksAs(command: readonly string[]): Promise<void> {
    const server = await TestServer.spawn(command);
    expect(server.initialized.serverInfo).toMatchObject({ version });
    const uri = fileUri(join(await tempFolder(), "p.yaml"));
    await server.open(uri, pipelineText(wrongScope));
    expect(rulesOf((await server.published(uri)).diagnostics)).toEqual(["invalid-scope-prefix"]);
    await server.ignore("keyline/documentState", "keyline/wants");
    await server.dispose();
  }

  test("answers initialize, checks, and ends with 0 after shutdown and exit", async () => {
    await speaksAs([join(bundle.folder(), "cli.js"), "lsp", "--stdio"]);
  });

  test("finds the server when it is started by way of npm's link, with the client's process named", async () => {
    const link = join(await tempFolder(), "keyline");
    await symlink(join(bundle.folder(), "cli.js"), link);
    await speaksAs([link, "lsp", "--stdio", `--clientProcessId=${process.pid}`]);
  });
});

test("T26: an environment in which a token could be taken is refused", async () => {
  const folder = await tempFolder({ "p.yaml": pipelineText(wrongScope) });
  const run = await bundle.run(folder, ["check"], { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  expect(run).toMatchObject({ code: 2, out: "" });
  expect(run.err).toContain("keyline: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off certificate checks. Unset it");
});
