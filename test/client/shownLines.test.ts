import { expect, test } from "vitest";
import { shownLines } from "../../client/src/ui/shownLines.ts";
import type { Known } from "./explorerScene.ts";
import { nodesOf, secret, useRow, usesResult, vaultLine } from "./explorerScene.ts";

function shown(known: Known, ...open: readonly string[]): string {
  return shownLines(nodesOf(known), new Set(open));
}

const vaultId = vaultLine({}).id;

test("what nobody sees changes nothing", () => {
  const one: Known = { secrets: [secret("a")], uses: usesResult([]) };
  const other: Known = { secrets: [secret("b")], uses: usesResult([useRow("b", 2)]) };
  expect(shown(one)).toBe(shown(other));
  expect(shown(one, vaultId)).not.toBe(shown(other, vaultId));
});

test("the same lines are the same text, whoever makes them", () => {
  const known: Known = { secrets: [secret("a")], uses: usesResult([useRow("a", 1)]) };
  expect(shown(known, vaultId)).toBe(shown({ ...known }, vaultId));
});

test("another count, state or icon is another text", () => {
  const before = shown({ secrets: [secret("a")] }, vaultId);
  expect(shown({ secrets: [secret("a", { enabled: false })] }, vaultId)).not.toBe(before);
  expect(shown({ secrets: [secret("a")], uses: usesResult([useRow("a", 1)]) }, vaultId)).not.toBe(before);
});
