import { afterEach, beforeEach, expect, test } from "vitest";
import { pipelineText, scriptColumn, scriptLine, wrongScope } from "../support/shopFiles.ts";
import { TestServer, rulesOf } from "../support/testServer.ts";
import { ManualClock } from "../vault/manualClock.ts";

const uri = "file:///w/pipeline.yaml";
let clock: ManualClock;
let server: TestServer;

beforeEach(async () => {
  clock = new ManualClock();
  server = await TestServer.start({ clock });
});

afterEach(async () => {
  await server.dispose();
});

test("a document is judged as soon as it is opened, with link, source and the exact range", async () => {
  await server.open(uri, pipelineText(wrongScope));
  const { diagnostics, version } = await server.published(uri);
  expect(version).toBe(2);
  expect(diagnostics).toHaveLength(1);
  const character = scriptColumn + wrongScope.indexOf("acount");
  expect(diagnostics[0]).toMatchObject({
    code: "invalid-scope-prefix",
    source: "keyline",
    severity: 1,
    range: { start: { line: scriptLine, character }, end: { line: scriptLine, character: character + "acount".length } },
  });
  expect(diagnostics[0]?.codeDescription?.href).toMatch(/\/docs\/rules\/invalid-scope-prefix\.md$/);
});

test("a burst of changes is answered once, 250 ms after its end, for its last version", async () => {
  await server.open(uri, pipelineText("echo"));
  await server.published(uri);
  let version = 0;
  for (let count = 0; count < 5; count++) {
    version = await server.change(uri, pipelineText(`${wrongScope} ${count}`));
    await clock.advance(200);
  }
  expect(await server.unread()).toEqual([]);
  await clock.advance(49);
  expect(await server.unread()).toEqual([]);
  await clock.advance(1);
  const published = await server.published(uri);
  expect(published.version).toBe(version);
  expect(rulesOf(published.diagnostics)).toEqual(["invalid-scope-prefix"]);
});

test("what has not changed is published all the same, once", async () => {
  await server.open(uri, pipelineText(wrongScope));
  const first = await server.published(uri);
  await server.change(uri, `${pipelineText(wrongScope)}# more\n`);
  await clock.advance(250);
  expect((await server.published(uri)).diagnostics).toEqual(first.diagnostics);
  await clock.advance(10_000);
});

test("ranged changes are applied in order, each to the text that the one before left", async () => {
  await server.open(uri, pipelineText("echo"));
  await server.published(uri);
  const at = (character: number): object => ({ line: scriptLine, character: scriptColumn + character });
  await server.notify("textDocument/didChange", {
    textDocument: { uri, version: 9 },
    contentChanges: [
      { range: { start: at(0), end: at(4) }, text: wrongScope },
      { range: { start: at(wrongScope.indexOf("acount")), end: at(wrongScope.indexOf("acount") + 6) }, text: "account" },
    ],
  });
  await clock.advance(250);
  expect(await server.published(uri)).toMatchObject({ version: 9, diagnostics: [] });
});

test("closing clears, and nothing comes for it afterwards", async () => {
  await server.open(uri, pipelineText(wrongScope));
  await server.published(uri);
  await server.change(uri, pipelineText("echo"));
  await server.close(uri);
  expect((await server.published(uri)).diagnostics).toEqual([]);
  await clock.advance(10_000);
});

test("nothing is published after shutdown", async () => {
  await server.open(uri, pipelineText("echo"));
  await server.published(uri);
  await server.change(uri, pipelineText(wrongScope));
  await server.request("shutdown", undefined);
  await clock.advance(10_000);
  expect(await server.unread()).toEqual([]);
  expect(clock.timers).toBe(0);
});

test("a change of severity in the settings is seen at once", async () => {
  await server.open(uri, pipelineText(wrongScope));
  await server.published(uri);
  await server.notify("workspace/didChangeConfiguration", { settings: { keyline: { rules: { "invalid-scope-prefix": "hint", nonsense: "loud" }, expiringDays: "x" } } });
  await clock.advance(50);
  expect((await server.published(uri)).diagnostics[0]?.severity).toBe(4);
  await server.notify("workspace/didChangeConfiguration", { settings: { keyline: { rules: { "invalid-scope-prefix": "off" } } } });
  await clock.advance(50);
  expect((await server.published(uri)).diagnostics).toEqual([]);
  await server.notify("workspace/didChangeConfiguration", { settings: null });
  await clock.advance(50);
  expect((await server.published(uri)).diagnostics[0]?.severity).toBe(1);
});

test("a client that only pushes is not offered pulling", () => {
  expect(server.initialized.capabilities.diagnosticProvider).toBeUndefined();
  expect(server.initialized.serverInfo).toEqual({ name: "keyline", version: "0.0.0-test" });
});

test("of very many findings the thousand most severe are told, and how many are not", async () => {
  const hints = Array.from({ length: 800 }, (_, index) => `echo <+secrets.getValue("db-${String(index)}")>`);
  const errors = Array.from({ length: 900 }, () => wrongScope);
  await server.open(uri, pipelineText([...hints, ...errors].join("\n                      ")));
  const { diagnostics } = await server.published(uri);
  const rules = rulesOf(diagnostics);
  expect(rules.filter((rule) => rule === "invalid-scope-prefix")).toHaveLength(900);
  expect(rules.filter((rule) => rule === "hyphen-identifier")).toHaveLength(100);
  expect(diagnostics).toHaveLength(1001);
  expect(diagnostics.at(-1)).toMatchObject({ severity: 3, range: { start: { line: scriptLine + 100 } }, message: "700 more problems of this file are not shown. Mend some of those that are" });
});
