import type { CodeAction, CompletionList, Hover } from "vscode-languageserver/node";
import { LSPErrorCodes, ErrorCodes } from "vscode-languageserver/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectorText, listedVault, pipelineText, scriptColumn, scriptLine, vaultReference, wrongScope } from "../support/shopFiles.ts";
import type { TestServerOptions } from "../support/testServer.ts";
import { TestServer } from "../support/testServer.ts";
import { ManualClock } from "../vault/manualClock.ts";

const uri = "file:///w/pipeline.yaml";
const textDocument = { uri };
let server: TestServer;
let clock: ManualClock;

async function restart(options: TestServerOptions): Promise<void> {
  await server.dispose();
  server = await TestServer.start({ clock, ...options });
}

beforeEach(async () => {
  clock = new ManualClock();
  server = await TestServer.start({ clock });
});

afterEach(async () => {
  await server.ignore("textDocument/publishDiagnostics", "keyline/documentState", "keyline/wants");
  await server.dispose();
});

function inScript(character: number): { line: number; character: number } {
  return { line: scriptLine, character: scriptColumn + character };
}

test("completion inside the quotes replaces what is typed there", async () => {
  const text = `echo <+secrets.getValue("acc")>`;
  await server.open(uri, pipelineText(text));
  const list = await server.request<CompletionList>("textDocument/completion", { textDocument, position: inScript(text.indexOf(`")>`)) });
  const account = list.items.find((item) => item.label.startsWith("account"));
  expect(account?.textEdit).toMatchObject({ range: { start: inScript(text.indexOf("acc")), end: inScript(text.indexOf(`")>`)) } });
  expect(account?.command).toBeUndefined();
});

test("VS Code is asked to suggest further after a part that is not the whole", async () => {
  await restart({ initializationOptions: { clientFacts: true } });
  const text = `echo <+secrets.getValue("acc")>`;
  await server.open(uri, pipelineText(text));
  const list = await server.request<CompletionList>("textDocument/completion", { textDocument, position: inScript(text.indexOf(`")>`)) });
  expect(list.items.some((item) => item.command?.command === "editor.action.triggerSuggest")).toBe(true);
});

test("the cursor goes between the quotes of a call, where the client takes snippets", async () => {
  const completed = async (line: string): Promise<CompletionList["items"][number] | undefined> => {
    await server.open(uri, pipelineText(line));
    const list = await server.request<CompletionList>("textDocument/completion", { textDocument, position: inScript(line.length) });
    await server.close(uri);
    return list.items[0];
  };
  const plain = await completed("echo <+sec");
  expect(plain).toMatchObject({ textEdit: { newText: `secrets.getValue("")>` } });
  expect(plain?.insertTextFormat).toBeUndefined();
  await server.ignore("textDocument/publishDiagnostics");
  await restart({ initializationOptions: { clientFacts: true }, capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } } });
  const snippet = await completed("echo <+sec");
  expect(snippet).toMatchObject({ insertTextFormat: 2, textEdit: { newText: `secrets.getValue("$0")>` }, command: { command: "editor.action.triggerSuggest" } });
});

test("documentation of an item is made when asked for", async () => {
  await restart({ initializationOptions: { clientFacts: true } });
  await server.open("file:///w/connector.yaml", connectorText());
  await server.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  const text = `echo <+secrets.getValue("azurevault://kv/")>`;
  await server.open(uri, pipelineText(text));
  const list = await server.request<CompletionList>("textDocument/completion", { textDocument, position: inScript(text.indexOf(`")>`)) });
  const item = list.items.find(({ label }) => label === "db-password");
  expect(item?.documentation).toBeUndefined();
  const resolved = await server.request<{ documentation?: { value: string } }>("completionItem/resolve", item);
  expect(resolved.documentation?.value).toContain("db");
  expect(await server.request("completionItem/resolve", { label: "foreign", data: { uri: 7 } })).toEqual({ label: "foreign", data: { uri: 7 } });
});

test("hover tells of the reference under the cursor and covers it", async () => {
  const text = vaultReference("db-password");
  await server.open(uri, pipelineText(text));
  const hover = await server.request<Hover>("textDocument/hover", { textDocument, position: inScript(text.indexOf("db-")) });
  expect(hover.contents).toMatchObject({ kind: "markdown" });
  expect(JSON.stringify(hover.contents)).toContain("kv");
  expect(hover.range?.start.line).toBe(scriptLine);
  expect(await server.request("textDocument/hover", { textDocument, position: { line: 0, character: 0 } })).toBeNull();
});

