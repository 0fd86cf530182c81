/** What is typed for a secret: dates and tags, and names from elsewhere. */
import { describe, expect, test } from "vitest";
import { deleteSecret } from "../../client/src/secrets/deleteSecret.ts";
import { canBeTyped, readTags, tagsProblem, tagsText } from "../../client/src/secrets/tagText.ts";
import { readDate } from "../../client/src/secrets/typedDate.ts";
import { createTurns } from "../../client/src/runs/turns.ts";
import { dbItem, secretScene, shop } from "./secretScene.ts";

describe("a date", () => {
  const now = Date.UTC(2026, 10, 24, 13, 30, 15, 500);

  test.each([
    ["2027-01-31", Date.UTC(2027, 0, 31)],
    [" 2027-01-31 18:05 ", Date.UTC(2027, 0, 31, 18, 5)],
    ["2027-01-31T18:05:09Z", Date.UTC(2027, 0, 31, 18, 5, 9)],
    ["2028-02-29", Date.UTC(2028, 1, 29)],
    ["in 90 days", Date.UTC(2027, 1, 22, 13, 30, 15)],
    ["1 day", Date.UTC(2026, 10, 25, 13, 30, 15)],
    ["2027-02-29", undefined],
    ["2027-13-01", undefined],
    ["2027-01-31 24:00", undefined],
    ["2027-01-31 10:60", undefined],
    ["31.1.2027", undefined],
    ["soon", undefined],
    ["in -3 days", undefined],
    ["", undefined],
  ])("%j is read as UTC, or refused", (text, time) => {
    expect(readDate(text, now)).toBe(time);
  });

  test.each([
    ["expires", ["2026-10-31", "in 999999 days", "in 99999 days"], ["The date lies in the past. Enter a later one.", "Enter a date that exists: 2027-01-31, 2027-01-31 18:00 (UTC), or in 90 days.", "Enter a date that exists: 2027-01-31, 2027-01-31 18:00 (UTC), or in 90 days."]],
    ["notBefore", ["2027-02-01", "2027-01-31"], ["The activation date lies behind Expires on. Enter an earlier one.", "The activation date lies behind Expires on. Enter an earlier one."]],
  ] as const)("of %s that makes no sense is refused at the keystroke", async (field, texts, problems) => {
    const { prompts, run, dialogs } = await secretScene({ pickMany: [field === "expires" ? "Expires on" : "Activation date"], acts: texts });
    await run("keyline.editSecretAttributes", dbItem);
    expect(dialogs.shown.at(-1)?.kind).toBe("pickMany");
    expect(prompts.problems).toEqual(problems);
  });
});

describe("tags", () => {
  test("are read and written as name:value, name", () => {
    expect(readTags("team:shop, urgent ,a:b:c")).toEqual([["team", "shop"], ["urgent", ""], ["a", "b:c"]]);
    expect(tagsText([["team", "shop"], ["urgent", ""]])).toBe("team:shop, urgent");
  });

  test.each([
    ["", undefined],
    [":x", "A tag has a name: write name:value or name."],
    ["keyline-run:x", "Keyline writes the tag keyline-run itself. Choose another name."],
    ["a:1, a:2", "Two tags have the same name. Leave one out."],
    [Array.from({ length: 14 }, (_, index) => `t${String(index)}`).join(), undefined],
    [Array.from({ length: 15 }, (_, index) => `t${String(index)}`).join(), "At most 14 tags: Key Vault takes 15, and Keyline writes one of its own."],
    [`a:${"x".repeat(257)}`, "A tag's name and value have at most 256 characters."],
  ])("are judged at the keystroke (%#)", (text, problem) => {
    expect(tagsProblem(text)).toBe(problem);
  });

  test.each([[[["a", "b"]], true], [[["a", "b,c"]], false], [[["a:b", "c"]], false], [[["a", " b"]], false]] as const)("that hold what separates them cannot be typed (%#)", (tags, can) => {
    expect(canBeTyped(tags)).toBe(can);
  });
});

test.each([
  { vault: shop, name: "a/../b" },
  { vault: shop, name: "db\u202e" },
  { vault: shop, name: "db", version: "latest" },
  { vault: { ...shop, name: "evil.example" }, name: "db" },
])("a subject that Key Vault cannot have is refused before anything is called (%#)", async (subject) => {
  const { context, dialogs, writes } = await secretScene({ confirm: true, decide: "Delete" });
  await deleteSecret({ ...context, source: { ...context.source, subjectOf: () => subject } }, {});
  expect(dialogs.shown).toEqual([{ kind: "tell", text: "Key Vault gives no secret such a name or version, so nothing was done.", choices: [] }]);
  expect(writes.requests).toEqual([]);
});

test("a turn is one's alone until it ends", () => {
  const turns = createTurns();
  const end = turns.take("a");
  expect(turns.take("a")).toBeUndefined();
  expect(turns.take("b")).toBeDefined();
  end?.();
  expect(turns.take("a")).toBeDefined();
});
