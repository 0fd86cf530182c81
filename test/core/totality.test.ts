import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Finding, Fix, Snapshot, Span } from "../../server/src/core/index.ts";
import { analyze, completion, completionDocumentation, defaultSettings, diagnostics, emptyConfig, emptyDirectory, factsNeeded, Facts, hover, readConfig, ruleIds, verification, WorkspaceModel } from "../../server/src/core/index.ts";
import { pipelineText } from "../../bench/pipelineText.ts";
import type { SeededRandom } from "./seededRandom.ts";
import { directoryWith } from "./directoryLine.ts";
import { seededRandom } from "./seededRandom.ts";
import { vaultFacts } from "./vaultLine.ts";

const demo = path.resolve(import.meta.dirname, "../../demo");
const now = Date.UTC(2026, 0, 1);

/** Pieces of text that mean something to one of the scanners. */
const pieces = [
  "<+", "<+secrets.getValue(\"", "secrets.", "secret.", ".getValue(", "\")>", ">", "\\>", "\"", "'", "\\\"", "''", "\\", "\\u00e9", "\\x41", "(", ")", "[", "]", "{", "}", ":", ": ", "- ", "? ", "# ", "#", "|\n", ">-\n", "&a ", "*a", "!t ",
  "---\n", "...\n", "enablePurge: true\n", "vaultName: ", "    clientId: x\n", "connector:\n", "\n", "\r\n", "\t", " ", "  ", "\u00a0", "\ufeff", "\u0000", "\ud83d\ude00", "\ud83d", "\u201c", "\u201d", "account.", "org.", "Account.", "project.", "azurevault://", "hashicorpvault://", "/", "//", "#key", "/0123456789abcdef0123456789abcdef", "${", "%{", "${{ secrets.x }}", "<_+secrets.x>", "<secrets.getValue(\"x\")>", "${secrets.getValue(\"x\")}", "${ngSecretManager.obtain(\"x\", 1)}", "type: Secret", "value: x", "pipeline:\n", "secret:\n", "identifier: a\n", "orgIdentifier: <+input>\n", "https://kv.vault.azure.net/secrets/x", "<+pipeline.variables.region>", ".toString()", "$",
];

/** Connectors with all that can be wrong with them. */
const connectors = `connector:
  name: Shop (vault)
  identifier: shop-kv
  type: AzureKeyVault
  spec:
    clientID: {33333333-0000-4000-8000-000000000001}
    tenantId: contoso.onmicrosoft.com
    secretKey: account.docker_registry_token
    vaultName: https://shop-dev-kv.vault.azure.net/
    useManagedIdentity: "true"
    managedClientId: 33333333000040008000000000000001
    azureEnvironmentType: AzureCloud
    delegateSelectors: [a, b]
    enablePurge: yes
---
connector:
  name: Shop dev vault
  identifier: shop_dev_kv
  type: AzureKeyVault
  spec:
    clientId: 33333333-0000-4000-8000-000000000001
    tenantId: 11111111-0000-4000-8000-000000000009
    secretKey: account.docker_registry_token
    vaultName: shop-dev-kv
    subscription: 22222222-0000-4000-8000-000000000009
    enablePurge: true
`;
/** What has no head of its own, and YAML inside YAML. */
const parts = `trigger:
  identifier: t
  inputYaml: |
    pipeline:
      variables:
        - { name: a, type: Secret, value: account.azurevault://kv/db#k }
        - name: b
          value: "<+secrets.getValue(\\"org.x\\")>"
---
trigger: { identifier: u, inputYaml: "pipeline:\\n  variables:\\n    - {name: a, type: Secret, value: \\u0061.b}" }
---
- stage:
    variables: [{ name: a, type: Secret, value: x }]
---
variables:
  - { name: a, type: Secret, value: x }
configFiles:
  - configFile: { spec: { store: { type: Harness, spec: { secretFiles: [x] } } } }
---
workspace: { identifier: w, terraform_variables: [{ key: a, value: x, value_type: secret }] }
`;
const originals: readonly string[] = [...demoTexts(), parts, parts.replaceAll("\n", "\r\n"), pipelineText(120), connectors, connectors.replaceAll("\n", "\r\n")];

test.each(Array.from({ length: 30 }, (_, seed) => seed))("no mutation makes the core throw, and every span lies in the text (seed %i)", (seed) => {
  const random = seededRandom(seed);
  for (let round = 0; round < 100; round++) {
    const text = mutated(random.pick(originals), random);
    const snapshot = snapshotOf(text, random);
    const findings = diagnostics(snapshot);
    for (const finding of findings) holds(text, finding);
    for (const reference of snapshot.analysis.references) spans(text, [reference.span, reference.argument.span, ...[reference.identifier, reference.scopePrefix].flatMap((part) => (part === undefined ? [] : [part.span]))]);
    expect(verification(snapshot).references.count).toBe(snapshot.analysis.references.length);
    expect(factsNeeded(snapshot).every((want) => want.vault.name !== "")).toBe(true);
    for (let place = 0; place < 8; place++) {
      const offset = random.below(text.length + 1);
      const shown = hover(snapshot, offset);
      if (shown !== undefined) spans(text, [shown.span]);
      for (const item of completion(snapshot, offset).items) {
        spans(text, [item.span]);
        if (item.data !== undefined) expect(completionDocumentation(snapshot, item.data) ?? "text").not.toBe("");
      }
    }
  }
});

