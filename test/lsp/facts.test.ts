import type { DocumentStateParams, WantsParams } from "../../server/src/protocol/messages.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeVault } from "../support/fakeVault.ts";
import { connectorText, listedVault, pipelineText, scriptColumn, scriptLine, vaultReference } from "../support/shopFiles.ts";
import { TestServer, rulesOf } from "../support/testServer.ts";
import { ManualClock } from "../vault/manualClock.ts";

const uri = "file:///w/pipeline.yaml";
const connectorUri = "file:///w/connector.yaml";
let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

let server: TestServer | undefined;

afterEach(async () => {
  await server?.ignore("keyline/documentState", "textDocument/publishDiagnostics");
  await server?.dispose();
  server = undefined;
});

async function start(options: Parameters<typeof TestServer.start>[0]): Promise<TestServer> {
  server = await TestServer.start({ clock, folders: ["/w"], ...options });
  return server;
}

test("wants go out, facts come in, findings follow", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText(vaultReference("db-pasword")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  const { wants } = await client.next<WantsParams>("keyline/wants");
  expect(wants).toMatchObject([{ vault: { name: "shop-kv", cloud: "public" }, listing: true }]);

  await client.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  await clock.advance(50);
  const more = await client.next<WantsParams>("keyline/wants");
  expect(more.wants[0]?.deletedOf).toEqual(["db-pasword"]);
  const absent = { state: "known", at: clock.now(), value: { state: "absent" } };
  await client.notify("keyline/facts", { vaults: [{ ...listedVault("shop-kv", ["db-password"], clock.now()), deleted: [["db-pasword", absent]] }] });
  await clock.advance(50);
  const published = await client.next<{ uri: string; diagnostics: { code: string }[] }>("textDocument/publishDiagnostics", (params) => params.diagnostics.length > 0);
  expect(published.diagnostics).toMatchObject([{ code: "vault-secret-not-found" }]);
});

test("a document that needs no vault makes no wants; one that is closed takes its wants along", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  await client.open(uri, pipelineText("echo"));
  await client.published(uri);
  expect(await client.unread()).not.toContain("keyline/wants");
  await client.open(connectorUri, connectorText());
  const vault = { name: "shop-kv", cloud: "public" };
  expect(await client.next<WantsParams>("keyline/wants")).toEqual({ wants: [{ vault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] }], directoryOf: [vault] });
  await client.change(uri, pipelineText(vaultReference("db-password#key")));
  await clock.advance(250);
  await client.ignore("keyline/wants", "keyline/documentState", "textDocument/publishDiagnostics");
  await client.close(connectorUri);
  await clock.advance(50);
  expect(await client.next<WantsParams>("keyline/wants")).toEqual({ wants: [], directoryOf: [] });
});

test("what Resource Manager has told is checked with, and replaced as a whole; what is no directory changes nothing", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  const codes = async (): Promise<readonly unknown[]> => rulesOf((await client.published(connectorUri)).diagnostics);
  await client.open(connectorUri, `${connectorText()}    enablePurge: true\n`);
  expect(await codes()).toEqual([]);
  const vault = {
    ...{ name: "shop-kv", cloud: "public", subscription: "22222222-0000-4000-8000-000000000009", resourceGroup: "rg", location: "westeurope" },
    ...{ tenant: "11111111-0000-4000-8000-000000000001", rbac: true, purgeProtection: true, publicAccess: true },
  };
  const directory = { subscriptions: [], vaults: [null, { name: 1 }, vault], freeNames: [2, "public/other-kv"], unknownTenants: null };
  await client.notify("keyline/directory", { directory });
  await clock.advance(50);
  expect(await codes()).toEqual(["akv-vault-elsewhere", "akv-purge-protection"]);
  for (const directory of [undefined, null, "x", {}, { subscriptions: [], vaults: {} }]) await client.notify("keyline/directory", { directory });
  await clock.advance(50);
  await client.ignore("keyline/wants", "keyline/documentState");
  expect(await client.unread()).toEqual([]);
  const position = { line: 7, character: "    vaultName: ".length };
  const { items } = await client.request<{ items: { label: string; kind: number; detail: string }[] }>("textDocument/completion", { textDocument: { uri: connectorUri }, position });
  expect(items).toMatchObject([{ label: "shop-kv", detail: "rg · RBAC · purge protection" }]);
  const hover = await client.request("textDocument/hover", { textDocument: { uri: connectorUri }, position });
  expect(JSON.stringify(hover)).toContain("resource group `rg`");
  await client.notify("keyline/directory", { directory: { ...directory, vaults: [], freeNames: ["public/shop-kv"] } });
  await clock.advance(50);
  expect(await codes()).toEqual(["akv-vault-not-found"]);
});

