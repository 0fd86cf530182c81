import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { DocumentStateParams, SecretUsesResult } from "../../server/src/protocol/messages.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import type { TestServerOptions } from "../support/testServer.ts";
import { TestServer, rulesOf } from "../support/testServer.ts";

let server: TestServer | undefined;

afterEach(async () => {
  await server?.ignore("keyline/documentState", "keyline/wants", "textDocument/publishDiagnostics");
  await server?.dispose();
  server = undefined;
});

async function start(options: TestServerOptions): Promise<TestServer> {
  server = await TestServer.start({ initializationOptions: { clientFacts: true }, ...options });
  return server;
}

/** The state of a document as soon as its references are kept from verification by this reason. */
async function stateWith(client: TestServer, uri: string, reason: string): Promise<DocumentStateParams> {
  return client.next<DocumentStateParams>("keyline/documentState", (state) => state.uri === uri && reason in state.notVerified);
}

/** A complete project whose vault reference names a connector that may or may not exist. */
const completeConfig = `{ "complete": ["account", "org:default", "project:default/shop"] }`;

test("connectors of the folder's files are found in the background", async () => {
  const folder = await tempFolder({ ".harness/connectors/kv.yaml": connectorText() });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await stateWith(client, uri, "loading");
});

test("a file that is made, changed and removed is followed; an open text wins over it", async () => {
  const folder = await tempFolder({ "keyline.jsonc": completeConfig });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  const connectorPath = join(folder, "kv.yaml");
  const connectorUri = fileUri(connectorPath);
  const changed = async (): Promise<void> => client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: connectorUri, type: 2 }] });
  const rules = async (...expected: readonly string[]): Promise<unknown> =>
    client.next<{ uri: string; diagnostics: { code: string }[] }>(
      "textDocument/publishDiagnostics",
      (params) => params.uri === uri && JSON.stringify(params.diagnostics.map(({ code }) => code)) === JSON.stringify(expected),
    );
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await rules();
  await rules("connector-not-found");
  await writeFiles(folder, { "kv.yaml": connectorText() });
  await changed();
  await rules();
  await writeFiles(folder, { "kv.yaml": connectorText("other") });
  await changed();
  await rules("connector-not-found");
  await client.open(connectorUri, connectorText("kv"));
  await client.close(connectorUri);
  await rm(connectorPath);
  await client.open(connectorUri, connectorText("kv"));
  await changed();
  await rules();
  await client.close(connectorUri);
  await rules("connector-not-found");
});

test("keyline.jsonc: open text wins, problems are shown on it, mending it is seen, closing goes back to disk", async () => {
  const folder = await tempFolder({ "keyline.jsonc": `{ "complete": [` });
  const client = await start({ folders: [folder] });
  const configUri = fileUri(join(folder, "keyline.jsonc"));
  const uri = fileUri(join(folder, "pipeline.yaml"));
  expect((await client.published(configUri)).diagnostics.length).toBeGreaterThan(0);
  await client.open(uri, pipelineText(vaultReference("db-password")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  await client.open(configUri, completeConfig, "jsonc");
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; version?: number; diagnostics: unknown[] }) => params.uri === configUri && params.version !== undefined);
  expect(rulesOf((await client.next<{ uri: string; diagnostics: [] }>("textDocument/publishDiagnostics", (params) => params.uri === uri && params.diagnostics.length > 0)).diagnostics)).toEqual(["connector-not-found"]);
  await client.close(configUri);
  expect((await client.next<{ uri: string; diagnostics: [] }>("textDocument/publishDiagnostics", (params) => params.uri === uri)).diagnostics).toEqual([]);
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: unknown[] }) => params.uri === configUri && params.diagnostics.length > 0);
  await writeFiles(folder, { "keyline.jsonc": completeConfig });
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: configUri, type: 2 }] });
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: unknown[] }) => params.uri === configUri && params.diagnostics.length === 0);
});

test("a file that keyline.jsonc leaves out has no findings and defines nothing", async () => {
  const folder = await tempFolder({
    "keyline.jsonc": `{ "complete": ["account", "org:default", "project:default/shop"], "exclude": ["old", "**/*.draft.yaml"] }`,
    "old/kv.yaml": connectorText(),
  });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  const draft = fileUri(join(folder, "x", "a.draft.yaml"));
  await client.open(draft, pipelineText(wrongScope));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: { code: string }[] }) => params.uri === uri && params.diagnostics[0]?.code === "connector-not-found");
  expect((await client.next<{ uri: string; diagnostics: [] }>("textDocument/publishDiagnostics", (params) => params.uri === draft && params.diagnostics.length === 0)).diagnostics).toEqual([]);
});

