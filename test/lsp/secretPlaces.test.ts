/** `keyline/referenceAt` and `keyline/secretText` over the wire: places in lines, entities of other files. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ReferenceAtResult, SecretTextParams, SecretTextResult } from "../../server/src/protocol/messages.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { connectorText, pipelineText, scriptColumn, scriptLine } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { TestServer } from "../support/testServer.ts";

let server: TestServer;
let folder: string;
let uri: string;
const secret = "secret:\n  identifier: db\n  name: db\n  type: SecretText\n  orgIdentifier: default\n  projectIdentifier: shop\n  spec:\n    secretManagerIdentifier: kv\n    valueType: Reference\n    value: db-password\n";
const target = { vault: { name: "shop-kv", cloud: "public" }, name: "db-password" } as const;

beforeEach(async () => {
  folder = await tempFolder({ "kv.yaml": connectorText(), "db.yaml": secret, "keyline.jsonc": `{ "secrets": [{ "identifier": "chat", "scope": "account", "value": "x" }] }` });
  uri = fileUri(join(folder, "p.yaml"));
  await startWith({});
});

afterEach(async () => {
  await server.ignore("keyline/documentState", "keyline/wants", "textDocument/publishDiagnostics", "keyline/connectorsChanged");
  await server.dispose();
});

async function startWith(capabilities: object): Promise<void> {
  server = await TestServer.start({ folders: [folder], capabilities, initializationOptions: { clientFacts: true } });
  // Once this is answered whole, all files of the folder have been read.
  await server.askUntil<{ complete: boolean }>("keyline/secretUses", ({ complete }) => complete);
}

async function open(script: string): Promise<void> {
  await server.open(uri, pipelineText(script));
}

function inScript(character: number): { line: number; character: number } {
  return { line: scriptLine, character: scriptColumn + character };
}

async function referenceAt(position: { line: number; character: number }, of = uri): Promise<ReferenceAtResult> {
  return server.request<ReferenceAtResult>("keyline/referenceAt", { textDocument: { uri: of }, position });
}

async function secretTextAt(range: SecretTextParams["range"], more: Partial<SecretTextParams> = {}): Promise<SecretTextResult> {
  return server.request<SecretTextResult>("keyline/secretText", { textDocument: { uri }, range, ...target, ...more });
}

test("the reference at a place, with its entity where that stands in another file", async () => {
  await open(`<+secrets.getValue("db")>`);
  expect(await referenceAt(inScript(21))).toEqual({
    range: { start: inScript(0), end: inScript(25) },
    text: "db",
    ...target,
    entity: { uri: fileUri(join(folder, "db.yaml")), range: { start: { line: 1, character: 14 }, end: { line: 1, character: 16 } }, identifier: "db" },
  });
});

test("an entity of keyline.jsonc has its place there", async () => {
  await open(`<+secrets.getValue("account.chat")>`);
  expect((await referenceAt(inScript(21)))?.entity).toEqual({ uri: fileUri(join(folder, "keyline.jsonc")), range: { start: { line: 0, character: 31 }, end: { line: 0, character: 35 } }, identifier: "chat" });
});

test("an entity in its own file, as it stands there now", async () => {
  const own = fileUri(join(folder, "db.yaml"));
  await server.open(own, `# moved\n${secret}`);
  expect(await referenceAt({ line: 10, character: 14 }, own)).toEqual({
    range: { start: { line: 10, character: 11 }, end: { line: 10, character: 22 } },
    text: "db-password",
    ...target,
    entity: { uri: own, range: { start: { line: 2, character: 14 }, end: { line: 2, character: 16 } }, identifier: "db" },
  });
});

test("an identifier that no file defines, and a path's key and version", async () => {
  await open(`<+secrets.getValue("none")> <+secrets.getValue("azurevault://kv/x#k/0123456789abcdef0123456789abcdef")>`);
  expect(await referenceAt(inScript(21))).toMatchObject({ text: "none", unknownIdentifier: { level: "project", identifier: "none" } });
  expect(await referenceAt(inScript(60))).toMatchObject({ vault: target.vault, name: "x", jsonKey: "k", version: "0123456789abcdef0123456789abcdef" });
});

test("nothing, where there is no reference or no document", async () => {
  await open(`echo`);
  expect([await referenceAt(inScript(1)), await referenceAt(inScript(1), "file:///none.yaml"), await referenceAt({ line: 0, character: 0 }, fileUri(join(folder, "keyline.jsonc")))]).toEqual([null, null, null]);
});

test("the ways to write a secret there, for a selection forth and back", async () => {
  await open(`echo hunter2`);
  const range = { start: inScript(5), end: inScript(12) };
  const expected = {
    choices: [
      { range, text: `<+secrets.getValue("db")>`, form: "expression", through: "entity", identifier: "db" },
      { range, text: `<+secrets.getValue("azurevault://kv/db-password")>`, form: "expression", through: "connector", identifier: "kv" },
    ],
  };
  expect(await secretTextAt(range)).toEqual(expected);
  expect(await secretTextAt({ start: range.end, end: range.start })).toEqual(expected);
});

test("a key and a version, and a nested key that no path can hold", async () => {
  await open(`echo `);
  const range = { start: inScript(5), end: inScript(5) };
  const texts = async (more: Partial<SecretTextParams>): Promise<unknown> => (await secretTextAt(range, more))?.choices.map(({ text }) => text);
  expect(await texts({ jsonKey: "user", version: "0123456789abcdef0123456789abcdef" })).toEqual([`<+secrets.getValue("azurevault://kv/db-password#user/0123456789abcdef0123456789abcdef")>`]);
  expect(await texts({ jsonKey: "a.b" })).toEqual([]);
});

test("places are in the client's encoding", async () => {
  await server.ignore("keyline/documentState", "keyline/wants", "textDocument/publishDiagnostics", "keyline/connectorsChanged");
  await server.dispose();
  await startWith({ general: { positionEncodings: ["utf-8"] } });
  await open(`äö🔑 <+secrets.getValue("")>`);
  const at = inScript(9 + '<+secrets.getValue("'.length);
  expect((await secretTextAt({ start: at, end: at }))?.choices[0]).toEqual({ range: { start: at, end: at }, text: "db", form: "expression", through: "entity", identifier: "db" });
  await open(`äö🔑 <+secrets.getValue("db")>`);
  expect((await referenceAt(at))?.range).toEqual({ start: inScript(9), end: inScript(34) });
});

test("nothing, where no reference can stand", async () => {
  await open(`echo`);
  const start = { line: 0, character: 0 };
  expect([await secretTextAt({ start, end: start }), await secretTextAt({ start, end: start }, { textDocument: { uri: "file:///none.yaml" } })]).toEqual([null, null]);
});
