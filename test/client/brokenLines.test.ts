import { expect, test } from "vitest";
import { causeWords, delegateNote } from "../../client/src/azure/causeWords.ts";
import { brokenLines } from "../../client/src/ui/brokenLines.ts";

test("no word is lost and no line is longer than a quick pick shows", () => {
  const { what, next } = causeWords("firewall");
  for (const text of [what, next, delegateNote, "short", ""]) {
    const lines = brokenLines(text);
    expect(lines.join(" ")).toBe(text);
    expect(lines.every((line) => line.length <= 84)).toBe(true);
  }
});

test("a word that is longer than a line stands alone", () => {
  expect(brokenLines(`a ${"x".repeat(100)} b`)).toEqual(["a", "x".repeat(100), "b"]);
});
