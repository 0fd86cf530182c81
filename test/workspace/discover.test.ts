import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { discover } from "../../server/src/workspace/discover.ts";
import { everyFile, fileFilter } from "../../server/src/workspace/fileFilter.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

test("files are sorted code unit by code unit, with their paths", async () => {
  const names = ["a/b.yaml", "a.yaml", "a-b.yml", "B.yaml", "é.yaml", "z/a.yaml", "z.yaml", "😀.yaml", "\uff01.yaml"];
  const folder = await tempFolder(Object.fromEntries(names.map((name) => [name, ""])));
  const { files, problems, skipped } = await discover(nodeFiles, folder, everyFile);
  expect(files.map(({ relativePath }) => relativePath)).toEqual([...names].sort());
  expect(files.map(({ path }) => path)).toEqual([...names].sort().map((name) => join(folder, name)));
  expect([problems, skipped]).toEqual([[], []]);
});

test("a filter leaves files out before anything else is asked of them", async () => {
  const folder = await tempFolder({ "a.yaml": "", "b/c.yaml": "" });
  await symlink("nowhere", join(folder, "b/dangling.yaml"));
  const found = await discover(nodeFiles, folder, fileFilter([], ["b"]));
  expect(found.files.map(({ relativePath }) => relativePath)).toEqual(["a.yaml"]);
  expect(found.skipped).toEqual([]);
});

test("each keyline.jsonc is told, whatever the filter says, except where nothing is looked for", async () => {
  const names = ["keyline.jsonc", "a/keyline.jsonc", "a/.b/keyline.jsonc", "node_modules/keyline.jsonc", "c/my.keyline.jsonc", "d/keyline.jsonc/e.yaml"];
  const folder = await tempFolder(Object.fromEntries(names.map((name) => [name, ""])));
  await symlink("a/keyline.jsonc", join(folder, "c/keyline.jsonc"));
  const { configs } = await discover(nodeFiles, folder, fileFilter([], ["**"]));
  expect(new Set(configs)).toEqual(new Set(["keyline.jsonc", "a/keyline.jsonc", "a/.b/keyline.jsonc", "c/keyline.jsonc"].map((name) => join(folder, name))));
});

test("a part of a folder is looked into as the whole is: a link counts where its target is inside the whole and not found there", async () => {
  const outside = await tempFolder({ "x.txt": "" });
  const folder = await tempFolder({ "texts/p.txt": "", "other/q.yaml": "", "sub/own.yaml": "" });
  for (const [name, target] of [["p.yaml", "../texts/p.txt"], ["q.yaml", "../other/q.yaml"], ["own2.yaml", "own.yaml"], ["x.yaml", join(outside, "x.txt")]] as const) await symlink(target, join(folder, "sub", name));
  const sub = join(folder, "sub");
  const found = await discover(nodeFiles, sub, everyFile, undefined, folder);
  expect(found.files).toEqual([
    { path: join(sub, "own.yaml"), relativePath: "own.yaml", realPath: join(sub, "own.yaml") },
    { path: join(sub, "p.yaml"), relativePath: "p.yaml", realPath: join(folder, "texts/p.txt") },
  ]);
  expect(found.skipped).toEqual(["q.yaml", "x.yaml"].map((name) => ({ path: join(sub, name), problem: "link-outside" })));
});

test("folders that cannot be listed are problems; the rest is found", async () => {
  const folder = await tempFolder({ "a.yaml": "", "locked/b.yaml": "", "open/locked2/c.yaml": "", "open/d.yaml": "" });
  const { files, problems } = await discover(troubledFiles({ locked: "no-permission", locked2: "unreadable" }), folder, everyFile);
  expect(files.map(({ relativePath }) => relativePath)).toEqual(["a.yaml", "open/d.yaml"]);
  expect(problems).toEqual([
    { path: join(folder, "locked"), problem: "no-permission" },
    { path: join(folder, "open/locked2"), problem: "unreadable" },
  ]);
  expect((await discover(nodeFiles, join(folder, "gone"), everyFile)).problems).toEqual([{ path: join(folder, "gone"), problem: "not-found" }]);
});

