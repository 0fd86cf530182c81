/**
 * One string is one test: files, what vaults hold, and the findings that are expected, no others.
 *
 * `#- /path` starts a file (keyline.jsonc too); what stands before the first is /.harness/pipeline.yaml.
 * `#- vault NAME: a, b disabled, c expired, d expires:12, e starts:5, f json:user,endpoint{host} ...` gives a complete
 *   listing; `versions:HEX HEX! HEX` (newest first, `!` disabled), `text` (a value that is not JSON).
 * `#- deleted NAME: a`, `#- partial NAME: a, b`, `#- unknown NAME: forbidden`, `#- stale NAME: throttled`.
 * A line `#    ^^^^ severity[rule] words` states a finding under the line above it; words are a part of the message.
 * `$0` is the cursor.
 */
import { expect } from "vitest";
import { analyze, defaultSettings, diagnostics, Facts, readConfig, WorkspaceModel, emptyConfig } from "../../server/src/core/index.ts";
import type { CheckSettings, Finding, Snapshot, VaultFacts } from "../../server/src/core/index.ts";
import { vaultFacts } from "./vaultLine.ts";

/** The moment at which every fixture is checked: 2026-01-01. */
export const now = Date.UTC(2026, 0, 1);

interface Expectation {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly rule: string;
  readonly words: string;
}

export interface Fixture {
  readonly snapshot: Snapshot;
  readonly expected: readonly Expectation[];
  readonly cursor: number | undefined;
}

const directive = /^#- (?:(\/\S+)|(vault|deleted|partial|unknown|stale) (\S+): ?(.*))$/;
const annotation = /^\s*#\s*(\^+) (error|warning|info|hint)\[([a-z0-9-]+)\] ?(.*)$/;

export function fixture(text: string, settings: Partial<CheckSettings> = {}): Fixture {
  const files = new Map<string, string[]>();
  const vaults = new Map<string, VaultFacts>();
  const expected: Expectation[] = [];
  let current: string[] | undefined;
  let first = "";
  for (const line of text.replace(/^\n/, "").split("\n")) {
    const command = directive.exec(line);
    if (command?.[1] !== undefined) {
      current = [];
      files.set(command[1], current);
      if (first === "") first = command[1];
      continue;
    }
    if (command?.[3] !== undefined) {
      vaults.set(command[3], vaultFacts(vaults.get(command[3]), command[2] ?? "", command[3], command[4] ?? "", now));
      continue;
    }
    if (line.startsWith("#-")) throw new Error(`unknown directive: ${line}`);
    if (current === undefined) {
      current = [];
      first = "/.harness/pipeline.yaml";
      files.set(first, current);
    }
    const expectation = annotation.exec(line);
    if (expectation?.[1] === undefined) {
      current.push(line);
      continue;
    }
    const start = line.indexOf("^");
    expected.push({ line: current.length - 1, start, end: start + expectation[1].length, severity: expectation[2] ?? "", rule: expectation[3] ?? "", words: expectation[4] ?? "" });
  }
  return assemble(files, first, [...vaults.values()], expected, settings);
}

function assemble(files: ReadonlyMap<string, string[]>, first: string, vaults: readonly VaultFacts[], expected: readonly Expectation[], settings: Partial<CheckSettings>): Fixture {
  let cursor: number | undefined;
  const analyses = [];
  let config = emptyConfig;
  for (const [path, lines] of files) {
    let content = lines.join("\n");
    if (path === first) {
      const at = content.indexOf("$0");
      if (at >= 0) {
        cursor = at;
        content = content.slice(0, at) + content.slice(at + 2);
      }
    }
    const uri = `file:///work${path}`;
    if (path.endsWith("keyline.jsonc")) {
      const read = readConfig(uri, content);
      expect(read.problems).toEqual([]);
      config = read.config;
    } else analyses.push(analyze(uri, content));
  }
  const analysis = analyses[0];
  if (analysis === undefined) throw new Error("the fixture holds no file");
  const workspace = new WorkspaceModel(config, analyses.flatMap((each) => each.entities));
  const snapshot: Snapshot = { analysis, workspace, facts: new Facts(vaults, "not-approved"), now, settings: { ...defaultSettings, ...settings } };
  return { snapshot, expected, cursor };
}

/** Checks the first file of a fixture: exactly the findings that are stated, each where it is stated. */
export function check(text: string, settings: Partial<CheckSettings> = {}): readonly Finding[] {
  const { snapshot, expected } = fixture(text, settings);
  const found = diagnostics(snapshot);
  const { text: content } = snapshot.analysis;
  const actual = found.map((finding) => describe(content, finding));
  const wanted = expected.map((each) => `${String(each.line + 1)}:${String(each.start + 1)}-${String(each.end + 1)} ${each.severity}[${each.rule}]`);
  expect(actual.sort()).toEqual(wanted.sort());
  for (const each of expected) {
    const match = found.find((finding) => describe(content, finding) === `${String(each.line + 1)}:${String(each.start + 1)}-${String(each.end + 1)} ${each.severity}[${each.rule}]`);
    expect(match?.message ?? "").toContain(each.words);
  }
  return found;
}

function describe(content: string, finding: Finding): string {
  const before = content.slice(0, finding.span.start);
  const line = before.split("\n").length;
  const start = before.length - (before.lastIndexOf("\n") + 1);
  return `${String(line)}:${String(start + 1)}-${String(start + 1 + finding.span.end - finding.span.start)} ${finding.severity}[${finding.rule}]`;
}

/** The text of the first file after the fix of that title. */
export function applyFix(text: string, title: string): string {
  const { snapshot } = fixture(text);
  const fixes = diagnostics(snapshot).flatMap((finding) => finding.fixes);
  const fix = fixes.find((candidate) => candidate.title === title);
  if (fix === undefined) throw new Error(`no fix "${title}"; there are: ${fixes.map((each) => each.title).join(", ")}`);
  let content = snapshot.analysis.text;
  for (const edit of [...fix.edits].sort((a, b) => b.span.start - a.span.start)) content = content.slice(0, edit.span.start) + edit.newText + content.slice(edit.span.end);
  return content;
}
