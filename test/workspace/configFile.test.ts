import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { ConfigFile } from "../../server/src/workspace/configFile.ts";
import { readConfigAt, readFolderConfig } from "../../server/src/workspace/configFile.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";
import { troubledFiles } from "../support/troubledFiles.ts";

async function read(folder: string): Promise<ConfigFile> {
  return readFolderConfig(nodeFiles, folder, fileUri(join(folder, "keyline.jsonc")));
}

test("none is an empty configuration, and no problem", async () => {
  const { text, config, problems, readProblem } = await read(await tempFolder({ "keyline.json": "{", "sub/keyline.jsonc": "{" }));
  expect([text, problems, readProblem]).toEqual([undefined, [], undefined]);
  expect(config).toMatchObject({ complete: [], entities: [], rules: {}, include: [], exclude: [] });
});

test("it is read with its text, what is right and what is wrong", async () => {
  const text = `\ufeff{ "complete": ["account", "nonsense"], "organization": "default", "project": "shop" }`;
  const folder = await tempFolder({ "keyline.jsonc": text });
  const found = await read(folder);
  expect(found).toMatchObject({ uri: fileUri(join(folder, "keyline.jsonc")), text: text.slice(1), config: { complete: ["account"], organization: "default", project: "shop" } });
  expect(found.problems.map(({ span }) => found.text?.slice(span.start, span.end))).toEqual([`"nonsense"`]);
  expect(found).not.toHaveProperty("readProblem");
});

test("a link inside the folder is followed, one that leaves it is not, and neither is read twice", async () => {
  const outside = await tempFolder({ "keyline.jsonc": `{ "project": "outside" }` });
  const folder = await tempFolder({ "config/my.jsonc": `{ "project": "inside" }` });
  await symlink("config/my.jsonc", join(folder, "keyline.jsonc"));
  expect((await read(folder)).config.project).toBe("inside");
  const other = await tempFolder();
  await symlink(join(outside, "keyline.jsonc"), join(other, "keyline.jsonc"));
  expect(await read(other)).toMatchObject({ config: { complete: [] }, problems: [], readProblem: "link-outside" });
});

test.each([
  ["invalid-utf-8", Buffer.from([0xff, 0x7b])],
  ["utf-16", Buffer.from("\ufeff{}", "utf16le")],
  ["binary", Buffer.from("{\u0000}")],
])("%s is said", async (problem, content) => {
  const found = await read(await tempFolder({ "keyline.jsonc": content }));
  expect(found).toMatchObject({ readProblem: problem, problems: [] });
  expect(found).not.toHaveProperty("text");
});

test("a folder in its place, and a file that may not be read", async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, "keyline.jsonc"));
  expect((await read(folder)).readProblem).toBe("not-a-file");
  const locked = await tempFolder({ "keyline.jsonc": "{}" });
  expect((await readFolderConfig(troubledFiles({ "keyline.jsonc": "no-permission" }), locked, "file:///x")).readProblem).toBe("no-permission");
});

test("the one that a person names may lie anywhere, and has to be there", async () => {
  const folder = await tempFolder({ "a/my.jsonc": `{ "project": "named" }` });
  expect(await readConfigAt(nodeFiles, join(folder, "a/my.jsonc"))).toMatchObject({ uri: fileUri(join(folder, "a/my.jsonc")), config: { project: "named" } });
  expect((await readConfigAt(nodeFiles, join(folder, "gone.jsonc"))).readProblem).toBe("not-found");
  await writeFiles(folder, { "real.jsonc": "{}" });
  await symlink(join(folder, "a/my.jsonc"), join(folder, "link.jsonc"));
  expect((await readConfigAt(nodeFiles, join(folder, "link.jsonc"))).config.project).toBe("named");
});
