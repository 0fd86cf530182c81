import { describe, expect, test } from "vitest";
import { pipelineText } from "../../bench/pipelineText.ts";
import type { DetailedAnalysis } from "../../server/src/core/index.ts";
import { analyze, analyzeInDetail, editedAnalysis } from "../../server/src/core/index.ts";
import { demoFiles } from "./demoWorkspace.ts";
import { seededRandom } from "./seededRandom.ts";

const uri = "file:///repo/.harness/orgs/default/projects/shop/pipelines/p.yaml";

/** Edits `text` and holds the quick answer, where there is one, to the whole one. */
function edited(detailed: DetailedAnalysis, from: number, to: number, inserted: string): boolean {
  const { text } = detailed.analysis;
  const now = text.slice(0, from) + inserted + text.slice(to);
  const quick = editedAnalysis(detailed, now, { prefix: from, suffix: text.length - to });
  if (quick === undefined) return false;
  const whole = analyze(uri, now);
  if (JSON.stringify(quick) !== JSON.stringify(whole)) expect(quick, `${JSON.stringify(text.slice(from, to))} → ${JSON.stringify(inserted)} in ${JSON.stringify(text.slice(Math.max(0, from - 60), to + 40))}`).toEqual(whole);
  return true;
}

const pieces = ["a", "b1", "-", "_", ".", "account.", "org.", '"', "'", "(", ")", "<+", ">", "\\", "\\>", " ", "  ", ": ", ":", " #", "#k", "/", "{", "}", "[", "]", ",", "$", "${x}", "${", "%{", "N=1", "%N%", "=", "\n", "\n    ", "\t", "secrets.getValue(", "azurevault://kv/db", "ž", "🔑", "| ", "&a ", "*a", "!t ", "%", "--- ", "``", "''"];

const small = `pipeline:
  identifier: p
  orgIdentifier: <+input>
  variables: [{name: a, type: String, value: <+secrets.getValue("flow")>}, "<+secrets.getValue(\\"q\\")>"]
  other:
    - "<+secrets.getValue(\\"org.one\\")>" # note <+secrets.getValue("no")>
    - '<+secrets.getValue(''two'')>'
    - <+secrets.getValue("three")>
    - a: <+secrets.getValue("account.four")> # why
    - type: Secret
      value: <+input>
    - {b: 1,
       c: <+secrets.getValue("five")>,
       d: "x <+secrets.getValue(\\"six\\")> y"}
    - plain over
      <+secrets.getValue("seven")> lines
  script: |
    # <+secrets.getValue("comment")>
    echo <+secrets.getValue("eight")> '<+secrets.getValue("azurevault://kv/nine#k")>'
      cat <<END
      # <+secrets.getValue("ten")>
      END
  folded: >-
    one <+secrets.getValue("eleven")>
---
template:
  identifier: t
  versionLabel: "1"
  x: <+secrets.getValue(<+pipeline.variables.a>)>
---
trigger:
  identifier: t
  name: <+secrets.getValue("twelve")>
  inputYaml: |
    pipeline:
      variables:
        - {name: a, type: Secret, value: account.a}
        - name: b
          type: <+secrets.getValue("thirteen")>
          value: <+input>
---
stage:
  spec: <+secrets.getValue("fourteen")>
---
variables:
  - {name: a, type: String, value: <+secrets.getValue("fifteen")>}
`;

/** Scripts whose findings depend on themselves, and on whether the rest is a template's. */
const scripts = `version: 1
pipeline:
  identifier: p
  variables: [{ name: pw, type: Secret, value: db }]
  one: <+secrets.getValue("a")> $
  two: [<+secrets.getValue("b")> x$, {c: <+secrets.getValue("d")>}, "<+secrets.getValue(\\"e\\")> {"]
  condition: <+pipeline.variables.pw> == "x"
  run: echo <+secrets.getValue("\${N}")>
  other: <+<+pipeline.variables.pw> == "x">
  list:
    - script: |
        N=1
        echo <+secrets.getValue("app_$N")> <+secrets.getValue("\${N}")> <+secrets.getValue("org.$N")>
        echo <+secrets.getValue("hashicorpvault://hv/$N#k")> <+secrets.getValue("a-$N")>
    - command: "set N=1 & echo <+secrets.getValue(\\"%N%\\")> <+secrets.getValue(\\"a$N\\")>"
`;
const template = scripts.replace("identifier: p", "identifier: ${id}");

const withConnectors = `connector:
  name: <+input>
  identifier: kv
  type: AzureKeyVault
  spec:
    clientId: <+secrets.getValue("client")>
    secretKey: account.key
    vaultName: shop-kv
    enablePurge: true
    delegateSelectors: [a, "<+secrets.getValue(\\"b\\")>"]
---
pipeline:
  identifier: p
  x: <+secrets.getValue("azurevault://kv/db")>
---
secret:
  type: SecretText
  identifier: <+secrets.getValue("c")>
  spec:
    secretManagerIdentifier: kv
    valueType: Reference
    value: db
`;

