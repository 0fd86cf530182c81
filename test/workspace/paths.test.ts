import { describe, expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { fileUri, pathOfUri } from "../../server/src/workspace/fileUri.ts";
import { pathInside } from "../../server/src/workspace/pathInside.ts";
import { isSkippedPath, isYamlPath } from "../../server/src/workspace/discover.ts";

describe("pathInside", () => {
  test.each([
    ["/repo", "/repo", ""],
    ["/repo", "/repo/a.yaml", "a.yaml"],
    ["/repo", "/repo/a/b.yaml", "a/b.yaml"],
    ["/repo/", "/repo/a", "a"],
    ["/", "/a/b", "a/b"],
    ["/repo", "/repo/a/../b", "b"],
    ["/repo", "/repo/..a", "..a"],
    ["/repo", "/repo/.../a", ".../a"],
    ["/repo", "/repo/ ", " "],
    ["/repo", "/repo2", undefined],
    ["/repo", "/repo2/a", undefined],
    ["/repo/a", "/repo", undefined],
    ["/repo", "/", undefined],
    ["/repo", "/repo/../x", undefined],
    ["/repo", "/repo/a/../../x", undefined],
    ["/repo", "/Repo/a", undefined],
  ])("below %s: %s is %s", (root, path, below) => {
    expect(pathInside(root, path)).toBe(below);
  });
});

describe("T05: the path of a URI", () => {
  test.each([
    ["file:///a/b.yaml", "/a/b.yaml"],
    ["file:///a%20b/%C3%A4.yaml", "/a b/ä.yaml"],
    ["file:///a%23b%3Fc.yaml", "/a#b?c.yaml"],
    ["file:///a/b.yaml#L1", "/a/b.yaml"],
    ["file:///a/b.yaml?x=1", "/a/b.yaml"],
    ["file://localhost/a", "/a"],
    // Dots are taken out before anything is read, written plainly or not: what is inside is decided on the result.
    ["file:///a/../b", "/b"],
    ["file:///a/%2e%2e/b", "/b"],
    ["file:///a/%2E./b", "/b"],
    ["file:///a/.%2e/%2e%2e/%2e%2e/b", "/b"],
    ["file:///a/%252e%252e/b", "/a/%2e%2e/b"],
    ["file:///a/..%5cb", "/a/..\\b"],
  ])("%s is %s", (uri, path) => {
    expect(pathOfUri(uri)).toBe(path);
  });

  test.each([
    "",
    "a.yaml",
    "/a/b.yaml",
    "untitled:Untitled-1",
    "https://host/a.yaml",
    "vscode-remote://wsl+ubuntu/a.yaml",
    "git:/a/b.yaml",
    "file:a",
    "file:/a",
    "file://host/share/a.yaml",
    "file://host.example:445/share",
    "file://127.0.0.1/a",
    "file://[::1]/a",
    "file:\\\\host\\share",
    "\\\\host\\share",
    "file:///a%2fb",
    "file:///a/..%2f..%2fb",
    "file:///a%2Fb",
    "file:///%zz",
    "file:///%c3%28",
    "file://%zz/",
    "file://a b/",
  ])("%s has none", (uri) => {
    expect(pathOfUri(uri)).toBeUndefined();
  });

  test("four slashes name no host that would be called", () => {
    expect(pathOfUri("file:////host/share")).toBe("//host/share");
  });

  test("a NUL in it reaches no file", async () => {
    const path = pathOfUri("file:///a%00b.yaml") ?? "";
    for (const answer of [await nodeFiles.read(path, 10), await nodeFiles.list(path), await nodeFiles.kind(path), await nodeFiles.realPath(path)]) {
      expect(answer).toEqual({ ok: false, problem: "unreadable" });
    }
  });

  test.each(["/a/b.yaml", "/a b/ä語😀.yaml", "/100%/a#b?c&d=e;f.yaml", "/%2e%2e/a", "/a\\b", "/a:b", "/tab\there/new\nline", "/~/$HOME/`x`"])("a path goes and comes back: %j", (path) => {
    expect(pathOfUri(fileUri(path))).toBe(path);
  });
});

test("YAML by name", () => {
  expect(["a.yaml", "a.yml", ".yaml", "a.YAML", "a.b.Yml", "x/y.yaml"].filter((path) => !isYamlPath(path))).toEqual([]);
  expect(["a.yamll", "yaml", "a.yaml.bak", "a.yaml/", "ayaml", "a.json"].filter(isYamlPath)).toEqual([]);
});

test("paths inside folders that are never looked into", () => {
  expect([".git/a", "a/.git/b", "node_modules/x/y.yaml", "a/node_modules"].filter((path) => !isSkippedPath(path))).toEqual([]);
  expect(["", "a.git/b", ".github/a.yaml", "node_modules.yaml", "my_node_modules/a", ".gitlab/a"].filter(isSkippedPath)).toEqual([]);
});