test("a client that takes plain text alone gets some that can be read", async () => {
  await restart({ capabilities: { textDocument: { hover: { contentFormat: ["plaintext"] } } } });
  const text = vaultReference("db-password");
  await server.open(uri, pipelineText(text));
  const { contents } = await server.request<Hover>("textDocument/hover", { textDocument, position: inScript(text.indexOf("db-")) });
  expect(contents).toMatchObject({ kind: "plaintext" });
  expect((contents as { value: string }).value).toMatch(/^Secret reference "[^"]*db-password"\n\n- /);
  expect((contents as { value: string }).value).not.toMatch(/[\\`*]/);
});

test("a quick fix carries its edit, for the version that it was made from", async () => {
  await restart({ capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } });
  await server.open(uri, pipelineText(wrongScope));
  const position = inScript(wrongScope.indexOf("acount"));
  const range = { start: position, end: position };
  const actions = await server.request<CodeAction[]>("textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } });
  expect(actions).toHaveLength(1);
  expect(actions[0]).toMatchObject({
    kind: "quickfix",
    diagnostics: [{ code: "invalid-scope-prefix" }],
    edit: { documentChanges: [{ textDocument: { uri, version: 2 }, edits: [{ newText: expect.stringContaining("account") as unknown }] }] },
  });
  expect(await server.request("textDocument/codeAction", { textDocument, range, context: { diagnostics: [], only: ["refactor"] } })).toEqual([]);
  const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  expect(await server.request("textDocument/codeAction", { textDocument, range: elsewhere, context: { diagnostics: [] } })).toEqual([]);
});

test("a client without versioned edits gets plain ones", async () => {
  await server.open(uri, pipelineText(wrongScope));
  const range = { start: inScript(0), end: inScript(wrongScope.length) };
  const actions = await server.request<CodeAction[]>("textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } });
  expect(Object.keys(actions[0]?.edit?.changes ?? {})).toEqual([uri]);
});

test("a cancelled request is answered so, without work", async () => {
  await server.open(uri, pipelineText("echo"));
  const cancellation = server.cancellation();
  const answer = server.request("textDocument/hover", { textDocument, position: inScript(0) }, cancellation);
  cancellation.cancel();
  await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
});

test("a request overtaken by a change of its document is answered ContentModified", async () => {
  await server.open(uri, pipelineText("echo"));
  const answer = server.request("textDocument/completion", { textDocument, position: inScript(0) });
  const changed = server.change(uri, pipelineText("echo more"));
  await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.ContentModified });
  await changed;
});

test("documents that are not open, and unknown methods, get plain answers", async () => {
  expect(await server.request("textDocument/hover", { textDocument, position: inScript(0) })).toBeNull();
  expect(await server.request("textDocument/completion", { textDocument, position: inScript(0) })).toEqual({ isIncomplete: false, items: [] });
  expect(await server.request("textDocument/codeAction", { textDocument, range: { start: inScript(0), end: inScript(1) }, context: { diagnostics: [] } })).toEqual([]);
  await expect(server.request("test/none", {})).rejects.toMatchObject({ code: ErrorCodes.MethodNotFound });
  await server.change("file:///never/opened.yaml", "x");
  await server.close("file:///never/opened.yaml");
});

test("positions are UTF-16 unless the client offers UTF-8 first", async () => {
  const text = `echo "žluťoučký 🔑" <+secrets.getValue("acount.token")>`;
  const before = text.slice(0, text.indexOf("acount"));
  const utf16 = scriptColumn + before.length;
  const utf8 = scriptColumn + Buffer.byteLength(before);
  for (const [offered, encoding, character] of [
    [["utf-16", "utf-8"], "utf-16", utf16],
    [["utf-8", "utf-16"], "utf-8", utf8],
    [undefined, "utf-16", utf16],
  ] as const) {
    await restart({ capabilities: offered === undefined ? {} : { general: { positionEncodings: [...offered] } } });
    expect(server.initialized.capabilities.positionEncoding).toBe(encoding);
    await server.open(uri, pipelineText(text));
    const { diagnostics } = await server.published(uri);
    expect(diagnostics[0]?.range.start).toEqual({ line: scriptLine, character });
    // A change in the same encoding takes out exactly the wrong scope.
    await server.change(uri, "account", { start: { line: scriptLine, character }, end: { line: scriptLine, character: character + 6 } });
    await clock.advance(250);
    expect((await server.published(uri)).diagnostics).toEqual([]);
  }
});
