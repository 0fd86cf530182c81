import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { ConnectorRow, ConnectorsResult } from "../../server/src/protocol/messages.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { connectorText, pipelineText, scriptColumn, scriptLine, vaultReference } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import type { TestServerOptions } from "../support/testServer.ts";
import { TestServer } from "../support/testServer.ts";

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

async function ask(client: TestServer): Promise<ConnectorsResult> {
  return client.request<ConnectorsResult>("keyline/connectors", {});
}

function until(client: TestServer, fits: (result: ConnectorsResult) => boolean): Promise<ConnectorsResult> {
  return client.askUntil("keyline/connectors", fits);
}

async function complete(client: TestServer): Promise<readonly ConnectorRow[]> {
  return (await until(client, (result) => result.complete)).connectors;
}

/** A row in one line: scope, identifier, vault, then what is kept in it and what refers to it. */
function words({ scope, identifier, vault, type, secrets, references }: ConnectorRow): string {
  const place = scope.level === "project" ? `${scope.org}/${scope.project}` : scope.level === "org" ? scope.org : scope.level;
  return `${place} ${identifier} ${vault?.name ?? type}: [${secrets.map(({ text }) => text).join(", ")}] [${references.map(({ text }) => text).join(", ")}]`;
}

function secretText(identifier: string, connector: string, scope = "  orgIdentifier: default\n  projectIdentifier: shop\n"): string {
  return `secret:\n  identifier: ${identifier}\n  type: SecretText\n${scope}  spec:\n    secretManagerIdentifier: ${connector}\n    valueType: Reference\n    value: db\n`;
}

const accountConnector = "connector:\n  name: Shared vault\n  identifier: shared\n  description: for all\n  tags: {team: core}\n  type: AzureKeyVault\n  spec:\n    vaultName: shared-kv\n    clientId: 11111111-2222-3333-4444-555555555555\n";

test("the connectors of files and keyline.jsonc, with the secrets and references that use each", async () => {
  const folder = await tempFolder({
    "kv.yaml": connectorText(),
    "shared.yaml": accountConnector,
    "docker.yaml": "connector:\n  identifier: docker\n  type: DockerRegistry\n  spec:\n    auth:\n      spec:\n        passwordRef: account.token\n",
    "secrets.yaml": `${secretText("db", "kv")}---\n${secretText("token", "shared", "")}---\n${secretText("own", "harnessSecretManager")}`,
    "p.yaml": pipelineText(`${vaultReference("direct")} <+secrets.getValue("db")> <+secrets.getValue("account.token")> <+secrets.getValue("own")> <+secrets.getValue("unknown")>`),
    "keyline.jsonc": `{\n  "connectors": [{ "identifier": "listed", "scope": "org:default", "vault": "listed-kv" }],\n  "secrets": [{ "identifier": "chat", "scope": "org:default", "connector": "listed", "value": "x" }],\n  "scopes": [{ "files": "s*.yaml", "scope": "account" }, { "files": "docker.yaml", "scope": "account" }]\n}`,
  });
  const client = await start({ folders: [folder] });
  const rows = await complete(client);
  expect(rows.map(words)).toEqual([
    "account docker DockerRegistry: [] []",
    "default/shop kv shop-kv: [db] [azurevault://kv/direct, db]",
    "account shared shared-kv: [token] [account.token, account.token]",
    "default listed listed-kv: [chat] []",
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
  expect(new Set(rows.map((row) => row.folder))).toEqual(new Set([fileUri(folder)]));
  const [, kv, shared, listed] = rows;
  expect(kv).toMatchObject({ uri: fileUri(join(folder, "kv.yaml")), range: { start: { line: 1, character: 14 }, end: { line: 1, character: 16 } } });
  const direct = scriptColumn + 'echo <+secrets.getValue("'.length;
  expect(kv?.references[0]).toEqual({ uri: fileUri(join(folder, "p.yaml")), text: "azurevault://kv/direct", range: { start: { line: scriptLine, character: direct }, end: { line: scriptLine, character: direct + 22 } } });
  expect(shared).toMatchObject({ name: "Shared vault", description: "for all", tags: [["team", "core"]], settings: { vaultName: "shared-kv", clientId: "11111111-2222-3333-4444-555555555555" } });
  expect(listed).toMatchObject({ uri: fileUri(join(folder, "keyline.jsonc")), range: { start: { line: 1, character: 34 }, end: { line: 1, character: 40 } } });
});

test("nothing is said of connectors to a client that has not asked, and once to one that has", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText("echo") });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "p.yaml"));
  await client.open(uri, pipelineText("echo"));
  await client.published(uri);
  await client.change(uri, pipelineText(vaultReference("a")));
  await client.published(uri);
  expect(await client.unread()).not.toContain("keyline/connectorsChanged");
  expect((await complete(client)).map(words)).toEqual(["default/shop kv shop-kv: [] [azurevault://kv/a]"]);
  await client.change(uri, pipelineText(vaultReference("b")));
  await client.next("keyline/connectorsChanged");
  await client.change(uri, pipelineText(vaultReference("c")));
  await client.next<{ version?: number }>("textDocument/publishDiagnostics", (params) => (params.version ?? 0) >= 5);
  expect(await client.unread()).not.toContain("keyline/connectorsChanged");
  expect((await ask(client)).connectors.map(words)).toEqual(["default/shop kv shop-kv: [] [azurevault://kv/c]"]);
});