test.each(Array.from({ length: 12 }, (_, seed) => seed))("a fix never leaves its finding where it was (seed %i)", (seed) => {
  const random = seededRandom(1000 + seed);
  for (let round = 0; round < 40; round++) {
    const text = mutated(random.pick(originals), random);
    const snapshot = snapshotOf(text, random);
    for (const finding of diagnostics(snapshot)) {
      for (const fix of finding.fixes) expect(remains(snapshot, finding, fix), `${finding.rule}: ${fix.title}\n${lineAround(text, finding.span)}`).toBe(false);
    }
  }
});

test.each(Array.from({ length: 10 }, (_, seed) => seed))("no mutation of keyline.jsonc makes its reading throw (seed %i)", (seed) => {
  const random = seededRandom(2000 + seed);
  const original = readFileSync(path.join(demo, "keyline.jsonc"), "utf8");
  for (let round = 0; round < 200; round++) {
    const text = mutated(original, random);
    const { config, problems } = readConfig("file:///w/keyline.jsonc", text);
    for (const problem of problems) expect(problem.span.start).toBeLessThanOrEqual(problem.span.end);
    for (const problem of problems) expect(problem.message).not.toBe("");
    expect(Object.keys(config.rules).every((id) => (ruleIds as readonly string[]).includes(id))).toBe(true);
  }
});

function demoTexts(): readonly string[] {
  return readdirSync(demo, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => readFileSync(path.join(demo, name), "utf8"));
}

/** One to six small changes, as a person or a program might make them. */
function mutated(original: string, random: SeededRandom): string {
  let text = original;
  for (let change = 1 + random.below(6); change > 0; change--) {
    const start = random.below(text.length + 1);
    const end = Math.min(text.length, start + random.below(random.chance(0.2) ? 200 : 6));
    const copied = random.below(text.length + 1);
    const inserted = random.chance(0.7) ? random.pick(pieces) : random.chance(0.5) ? text.slice(copied, copied + random.below(120)) : "";
    text = text.slice(0, start) + inserted + text.slice(random.chance(0.5) ? start : end);
  }
  return text;
}

const directory = ["directory shop-dev-kv protected", "subscription Shop ", "free shop-prod-kv ", "no-tenant 11111111-0000-4000-8000-000000000009 "].reduce((before, line) => {
  const [verb = "", name = "", words = ""] = line.split(" ");
  return directoryWith(before, verb, name, words);
}, emptyDirectory);

function snapshotOf(text: string, random: SeededRandom): Snapshot {
  const analysis = analyze("file:///w/.harness/pipeline.yaml", text);
  const { config } = readConfig("file:///w/keyline.jsonc", readFileSync(path.join(demo, "keyline.jsonc"), "utf8"));
  const others = originals.flatMap((other, index) => analyze(`file:///w/${String(index)}.yaml`, other).entities);
  const workspace = random.chance(0.3) ? new WorkspaceModel(emptyConfig, analysis.entities) : new WorkspaceModel(config, [...others, ...analysis.entities]);
  const vaults = [...new Set(workspace.entities.flatMap((entity) => (entity.kind === "connector" && entity.vault !== undefined ? [entity.vault.name] : [])))];
  const facts = vaults.map((name) => vaultFacts(undefined, "vault", name, "harnessAzureVaultValidation, db-password level:Recoverable, api-token disabled, tls-certificate expired, settings json:user,endpoint{host}", now));
  return { analysis, workspace, facts: new Facts(random.chance(0.7) ? facts : [], random.pick(["loading", "forbidden", "offline"] as const)), directory: random.chance(0.5) ? emptyDirectory : directory, now, settings: { ...defaultSettings, rules: { "not-verified": "info" } } };
}

function holds(text: string, finding: Finding): void {
  spans(text, [finding.span]);
  expect(finding.message).not.toBe("");
  for (const fix of finding.fixes) {
    spans(text, fix.edits.map((edit) => edit.span));
    const sorted = [...fix.edits].sort((a, b) => a.span.start - b.span.start);
    for (const [index, edit] of sorted.entries()) expect(edit.span.start).toBeGreaterThanOrEqual(sorted[index - 1]?.span.end ?? 0);
  }
}

function spans(text: string, all: readonly Span[]): void {
  const wrong = all.filter((span) => !(span.start >= 0 && span.start <= span.end && span.end <= text.length));
  expect(wrong, lineAround(text, all[0] ?? { start: 0, end: 0 })).toEqual([]);
}

function remains(snapshot: Snapshot, finding: Finding, fix: Fix): boolean {
  const { text, uri } = snapshot.analysis;
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  const mended = edits.reduce((content, edit) => content.slice(0, edit.span.start) + edit.newText + content.slice(edit.span.end), text);
  const again = diagnostics({ ...snapshot, analysis: analyze(uri, mended) });
  return mended === text || again.some((other) => other.rule === finding.rule && other.span.start === finding.span.start && other.span.end === finding.span.end);
}

function lineAround(text: string, span: Span): string {
  return JSON.stringify(text.slice(Math.max(0, span.start - 120), span.end + 120));
}
