import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { analyze } from "../../server/src/core/index.ts";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import type { Locate } from "../../server/src/workspace/fileUses.ts";
import { fileUses } from "../../server/src/workspace/fileUses.ts";
import { WorkspaceFolder } from "../../server/src/workspace/workspaceFolder.ts";
import { connectorText, pipelineText, vaultReference } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

let folder: WorkspaceFolder | undefined;
let changes = 0;

afterEach(() => {
  folder?.dispose();
  folder = undefined;
  changes = 0;
});

const locate: Locate = ({ start, end }) => ({ start: { line: 0, character: start }, end: { line: 0, character: end } });

function make(path: string | undefined, files: Files = nodeFiles): WorkspaceFolder {
  folder = new WorkspaceFolder({ path, uri: path === undefined ? "vscode-vfs://host/repo/" : fileUri(path), files, locator: () => locate, onDidChange: () => changes++ });
  return folder;
}

/** Each use as `file: text`. */
function uses(of: WorkspaceFolder): readonly string[] {
  return of.uses().files().flatMap(({ uri, references }) => references.map(({ text }) => `${uri.split("/").at(-1) ?? ""}: ${text}`));
}

function counting(reads: string[]): Files {
  return {
    ...nodeFiles,
    read: async (path, maxBytes) => {
      reads.push(path.split("/").at(-1) ?? "");
      return nodeFiles.read(path, maxBytes);
    },
  };
}

test("references are read when they are first asked for, not before, and then a changed file alone", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText(), "p.yaml": pipelineText(vaultReference("db")), "plain.yaml": "a: 1\n" });
  const reads: string[] = [];
  const made = make(path, counting(reads));
  made.start();
  await made.settled();
  expect([uses(made), made.uses().complete, made.uses().reading, [...reads].sort()]).toEqual([[], false, false, ["kv.yaml", "p.yaml", "plain.yaml"]]);
  reads.length = 0;
  const model = made.model();
  made.startUses();
  made.startUses();
  expect(made.uses()).toMatchObject({ complete: false, reading: true });
  await made.settled();
  expect([uses(made), made.uses().complete, [...reads].sort(), changes]).toEqual([["p.yaml: azurevault://kv/db"], true, ["kv.yaml", "p.yaml", "plain.yaml"], 2]);
  expect(made.model()).toBe(model);
  reads.length = 0;
  await writeFiles(path, { "p.yaml": pipelineText(vaultReference("new")) });
  made.fileChanged(join(path, "p.yaml"));
  await made.settled();
  expect([uses(made), reads]).toEqual([["p.yaml: azurevault://kv/new"], ["p.yaml"]]);
});

test("asked for before the folder is read, entities come first and references after them", async () => {
  const path = await tempFolder({ "p.yaml": pipelineText(vaultReference("db")) });
  const made = make(path);
  made.startUses();
  expect(made.uses()).toMatchObject({ complete: false, reading: false });
  made.start();
  await made.settled();
  expect([uses(made), made.uses().complete]).toEqual([["p.yaml: azurevault://kv/db"], true]);
});

test("files are made, moved and removed, by their own names and by their folder's", async () => {
  const path = await tempFolder({ "a/p.yaml": pipelineText(vaultReference("db")) });
  const made = make(path);
  made.start();
  made.startUses();
  await made.settled();
  await writeFiles(path, { "q.yaml": pipelineText(vaultReference("more")) });
  made.fileChanged(join(path, "q.yaml"));
  await rename(join(path, "a"), join(path, "b"));
  made.fileChanged(join(path, "a"));
  made.fileChanged(join(path, "b/p.yaml"));
  await made.settled();
  expect(uses(made)).toEqual(["p.yaml: azurevault://kv/db", "q.yaml: azurevault://kv/more"]);
  await rm(join(path, "q.yaml"));
  made.fileChanged(join(path, "q.yaml"));
  await made.settled();
  expect([uses(made), made.uses().complete]).toEqual([["p.yaml: azurevault://kv/db"], true]);
});