test("opening a file, or typing in it, that changes neither a connector nor a reference says nothing", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("a")) });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "p.yaml"));
  const text = pipelineText(vaultReference("a"));
  await complete(client);
  await client.ignore("keyline/connectorsChanged");
  await client.open(uri, text);
  await client.published(uri);
  await client.open(fileUri(join(folder, "kv.yaml")), connectorText());
  await client.published(fileUri(join(folder, "kv.yaml")));
  await client.change(uri, `${text}# end\n`);
  await client.published(uri);
  expect(await client.unread()).not.toContain("keyline/connectorsChanged");
});

test("an open text wins over the disk; closing, changing and removing a file are followed", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("disk")) });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "p.yaml"));
  const shown = async (...references: readonly string[]): Promise<unknown> => until(client, ({ connectors }) => JSON.stringify(connectors[0]?.references.map(({ text }) => text)) === JSON.stringify(references));
  const event = async (name: string): Promise<void> => client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, name)), type: 2 }] });
  await shown("azurevault://kv/disk");
  await client.open(uri, pipelineText(vaultReference("open")));
  await shown("azurevault://kv/open");
  await writeFiles(folder, { "p.yaml": pipelineText(vaultReference("newer")) });
  await event("p.yaml");
  await client.close(uri);
  await shown("azurevault://kv/newer");
  await rm(join(folder, "p.yaml"));
  await event("p.yaml");
  await shown();
  await rm(join(folder, "kv.yaml"));
  await event("kv.yaml");
  await until(client, ({ connectors }) => connectors.length === 0);
});

test("an open keyline.jsonc wins over the disk, and its ranges are those of the open text", async () => {
  const folder = await tempFolder({ "keyline.jsonc": "{}" });
  const client = await start({ folders: [folder] });
  await complete(client);
  await client.open(fileUri(join(folder, "keyline.jsonc")), `\n\n{"connectors":[{"identifier":"kv","scope":"account","vault":"shop-kv"}]}`, "jsonc");
  const { connectors } = await until(client, (result) => result.connectors.length === 1);
  expect(connectors[0]?.range).toEqual({ start: { line: 2, character: 30 }, end: { line: 2, character: 32 } });
});

test("in Restricted Mode nothing is read: open texts alone answer, until the workspace is trusted", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("disk")) });
  const reads: string[] = [];
  const client = await start({ folders: [folder], files: counting(reads), initializationOptions: { clientFacts: true, trusted: false } });
  expect(await ask(client)).toEqual({ connectors: [], complete: false, reading: false });
  await client.open(fileUri(join(folder, "kv.yaml")), connectorText());
  const { connectors } = await until(client, (result) => result.connectors.length > 0);
  expect([connectors.map(words), reads]).toEqual([["default/shop kv shop-kv: [] []"], []]);
  await client.notify("keyline/trust", { trusted: true });
  expect((await complete(client)).map(words)).toEqual(["default/shop kv shop-kv: [] [azurevault://kv/disk]"]);
});

