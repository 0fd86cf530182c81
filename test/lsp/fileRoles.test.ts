import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { TestServer } from "../support/testServer.ts";

let server: TestServer | undefined;

afterEach(async () => {
  await server?.ignore("textDocument/publishDiagnostics");
  await server?.dispose();
  server = undefined;
});

/** Waits until the document has these findings; what was told before does not count again. */
async function told(client: TestServer, uri: string, ...expected: readonly string[]): Promise<void> {
  await client.next<{ uri: string; diagnostics: { code: string; severity: number }[] }>(
    "textDocument/publishDiagnostics",
    (params) => params.uri === uri && JSON.stringify(params.diagnostics.map(({ code, severity }) => `${code} ${String(severity)}`)) === JSON.stringify(expected),
  );
  await client.ignore("textDocument/publishDiagnostics");
}

const comment = "expression-in-comment 2";
const secretComment = "expression-in-comment 3";

test("a file beside a Chart.yaml is read anew when the chart is found, removed and made, and keeps its role while it is edited", async () => {
  const folder = await tempFolder({ "app/Chart.yaml": "apiVersion: v2\nname: app\n" });
  server = await TestServer.start({ folders: [folder] });
  const uri = fileUri(join(folder, "app/prod.yaml"));
  const chart = join(folder, "app/Chart.yaml");
  const chartChanged = async (type: number): Promise<void> => server?.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(chart), type }] });
  const text = 'a: <+secrets.getValue("x")> # <+pipeline.name>\n';
  await server.open(uri, text);
  await told(server, uri, comment);
  await server.change(uri, "y", { start: { line: 0, character: text.indexOf('x"') }, end: { line: 0, character: text.indexOf('x"') + 1 } });
  await told(server, uri, comment);
  await server.change(uri, "b: 1 # <+a> <+b>\n");
  await told(server, uri, comment, comment);
  await rm(chart);
  await chartChanged(3);
  await told(server, uri);
  await server.change(uri, 'b: 1 # <+a> <+secrets.getValue("b")>\n');
  await told(server, uri, secretComment);
  await writeFiles(folder, { "app/Chart.yaml": "" });
  await chartChanged(1);
  await told(server, uri, comment, comment);
  await server.change(uri, "pipeline: # <+a>\n  identifier: p\n  a: <+b>\n");
  await told(server, uri);
  await server.change(uri, "pipelines: # <+a>\n  identifier: p\n  a: <+b>\n");
  await told(server, uri, comment);
});

test("a patch that a kustomization names", async () => {
  const folder = await tempFolder({ "base/kustomization.yaml": "patches:\n  - path: p.yaml\n" });
  server = await TestServer.start({ folders: [folder] });
  const uri = fileUri(join(folder, "base/p.yaml"));
  const other = fileUri(join(folder, "base/q.yaml"));
  const text = "apiVersion: apps/v1\nkind: Deployment # <+env.name>\n";
  await server.open(uri, text);
  await server.open(other, text);
  await told(server, uri, comment);
  await writeFiles(folder, { "base/kustomization.yaml": "patches:\n  - path: q.yaml\n" });
  const both = Promise.all([told(server, uri), told(server, other, comment)]);
  await server.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: fileUri(join(folder, "base/kustomization.yaml")), type: 2 }] });
  await both;
});

test("an untrusted workspace tells no roles", async () => {
  const folder = await tempFolder({ "app/Chart.yaml": "" });
  server = await TestServer.start({ folders: [folder], initializationOptions: { trusted: false } });
  const uri = fileUri(join(folder, "app/prod.yaml"));
  await server.open(uri, "a: 1 # <+pipeline.name>\n");
  await told(server, uri);
  expect(await server.unread()).toEqual([]);
});
