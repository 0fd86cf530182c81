import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnostics, readConfig } from "../../server/src/core/index.ts";
import { demoVersions } from "../azure/seed.ts";
import { demoFiles, demoFolder, demoMistakes } from "./demoWorkspace.ts";

const now = Date.UTC(2026, 10, 24, 12);

describe("the demo workspace", () => {
  const files = demoFiles(now);
  const references = files.flatMap(({ snapshot }) => snapshot.analysis.references);
  const findings = files.flatMap(({ path, snapshot }) =>
    diagnostics(snapshot).map(({ rule, severity, span }) => [basename(path), snapshot.analysis.text.slice(span.start, span.end), rule, severity]),
  );

  it("holds the mistakes that its README lists, and no others", () => {
    expect(findings).toEqual(demoMistakes());
  });

  it("is right for the most part", () => {
    expect(references.length).toBeGreaterThan(2 * findings.length);
  });

  it("leaves one reference unverified, because it is dynamic", () => {
    const silent = files.flatMap(({ snapshot }) => diagnostics({ ...snapshot, settings: { ...snapshot.settings, rules: { "not-verified": "hint" } } }));
    expect(silent.filter(({ rule }) => rule === "not-verified")).toHaveLength(1);
    expect(references.filter(({ dynamic, substituted }) => dynamic && substituted === undefined)).toHaveLength(1);
  });

  it("pins the newest version of db-password once", () => {
    const newest = demoVersions["db-password"].at(-1);
    expect(references.filter(({ uri }) => uri?.vaultPath?.version?.text === newest)).toHaveLength(1);
  });

  it("has a configuration without problems", () => {
    const { problems, config } = readConfig("file:///demo/keyline.jsonc", readFileSync(join(demoFolder, "keyline.jsonc"), "utf8"));
    expect(problems).toEqual([]);
    expect(config.entities.map(({ identifier }) => identifier)).toEqual(["chat_webhook_token"]);
  });

  it("is recognised by content, every file of it", () => {
    expect(files.filter(({ snapshot }) => !snapshot.analysis.isHarness)).toEqual([]);
  });
});
