import { expect, test } from "vitest";
import { changedSpan } from "../../client/src/connectors/wizard/changedSpan.ts";
import { seededRandom } from "../core/seededRandom.ts";

function applied(from: string, to: string): string {
  const { start, end, replacement } = changedSpan(from, to);
  return from.slice(0, start) + replacement + from.slice(end);
}

test("only what differs is replaced", () => {
  expect(changedSpan("a: one\nb: two\n", "a: one\nb: three\n")).toEqual({ start: 11, end: 13, replacement: "hree" });
  expect(changedSpan("same", "same")).toEqual({ start: 4, end: 4, replacement: "" });
});

test("no line end and no character is cut in two", () => {
  expect(changedSpan("a\r\n", "a\rb\n")).toEqual({ start: 1, end: 3, replacement: "\rb\n" });
  expect(changedSpan("\ud83d\ude00", "\ud83d\ude01")).toEqual({ start: 0, end: 2, replacement: "\ud83d\ude01" });
});

test("the change gives the text that was meant, whatever both are", () => {
  const random = seededRandom(11);
  const text = (): string => Array.from({ length: 8 }, () => random.pick(["a", "b", "\r\n", "\n", "\r", "\ud83d\ude00", "\ud83d\ude01", "é", ""])).join("");
  for (let round = 0; round < 2000; round += 1) {
    const [from, to] = [text(), text()];
    expect(applied(from, to)).toBe(to);
    const { start, end } = changedSpan(from, to);
    for (const at of [start, end]) expect(from.slice(Math.max(at - 1, 0), at + 1)).not.toMatch(/^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/);
  }
});
