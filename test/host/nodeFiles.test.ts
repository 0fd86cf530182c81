import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

const missing = { ok: false, problem: "not-found" };

test("a regular file's bytes, up to a size", async () => {
  const folder = await tempFolder({ "a.txt": "abc", empty: "" });
  expect(await nodeFiles.read(join(folder, "a.txt"), 3)).toEqual({ ok: true, value: Buffer.from("abc") });
  expect(await nodeFiles.read(join(folder, "a.txt"), 2)).toEqual({ ok: false, problem: "too-large" });
  expect(await nodeFiles.read(join(folder, "empty"), 0)).toEqual({ ok: true, value: Buffer.alloc(0) });
});

test("what is no regular file is not read, and reading never waits", async () => {
  const folder = await tempFolder();
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
  for (const path of [folder, join(folder, "pipe"), join(folder, "socket"), "/dev/null", "/dev/zero"]) {
    expect(await nodeFiles.read(path, 10)).toEqual({ ok: false, problem: "not-a-file" });
  }
  await new Promise((resolve) => server.close(resolve));
});

test("what is not there, or leads nowhere, is not found", async () => {
  const folder = await tempFolder({ "a.txt": "" });
  await symlink("nowhere", join(folder, "dangling"));
  await symlink("loop", join(folder, "loop"));
  for (const path of ["gone", "a.txt/b", "dangling", "loop", "loop/x"].map((name) => join(folder, name))) {
    expect([await nodeFiles.read(path, 10), await nodeFiles.list(path), await nodeFiles.kind(path), await nodeFiles.realPath(path)]).toEqual([missing, missing, missing, missing]);
  }
});

test("a name that no file can have is an answer, not an exception", async () => {
  for (const path of ["/a\u0000b", `/${"x".repeat(300)}`]) {
    for (const answer of [await nodeFiles.read(path, 10), await nodeFiles.list(path), await nodeFiles.kind(path), await nodeFiles.realPath(path)]) {
      expect(answer).toEqual({ ok: false, problem: "unreadable" });
    }
  }
});

test("a folder's entries, links not followed", async () => {
  const folder = await tempFolder({ "a.txt": "", "sub/x": "" });
  await mkdir(join(folder, "empty"));
  await symlink("sub", join(folder, "link"));
  await symlink("nowhere", join(folder, "dangling"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const listing = await nodeFiles.list(folder);
  expect(listing.ok && [...listing.value].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: "a.txt", kind: "file" },
    { name: "dangling", kind: "link" },
    { name: "empty", kind: "folder" },
    { name: "link", kind: "link" },
    { name: "pipe", kind: "other" },
    { name: "sub", kind: "folder" },
  ]);
  expect(await nodeFiles.list(join(folder, "empty"))).toEqual({ ok: true, value: [] });
});

test("kinds and real paths, links followed", async () => {
  const folder = await tempFolder({ "a.txt": "", "sub/x": "" });
  await symlink("sub", join(folder, "link"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const kinds = await Promise.all(["a.txt", "sub", "link", "link/x", "pipe"].map(async (name) => nodeFiles.kind(join(folder, name))));
  expect(kinds.map((kind) => kind.ok && kind.value)).toEqual(["file", "folder", "folder", "file", "other"]);
  expect(await nodeFiles.realPath(join(folder, "link/../link/x"))).toEqual({ ok: true, value: join(folder, "sub/x") });
});