test("several folders: rows of each, and none of a folder that has been removed", async () => {
  const [one, two] = [await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("one")) }), await tempFolder({ "kv.yaml": connectorText() })];
  const client = await start({ folders: [one, two] });
  const rows = await complete(client);
  expect(rows.map((row) => [row.folder, words(row)])).toEqual([
    [fileUri(one), "default/shop kv shop-kv: [] [azurevault://kv/one]"],
    [fileUri(two), "default/shop kv shop-kv: [] []"],
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
  await client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: fileUri(one), name: "one" }] } });
  await until(client, ({ connectors }) => connectors.length === 1 && connectors[0]?.folder === fileUri(two));
});

test.each([
  ["utf-16", 29],
  // Three letters of two bytes, and a key of four where UTF-16 has two units.
  ["utf-8", 34],
] as const)("ranges are in the client's encoding, of disk and of open texts (%s)", async (encoding, column) => {
  const text = `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n  äöü🔑: <+secrets.getValue("azurevault://kv/a")>\n`;
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": text });
  const client = await start({ folders: [folder], capabilities: { general: { positionEncodings: [encoding] } } });
  const at = (row: ConnectorRow | undefined): unknown => row?.references[0]?.range;
  const expected = { start: { line: 4, character: column }, end: { line: 4, character: column + "azurevault://kv/a".length } };
  const onDisk = at((await complete(client))[0]);
  await client.open(fileUri(join(folder, "p.yaml")), text);
  expect([onDisk, at((await ask(client)).connectors[0])]).toEqual([expected, expected]);
});

test("two files that define one connector make one row; of an unknown scope each is a row of its own", async () => {
  const template = connectorText().replace("shop\n", "<+input>\n");
  const folder = await tempFolder({ "a.yaml": connectorText("kv", "first-kv"), "b.yaml": connectorText("kv", "last-kv"), "t1.yaml": template, "t2.yaml": template });
  const client = await start({ folders: [folder] });
  const rows = await complete(client);
  expect(rows.map(words)).toEqual(["default/shop kv last-kv: [] []", "unknown kv shop-kv: [] []", "unknown kv shop-kv: [] []"]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
});

test("a file that cannot be read is said: the answer is not complete, and nothing more is being read", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": Buffer.from(`${pipelineText(vaultReference("a"))}# ä\n`, "latin1") });
  const client = await start({ folders: [folder] });
  const result = await until(client, ({ connectors, reading }) => connectors.length === 1 && !reading);
  expect(result.complete).toBe(false);
});

test("thousands of files: each is read once for its references, none for an answer, and one that changes alone", async () => {
  const count = 3_000;
  const files: Record<string, string> = { "kv.yaml": connectorText() };
  for (let index = 0; index < count; index++) files[`p/${String(index)}.yaml`] = pipelineText(vaultReference(`s${String(index)}`));
  const folder = await tempFolder(files);
  const reads: string[] = [];
  const client = await start({ folders: [folder], files: counting(reads) });
  const [row] = await complete(client);
  expect(row?.references).toHaveLength(count);
  // Once for connectors and secrets, once for references.
  expect(reads).toHaveLength(2 * (count + 1));
  reads.length = 0;
  const began = performance.now();
  for (let round = 0; round < 5; round++) expect((await ask(client)).connectors[0]?.references).toHaveLength(count);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(reads).toEqual([]);
  await client.ignore("keyline/connectorsChanged");
  await writeFiles(folder, { "p/7.yaml": pipelineText("echo") });
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "p/7.yaml")), type: 2 }] });
  await client.next("keyline/connectorsChanged");
  expect((await ask(client)).connectors[0]?.references).toHaveLength(count - 1);
  expect(reads).toEqual([join(folder, "p/7.yaml")]);
}, 60_000);

function counting(reads: string[]): Files {
  return {
    ...nodeFiles,
    read: async (path, maxBytes) => {
      if (path.endsWith(".yaml")) reads.push(path);
      return nodeFiles.read(path, maxBytes);
    },
  };
}
