import { expect, test } from "vitest";
import { everyFile, fileFilter } from "../../server/src/workspace/fileFilter.ts";

function kept(include: readonly string[], exclude: readonly string[], ...paths: readonly string[]): readonly string[] {
  return paths.filter(fileFilter(include, exclude));
}

test("nothing said is everything", () => {
  expect(fileFilter([], [])).toBe(everyFile);
  expect(everyFile("any/thing.yaml")).toBe(true);
});

test.each([
  [[".harness/**"], ["a.yaml", ".harness/a.yaml", ".harness/b/.c/d.yaml"], [".harness/a.yaml", ".harness/b/.c/d.yaml"]],
  [[".harness"], ["a.yaml", ".harness/a.yaml", "x/.harness/a.yaml"], [".harness/a.yaml"]],
  [[".harness/"], [".harness/a/b.yaml", ".harness2/a.yaml"], [".harness/a/b.yaml"]],
  [["./a/*.yaml"], ["a/b.yaml", "a/b/c.yaml"], ["a/b.yaml"]],
  [["*.yaml"], ["a.yaml", ".a.yaml", "b/a.yaml"], ["a.yaml", ".a.yaml"]],
  [["**/*.yaml"], ["a.yaml", ".a/.b.yaml"], ["a.yaml", ".a/.b.yaml"]],
  [["**/generated"], ["generated/a.yaml", "x/generated/y/a.yaml", "x/generated.yaml"], ["generated/a.yaml", "x/generated/y/a.yaml"]],
  [["{a,b}/**"], ["a/x.yaml", "b/x.yaml", "c/x.yaml"], ["a/x.yaml", "b/x.yaml"]],
  [["[ab].yaml", "?c.yaml"], ["a.yaml", "c.yaml", "xc.yaml"], ["a.yaml", "xc.yaml"]],
  [["a b/ä*.yaml"], ["a b/äx.yaml"], ["a b/äx.yaml"]],
  // Not what shells make of them: neither comments nor negations nor extended globs, which could take exponential time.
  [["#a.yaml"], ["#a.yaml", "a.yaml"], ["#a.yaml"]],
  [["!a.yaml"], ["!a.yaml", "a.yaml", "b.yaml"], ["!a.yaml"]],
  [["+(a).yaml"], ["a.yaml", "+(a).yaml"], ["+(a).yaml"]],
  [["**"], ["a.yaml", ".b/c.yaml"], ["a.yaml", ".b/c.yaml"]],
  [["."], ["a.yaml", ".b/c.yaml"], ["a.yaml", ".b/c.yaml"]],
  [["./"], ["a.yaml", ".b/c.yaml"], ["a.yaml", ".b/c.yaml"]],
])("include %j", (include, paths, expected) => {
  expect(kept(include, [], ...paths)).toEqual(expected);
  expect(kept([], include, ...paths)).toEqual(paths.filter((path) => !expected.includes(path)));
});

test("exclude wins", () => {
  expect(kept(["a/**"], ["a/b/**", "**/*.draft.yaml"], "a/x.yaml", "a/b/x.yaml", "a/c/x.draft.yaml", "z.yaml")).toEqual(["a/x.yaml"]);
});

test("a glob that says nothing, or far too much, includes nothing and excludes nothing", () => {
  for (const glob of ["", "/", "x".repeat(501)]) {
    expect(kept([glob], [], "a.yaml")).toEqual([]);
    expect(kept([], [glob], "a.yaml")).toEqual(["a.yaml"]);
  }
});

test("hostile globs end", () => {
  const deep = `${"{a,b}".repeat(90)}.yaml`;
  const stars = `${"*a".repeat(200)}b.yaml`;
  const globstars = `${"**/a/".repeat(90)}b.yaml`;
  const nested = `${"{".repeat(200)}a${"}".repeat(200)}`;
  for (const glob of [deep, stars, globstars, nested, "[".repeat(400), "\\".repeat(399), `${"@(".repeat(100)}a${")".repeat(100)}`]) {
    expect(kept([], [glob], `${"a/".repeat(60)}${"a".repeat(120)}.yaml`, "c.yaml")).toContain("c.yaml");
  }
});
