import { describe, expect, test } from "vitest";
import { scanYaml } from "../../server/src/core/syntax/yamlScan.ts";
import { check, fixture } from "./fixture.ts";
import { randomYaml } from "./randomYaml.ts";
import { seededRandom } from "./seededRandom.ts";
import { readByOracle, readByScan } from "./yamlOracle.ts";

/** The scalars of a text, `path: content`, keys left out; the oracle agrees where the text is valid YAML. */
function outline(text: string): readonly string[] {
  const read = readByScan(text);
  const oracle = readByOracle(text);
  if (oracle !== undefined) expect(read).toEqual(oracle);
  return read.filter(({ path }) => !path.endsWith("(key)")).map(({ path, content }) => `${path}: ${content}`);
}

describe("random valid YAML is read as the yaml package reads it", () => {
  const perTest = 500;

  // Left out because Harness's YAML does not have it: `? key`, keys that are collections, tags that make them so.
  test.each(Array.from({ length: 8 }, (_, index) => index * perTest))("seeds from %i on", (first) => {
    let valid = 0;
    for (let seed = first; seed < first + perTest; seed++) {
      const text = randomYaml(seededRandom(seed));
      const expected = readByOracle(text);
      if (expected === undefined) continue;
      valid++;
      expect(readByScan(text), `seed ${String(seed)}:\n${text}`).toEqual(expected);
    }
    expect(valid).toBeGreaterThan(perTest * 0.9);
  });

  test("random YAML that is cut off or lacks a character is still read", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed);
      const text = randomYaml(random);
      const at = random.below(text.length);
      for (const broken of [text.slice(0, at), text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}"${text.slice(at)}`, `${text.slice(0, at)}<+${text.slice(at)}`]) {
        const { scalars, documents } = scanYaml(broken);
        expect(documents.length).toBeGreaterThan(0);
        for (const { start, end } of scalars) expect(0 <= start && start <= end && end <= broken.length).toBe(true);
        expect(scalars.map(({ start }) => start)).toEqual(scalars.map(({ start }) => start).sort((a, b) => a - b));
      }
    }
  });
});

