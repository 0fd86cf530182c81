import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { yamlRemoval } from "../../client/src/connectors/yamlRemoval.ts";
import { randomYaml } from "../core/randomYaml.ts";
import { seededRandom } from "../core/seededRandom.ts";

/** The text once the document that holds `X` is gone; undefined where the file goes with it. */
function without(text: string): string | undefined {
  const removal = yamlRemoval(text, text.indexOf("X"));
  return removal.kind === "file" ? undefined : text.slice(0, removal.start) + removal.replacement + text.slice(removal.end);
}

test.each([
  ["first without a marker", "a: X\n---\nb: 1\n", "---\nb: 1\n"],
  ["first with a marker, under a comment of the file", "# file\n---\na: X\n---\nb: 1\n", "# file\n---\nb: 1\n"],
  ["in the middle", "a: 1\n---\nb: X\n---\nc: 1\n", "a: 1\n---\nc: 1\n"],
  ["last", "a: 1\n---\nb: X\n", "a: 1\n"],
  ["last without a line break", "a: 1\n---\nb: X", "a: 1\n"],
  ["Windows line breaks", "a: 1\r\n---\r\nb: X\r\n---\r\nc: 1\r\n", "a: 1\r\n---\r\nc: 1\r\n"],
  ["carriage returns alone", "a: 1\r---\rb: X\r---\rc: 1\r", "a: 1\r---\rc: 1\r"],
  ["a marker with a comment or a value", "a: 1\n--- # two\nb: X\n--- {c: 1}\n", "a: 1\n--- {c: 1}\n"],
  ["directives stay with the file", "%YAML 1.2\n---\na: X\n---\nb: 1\n", "%YAML 1.2\n---\nb: 1\n"],
  ["a byte order mark stays", "\ufeffa: X\n---\nb: 1\n", "\ufeff---\nb: 1\n"],
  ["an end marker goes with its document", "a: 1\n---\nb: X\n...\n---\nc: 1\n", "a: 1\n---\nc: 1\n"],
  ["what follows without a marker gets one", "a: 1\n---\nb: X\n...\nc: 1\n", "a: 1\n---\nc: 1\n"],
  ["unless what stands before is closed", "a: 1\n...\nb: X\n...\nc: 1\n", "a: 1\n...\nc: 1\n"],
  ["what looks like a marker inside a text", "a: X\nt: |\n  ---\n  ...\n---\nb: 1\n", "---\nb: 1\n"],
  ["dashes that are no marker", "----: X\n---a: 1\n---\nb: 1\n", "---\nb: 1\n"],
])("%s", (_, text, expected) => {
  expect(without(text)).toBe(expected);
});

test.each(["a: X\n", "---\na: X\n", "# only\n---\na: X\n...\n# end\n", "%YAML 1.2\n---\na: X\n---\n# nothing\n", "\ufeffa: X", "---\n---\na: X\n---\n"])("the file goes where nothing else stands in it: %j", (text) => {
  expect(without(text)).toBeUndefined();
});

test("any text at any place gives an answer, in linear time", () => {
  for (const text of ["", "\ufeff", "---", "...", "\r", "--- ---\n", "...\n...\n..."]) for (let offset = 0; offset <= text.length; offset++) expect(yamlRemoval(text, offset).kind).toBe("file");
  const began = performance.now();
  yamlRemoval("---\na: 1\n".repeat(200_000), 900_000);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("what is left holds the other documents, as a YAML parser reads them", () => {
  const random = seededRandom(5);
  let removed = 0;
  for (let round = 0; round < 1_500; round++) {
    const others = [randomYaml(random), randomYaml(random)].map((text) => text.replace(/^\ufeff/, ""));
    const [before = "", after = ""] = others.map((text) => (text.endsWith("\n") ? text : `${text}\n`));
    if (before.includes("\r") || after.includes("\r")) continue;
    const text = `${before}---\nconnector:\n  identifier: X9X\n${after.startsWith("---") ? "" : "---\n"}${after}`;
    const values = documentsOf(text);
    if (values === undefined) continue;
    const removal = yamlRemoval(text, text.indexOf("X9X"));
    const isMarked = (value: unknown): boolean => JSON.stringify(value)?.includes("X9X") === true;
    const expected = values.filter((value) => !isMarked(value));
    if (values.length - expected.length !== 1) continue;
    if (removal.kind === "file") continue;
    const left = documentsOf(text.slice(0, removal.start) + removal.replacement + text.slice(removal.end));
    expect(left, text).toEqual(expected);
    removed += 1;
  }
  expect(removed).toBeGreaterThan(300);
});

/** Undefined where the text is not valid. */
function documentsOf(text: string): readonly unknown[] | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  try {
    return documents.map((document) => document.toJS() as unknown);
  } catch {
    return undefined;
  }
}
