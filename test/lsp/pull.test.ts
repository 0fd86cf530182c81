import type { DocumentDiagnosticReport } from "vscode-languageserver/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectorText, listedVault, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { TestServer } from "../support/testServer.ts";
import { ManualClock } from "../vault/manualClock.ts";

const uri = "file:///w/pipeline.yaml";
const connectorUri = "file:///w/connector.yaml";
const capabilities = { textDocument: { diagnostic: {}, publishDiagnostics: {} }, workspace: { diagnostics: { refreshSupport: true } } };
let clock: ManualClock;
let server: TestServer;

beforeEach(async () => {
  clock = new ManualClock();
  server = await TestServer.start({ clock, capabilities, folders: ["/w"], initializationOptions: { clientFacts: true, trusted: true } });
});

afterEach(async () => {
  await server.ignore("keyline/documentState");
  await server.dispose();
});

async function pull(previousResultId?: string): Promise<DocumentDiagnosticReport> {
  return server.request("textDocument/diagnostic", { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) });
}

test("a pull is answered at once from the text as it is, and nothing is pushed", async () => {
  expect(server.initialized.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true, workspaceDiagnostics: false });
  await server.open(uri, pipelineText("echo"));
  expect(await pull()).toMatchObject({ kind: "full", items: [] });
  await server.change(uri, pipelineText(wrongScope));
  expect(await pull()).toMatchObject({ kind: "full", items: [{ code: "invalid-scope-prefix" }] });
  await clock.advance(10_000);
  await server.ignore("keyline/documentState");
  expect(await server.unread()).toEqual([]);
});

test("an equal answer is told by its id alone", async () => {
  await server.open(uri, pipelineText(wrongScope));
  const first = await pull();
  expect(first).toMatchObject({ kind: "full" });
  await server.change(uri, `${pipelineText(wrongScope)}# more\n`);
  expect(await pull(first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
  await server.change(uri, pipelineText("echo"));
  const third = await pull(first.resultId);
  expect(third).toMatchObject({ kind: "full", items: [] });
  expect(third.resultId).not.toBe(first.resultId);
});

test("a document that is not open has no findings", async () => {
  expect(await pull()).toEqual({ kind: "full", items: [] });
});

test("facts that change what was pulled ask the client to pull again, once", async () => {
  await server.open(connectorUri, connectorText());
  await server.open(uri, pipelineText(vaultReference("db-pasword")));
  await server.next("keyline/wants");
  expect(await pull()).toMatchObject({ items: [] });
  await server.notify("keyline/facts", { vaults: [listedVault("shop-kv", ["db-password"], clock.now())] });
  await clock.advance(50);
  await server.ignore("keyline/wants");
  await server.notify("keyline/facts", { vaults: [{ ...listedVault("shop-kv", ["db-password"], clock.now()), deleted: [["db-pasword", { state: "known", at: clock.now(), value: { state: "absent" } }]] }] });
  await clock.advance(50);
  await server.next("workspace/diagnostic/refresh");
  expect(await pull()).toMatchObject({ items: [{ code: "vault-secret-not-found" }] });
  await server.notify("keyline/facts", { vaults: [] });
  await clock.advance(10_000);
  await server.ignore("keyline/documentState");
  expect(await server.unread()).toEqual([]);
});