test.each(Array.from({ length: 8 }, (_, seed) => seed))("an edit anywhere in a file with connectors and secrets is read anew, or as a whole analysis reads it (seed %i)", (seed) => {
  const random = seededRandom(500 + seed);
  const detailed = analyzeInDetail(uri, withConnectors);
  for (let index = 0; index < 200; index++) {
    const from = random.below(withConnectors.length + 1);
    const to = Math.min(withConnectors.length, from + (random.chance(0.5) ? 0 : random.below(6)));
    expect(edited(detailed, from, to, random.chance(0.2) ? "" : random.pick(pieces))).toBe(false);
  }
});

test("a pipeline that an edit turns into a connector, or back, is never read quickly", () => {
  const text = `pipeline:\n  identifier: <+input>\n  type: AzureKeyVault\n  spec:\n    vaultName: <+secrets.getValue("a")>\n`;
  const detailed = analyzeInDetail(uri, text);
  const at = text.indexOf("getValue(") + 10;
  expect(edited(detailed, at, at, "b")).toBe(true);
  expect(edited(detailed, 0, "pipeline".length, "connector")).toBe(false);
  const connector = analyzeInDetail(uri, text.replace("pipeline", "connector"));
  expect(edited(connector, 0, "connector".length, "pipeline")).toBe(false);
});

describe("an edit inside one scalar gives what a whole analysis gives", () => {
  test.each(Array.from({ length: 24 }, (_, seed) => seed))("seed %i", (seed) => {
    const random = seededRandom(seed);
    const texts = [small, scripts, scripts, template, ...demoFiles(0).map(({ snapshot }) => snapshot.analysis.text)];
    let quick = 0;
    const count = 150;
    for (let index = 0; index < count; index++) {
      const detailed = analyzeInDetail(uri, random.pick(texts));
      const { text } = detailed.analysis;
      const around = detailed.expressionScalars.length > 0 && random.chance(0.85) ? random.pick(detailed.expressionScalars).scalar : { start: 0, end: text.length };
      const from = around.start + random.below(around.end - around.start + 1);
      const to = Math.min(text.length, from + (random.chance(0.5) ? 0 : random.below(6)));
      if (edited(detailed, from, to, random.chance(0.2) ? "" : random.pick(pieces))) quick++;
    }
    expect(quick).toBeGreaterThan(count / 10);
  });
});

test("what makes a file a template, or ends it, is read anew outside of scripts alone", () => {
  const detailed = analyzeInDetail(uri, scripts);
  const behind = scripts.indexOf('"a")> $') + 7;
  expect(edited(detailed, behind, behind, "{x}")).toBe(false);
  expect(edited(detailed, behind, behind, "x")).toBe(true);
  const inScript = scripts.indexOf(`echo <+secrets.getValue("app`);
  expect(edited(detailed, inScript + 4, inScript + 4, " ${x}")).toBe(true);
  const made = scripts.replace('"a")> $', '"a")> ${x}');
  expect(edited(analyzeInDetail(uri, made), made.indexOf("${x}"), made.indexOf("${x}") + 1, "")).toBe(false);
});

test("typing a reference letter by letter is read quickly from beginning to end, and so is taking it back", () => {
  const text = pipelineText(400);
  const place = text.indexOf("secrets.getValue(", text.length / 2) + "secrets.getValue(".length + 1;
  const detailed = analyzeInDetail(uri, text);
  const typed = "account.azurevault://kv/db-password#user";
  for (let end = 1; end <= typed.length; end++) expect(edited(detailed, place, place, typed.slice(0, end)), typed.slice(0, end)).toBe(true);
});

test.each([
  ["a key", "identifier"],
  ["a place without an expression", "name"],
  ["another document's kind", "pipeline"],
])("an edit of %s is read anew", (_what, word) => {
  const detailed = analyzeInDetail(uri, pipelineText(200));
  const at = detailed.analysis.text.indexOf(word);
  expect(edited(detailed, at + 1, at + 2, "x")).toBe(false);
});

test("an edit in a connector, in a file that is not Harness's, or of nothing is read anew", () => {
  const connector = analyzeInDetail(uri, `connector:\n  identifier: c\n  type: AzureKeyVault\n  spec:\n    vaultName: <+secrets.getValue("a")>\n`);
  expect(edited(connector, connector.analysis.text.indexOf("a)") - 1, connector.analysis.text.indexOf("a)"), "b")).toBe(false);
  const values = analyzeInDetail(uri, `x: <+secrets.getValue("a")>\n`);
  expect(edited(values, 22, 23, "b")).toBe(false);
  expect(editedAnalysis(values, values.analysis.text, { prefix: values.analysis.text.length, suffix: values.analysis.text.length })).toBeUndefined();
});
