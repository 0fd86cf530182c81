import { expect, test } from "vitest";
import { analyze, completion, defaultSettings, diagnostics, emptyConfig, emptyDirectory, factsNeeded, Facts, hover, referenceTarget, secretText, verification, WorkspaceModel } from "../../server/src/core/index.ts";
import { hostileTexts } from "../support/hostileTexts.ts";
import { connectorText } from "../support/shopFiles.ts";

/** Below this a measurement says more of the machine than of the code. */
const measurableMs = 20;
/** Where even this many characters are read faster than that, there is nothing to measure. */
const maxLength = 1_000_000;
const maxGrowth = 2.5;
const attempts = 6;
/** A connector that every document can see, and a secret of its vault. */
const { entities } = analyze("file:///w/kv.yaml", connectorText().replace(/ {2}(?:org|project)Identifier: .*\n/g, ""));
const secret = { vault: { name: "shop-kv", cloud: "public" }, name: "db" } as const;

test.each(hostileTexts().map((text) => [text.name, text] as const))("twice as much of %s takes at most 2.5 times as long", (_name, hostile) => {
  const write = (length: number): string => hostile.write(length);
  let size = Math.min(hostile.length, 50_000);
  // A first reading may take long for other reasons, and a text that is too short measures those alone.
  while (Math.min(readingMs(write(size)), readingMs(write(size))) < measurableMs && size < maxLength) size *= 2;
  const growth = leastGrowth(write(size), write(size * 2));
  // What the collection of garbage adds comes in steps: over three doublings it evens out, and a square does not.
  expect(growth <= maxGrowth ? growth : Math.cbrt(leastGrowth(write(size), write(size * 8)))).toBeLessThanOrEqual(maxGrowth);
});

/** How many times as long the longer text takes, by the best of several runs of both. */
function leastGrowth(shorter: string, longer: string): number {
  let shorterMs = Infinity;
  let longerMs = Infinity;
  for (let attempt = 0; attempt < attempts && !(longerMs / shorterMs <= maxGrowth); attempt++) {
    shorterMs = Math.min(shorterMs, readingMs(shorter));
    longerMs = Math.min(longerMs, readingMs(longer));
  }
  return longerMs / Math.max(shorterMs, measurableMs);
}

/** Processor time of this thread for all that the core does with a text, so that other processes do not count. */
function readingMs(text: string): number {
  const before = process.threadCpuUsage();
  const analysis = analyze("file:///w/pipeline.yaml", text);
  const workspace = new WorkspaceModel({ ...emptyConfig, complete: ["account", "org:o", "project:o/q"] }, [...entities, ...analysis.entities]);
  const snapshot = { analysis, workspace, facts: new Facts([], "loading"), directory: emptyDirectory, now: 0, settings: defaultSettings };
  diagnostics(snapshot);
  factsNeeded(snapshot);
  verification(snapshot);
  for (const offset of [0, text.length >> 1, text.length]) {
    completion(snapshot, offset);
    hover(snapshot, offset);
    referenceTarget(snapshot, offset);
    secretText(snapshot, { start: offset, end: offset }, secret);
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