test("each folder has its own connectors and configuration, and the innermost folder counts", async () => {
  const one = await tempFolder({ "kv.yaml": connectorText(), "inner/keyline.jsonc": completeConfig });
  const two = await tempFolder({ "keyline.jsonc": `{ "rules": { "invalid-scope-prefix": "off" } }` });
  const inner = join(one, "inner");
  const client = await start({ folders: [one, two] });
  const [inOne, inTwo, inInner] = [one, two, inner].map((folder) => fileUri(join(folder, "pipeline.yaml")));
  await client.open(inOne ?? "", pipelineText(vaultReference("db-password")));
  await stateWith(client, inOne ?? "", "loading");
  await client.open(inTwo ?? "", pipelineText(wrongScope));
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: unknown[] }) => params.uri === inTwo && params.diagnostics.length === 0);
  await client.open(inInner ?? "", pipelineText(vaultReference("db-password")));
  await stateWith(client, inInner ?? "", "loading");
  await client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [{ uri: fileUri(inner), name: "inner" }], removed: [] } });
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: { code: string }[] }) => params.uri === inInner && params.diagnostics[0]?.code === "connector-not-found");
  // What was published before the folder came looks like what is published when it has gone.
  await client.ignore("textDocument/publishDiagnostics");
  await client.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: fileUri(inner), name: "inner" }] } });
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: unknown[] }) => params.uri === inInner && params.diagnostics.length === 0);
});

test("no scope is complete while a file cannot be read: then an unknown connector is not called missing", async () => {
  const folder = await tempFolder({ "keyline.jsonc": completeConfig, "a.yaml": "connector:\n  x: \u0000\n" });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  await writeFiles(folder, { "a.yaml": "a: 1\n" });
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "a.yaml")), type: 2 }] });
  await client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: { code: string }[] }) => params.diagnostics[0]?.code === "connector-not-found");
});

test("a file too long to be read for its connectors keeps its scope from being complete, open or not", async () => {
  const long = `${connectorText()}${`# ${"x".repeat(98)}\n`.repeat(45_000)}`;
  const folder = await tempFolder({ "keyline.jsonc": completeConfig, "kv.yaml": long });
  const client = await start({ folders: [folder] });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  const connectorUri = fileUri(join(folder, "kv.yaml"));
  await client.open(connectorUri, long);
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await stateWith(client, uri, "unknown-connector");
  await client.ignore("keyline/documentState");
  await client.change(connectorUri, connectorText());
  await stateWith(client, uri, "loading");
  await client.change(connectorUri, long);
  expect(await stateWith(client, uri, "unknown-connector")).toMatchObject({ findings: 0 });
});

test("in Restricted Mode nothing is read from disk, and all of it once the workspace is trusted", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "keyline.jsonc": completeConfig });
  const calls: string[] = [];
  const client = await start({ folders: [folder], files: recording(calls), initializationOptions: { clientFacts: true, trusted: false } });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "kv.yaml")), type: 2 }] });
  await client.notify("keyline/trust", { trusted: false });
  await stateWith(client, uri, "unknown-connector");
  expect(calls).toEqual([]);
  await client.notify("keyline/trust", { trusted: true });
  await stateWith(client, uri, "loading");
  expect(calls.length).toBeGreaterThan(0);
});

test("nothing outside the folder is ever read, whatever links and events say", async () => {
  const outside = await tempFolder({ "kv.yaml": connectorText(), "keyline.jsonc": completeConfig });
  const folder = await tempFolder({ "own.yaml": "a: 1\n" });
  await symlink(join(outside, "kv.yaml"), join(folder, "link.yaml"));
  await symlink(outside, join(folder, "linked"));
  await symlink(join(outside, "keyline.jsonc"), join(folder, "keyline.jsonc"));
  const calls: string[] = [];
  const client = await start({ folders: [folder], files: recording(calls) });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  expect((await client.published(fileUri(join(folder, "keyline.jsonc")))).diagnostics[0]?.message).toContain("keyline.jsonc");
  await mkdir(join(folder, "dir"));
  await symlink("../link.yaml", join(folder, "dir", "chain.yaml"));
  const encoded = `${fileUri(folder)}/..%2f${outside.split("/").at(-1) ?? ""}/kv.yaml`;
  const events = ["link.yaml", "linked/kv.yaml", "dir/chain.yaml", "../x.yaml"].map((name) => `${fileUri(folder)}/${name}`);
  for (const event of [...events, encoded, fileUri(join(outside, "kv.yaml")), "file://host/share/kv.yaml", "https://host/kv.yaml", "nonsense"]) {
    await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: event, type: 1 }] });
  }
  // The work on events is in order: once this one is done, all before it are.
  await writeFiles(folder, { "last.yaml": connectorText("kv", "last-kv") });
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "last.yaml")), type: 1 }] });
  const state = await stateWith(client, uri, "loading");
  expect(state.vaults.map((vault) => vault.name)).toEqual(["last-kv"]);
  expect(calls.filter((call) => call.startsWith("read ") && !call.startsWith(`read ${folder}/`))).toEqual([]);
  expect(calls.filter((call) => call.startsWith("read ") && (call.includes("link") || call.includes("chain")))).toEqual([]);
});