test("what is open wins over the disk, and a version tells each change", async () => {
  const path = await tempFolder({ "p.yaml": pipelineText(vaultReference("disk")) });
  const made = make(path);
  made.start();
  made.startUses();
  await made.settled();
  const before = made.uses().version;
  const open = (script: string): ReturnType<typeof fileUses> => fileUses(analyze(fileUri(join(path, "p.yaml")), pipelineText(script)), locate);
  made.setOpenUses("p.yaml", open(vaultReference("open")));
  expect([uses(made), made.uses().version]).toEqual([["p.yaml: azurevault://kv/open"], before + 1]);
  made.setOpenUses("p.yaml", open(vaultReference("open")));
  expect(made.uses().version).toBe(before + 1);
  made.setOpenUses("p.yaml", open("echo"));
  expect([uses(made), made.uses().version]).toEqual([[], before + 2]);
  made.setOpenUses("p.yaml", undefined);
  expect([uses(made), made.uses().version]).toEqual([["p.yaml: azurevault://kv/disk"], before + 3]);
  made.setOpenUses("p.yaml", open(vaultReference("disk")));
  expect(made.uses().version).toBe(before + 3);
});

test.each([
  ["no permission", { "p.yaml": pipelineText("echo") }, troubledFiles({ "p.yaml": "no-permission" })],
  ["no UTF-8", { "p.yaml": Buffer.from(`${pipelineText(vaultReference("db"))}# ä\n`, "latin1") }, nodeFiles],
  ["too long", { "p.yaml": `${pipelineText(vaultReference("db"))}${`# ${"x".repeat(98)}\n`.repeat(45_000)}` }, nodeFiles],
] as const)("a file that cannot be read (%s) leaves the uses incomplete until it is open", async (_, files, host) => {
  const path = await tempFolder(files);
  const made = make(path, host);
  made.start();
  made.startUses();
  await made.settled();
  expect(made.uses()).toMatchObject({ complete: false, reading: false });
  const open = pipelineText(vaultReference("open"));
  made.setOpenEntities("p.yaml", []);
  made.setOpenUses("p.yaml", fileUses(analyze("file:///p.yaml", open), locate));
  expect([made.uses().complete, uses(made)]).toEqual([true, ["p.yaml: azurevault://kv/open"]]);
});

test("what keyline.jsonc leaves out uses nothing, and what it takes in again is read", async () => {
  const path = await tempFolder({ "old/p.yaml": pipelineText(vaultReference("db")), "keyline.jsonc": `{ "exclude": ["old"] }` });
  const made = make(path);
  made.start();
  made.startUses();
  await made.settled();
  expect(uses(made)).toEqual([]);
  await writeFiles(path, { "keyline.jsonc": "{}" });
  made.fileChanged(join(path, "keyline.jsonc"));
  await made.settled();
  expect([uses(made), made.uses().complete]).toEqual([["p.yaml: azurevault://kv/db"], true]);
});

test("a changed file has its turn between two batches of a long scan", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `f${String(index).padStart(3, "0")}.yaml`);
  const path = await tempFolder(Object.fromEntries(names.map((name) => [name, pipelineText(vaultReference("db"))])));
  const reads: string[] = [];
  const made = make(path, counting(reads));
  made.start();
  await made.settled();
  reads.length = 0;
  made.startUses();
  made.fileChanged(join(path, "f199.yaml"));
  await made.settled();
  expect(reads).toHaveLength(200);
  expect(reads.indexOf("f199.yaml")).toBeLessThan(80);
  expect([uses(made).length, made.uses().complete]).toEqual([200, true]);
});

test("a folder without a place on disk knows the uses of open texts alone, and is never complete", () => {
  const made = make(undefined);
  made.startUses();
  made.setOpenUses("p.yaml", fileUses(analyze("vscode-vfs://host/repo/p.yaml", pipelineText(vaultReference("db"))), locate));
  expect([uses(made), made.uses().complete, made.uses().reading]).toEqual([["p.yaml: azurevault://kv/db"], false, false]);
});

test("after dispose the scan ends and nobody is told", async () => {
  const path = await tempFolder({ "p.yaml": pipelineText(vaultReference("db")) });
  const made = make(path);
  made.start();
  await made.settled();
  changes = 0;
  made.startUses();
  made.dispose();
  await made.settled();
  expect([uses(made), changes]).toEqual([[], 0]);
});
