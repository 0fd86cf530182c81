/** The server as it ships: a process of its own, spoken to over standard input and output. */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { CodeAction, CompletionList, Diagnostic, DocumentDiagnosticReport, Hover } from "vscode-languageserver/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { LocalAzure } from "../azure/localAzure.ts";
import { startLocalAzure } from "../azure/localAzure.ts";
import { demo, seedDemo } from "../azure/seed.ts";
import type { BuiltBundles } from "../support/builtBundles.ts";
import { builtBundles } from "../support/builtBundles.ts";
import { connectorText, pipelineText, scriptColumn, scriptLine, vaultReference, wrongScope } from "../support/shopFiles.ts";
import type { TestServerOptions } from "../support/testServer.ts";
import { rulesOf, TestServer } from "../support/testServer.ts";

const uri = "file:///w/pipeline.yaml";
const connectorUri = "file:///w/connector.yaml";
const canary = "canary-71c0e2b49d3f4a6e9b58";
let bundles: BuiltBundles;
let azure: LocalAzure;
let server: TestServer | undefined;

beforeAll(async () => {
  bundles = await builtBundles();
  azure = await startLocalAzure();
  seedDemo(azure);
  azure.setSecret(demo.devVault, "canary", { value: JSON.stringify({ key: canary }) });
});

afterAll(async () => {
  await azure.stop();
  await bundles.remove();
});

afterEach(async () => {
  await server?.ignore("textDocument/publishDiagnostics", "window/logMessage");
  await server?.dispose();
  server = undefined;
});

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  server = await TestServer.spawn([bundles.server, "--stdio"], { env: { PATH: process.env["PATH"] ?? "" }, ...options });
  return server;
}

/** Keeps a stand-alone server on the local Azure, as the demo's application. */
function azureOptions(more: object = {}, env: Readonly<Record<string, string>> = {}): TestServerOptions {
  const credential = { AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret };
  return { initializationOptions: { credential: "environment", ...more }, env: { PATH: process.env["PATH"] ?? "", ...azure.env(), ...credential, ...env } };
}

async function findingsOf(client: TestServer, fits: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await client.next<{ uri: string; diagnostics: Diagnostic[] }>("textDocument/publishDiagnostics", (params) => params.uri === uri && fits(params.diagnostics));
  return diagnostics;
}

test("opening, changing and closing a document publishes once each, for the version that was sent", async () => {
  const client = await start();
  await client.open(uri, pipelineText("echo"));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  let version = 0;
  for (let end = 1; end <= wrongScope.length; end++) version = await client.change(uri, pipelineText(wrongScope.slice(0, end)));
  const published = await client.published(uri);
  expect(published.version).toBe(version);
  expect(rulesOf(published.diagnostics)).toEqual(["invalid-scope-prefix"]);
  await client.close(uri);
  expect((await client.published(uri)).diagnostics).toEqual([]);
});

test("a client that pulls is answered and nothing is pushed to it", async () => {
  const client = await start({ capabilities: { textDocument: { diagnostic: {} } } });
  await client.open(uri, pipelineText(wrongScope));
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", { textDocument: { uri } });
  expect(report).toMatchObject({ kind: "full", items: [{ code: "invalid-scope-prefix" }] });
  expect(await client.unread()).toEqual([]);
});

test("hover, completion and quick fixes are answered in UTF-8 positions where the client asks for them", async () => {
  const client = await start({ capabilities: { general: { positionEncodings: ["utf-8", "utf-16"] } } });
  const text = `echo "žluťoučký 🔑" ${wrongScope}`;
  await client.open(uri, pipelineText(text));
  const character = scriptColumn + Buffer.byteLength(text.slice(0, text.indexOf("acount")));
  const position = { line: scriptLine, character };
  const [found] = await findingsOf(client, (all) => all.length > 0);
  expect(found?.range).toEqual({ start: position, end: { line: scriptLine, character: character + 6 } });
  const hover = await client.request<Hover>("textDocument/hover", { textDocument: { uri }, position });
  expect(JSON.stringify(hover.contents)).toContain("acount.token");
  const list = await client.request<CompletionList>("textDocument/completion", { textDocument: { uri }, position });
  expect(list.items.map((item) => item.label)).toContain("account.");
  const actions = await client.request<CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics: [] } });
  expect(actions[0]?.edit?.changes?.[uri]).toEqual([{ range: found?.range, newText: "account" }]);
});

