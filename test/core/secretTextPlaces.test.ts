/** At random places of the demo's files, of random YAML and of broken texts: what is offered leads to that very secret, and changes nothing else. */
import { expect, test } from "vitest";
import { pipelineText } from "../../bench/pipelineText.ts";
import { followEntity, followReference } from "../../server/src/core/chain/follow.ts";
import type { SecretPlace } from "../../server/src/core/chain/secretPlace.ts";
import { isSamePlace } from "../../server/src/core/chain/secretPlace.ts";
import type { SecretTextChoice, Snapshot } from "../../server/src/core/index.ts";
import { analyze, placeOfSecret, secretText } from "../../server/src/core/index.ts";
import { demoFiles } from "./demoWorkspace.ts";
import { randomYaml } from "./randomYaml.ts";
import type { SeededRandom } from "./seededRandom.ts";
import { seededRandom } from "./seededRandom.ts";
import { readByOracle } from "./yamlOracle.ts";

const files = demoFiles(Date.UTC(2026, 10, 24, 12)).map(({ snapshot }) => snapshot);
const head = "pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n";
const version = "0123456789abcdef0123456789abcdef";

/** Secrets that the demo's entities mean, and others of the same vaults. */
const targets: readonly SecretPlace[] = (files[0]?.workspace.entities ?? []).flatMap((entity) => {
  const place = files[0] === undefined || entity.kind !== "secret" ? undefined : placeOfSecret(files[0].workspace, entity);
  return place === undefined ? [] : [place, { vault: place.vault, name: "new-One-1" }, { ...place, version }, { ...place, key: "user" }, { ...place, key: "a.b" }, { ...place, key: `it's a "key": #1`, version }];
});

function snapshotOf(random: SeededRandom, text: (snapshot: Snapshot) => string): Snapshot {
  const snapshot = random.pick(files);
  return { ...snapshot, analysis: analyze(snapshot.analysis.uri, text(snapshot)) };
}

function span(random: SeededRandom, length: number): { readonly start: number; readonly end: number } {
  const start = random.below(length + 1);
  return { start, end: Math.min(length, start + (random.chance(0.6) ? 0 : random.below(30))) };
}

function applied(text: string, choice: SecretTextChoice): string {
  return text.slice(0, choice.span.start) + choice.text + text.slice(choice.span.end);
}

function expectRight(snapshot: Snapshot, choice: SecretTextChoice, target: SecretPlace): void {
  const { text, uri } = snapshot.analysis;
  const after = analyze(uri, applied(text, choice));
  const end = choice.span.start + choice.text.length;
  const isInside = ({ start, end: last }: { readonly start: number; readonly end: number }): boolean => choice.span.start <= start && last <= end;
  const reference = after.references.find(({ argument }) => isInside(argument.span) && argument.text !== "");
  const secret = after.entities.find((entity) => entity.kind === "secret" && entity.pathSpan !== undefined && isInside(entity.pathSpan));
  const world = { ...snapshot, analysis: after };
  const chain = reference !== undefined ? followReference(world, reference) : secret?.kind === "secret" ? followEntity(world, secret) : undefined;
  const where = `${JSON.stringify(text.slice(choice.span.start - 60, choice.span.start))} ${JSON.stringify(text.slice(choice.span.start, choice.span.end))} ${JSON.stringify(text.slice(choice.span.end, choice.span.end + 40))} -> ${choice.text}`;
  expect(chain?.vault, where).toBeDefined();
  if (chain?.vault === undefined || chain.name === undefined) return;
  const { vault, name, key, version: pinned } = chain;
  expect(isSamePlace({ vault, name, ...(key === undefined ? {} : { key }), ...(pinned === undefined ? {} : { version: pinned }) }, target), where).toBe(true);
  expect(after.findings.filter(({ rule }) => rule !== "uri-in-secret-ref" && rule !== "hyphen-identifier").length, where).toBeLessThanOrEqual(snapshot.analysis.findings.length);
  expectSameElsewhere(text, applied(text, choice), where);
}

/** For a text that is valid YAML: one value at most is another one, and the new text is valid YAML too. */
function expectSameElsewhere(before: string, after: string, where: string): void {
  const old = readByOracle(before);
  // YAML takes an expression that is being typed for a key where a colon follows; Keyline does not.
  if (old === undefined || old.some(({ path }) => path.includes("<+"))) return;
  const now = readByOracle(after);
  expect(now, where).toBeDefined();
  const lines = (scalars: typeof old): readonly string[] => scalars.map(({ path, content }) => `${path} ${content}`);
  const known = new Set(lines(old));
  expect(lines(now ?? []).filter((line) => !known.has(line)).length, where).toBeLessThanOrEqual(1);
  expect((now ?? []).length - old.length, where).toBeGreaterThanOrEqual(0);
  expect((now ?? []).length - old.length, where).toBeLessThanOrEqual(1);
}

/** How many of the places took a reference. */
function tryPlaces(random: SeededRandom, snapshot: Snapshot, places: number): number {
  let found = 0;
  for (let place = 0; place < places; place++) {
    const target = random.pick(targets);
    const choices = secretText(snapshot, span(random, snapshot.analysis.text.length), target);
    expect(new Set(choices?.map(({ text }) => text)).size).toBe(choices?.length ?? 0);
    for (const choice of choices ?? []) expectRight(snapshot, choice, target);
    if ((choices?.length ?? 0) > 0) found++;
  }
  return found;
}

test.each(files.map((snapshot) => [snapshot.analysis.uri.slice("file:///demo/".length), snapshot] as const))("%s", (uri, snapshot) => {
  const found = tryPlaces(seededRandom(uri.length), snapshot, 300);
  expect(found).toBeGreaterThan(0);
});

test.each(Array.from({ length: 10 }, (_, seed) => seed))("random YAML under a pipeline (seed %i)", (seed) => {
  const random = seededRandom(100 + seed);
  let found = 0;
  for (let round = 0; round < 60; round++) {
    const body = randomYaml(random).replace(/^\ufeff/, "").split(/^(?:---|\.\.\.).*$/m)[0] ?? "";
    const indented = body.split("\n").map((line) => (line.trim() === "" ? line : `    ${line}`)).join("\n");
    found += tryPlaces(random, snapshotOf(random, () => `${head}  a:\n${indented}`), 10);
  }
  expect(found).toBeGreaterThan(30);
});

const pieces = ['"', "'", "\\", "\\\"", "''", "<+", ">", "<+secrets.getValue(\"", "\")>", "# ", "|\n", ": ", "- ", "{", "}", "[", "]", "\n", "\r\n", "\t", "  ", "&a ", "*a", "type: Secret", "value: ", "$", "${", "\u201c", "\ud83d\ude00", "secret:\n", "---\n", "account."];

test.each(Array.from({ length: 10 }, (_, seed) => seed))("texts that are broken at some places (seed %i)", (seed) => {
  const random = seededRandom(500 + seed);
  for (let round = 0; round < 60; round++) {
    const snapshot = snapshotOf(random, ({ analysis }) => {
      let text = random.chance(0.1) ? pipelineText(30) : analysis.text;
      for (let edit = random.below(6); edit >= 0; edit--) {
        const at = random.below(text.length + 1);
        text = text.slice(0, at) + random.pick(pieces) + text.slice(at + random.below(4));
      }
      return text;
    });
    tryPlaces(random, snapshot, 10);
  }
});
