/** What the documents promise is there, and what is there has its line in the documents. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { usage } from "../../server/src/cli/usage.ts";
import { ruleIds } from "../../server/src/core/index.ts";
import * as messages from "../../server/src/protocol/messages.ts";

const root = join(import.meta.dirname, "../..");
const pages = ["", "docs", "docs/rules", "demo"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

test.each(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"])("%s is there", (name) => {
  expect(read(name).length).toBeGreaterThan(500);
});

test.each(pages)("every link of %s inside the repository leads somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "").filter((link) => !/^[a-z]+:/.test(link));
  for (const link of links) {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    expect(existsSync(join(root, target)), `${page} links to ${link}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target), `${page} links to ${link}`).toContain(anchor);
  }
});

test("ARCHITECTURE.md names only what exists", () => {
  const text = read("ARCHITECTURE.md");
  const named = [...text.matchAll(/`((?:client|server|test|scripts|syntaxes|bench|demo|docs|schemas)\/[\w./-]*)`/g)].map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const source = sources("server/src") + sources("client/src");
  const functions = [...text.matchAll(/`(\w+)\(\)`/g)].map((match) => match[1] ?? "");
  expect(functions.length).toBeGreaterThan(10);
  expect(functions.filter((name) => !new RegExp(`\\b${name}\\b\\s*[(<:]`).test(source))).toEqual([]);
});

test("every message of the protocol has its line in docs/lsp.md", () => {
  const lines = read("docs/lsp.md").split("\n");
  const names = Object.values(messages);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(lines.filter((line) => line.startsWith(`| \`${name}\` |`)), name).toHaveLength(1);
});

test("every initialization option has its line in docs/lsp.md", () => {
  const [, declared = ""] = /interface KeylineInitializationOptions \{(.*?)\n\}/s.exec(read("server/src/protocol/messages.ts")) ?? [];
  const names = [...declared.matchAll(/readonly (\w+)\?/g)].map((match) => match[1] ?? "");
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(read("docs/lsp.md")).toContain(`| \`${name}\` |`);
});

test("every flag of the command line has its line in docs/command-line.md", () => {
  const flags = new Set([...usage.matchAll(/^ {4}(--[a-z-]+)/gm)].map((match) => match[1] ?? ""));
  expect(flags.size).toBeGreaterThan(6);
  for (const flag of flags) expect(read("docs/command-line.md")).toMatch(new RegExp(`^\\| \`${flag}[ \`]`, "m"));
});

describe("README.md", () => {
  test("counts the rules", () => {
    expect(read("README.md")).toContain(`[${ruleIds.length} rules](docs/rules/README.md)`);
  });

  test("names the package's version and two lines that do everything", () => {
    const { version } = JSON.parse(read("package.json")) as { readonly version: string };
    expect(read("README.md")).toContain(`keyline-${version}.vsix`);
    expect(read("README.md")).toContain("npm ci && npm start\nnpm ci && npm test\n");
  });
});

function sources(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => read(join(folder, name)))
    .join("\n");
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  if (!page.endsWith(".md")) return [];
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? "").toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}
