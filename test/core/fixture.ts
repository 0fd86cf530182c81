/**
 * One string is one test: files, what vaults hold, and the findings that are expected, no others.
 *
 * `#- /path` starts a file (keyline.jsonc too); what stands before the first is /.harness/pipeline.yaml.
 * `#- vault NAME: a, b disabled, c expired, d expires:12, e starts:5, f json:user,endpoint{host} ...` gives a complete
 *   listing; `versions:HEX HEX! HEX` (newest first, `!` disabled), `text` (a value that is not JSON).
 *   `type:words`, `tags:a=b;c=d` (`_` for a blank) `level:RECOVERYLEVEL` and `managed` are what else a listing tells.
 * `#- deleted NAME: a`, `#- partial NAME: a, b`, `#- unknown NAME: forbidden` (a tenant may follow), `#- stale NAME: throttled`,
 * `#- keys NAME: a keys-not-allowed` (its JSON keys are unknown for that reason).
 * `#- directory NAME: protected policies private usgov subscription:GUID tenant:GUID group:NAME`, `#- subscription NAME: id:GUID
 *   disabled usgov`, `#- free NAME:` (nobody has a vault of that name) and `#- no-tenant GUID:` are what Resource Manager and
 *   Entra have told.
 * `#- scope GLOB: account` is an entry of `scopes` in keyline.jsonc.
 * A line `#    ^^^^ severity[rule] words` states a finding under the line above it; words are a part of the message.
 * `$0` is the cursor.
 */
import { expect } from "vitest";
import { analyze, completion, defaultSettings, diagnostics, emptyDirectory, Facts, hover, readConfig, WorkspaceModel, emptyConfig } from "../../server/src/core/index.ts";
import type { AzureDirectory, CheckSettings, CompletionItem, CompletionList, Finding, Hover, KeylineConfig, Snapshot, VaultFacts } from "../../server/src/core/index.ts";
import { parseScopeKey, type Scope } from "../../server/src/core/model/scope.ts";
import { fileScopes } from "../../server/src/workspace/fileScopes.ts";
import { directoryWith } from "./directoryLine.ts";
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

const directive = /^#- (?:(\/\S+)|(vault|deleted|partial|unknown|stale|keys|directory|subscription|free|no-tenant|scope) (\S+): ?(.*))$/;
const annotation = /^\s*#\s*(\^+) (error|warning|info|hint)\[([a-z0-9-]+)\] ?(.*)$/;

export function fixture(text: string, settings: Partial<CheckSettings> = {}): Fixture {
  const files = new Map<string, string[]>();
  const vaults = new Map<string, VaultFacts>();
  const expected: Expectation[] = [];
  let directory = emptyDirectory;
  const scopes: KeylineConfig["scopes"][number][] = [];
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
    if (command?.[2] === "scope") {
      const scope = parseScopeKey(command[4] ?? "");
      if (command[3] === undefined || scope === undefined) throw new Error(`no scope: ${line}`);
      scopes.push({ files: command[3], scope });
      continue;
    }
    if (command?.[3] !== undefined && ["directory", "subscription", "free", "no-tenant"].includes(command[2] ?? "")) {
      directory = directoryWith(directory, command[2] ?? "", command[3], command[4] ?? "");
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
  return assemble(files, first, { vaults: [...vaults.values()], directory, scopes }, expected, settings);
}

interface World {
  readonly vaults: readonly VaultFacts[];
  readonly directory: AzureDirectory;
  readonly scopes: KeylineConfig["scopes"];
}

function assemble(files: ReadonlyMap<string, string[]>, first: string, { vaults, directory, scopes }: World, expected: readonly Expectation[], settings: Partial<CheckSettings>): Fixture {
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
  config = { ...config, scopes: [...config.scopes, ...scopes] };
  const workspace = new WorkspaceModel(config, analyses.flatMap((each) => each.entities), assignedIn(config));
  const snapshot: Snapshot = { analysis, workspace, facts: new Facts(vaults, "not-approved"), directory, now, settings: { ...defaultSettings, ...settings } };
  return { snapshot, expected, cursor };
}

/** As the folders of the language server and the command line do it. */
export function assignedIn(config: KeylineConfig, root = "file:///work/"): (uri: string) => Scope | undefined {
  const scopes = fileScopes(config.scopes);
  return (uri) => scopes(uri.slice(root.length));
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

export interface Completed {
  readonly list: CompletionList;
  /** The labels of what a client shows for the typed text, in its order. */
  readonly labels: readonly string[];
  readonly item: (label: string) => CompletionItem;
  /** The first file after that item is taken, the cursor as `$0`. */
  readonly take: (label: string) => string;
}

/** What can be written at the cursor of the first file. */
export function complete(text: string): Completed {
  const { snapshot, cursor } = fixture(text);
  if (cursor === undefined) throw new Error("the fixture has no $0");
  const list = completion(snapshot, cursor);
  const content = snapshot.analysis.text;
  const shown = list.items.filter((item) => isSubsequence(content.slice(item.span.start, cursor), item.filterText));
  const item = (label: string): CompletionItem => {
    const found = shown.find((candidate) => candidate.label === label);
    if (found === undefined) throw new Error(`no item "${label}"; there are: ${shown.map((each) => each.label).join(", ")}`);
    return found;
  };
  const labels = [...shown].sort((a, b) => (a.sortText < b.sortText ? -1 : a.sortText > b.sortText ? 1 : 0)).map(({ label }) => label);
  return { list, labels, item, take: (label) => taken(content, item(label)) };
}

/** How clients match: the typed characters, in their order, ignoring case. */
function isSubsequence(typed: string, filterText: string): boolean {
  let at = -1;
  for (const character of typed.toLowerCase()) {
    at = filterText.toLowerCase().indexOf(character, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function taken(content: string, { span, newText, cursor = newText.length }: CompletionItem): string {
  return `${content.slice(0, span.start)}${newText.slice(0, cursor)}$0${newText.slice(cursor)}${content.slice(span.end)}`;
}

/** The hover at the cursor of the first file. */
export function hovered(text: string, settings: Partial<CheckSettings> = {}): Hover | undefined {
  const { snapshot, cursor } = fixture(text, settings);
  if (cursor === undefined) throw new Error("the fixture has no $0");
  return hover(snapshot, cursor);
}