test("links and pipes with a YAML file's name each have a reason", async () => {
  const outside = await tempFolder({ "x.yaml": "", "sub/y.yaml": "" });
  const folder = await tempFolder({ "real.yaml": "", "plain.txt": "", "dir/z.yaml": "", "node_modules/m.yaml": "" });
  execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
  const links = {
    "to-real.yaml": "real.yaml",
    "to-text.yaml": "plain.txt",
    "to-modules.yaml": "node_modules/m.yaml",
    "to-dir.yaml": "dir",
    "out.yaml": join(outside, "x.yaml"),
    "out-dir.yaml": join(outside, "sub"),
    "out-and-in.yaml": `../${folder.split("/").at(-1) ?? ""}/plain.txt`,
    "broken.yaml": "nowhere",
    "loop.yaml": "loop.yaml",
    "to-pipe.yaml": "pipe.yaml",
    "chain.yaml": "out.yaml",
    "not-yaml": join(outside, "x.yaml"),
    "out-folder": outside,
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  const { files, skipped } = await discover(nodeFiles, folder, everyFile);
  expect(files.map(({ relativePath }) => relativePath)).toEqual(["dir/z.yaml", "out-and-in.yaml", "real.yaml", "to-modules.yaml", "to-text.yaml"]);
  expect(skipped.map(({ path, problem }) => [path.slice(folder.length + 1), problem])).toEqual([
    ["broken.yaml", "broken-link"],
    ["chain.yaml", "link-outside"],
    ["loop.yaml", "broken-link"],
    ["out-dir.yaml", "link-outside"],
    ["out-folder", "link-outside"],
    ["out.yaml", "link-outside"],
    ["pipe.yaml", "not-a-file"],
    ["to-pipe.yaml", "not-a-file"],
  ]);
});

test("T05: nothing outside is listed or read, whatever the links are", async () => {
  const outside = await tempFolder({ "x.yaml": "", "deep/y.yaml": "" });
  const folder = await tempFolder({ "a.yaml": "" });
  for (const [name, target] of [["l", outside], ["l.yaml", outside], ["up", ".."], ["root", "/"], ["x.yaml", join(outside, "x.yaml")]] as const) await symlink(target, join(folder, name));
  const touched: string[] = [];
  const files: Files = {
    ...nodeFiles,
    list: async (path) => {
      touched.push(path);
      return nodeFiles.list(path);
    },
    kind: async (path) => {
      touched.push(path);
      return nodeFiles.kind(path);
    },
  };
  expect((await discover(files, folder, everyFile)).files.map(({ relativePath }) => relativePath)).toEqual(["a.yaml"]);
  // A link is asked whether it shows a folder; nothing behind it is.
  expect(touched.sort()).toEqual([folder, ...["l", "root", "up"].map((name) => join(folder, name))]);
});

test("a deep tree is no matter of the stack", async () => {
  let root = "";
  const files: Files = {
    ...nodeFiles,
    list: async (path) => {
      root ||= path;
      const depth = path.slice(root.length).length / 2;
      return { ok: true, value: depth < 3000 ? [{ name: "d", kind: "folder" }] : [{ name: "a.yaml", kind: "file" }] };
    },
  };
  const found = await discover(files, "/r", everyFile);
  expect(found.files).toHaveLength(1);
  expect(found.files[0]?.relativePath.length).toBe(6006);
});

test("it stops when it is told to", async () => {
  const folder = await tempFolder({ "a/b/c/d.yaml": "", "e.yaml": "" });
  const stop = new AbortController();
  const listed: string[] = [];
  const files: Files = {
    ...nodeFiles,
    list: async (path) => {
      listed.push(path);
      stop.abort();
      return nodeFiles.list(path);
    },
  };
  await discover(files, folder, everyFile, stop.signal);
  expect(listed).toEqual([folder]);
});
