import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import type { CompletionList, Hover, Position } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { checkoutPath } from "../../scripts/checkoutPath.ts";
import { runProgram } from "../../scripts/runProgram.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { configBombs } from "../support/configBombs.ts";
import { hostileTexts } from "../support/hostileTexts.ts";
import { pipelineText, scriptColumn, scriptLine, wrongScope } from "../support/shopFiles.ts";
import { TestServer } from "../support/testServer.ts";

/** The limits of the issue, section "Bad input". */
const maxAnswerMs = 2000;
const maxNormalAnswerMs = 200;
const maxGrowthMib = 200;

/** The core's own test holds every place and mark; here a process of its own is started for each document. */
const leftOut = / in (?:text|a block scalar of many lines|single quotes|broken quotes|one expression|a secret variable)$|^(?:a key of|lines that begin with|values that begin with) /;
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "keyline-hostile-")));
const uri = fileUri(path.join(folder, "hostile.yaml"));
const normal = fileUri(path.join(folder, "normal.yaml"));
const normalText = pipelineText(wrongScope);

const bundle = path.join(folder, "dist", "server.js");

let server: TestServer;
let residentAtStart: number;

beforeAll(async () => {
  await runProgram(process.execPath, ["esbuild.mjs", path.dirname(bundle)], { cwd: checkoutPath });
});

beforeEach(async () => {
  await start([]);
});

afterEach(async () => {
  await server.ignore("textDocument/publishDiagnostics");
  await server.dispose();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function start(nodeOptions: readonly string[]): Promise<void> {
  server = await TestServer.spawn([...nodeOptions, bundle, "--stdio"], { folders: [folder] });
  await server.open(normal, normalText);
  await server.published(normal);
  residentAtStart = residentMib();
}

const chosen = hostileTexts().filter(({ name }) => !leftOut.test(name));

test.each(chosen.map((hostile) => [hostile.name, hostile] as const))("the server answers in %s, and in a normal file afterwards", async (_name, hostile) => {
  await usedAsByAPerson(uri, hostile.write(hostile.length));
  await answersNormally();
});

test.each(["[".repeat(1000), "[".repeat(10_000)])("the server outlives %#: brackets opened twice", async (text) => {
  for (let time = 0; time < 2; time++) await usedAsByAPerson(uri, text);
  await answersNormally();
});

test.each(configBombs().map((bomb) => [bomb.name, bomb.text] as const))("the server answers while keyline.jsonc holds %s", async (_name, text) => {
  await usedAsByAPerson(fileUri(path.join(folder, "keyline.jsonc")), text);
  await answersNormally();
});

test("a server with little memory outlives them all, one after the other", async () => {
  await server.dispose();
  await start(["--max-old-space-size=160"]);
  for (const hostile of chosen) {
    await server.open(uri, hostile.write(hostile.length));
    await server.published(uri);
    await server.close(uri);
    expect((await server.published(uri)).diagnostics).toEqual([]);
  }
}, 120_000);

/** Opens, changes by one character, asks in the middle and at the end, waits for the diagnostics, closes. */
async function usedAsByAPerson(document: string, text: string): Promise<void> {
  const content = TextDocument.create(document, "yaml", 1, text);
  const middle = content.positionAt(text.length >> 1);
  const end = content.positionAt(text.length);
  await within(maxAnswerMs, async () => {
    await server.open(document, text);
    await server.published(document);
  });
  await server.change(document, "x", { start: middle, end: middle });
  for (const position of [middle, end]) {
    await within(maxAnswerMs, () => server.request<CompletionList>("textDocument/completion", { textDocument: { uri: document }, position }));
    await within(maxAnswerMs, () => server.request<Hover | null>("textDocument/hover", { textDocument: { uri: document }, position }));
  }
  await within(maxAnswerMs, () => server.published(document));
  await server.close(document);
  expect((await server.published(document)).diagnostics).toEqual([]);
}

async function answersNormally(): Promise<void> {
  const start: Position = { line: scriptLine, character: scriptColumn + wrongScope.indexOf("acount") };
  const times: number[] = [];
  for (let time = 0; time < 3; time++) {
    times.push(
      await elapsedMs(async () => {
        const list = await server.request<CompletionList>("textDocument/completion", { textDocument: { uri: normal }, position: start });
        expect(list.items.map((item) => item.label)).toContain("account.");
      }),
    );
  }
  expect(times.sort((a, b) => a - b)[1]).toBeLessThan(maxNormalAnswerMs);
  expect(residentMib() - residentAtStart).toBeLessThan(maxGrowthMib);
}

async function within(limitMs: number, action: () => Promise<unknown>): Promise<void> {
  expect(await elapsedMs(action)).toBeLessThan(limitMs);
}

async function elapsedMs(action: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await action();
  return performance.now() - before;
}

/** What the server holds in RAM; nothing where the system does not tell. */
function residentMib(): number {
  if (process.platform !== "linux") return 0;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(server.pid)}/status`, "utf8"))?.[1]) / 1024;
}
