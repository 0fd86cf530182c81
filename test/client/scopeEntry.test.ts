import { describe, expect, test } from "vitest";
import { withScopeEntry } from "../../client/src/entities/scopeEntry.ts";
import { readConfig } from "../../server/src/core/index.ts";
import { fileScopes } from "../../server/src/workspace/fileScopes.ts";

const path = ".harness/connectors/shop_kv.yaml";

/** The scope that the changed text gives to the file, read as Keyline reads it. */
function scopeIn(text: string): string | undefined {
  const { config, problems } = readConfig("file:///w/keyline.jsonc", text);
  expect(problems).toEqual([]);
  return fileScopes(config.scopes)(path)?.level;
}

describe("the entry of a file in scopes", () => {
  test.each([
    ["an empty file", ""],
    ["an empty object", "{}"],
    ["other keys, comments and a trailing comma", '// Ours.\n{\n  "project": "shop", // why\n  "organization": "default",\n}\n'],
    ["an empty list", '{ "scopes": [] }'],
    ["an entry that would win with another scope", '{ "scopes": [{ "files": ".harness/**", "scope": "org:default" }] }'],
    ["a glob whose reach is not plain", '{ "scopes": [{ "files": "**/*.yaml", "scope": "org:default" }] }'],
  ])("counts in %s", (_, text) => {
    const changed = withScopeEntry(text, path, "account") ?? "";
    expect(scopeIn(changed)).toBe("account");
    for (const comment of ["// Ours.", "// why"]) expect(changed.includes(comment)).toBe(text.includes(comment));
  });

  test.each(['{ "scopes": [{ "files": ".harness/connectors/**", "scope": "account" }] }', `{ "scopes": [{ "files": "other.yaml", "scope": "org:a" }, { "files": "${path}", "scope": "account" }] }`])("is not written again: %s", (text) => {
    expect(withScopeEntry(text, path, "account")).toBe(text);
  });

  test.each(["{", "[]", '{ "scopes": {} }'])("is not written into what is broken: %s", (text) => {
    expect(withScopeEntry(text, path, "account")).toBeUndefined();
  });

  test("a name with marks of a glob is matched by itself", () => {
    const odd = ".harness/[a]{b}.yaml";
    const { config } = readConfig("file:///w/keyline.jsonc", withScopeEntry("", odd, "account") ?? "");
    expect(fileScopes(config.scopes)(odd)?.level).toBe("account");
  });
});