describe("as people write pipelines", () => {
  test("folded and literal scalars with every header", () => {
    expect(outline("a: >-\n  one\n  two\n\n  three\nb: |+\n  x\n\n\nc: |2\n    deep\n  flat\nd: > # why\n  y\ne: >1-\n z\nf: |\ng: end")).toEqual([
      "0.a: onetwothree",
      "0.b: x",
      "0.c: deepflat",
      "0.d: y",
      "0.e: z",
      "0.g: end",
    ]);
  });

  test("plain and quoted scalars over several lines", () => {
    expect(outline(`a: one\n  two\n\n  three\nb: "one\n  two \\"x\\"\n\n  three"\nc: 'one\n  it''s\n  k: v'\nd: end`)).toEqual([`0.a: onetwothree`, `0.b: onetwo"x"three`, `0.c: oneit'sk:v`, "0.d: end"]);
    expect(outline("a:\n  one\n  two\nb: - x".replace("b: - x", "b: x"))).toEqual(["0.a: onetwo", "0.b: x"]);
    expect(outline(`a:\n  "one\n  two"\nb: x`)).toEqual(["0.a: onetwo", "0.b: x"]);
  });

  test("sequences in the column of their key", () => {
    expect(outline("steps:\n- step:\n    name: a\n- step:\n    name: b\n  when: c\nnext: d")).toEqual(["0.steps[0].step.name: a", "0.steps[1].step.name: b", "0.steps[1].when: c", "0.next: d"]);
    expect(outline("a:\n  b:\n  - x\n  -\n    y: z\n  - - p\n    - q\n  c: d")).toEqual(["0.a.b[0]: x", "0.a.b[1].y: z", "0.a.b[2][0]: p", "0.a.b[2][1]: q", "0.a.c: d"]);
  });

  test("an empty item before others keeps its place", () => {
    expect(outline("a:\n  -\n  - b: c\n  -\n  - - d")).toEqual(["0.a[1].b: c", "0.a[3][0]: d"]);
  });

  test("empty values, duplicate keys, and null", () => {
    expect(outline("a:\nb: ~\nc:\n\n\nd: \"\"\na: x\ne:")).toEqual(["0.b: ~", "0.d: ", "0.a: x"]);
  });

  test("keys in quotes, with blanks, colons, hashes and escapes", () => {
    expect(outline(`"a b": 1\n'c: d': 2\ne f: 3\ng:h: 4\ni#j: 5\n"k \\"l\\": m": 6\n'n''o: p': 7\nq : 8\n!!str r: 9\n&s t: 10`)).toEqual(["0.a b: 1", "0.c: d: 2", "0.e f: 3", "0.g:h: 4", "0.i#j: 5", `0.k "l": m: 6`, "0.n'o: p: 7", "0.q: 8", "0.r: 9", "0.t: 10"]);
  });

  test("a tag or an anchor before a quoted value that looks like a key", () => {
    expect(outline(`- !!str "a: b"\n- &x 'c: d'\n- !!str e: f`)).toEqual(["0[0]: a: b", "0[1]: c: d", "0[2].e: f"]);
  });

  test("a comment between a key and its block", () => {
    expect(outline("a:    # why\n  b: c\nd: # list\n- e\nf: | # text\n  g\nh:\n# at the margin\n  i: j\n# end\nk: l # m")).toEqual(["0.a.b: c", "0.d[0]: e", "0.f: g", "0.h.i: j", "0.k: l"]);
  });

  test("block scalars that look like YAML", () => {
    const text = `pipeline:\n  script: |\n    # a comment\n    ---\n    key: value\n    - item "open\n    nested: |\n      deeper\n    { not: flow\n    ...\n  next: x\n`;
    expect(outline(text)).toEqual([`0.pipeline.script: #acomment---key:value-item"opennested:|deeper{not:flow...`, "0.pipeline.next: x"]);
    expect(scanYaml(text).comments).toEqual([]);
    expect(outline("a: |\n  text\n # a comment, as it is not indented enough\nb: c")).toEqual(["0.a: text", "0.b: c"]);
  });

  test("flow collections: keys alone, JSON, several lines, comments, and scalars over lines", () => {
    expect(outline(`a: {b, "c", d: e, "f":g, h: {i: [j, {k: l}]}}`)).toEqual(["0.a.d: e", "0.a.f: g", "0.a.h.i[0]: j", "0.a.h.i[1].k: l"]);
    expect(outline(`a: [ b, # why: [so]\n  c d\n  e, "f\n  g" ]\nh: i`)).toEqual(["0.a[0]: b", "0.a[1]: cde", "0.a[2]: fg", "0.h: i"]);
    expect(outline("a: [\n  {b: c},\n  ]\nd: {}\ne: []")).toEqual(["0.a[0].b: c"]);
  });

  test("a flow collection that is still open ends where the block goes on", () => {
    expect(outline("a: { b: c\nd: e")).toEqual(["0.a.b: c", "0.d: e"]);
    expect(outline("a: [ b\n\nd: e")).toEqual(["0.a[0]: b", "0.d: e"]);
    expect(outline("a:\n- [ b\n- c")).toEqual(["0.a[0][0]: b", "0.a[1]: c"]);
  });

  test("documents: marks count them, comments do not", () => {
    expect(outline("a: b")).toEqual(["0.a: b"]);
    expect(outline("# why\n---\na: b\n---\n---\nc: d\n...\n# end\n")).toEqual(["0.a: b", "2.c: d"]);
    expect(outline("%YAML 1.2\n---\na: b\n")).toEqual(["0.a: b"]);
    expect(outline("--- {a: b}\n--- 'c'\n--- |\n  d\n")).toEqual(["0.a: b", "1: c", "2: d"]);
    expect(outline("a: ---b\nc: '--- d'\ne: |\n ---\n f\n")).toEqual(["0.a: ---b", "0.c: --- d", "0.e: ---f"]);
    for (const empty of ["", "\n", "# only a comment", "\ufeff"]) expect(scanYaml(empty).documents).toHaveLength(1);
  });

  test("line ends of Windows, tabs and a byte order mark", () => {
    const text = "a:\tb\r\nc: |\r\n  d\r\n\te\r\n".replace("\te", "  e");
    expect(outline(text)).toEqual(["0.a: b", "0.c: de"]);
    expect(outline(`\ufeff${text}`)).toEqual(["0.a: b", "0.c: de"]);
    const { scalars } = scanYaml(text);
    expect(scalars.map(({ start, end }) => text.slice(start, end))).toEqual(["a", "b", "c", "  d\r\n  e"]);
  });
});

describe("what is no valid YAML, but stands in repositories", () => {
  test("Terraform templates and lines being typed leave the rest as it is", () => {
    expect(outline("pipeline:\n  name: x\n%{ if true }\n  tags:\n    a: b\n%{ endif }\n  next: ${VAR}\n")).toEqual(["0.pipeline.name: x", "0.pipeline.tags.a: b", "0.pipeline.next: ${VAR}"]);
    expect(outline("a: b\n  typing\nc: \"open\nd: e\nf: 'g\nh: i")).toEqual(["0.a: btyping", '0.c: open', "0.d: e", "0.f: g", "0.h: i"]);
  });

  test("an expression with a colon is no key", () => {
    expect(outline(`a:\n  - <+x ? "b" : "c">\n  - <+y>`)).toEqual([`0.a[0]: <+x ? "b" : "c">`, "0.a[1]: <+y>"]);
  });
});

test("a document that `---` begins is the first of its file", () => {
  const text = `# file of the shop\n---\npipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n  script: <+secrets.getValue("x")>`;
  check(text);
  const { analysis } = fixture(text).snapshot;
  expect(analysis.documents.map(({ kind, org, project }) => [kind, org, project])).toEqual([["pipeline", "o", "q"]]);
  expect(analysis.references.map(({ document }) => document)).toEqual([0]);
});
