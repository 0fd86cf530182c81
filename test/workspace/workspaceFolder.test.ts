import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { analyze } from "../../server/src/core/index.ts";
import type { Scope } from "../../server/src/core/model/scope.ts";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { WorkspaceFolder } from "../../server/src/workspace/workspaceFolder.ts";
import { connectorText } from "../support/shopFiles.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

const project: Scope = { level: "project", org: "default", project: "shop" };
const complete = `{ "complete": ["project:default/shop"] }`;

let folder: WorkspaceFolder | undefined;
let changes = 0;

afterEach(() => {
  folder?.dispose();
  folder = undefined;
  changes = 0;
});

function make(path: string | undefined, files: Files = nodeFiles): WorkspaceFolder {
  folder = new WorkspaceFolder({ path, uri: path === undefined ? "vscode-vfs://host/repo/" : fileUri(path), files, onDidChange: () => changes++ });
  return folder;
}

async function started(path: string, files: Files = nodeFiles): Promise<WorkspaceFolder> {
  const made = make(path, files);
  made.start();
  await made.settled();
  return made;
}

function connectors(of: WorkspaceFolder): readonly string[] {
  return of.model().connectorsIn(project).map(({ identifier, vault }) => `${identifier}=${vault?.name ?? ""}`).sort();
}

function entities(text: string): ReturnType<typeof analyze>["entities"] {
  return analyze("file:///open.yaml", text).entities;
}

test("nothing is read before start, which may be called again", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText(), "keyline.jsonc": complete });
  const calls: string[] = [];
  const list: Files["list"] = async (listed) => {
    calls.push(listed);
    return nodeFiles.list(listed);
  };
  const made = make(path, { ...nodeFiles, list });
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect([calls, connectors(made), made.model().isComplete(project)]).toEqual([[], [], false]);
  made.start();
  made.start();
  expect(made.model().isComplete(project)).toBe(false);
  await made.settled();
  expect([calls, connectors(made), made.model().isComplete(project), changes]).toEqual([[path], ["kv=shop-kv"], true, 1]);
});

test("the model is one object until something changes", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText() });
  const made = await started(path);
  const before = made.model();
  made.setOpenEntities("p.yaml", []);
  made.setOpenEntities("p.yaml", undefined);
  expect(made.model()).toBe(before);
  made.setOpenEntities("kv.yaml", analyze(fileUri(join(path, "kv.yaml")), connectorText()).entities);
  expect(made.model()).toBe(before);
  made.setOpenEntities("kv.yaml", entities(connectorText("other")));
  expect(made.model()).not.toBe(before);
});

test("files are made, changed and removed; a burst is told once", async () => {
  const path = await tempFolder({ "a.yaml": connectorText("a") });
  const made = await started(path);
  await writeFiles(path, { "b/b.yml": connectorText("b"), "a.yaml": connectorText("a", "new-kv"), ".git/c.yaml": connectorText("c"), "d.txt": connectorText("d") });
  for (const name of ["b/b.yml", "a.yaml", ".git/c.yaml", "d.txt"]) made.fileChanged(join(path, name));
  await made.settled();
  expect([connectors(made), changes]).toEqual([["a=new-kv", "b=shop-kv"], 2]);
  await rm(join(path, "a.yaml"));
  made.fileChanged(join(path, "a.yaml"));
  await made.settled();
  expect([connectors(made), changes]).toEqual([["b=shop-kv"], 3]);
});

test("a folder that is removed or renamed is told by its own name, and what was in it is forgotten", async () => {
  const path = await tempFolder({ "a/b/x.yaml": connectorText("x"), "ab/y.yaml": connectorText("y") });
  const made = await started(path);
  await rename(join(path, "a"), join(path, "c"));
  made.fileChanged(join(path, "a"));
  await made.settled();
  expect(connectors(made)).toEqual(["y=shop-kv"]);
  await mkdir(join(path, "a"));
  made.fileChanged(join(path, "ab"));
  await made.settled();
  expect(connectors(made)).toEqual(["y=shop-kv"]);
});

