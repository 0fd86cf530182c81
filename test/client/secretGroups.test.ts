import { describe, expect, test } from "vitest";
import type { ExplorerView } from "../../client/src/explorer/explorerView.ts";
import { plainView } from "../../client/src/explorer/explorerView.ts";
import { groupSecrets, sortSecrets } from "../../client/src/explorer/secretGroups.ts";
import type { SecretAttributes } from "../../server/src/core/model/facts.ts";
import { dayMs, now, secret } from "./explorerScene.ts";

function grouped(secrets: readonly SecretAttributes[], view: Partial<ExplorerView>): readonly (readonly [string, readonly string[]])[] | undefined {
  return groupSecrets(sortSecrets(secrets, "name"), { ...plainView, ...view }, now)?.map(({ label, secrets: inside }) => [label, inside.map(({ name }) => name)]);
}

describe("sorting", () => {
  const secrets = [secret("b", { expires: 3, updated: 1 }), secret("C"), secret("a", { expires: 5, updated: 9 })];
  test.each([
    ["name", ["a", "b", "C"]],
    ["expiry", ["b", "a", "C"]],
    ["lastChange", ["a", "b", "C"]],
  ] as const)("by %s, what has no date last", (sort, names) => {
    expect(sortSecrets(secrets, sort).map(({ name }) => name)).toEqual(names);
  });
});

describe("grouping", () => {
  test("is not done unless it is set", () => {
    expect(grouped([secret("a")], {})).toBeUndefined();
  });

  test("by name takes what stands before the first hyphen, ignoring case", () => {
    expect(grouped([secret("db-user"), secret("DB-password"), secret("token"), secret("-odd")], { group: "name" })).toEqual([
      ["db-", ["DB-password", "db-user"]],
      ["No prefix", ["-odd", "token"]],
    ]);
  });

  test("by expiry goes from what has ended to what does not end", () => {
    const at = (days: number): SecretAttributes => secret(`in-${String(days)}`, { expires: now + days * dayMs });
    expect(grouped([at(-1), at(0), at(7), at(30), at(90), at(91), secret("never")], { group: "expiry" })).toEqual([
      ["Expired", ["in--1", "in-0"]],
      ["Expires within 7 days", ["in-7"]],
      ["Expires within 30 days", ["in-30"]],
      ["Expires within 90 days", ["in-90"]],
      ["Expires later", ["in-91"]],
      ["Does not expire", ["never"]],
    ]);
  });

  test("by last change goes from today to what is not known", () => {
    const at = (days: number): SecretAttributes => secret(`${String(days)}-ago`, { updated: now - days * dayMs });
    expect(grouped([at(0), at(5), at(20), at(300), at(400), secret("x")], { group: "lastChange" })?.map(([label]) => label)).toEqual([
      "Changed within a day",
      "Changed within 7 days",
      "Changed within 30 days",
      "Changed within a year",
      "Changed longer ago",
      "Last change not known",
    ]);
  });

  test("by tag tells an empty value from no tag", () => {
    const tagged = (name: string, value: string): SecretAttributes => secret(name, { tags: [["Owner", value]] });
    expect(grouped([tagged("a", "team"), tagged("b", ""), secret("c")], { group: "tag", groupTag: "owner" })).toEqual([
      ["Empty", ["b"]],
      ["team", ["a"]],
      ["No tag owner", ["c"]],
    ]);
  });
});