test("a stand-alone server calls nobody unless it was told to verify", async () => {
  azure.clearRequests();
  const client = await start(azureOptions());
  await client.open(connectorUri, connectorText("kv", demo.devVault));
  await client.open(uri, pipelineText(vaultReference("db-pasword")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  expect(azure.requests).toEqual([]);
});

test("T17: a server that verifies finds the wrong name and key, and passes on no value, token or client secret with every log on", async () => {
  let output = "";
  const logs = { AZURE_LOG_LEVEL: "verbose", DEBUG: "*", NODE_DEBUG: "http,https,net,tls" };
  const client = await start({ ...azureOptions({ verify: true, readJsonKeys: true }, logs), onOutput: (text) => { output += text; } });
  await client.open(connectorUri, connectorText("kv", demo.devVault));
  const script = `${vaultReference("db-pasword")} ${vaultReference("canary#kay")}`;
  await client.open(uri, pipelineText(script));
  const found = await findingsOf(client, (all) => all.length === 2);
  expect(rulesOf(found)).toEqual(["vault-secret-not-found", "json-key-not-found"]);
  const position = { line: scriptLine, character: scriptColumn + script.indexOf("canary") };
  const hover = await client.request<Hover>("textDocument/hover", { textDocument: { uri }, position });
  expect(JSON.stringify(hover.contents)).toContain("canary");
  const token = azure.tokenFor(demo.appObjectId, "https://vault.azure.net").split(".")[0] ?? "";
  expect(output).toContain("json-key-not-found");
  for (const secret of [canary, demo.clientSecret, `${token}.`]) {
    for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex"), encodeURIComponent(secret)]) expect(output).not.toContain(form);
  }
});

test.runIf(process.platform === "linux")("T27: no socket of the process listens, also while it verifies", async () => {
  const client = await start(azureOptions({ verify: true }));
  await client.open(connectorUri, connectorText("kv", demo.devVault));
  await client.open(uri, pipelineText(vaultReference("db-pasword")));
  await findingsOf(client, (all) => all.length > 0);
  const own = new Set(readdirSync(`/proc/${client.pid}/fd`).map((name) => linkOf(join(`/proc/${client.pid}/fd`, name))));
  const listening = ["tcp", "tcp6", "udp", "udp6"].flatMap((kind) => sockets(kind)).filter(({ state }) => state === "0A" || state === "07");
  expect(listening.filter(({ inode }) => own.has(`socket:[${inode}]`))).toEqual([]);
});

test("the process ends with its input, and says wrong usage with 2", async () => {
  const orphan = spawn(process.execPath, [bundles.server, "--stdio"], { stdio: ["pipe", "ignore", "ignore"] });
  orphan.stdin.end();
  expect(await once(orphan, "exit")).toEqual([1, null]);
  for (const [words, env, said] of [
    [[], {}, "--stdio"],
    [["--stdio"], { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, "certificate"],
    [["--stdio"], { NODE_OPTIONS: "--inspect=0" }, "--inspect"],
  ] as const) {
    const refused = spawn(process.execPath, [bundles.server, ...words], { stdio: ["ignore", "ignore", "pipe"], env: { PATH: process.env["PATH"] ?? "", ...env } });
    let printed = "";
    refused.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
    expect(await once(refused, "close")).toEqual([2, null]);
    expect(printed).toContain("keyline: ");
    expect(printed).toContain(said);
  }
});

test("it speaks over Node's own channel too, as VS Code starts it", async () => {
  const child = fork(bundles.server, ["--node-ipc"], { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  const next = async (): Promise<{ readonly id?: number; readonly result?: object | null }> => {
    const [message] = (await once(child, "message")) as [{ readonly id?: number; readonly result?: object | null }];
    return message;
  };
  const answer = next();
  child.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  expect(await answer).toMatchObject({ id: 1, result: { serverInfo: { name: "keyline" } } });
  const shutdown = next();
  child.send({ jsonrpc: "2.0", id: 2, method: "shutdown" });
  expect(await shutdown).toMatchObject({ id: 2, result: null });
  child.send({ jsonrpc: "2.0", method: "exit" });
  expect(await once(child, "exit")).toEqual([0, null]);
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // A descriptor may close between the listing and this.
    return "";
  }
}

function sockets(kind: string): readonly { readonly state: string; readonly inode: string }[] {
  const lines = readFileSync(`/proc/net/${kind}`, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/)).map((cells) => ({ state: cells[3] ?? "", inode: cells[9] ?? "" }));
}