test("what is open wins over the disk, also where it is excluded only on disk's word", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText("kv", "disk-kv") });
  const made = await started(path);
  made.setOpenEntities("kv.yaml", entities(connectorText("kv", "open-kv")));
  expect(connectors(made)).toEqual(["kv=open-kv"]);
  made.setOpenEntities("kv.yaml", []);
  expect(connectors(made)).toEqual([]);
  made.setOpenEntities("kv.yaml", undefined);
  expect(connectors(made)).toEqual(["kv=disk-kv"]);
});

test("an event on a file that is open does not bring the disk back", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText("kv", "disk-kv") });
  const made = await started(path);
  made.setOpenEntities("kv.yaml", entities(connectorText("kv", "open-kv")));
  await writeFiles(path, { "kv.yaml": connectorText("kv", "newer-kv") });
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect(connectors(made)).toEqual(["kv=open-kv"]);
  made.setOpenEntities("kv.yaml", undefined);
  expect(connectors(made)).toEqual(["kv=newer-kv"]);
});

test.each([
  ["UTF-16", Buffer.from(`\ufeff${connectorText()}`, "utf16le")],
  ["binary", Buffer.from([0, 1, 2])],
  ["too long", `${connectorText()}${`# ${"x".repeat(98)}\n`.repeat(45_000)}`],
])("no scope is complete while a file is not read (%s); it is again when the file is open, mended or gone", async (_, content) => {
  const path = await tempFolder({ "keyline.jsonc": complete, "kv.yaml": content });
  const made = await started(path);
  const isComplete = (): boolean => made.model().isComplete(project);
  expect(isComplete()).toBe(false);
  made.setOpenEntities("kv.yaml", entities(connectorText()));
  expect(isComplete()).toBe(true);
  made.setOpenEntities("kv.yaml", undefined);
  expect(isComplete()).toBe(false);
  await writeFiles(path, { "kv.yaml": connectorText() });
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect([isComplete(), connectors(made)]).toEqual([true, ["kv=shop-kv"]]);
  await writeFiles(path, { "kv.yaml": content });
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect([isComplete(), connectors(made)]).toEqual([false, []]);
  await rm(join(path, "kv.yaml"));
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect(isComplete()).toBe(true);
});

test("nor while a folder cannot be listed, nor where the configuration cannot be read", async () => {
  const path = await tempFolder({ "keyline.jsonc": complete, "locked/kv.yaml": connectorText() });
  expect((await started(path, troubledFiles({ locked: "no-permission" }))).model().isComplete(project)).toBe(false);
  folder?.dispose();
  const made = await started(path, troubledFiles({ "keyline.jsonc": "no-permission" }));
  expect([made.model().isComplete(project), made.config().readProblem]).toEqual([false, "no-permission"]);
});

test("a link to nothing hides nothing; no scope is complete while a link leads outside", async () => {
  const path = await tempFolder({ "keyline.jsonc": complete });
  await symlink("nowhere", join(path, "dangling.yaml"));
  const made = await started(path);
  expect(made.model().isComplete(project)).toBe(true);
  await symlink("/etc/hosts", join(path, "outside.yaml"));
  made.fileChanged(join(path, "outside.yaml"));
  await made.settled();
  expect(made.model().isComplete(project)).toBe(false);
  await rm(join(path, "outside.yaml"));
  made.fileChanged(join(path, "outside.yaml"));
  await made.settled();
  expect(made.model().isComplete(project)).toBe(true);
  made.dispose();
  await symlink("/etc", join(path, "linked"));
  expect((await started(path)).model().isComplete(project)).toBe(false);
});

test("keyline.jsonc is read again when it changes; what it leaves out is forgotten, what it lets in is read", async () => {
  const path = await tempFolder({ "a/kv.yaml": connectorText("a"), "b/kv.yaml": connectorText("b") });
  const made = await started(path);
  expect(connectors(made)).toEqual(["a=shop-kv", "b=shop-kv"]);
  const write = async (config: string): Promise<void> => {
    await writeFiles(path, { "keyline.jsonc": config });
    made.fileChanged(join(path, "keyline.jsonc"));
    await made.settled();
  };
  await write(`{ "exclude": ["a"] }`);
  expect([connectors(made), made.includes("a/kv.yaml")]).toEqual([["b=shop-kv"], false]);
  await write(`{ "include": ["a/**"], "complete": ["project:default/shop"] }`);
  expect([connectors(made), made.model().isComplete(project)]).toEqual([["a=shop-kv"], true]);
  await rm(join(path, "keyline.jsonc"));
  made.fileChanged(join(path, "keyline.jsonc"));
  await made.settled();
  expect([connectors(made), made.model().isComplete(project)]).toEqual([["a=shop-kv", "b=shop-kv"], false]);
});

test("keyline.jsonc in the editor wins, closing it goes back to the disk, and its filter is followed", async () => {
  const path = await tempFolder({ "a/kv.yaml": connectorText("a"), "b/kv.yaml": connectorText("b"), "keyline.jsonc": `{ "exclude": ["a"] }` });
  const made = await started(path);
  made.setOpenConfig(`{ "exclude": ["b"] }`);
  expect(connectors(made)).toEqual([]);
  await made.settled();
  expect(connectors(made)).toEqual(["a=shop-kv"]);
  made.setOpenConfig(undefined);
  await made.settled();
  expect(connectors(made)).toEqual(["b=shop-kv"]);
});

test("a keyline.jsonc elsewhere than at the root does not count", async () => {
  const path = await tempFolder({ "sub/keyline.jsonc": complete });
  const made = await started(path);
  made.fileChanged(join(path, "sub/keyline.jsonc"));
  await made.settled();
  expect([made.model().isComplete(project), made.config().text]).toEqual([false, undefined]);
});

test("the folder is the root: neither a keyline.jsonc nor a Git root above it is read", async () => {
  const outer = await tempFolder({ "keyline.jsonc": complete, ".git/HEAD": "", "above.yaml": connectorText("above"), "folder/kv.yaml": connectorText(), "folder/sub/keyline.jsonc": complete });
  const path = join(outer, "folder");
  const asked: string[] = [];
  const noted = (name: string): string => {
    asked.push(name);
    return name;
  };
  const files: Files = {
    read: (name, maxBytes) => nodeFiles.read(noted(name), maxBytes),
    list: (name) => nodeFiles.list(noted(name)),
    kind: (name) => nodeFiles.kind(noted(name)),
    realPath: (name) => nodeFiles.realPath(noted(name)),
  };
  const made = await started(path, files);
  made.fileChanged(join(outer, "keyline.jsonc"));
  made.rescan();
  await made.settled();
  expect([connectors(made), made.model().isComplete(project), made.config().text]).toEqual([["kv=shop-kv"], false, undefined]);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => name !== path && !name.startsWith(`${path}/`))).toEqual([]);
  expect(asked).not.toContain(join(path, "sub/keyline.jsonc"));
});