test("a document without a place on disk is checked by its text alone", async () => {
  const client = await start({});
  await client.open("untitled:Untitled-1", pipelineText(wrongScope));
  expect(rulesOf((await client.published("untitled:Untitled-1")).diagnostics)).toEqual(["invalid-scope-prefix"]);
});

test("settings are asked for where the client answers, and again when they change", async () => {
  let severity = "warning";
  const client = await start({ capabilities: { workspace: { configuration: true } }, settings: () => ({ rules: { "invalid-scope-prefix": severity } }) });
  const uri = "file:///elsewhere/pipeline.yaml";
  await client.open(uri, pipelineText(wrongScope));
  const withSeverity = async (number: number): Promise<unknown> =>
    client.next("textDocument/publishDiagnostics", (params: { uri: string; diagnostics: { severity: number }[] }) => params.diagnostics[0]?.severity === number);
  await withSeverity(2);
  severity = "info";
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await withSeverity(3);
});

test("the client is asked to watch files and settings where it can", async () => {
  const dynamicRegistration = { dynamicRegistration: true };
  const client = await start({ capabilities: { workspace: { configuration: true, didChangeConfiguration: dynamicRegistration, didChangeWatchedFiles: dynamicRegistration } } });
  const asked = [await client.next("client/registerCapability"), await client.next("client/registerCapability")];
  expect(JSON.stringify(asked)).toContain("**/*.{yaml,yml}");
  expect(JSON.stringify(asked)).toContain("**/keyline.jsonc");
  expect(JSON.stringify(asked)).toContain("workspace/didChangeConfiguration");
});

test("a client that cannot watch files is told of saves, and what was made on disk is known after one of another document, or after opening one", async () => {
  const folder = await tempFolder({ "other.yaml": "a: 1\n" });
  const client = await start({ folders: [folder] });
  expect(client.initialized.capabilities.textDocumentSync).toMatchObject({ save: true });
  const uri = fileUri(join(folder, "pipeline.yaml"));
  const other = fileUri(join(folder, "other.yaml"));
  await client.open(other, "a: 1\n");
  await client.open(uri, pipelineText(`${vaultReference("db-password")} ${vaultReference("db-password", "late")}`));
  await stateWith(client, uri, "unknown-connector");
  await writeFiles(folder, { "kv.yaml": connectorText() });
  await client.notify("textDocument/didSave", { textDocument: { uri: other } });
  await stateWith(client, uri, "loading");
  await writeFiles(folder, { "late.yaml": connectorText("late", "late-kv"), "third.yaml": "a: 1\n" });
  await client.open(fileUri(join(folder, "third.yaml")), "a: 1\n");
  const state = await client.next<DocumentStateParams>("keyline/documentState", (params) => params.uri === uri && !("unknown-connector" in params.notVerified));
  expect(state.vaults.map((vault) => vault.name).sort()).toEqual(["late-kv", "shop-kv"]);
});

test("the references that are kept are as new after a save", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "other.yaml": "a: 1\n" });
  const client = await start({ folders: [folder] });
  await client.open(fileUri(join(folder, "other.yaml")), "a: 1\n");
  const uses = (result: SecretUsesResult): number => result.secrets.reduce((sum, { references }) => sum + references.length, 0);
  await client.askUntil<SecretUsesResult>("keyline/secretUses", (result) => result.complete && uses(result) === 0);
  await writeFiles(folder, { "pipeline.yaml": pipelineText(vaultReference("db-password")) });
  await client.notify("textDocument/didSave", { textDocument: { uri: fileUri(join(folder, "other.yaml")) } });
  await client.askUntil<SecretUsesResult>("keyline/secretUses", (result) => result.complete && uses(result) === 1);
});

test("a client that watches files is asked for no saves, and opening a document reads nothing more", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText() });
  const calls: string[] = [];
  const client = await start({ folders: [folder], files: recording(calls), capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } });
  await client.next("client/registerCapability");
  expect(client.initialized.capabilities.textDocumentSync).not.toHaveProperty("save");
  const uri = fileUri(join(folder, "pipeline.yaml"));
  await client.open(uri, pipelineText(vaultReference("db-password")));
  await stateWith(client, uri, "loading");
  const before = calls.length;
  await client.open(fileUri(join(folder, "kv.yaml")), connectorText());
  await client.notify("textDocument/didSave", { textDocument: { uri } });
  await client.published(fileUri(join(folder, "kv.yaml")));
  expect(calls.slice(before)).toEqual([]);
});

function recording(calls: string[]): Files {
  const note = <T>(what: string, path: string, answer: T): T => {
    calls.push(`${what} ${path}`);
    return answer;
  };
  return {
    read: (path, maxBytes) => note("read", path, nodeFiles.read(path, maxBytes)),
    list: (path) => note("list", path, nodeFiles.list(path)),
    kind: (path) => note("kind", path, nodeFiles.kind(path)),
    realPath: (path) => note("realPath", path, nodeFiles.realPath(path)),
  };
}