test("in Restricted Mode nothing is said of what Resource Manager has told", async () => {
  const client = await start({ initializationOptions: { clientFacts: true, trusted: false } });
  await client.open(connectorUri, connectorText());
  await client.notify("keyline/directory", { directory: { subscriptions: [], vaults: [], freeNames: ["public/shop-kv"], unknownTenants: [] } });
  await clock.advance(50);
  expect((await client.published(connectorUri)).diagnostics).toEqual([]);
});

test("the state of a document tells how far it is verified, and only when that changes", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText(vaultReference("db-password")));
  const loading = await client.next<DocumentStateParams>("keyline/documentState", (state) => state.uri === uri);
  expect(loading).toMatchObject({ references: 1, verified: 0, findings: 0, notVerified: { loading: 1 }, vaults: [{ name: "shop-kv", state: "loading" }] });
  await client.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  await clock.advance(50);
  const known = await client.next<DocumentStateParams>("keyline/documentState", (state) => state.uri === uri);
  expect(known).toMatchObject({ references: 1, verified: 1, notVerified: {} });
  await client.ignore("keyline/wants", "textDocument/publishDiagnostics", "keyline/documentState");
  await client.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  await clock.advance(50);
  expect(await client.unread()).toEqual([]);
});

test("completion answers from what is known, says that more may come, and asks for it", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText("echo"));
  const text = `echo <+secrets.getValue("azurevault://kv/")>`;
  await client.change(uri, pipelineText(text));
  const position = { line: scriptLine, character: scriptColumn + text.indexOf(`")>`) };
  const before = await client.request<{ isIncomplete: boolean }>("textDocument/completion", { textDocument: { uri }, position });
  expect(before.isIncomplete).toBe(true);
  expect((await client.next<WantsParams>("keyline/wants")).wants).toMatchObject([{ vault: { name: "shop-kv" }, listing: true }]);
  await client.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  const after = await client.request<{ isIncomplete: boolean; items: { label: string }[] }>("textDocument/completion", { textDocument: { uri }, position });
  expect(after.items.map((item) => item.label)).toContain("db-password");
  expect(after.isIncomplete).toBe(false);
  await client.ignore("keyline/wants");
});

test("facts that come twice, or for vaults that nobody asked for, or malformed, do no harm", async () => {
  const client = await start({ initializationOptions: { clientFacts: true } });
  await client.open(connectorUri, connectorText());
  await client.notify("keyline/facts", { vaults: [listedVault("other", ["x"], clock.now())] });
  await client.notify("keyline/facts", {});
  await client.notify("keyline/facts", { vaults: [null] });
  await client.open(uri, pipelineText(vaultReference("db-password")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  await client.ignore("keyline/wants");
});

test("in Restricted Mode no vault is wanted until the workspace is trusted", async () => {
  const client = await start({ initializationOptions: { clientFacts: true, trusted: false } });
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText(vaultReference("db-password")));
  const state = await client.next<DocumentStateParams>("keyline/documentState", (params) => params.uri === uri);
  expect(state.notVerified).toEqual({ untrusted: 1 });
  await client.ignore("keyline/documentState", "textDocument/publishDiagnostics");
  expect(await client.unread()).toEqual([]);
  await client.notify("keyline/trust", { trusted: true });
  await clock.advance(50);
  expect((await client.next<WantsParams>("keyline/wants")).wants).toMatchObject([{ vault: { name: "shop-kv" } }]);
});

test("a stand-alone server asks no vault unless it was told to", async () => {
  // `start` fails the test when facts are asked for.
  const client = await start({});
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText(vaultReference("db-pasword")));
  expect((await client.published(uri)).diagnostics).toEqual([]);
  const hover = await client.request("textDocument/hover", { textDocument: { uri }, position: { line: scriptLine, character: scriptColumn + 40 } });
  expect(JSON.stringify(hover)).toContain("offline");
});

test("a stand-alone server that was told to asks the vault and finds what is missing", async () => {
  const api = fakeVault({ "shop-kv": [{ name: "db-password", enabled: true }] });
  const client = await start({
    initializationOptions: { verify: true },
    standaloneFacts: (_, log) => createVaultIndex({ api, clock, log }),
  });
  await client.open(connectorUri, connectorText());
  await client.open(uri, pipelineText(vaultReference("db-pasword")));
  await client.published(uri);
  await clock.advance(1000);
  expect(rulesOf((await client.published(uri)).diagnostics)).toEqual(["vault-secret-not-found"]);
  expect(api.requests.filter((request) => request === "list shop-kv")).toHaveLength(1);
  expect(api.requests.every((request) => !request.startsWith("json"))).toBe(true);
});