test("a rescan sees what was made, changed and removed, keyline.jsonc too; what has not changed leaves the model as it is", async () => {
  const path = await tempFolder({ "a.yaml": connectorText("a"), "b.yaml": connectorText("b") });
  await symlink("/etc/hosts", join(path, "hidden.yaml"));
  const made = await started(path);
  const before = made.model();
  made.rescan();
  await made.settled();
  expect(made.model()).toBe(before);
  await writeFiles(path, { "a.yaml": connectorText("a", "new-kv"), "c.yaml": connectorText("c"), "keyline.jsonc": `{ "complete": ["project:default/shop"], "exclude": ["d"] }`, "d/d.yaml": connectorText("d") });
  await rm(join(path, "b.yaml"));
  await rm(join(path, "hidden.yaml"));
  made.rescan();
  await made.settled();
  expect([connectors(made), made.model().isComplete(project)]).toEqual([["a=new-kv", "c=shop-kv"], true]);
  await symlink("/etc/hosts", join(path, "hidden.yaml"));
  made.rescan();
  await made.settled();
  expect(made.model().isComplete(project)).toBe(false);
});

test("a burst of rescans is one look behind that which is under way, told once; none begins before start or after dispose", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText() });
  let lists = 0;
  const list: Files["list"] = async (listed) => {
    lists += 1;
    return nodeFiles.list(listed);
  };
  const made = make(path, { ...nodeFiles, list });
  made.rescan();
  await made.settled();
  expect([lists, changes]).toEqual([0, 0]);
  made.start();
  for (let count = 0; count < 50; count++) made.rescan();
  await made.settled();
  expect([lists, changes]).toEqual([2, 1]);
  made.dispose();
  made.rescan();
  await made.settled();
  expect(lists).toBe(2);
});

