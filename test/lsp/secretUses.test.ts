import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { ConnectorsResult, SecretUse, SecretUseRow, SecretUsesResult } from "../../server/src/protocol/messages.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { connectorText, pipelineText, scriptColumn, scriptLine, vaultReference } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import type { TestServerOptions } from "../support/testServer.ts";
import { TestServer } from "../support/testServer.ts";

const version = "0123456789abcdef0123456789abcdef";
let server: TestServer | undefined;

afterEach(async () => {
  await server?.ignore("keyline/documentState", "keyline/wants", "textDocument/publishDiagnostics", "keyline/connectorsChanged");
  await server?.dispose();
  server = undefined;
});

async function start(options: TestServerOptions): Promise<TestServer> {
  server = await TestServer.start({ initializationOptions: { clientFacts: true }, ...options });
  return server;
}

async function ask(client: TestServer): Promise<SecretUsesResult> {
  return client.request<SecretUsesResult>("keyline/secretUses", {});
}

function until(client: TestServer, fits: (result: SecretUsesResult) => boolean): Promise<SecretUsesResult> {
  return client.askUntil("keyline/secretUses", fits);
}

async function complete(client: TestServer): Promise<readonly SecretUseRow[]> {
  return (await until(client, (result) => result.complete)).secrets;
}

/** A row in one line: vault, name, then its entities and what refers to it, each with key and version. */
function words({ vault, name, entities, references }: SecretUseRow): string {
  const use = ({ text, jsonKey, version: pinned }: SecretUse): string => `${text}${jsonKey === undefined ? "" : ` key ${jsonKey}`}${pinned === undefined ? "" : ` version ${pinned.slice(0, 4)}`}`;
  return `${vault.cloud}/${vault.name} ${name}: [${entities.map(use).join(", ")}] [${references.map(use).join(", ")}]`;
}

function secretText(identifier: string, value: string, name = identifier): string {
  return `secret:\n  name: ${name}\n  identifier: ${identifier}\n  type: SecretText\n  orgIdentifier: default\n  projectIdentifier: shop\n  spec:\n    secretManagerIdentifier: kv\n${value}\n`;
}

const reference = (path: string): string => `    valueType: Reference\n    value: ${path}`;

test("each secret of a vault that the workspace names, with its entities and all that leads to it", async () => {
  const folder = await tempFolder({
    "kv.yaml": connectorText(),
    "secrets.yaml": [secretText("db", reference(`db-password#user/${version}`)), secretText("upper", reference("DB-Password")), secretText("bad", reference("db_password"))].join("---\n"),
    "p.yaml": pipelineText(`<+secrets.getValue("azurevault://kv/Db-Password#a/${version}")> <+secrets.getValue("db")> <+secrets.getValue("azurevault://kv/alone")> <+secrets.getValue("bad")> <+secrets.getValue("azurevault://none/x")>`),
    "keyline.jsonc": `{ "secrets": [{ "identifier": "chat", "scope": "project:default/shop", "connector": "kv", "value": "chat-hook" }] }`,
  });
  const client = await start({ folders: [folder] });
  const rows = await complete(client);
  expect(rows.map(words)).toEqual([
    "public/shop-kv db-password: [db key user version 0123, upper] [azurevault://kv/Db-Password#a/0123456789abcdef0123456789abcdef key a version 0123, db key user version 0123]",
    "public/shop-kv chat-hook: [chat] []",
    "public/shop-kv alone: [] [azurevault://kv/alone]",
  ]);
  const first = scriptColumn + '<+secrets.getValue("'.length;
  expect(rows[0]?.references[0]).toMatchObject({ uri: fileUri(join(folder, "p.yaml")), range: { start: { line: scriptLine, character: first }, end: { line: scriptLine, character: first + 62 } } });
  expect(rows[0]?.entities[0]).toMatchObject({ uri: fileUri(join(folder, "secrets.yaml")), range: { start: { line: 2, character: 14 }, end: { line: 2, character: 16 } } });
  expect(rows[1]?.entities[0]).toMatchObject({ uri: fileUri(join(folder, "keyline.jsonc")), range: { start: { line: 0, character: 31 }, end: { line: 0, character: 35 } } });
});

