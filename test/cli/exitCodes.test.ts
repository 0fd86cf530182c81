import { describe, expect, test } from "vitest";
import { cliRun } from "../support/cliRun.ts";
import { pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

/** One finding of each severity, as keyline.jsonc makes it, in a file that has nothing to be verified. */
async function folderWith(severity: string): Promise<string> {
  return tempFolder({ "keyline.jsonc": `{ "rules": { "invalid-scope-prefix": "${severity}" } }`, "p.yaml": pipelineText(wrongScope) });
}

describe("--fail-on", () => {
  test.each([
    ["error", { error: 1, warning: 0, info: 0, hint: 0, off: 0 }],
    ["warning", { error: 1, warning: 1, info: 0, hint: 0, off: 0 }],
    ["info", { error: 1, warning: 1, info: 1, hint: 0, off: 0 }],
    ["never", { error: 0, warning: 0, info: 0, hint: 0, off: 0 }],
  ])("%s", async (level, expected) => {
    for (const [severity, code] of Object.entries(expected)) {
      expect([severity, (await cliRun(await folderWith(severity), ["check", "--offline", "--fail-on", level])).code]).toEqual([severity, code]);
    }
  });

  test("is error where nothing is said, in both formats", async () => {
    for (const format of ["text", "json"]) {
      expect((await cliRun(await folderWith("error"), ["check", "--offline", "--format", format])).code).toBe(1);
      expect((await cliRun(await folderWith("warning"), ["check", "--offline", "--format", format])).code).toBe(0);
    }
  });
});

describe("precedence: 2 before 1 before 3 before 0", () => {
  const unverified = { "q.yaml": pipelineText(vaultReference("db")) };
  const finding = { "p.yaml": pipelineText(wrongScope) };
  const unreadable = { "x.yaml": pipelineText("") };

  test.each([
    [{ "a.yaml": "" }, [], 0],
    [unverified, [], 0],
    [{ "a.yaml": "" }, ["--require-verified"], 0],
    [unverified, ["--require-verified"], 3],
    [finding, [], 1],
    [{ ...finding, ...unverified }, ["--require-verified"], 1],
    [{ ...finding, ...unverified }, ["--require-verified", "--fail-on", "never"], 3],
    [unreadable, [], 2],
    [{ ...unreadable, ...unverified }, ["--require-verified"], 2],
    [{ ...unreadable, ...finding, ...unverified }, ["--require-verified"], 2],
    [{ ...finding, ...unverified, "keyline.jsonc": "{" }, ["--require-verified"], 2],
    [{ ...finding, ...unverified }, ["--require-verified", "--nonsense"], 2],
  ])("%o %j", async (files, words, code) => {
    const run = await cliRun(await tempFolder(files), ["check", "--offline", ...words], { files: troubledFiles({ "x.yaml": "no-permission" }) });
    expect(run.code).toBe(code);
  });
});

test("references ends with 0 whatever the references are, and with 2 where a file could not be read", async () => {
  const folder = await folderWith("error");
  expect((await cliRun(folder, ["references"])).code).toBe(0);
  expect((await cliRun(folder, ["references"], { files: troubledFiles({ "p.yaml": "unreadable" }) })).code).toBe(2);
});