test("a folder that is itself a link is read, and its files keep the names that the client gives", async () => {
  const outer = await tempFolder({ "real/kv.yaml": connectorText() });
  await symlink("real", join(outer, "link"));
  const made = await started(join(outer, "link"));
  expect(made.model().connectorsIn(project).map(({ origin }) => origin.uri)).toEqual([fileUri(join(outer, "link/kv.yaml"))]);
  await writeFiles(outer, { "real/two.yaml": connectorText("two") });
  made.fileChanged(join(outer, "link/two.yaml"));
  await made.settled();
  expect(connectors(made)).toEqual(["kv=shop-kv", "two=shop-kv"]);
});

test("T05: an event never makes a file outside be read", async () => {
  const outside = await tempFolder({ "kv.yaml": connectorText("outside") });
  const path = await tempFolder();
  const read: string[] = [];
  const files: Files = {
    ...nodeFiles,
    read: async (name, maxBytes) => {
      read.push(name);
      return nodeFiles.read(name, maxBytes);
    },
  };
  const made = await started(path, files);
  await symlink(join(outside, "kv.yaml"), join(path, "link.yaml"));
  await symlink(outside, join(path, "folder"));
  await symlink("link.yaml", join(path, "chain.yaml"));
  for (const name of ["link.yaml", "folder/kv.yaml", "chain.yaml", "../x.yaml", `../${outside.split("/").at(-1) ?? ""}/kv.yaml`]) made.fileChanged(`${path}/${name}`);
  made.fileChanged(join(outside, "kv.yaml"));
  await made.settled();
  expect([read, connectors(made)]).toEqual([[], []]);
});

test("a link inside the folder is not read beside the file that it shows", async () => {
  const path = await tempFolder({ "real.yaml": connectorText("kv", "old-kv") });
  await symlink("real.yaml", join(path, "z-link.yaml"));
  const made = await started(path);
  made.fileChanged(join(path, "z-link.yaml"));
  await made.settled();
  await writeFiles(path, { "real.yaml": connectorText("kv", "new-kv") });
  made.fileChanged(join(path, "real.yaml"));
  await made.settled();
  expect(connectors(made)).toEqual(["kv=new-kv"]);
});

test("a folder without a place on disk knows open texts alone", async () => {
  const made = make(undefined);
  made.start();
  await made.settled();
  expect([made.configUri(), made.relativePath("/a"), changes]).toEqual(["vscode-vfs://host/repo/keyline.jsonc", undefined, 0]);
  made.setOpenEntities("vscode-vfs://host/repo/kv.yaml", entities(connectorText()));
  made.setOpenConfig(complete);
  expect([connectors(made), made.model().isComplete(project)]).toEqual([["kv=shop-kv"], false]);
});

test("a folder that is not there, or goes while it is read, is empty", async () => {
  const made = await started("/nowhere/at/all");
  expect([connectors(made), made.model().isComplete(project)]).toEqual([[], false]);
  made.dispose();
  const path = await tempFolder({ "keyline.jsonc": complete, "kv.yaml": connectorText() });
  const files: Files = {
    ...nodeFiles,
    list: async (listed) => {
      const listing = await nodeFiles.list(listed);
      await rm(path, { recursive: true });
      return listing;
    },
  };
  const gone = await started(path, files);
  expect(connectors(gone)).toEqual([]);
});

test("after dispose nothing is read and nobody is told", async () => {
  const path = await tempFolder({ "kv.yaml": connectorText() });
  const made = make(path);
  made.start();
  made.dispose();
  await made.settled();
  made.fileChanged(join(path, "kv.yaml"));
  await made.settled();
  expect([connectors(made), changes]).toEqual([[], 0]);
});