test("an inline secret or file is kept under its Name, where Key Vault can have it", async () => {
  const folder = await tempFolder({
    "kv.yaml": connectorText(),
    "secrets.yaml": [
      secretText("inline", "    valueType: Inline", "kept-Name"),
      secretText("refused", "    valueType: Inline", "kept_name"),
      secretText("nameless", "    valueType: Inline", "<+input>"),
      secretText("file", "", "kept-file").replace("SecretText", "SecretFile"),
    ].join("---\n"),
    "p.yaml": pipelineText(`<+secrets.getValue("inline")> <+secrets.getValue("refused")> <+secrets.getValue("nameless")> <+secrets.getValue("file")>`),
  });
  const client = await start({ folders: [folder] });
  expect((await complete(client)).map(words)).toEqual(["public/shop-kv kept-Name: [inline] [inline]", "public/shop-kv kept-file: [file] [file]"]);
});

test("one row over all folders, with what each says of the secret", async () => {
  const [one, two] = [await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("One")) }), await tempFolder({ "kv.yaml": connectorText("kv", "SHOP-kv"), "p.yaml": pipelineText(vaultReference("one")) })];
  const client = await start({ folders: [one, two] });
  expect((await complete(client)).map(words)).toEqual(["public/shop-kv One: [] [azurevault://kv/One, azurevault://kv/one]"]);
  await client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: fileUri(one), name: "one" }] } });
  await until(client, ({ secrets }) => JSON.stringify(secrets.map(words)) === JSON.stringify(["public/SHOP-kv one: [] [azurevault://kv/one]"]));
});

test("a client that asks for nothing else is told once when its answer is old", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("a")) });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "p.yaml"));
  await complete(client);
  await client.ignore("keyline/connectorsChanged");
  await client.open(uri, pipelineText(vaultReference("b")));
  await client.next("keyline/connectorsChanged");
  await client.change(uri, pipelineText(vaultReference("c")));
  await client.next<{ version?: number }>("textDocument/publishDiagnostics", (params) => (params.version ?? 0) >= 2);
  expect(await client.unread()).not.toContain("keyline/connectorsChanged");
  expect((await ask(client)).secrets.map(words)).toEqual(["public/shop-kv c: [] [azurevault://kv/c]"]);
});

test("a client that asks for both answers is told once that they are old", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("a")) });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "p.yaml"));
  await complete(client);
  await client.request<ConnectorsResult>("keyline/connectors", {});
  await client.ignore("keyline/connectorsChanged");
  await client.open(uri, pipelineText(vaultReference("b")));
  await client.next("keyline/connectorsChanged");
  await client.published(uri);
  expect(await client.unread()).not.toContain("keyline/connectorsChanged");
});

test("a file that is removed takes its uses along", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("a")) });
  const client = await start({ folders: [folder] });
  expect(await complete(client)).toHaveLength(1);
  await rm(join(folder, "p.yaml"));
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "p.yaml")), type: 3 }] });
  await until(client, ({ secrets }) => secrets.length === 0);
});

test("in Restricted Mode nothing is read for it", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("a")) });
  const client = await start({ folders: [folder], initializationOptions: { clientFacts: true, trusted: false } });
  expect(await ask(client)).toEqual({ secrets: [], complete: false, reading: false });
});

test("the answer holds no value of an inline secret that someone has written into a file", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "secrets.yaml": secretText("leak", "    valueType: Inline\n    value: plain-words-of-the-owner") });
  const client = await start({ folders: [folder] });
  const rows = await complete(client);
  expect(rows.map(words)).toEqual(["public/shop-kv leak: [leak] []"]);
  expect(JSON.stringify(rows)).not.toContain("plain-words");
});

test("5,000 references are answered from what is kept: no file is read, and no row made anew", async () => {
  const files: Record<string, string> = { "kv.yaml": connectorText() };
  for (let file = 0; file < 50; file++) files[`p/${String(file)}.yaml`] = pipelineText(Array.from({ length: 100 }, (_, index) => `<+secrets.getValue("azurevault://kv/s${String(index)}#k")>`).join(" "));
  const folder = await tempFolder(files);
  const reads: string[] = [];
  const client = await start({
    folders: [folder],
    files: {
      ...nodeFiles,
      read: async (path, maxBytes) => {
        reads.push(path);
        return nodeFiles.read(path, maxBytes);
      },
    },
  });
  const rows = await complete(client);
  expect([rows.length, rows.reduce((sum, row) => sum + row.references.length, 0)]).toEqual([100, 5_000]);
  reads.length = 0;
  const began = performance.now();
  for (let round = 0; round < 5; round++) expect((await ask(client)).secrets).toHaveLength(100);
  // Nearly all of it is the message on its way.
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(reads).toEqual([]);
  await writeFiles(folder, { "p/7.yaml": pipelineText("echo") });
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "p/7.yaml")), type: 2 }] });
  await until(client, ({ secrets }) => secrets[0]?.references.length === 49);
  expect(reads).toEqual([join(folder, "p/7.yaml")]);
}, 60_000);
