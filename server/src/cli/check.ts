import type { Finding, NotVerifiedReason, Snapshot } from "../core/index.ts";
import { Facts, defaultSettings, diagnostics, emptyDirectory, factsNeeded, mergeWants, verification } from "../core/index.ts";
import { unsafeEnvironment } from "../host/unsafeEnvironment.ts";
import type { CheckArguments, FailOn } from "./arguments.ts";
import type { CheckResult, NotVerifiedCount } from "./checkResult.ts";
import type { CliHost } from "./cliHost.ts";
import { exitCodes } from "./exitCodes.ts";
import type { Gathered, GatheredFile } from "./gatherFiles.ts";
import { gatherFiles } from "./gatherFiles.ts";
import { lineMap } from "./lineMap.ts";
import { configProblemLines, fileProblemLines, isLoss, otherConfigLines, unusedScopeLines } from "./reportProblems.ts";
import { reportJson } from "./reportJson.ts";
import { reportText } from "./reportText.ts";

/** Facts may lead to further needs: a listing to versions, a missing name to the deleted ones. */
const maxRounds = 8;

/** discover files → analyze all → load the facts that they need → diagnostics → report. Answers the exit code. */
export async function check(host: CliHost, options: CheckArguments, signal: AbortSignal): Promise<number> {
  const unsafe = options.offline ? undefined : unsafeEnvironment(host.environment);
  if (unsafe !== undefined) return fail(host, [`keyline: ${unsafe}`]);
  const { files, workingDirectory } = host;
  const gathered = await gatherFiles(files, { workingDirectory, paths: options.paths, configPath: options.config, forceExclude: options.forceExclude, entities: true });
  if (typeof gathered === "string") return fail(host, [`keyline: ${gathered}`]);
  const configProblems = configProblemLines(gathered.config);
  if (configProblems.length > 0) return fail(host, configProblems);
  const facts = await loadFacts(host, options, gathered.files, signal);
  const result = checkResult(gathered, facts, host.clock.now());
  await writeLines(host, [...fileProblemLines(gathered.problems), ...otherConfigLines(gathered), ...unusedScopeLines(gathered), ...tooLargeLines(gathered.files)]);
  await host.out.write(options.format === "json" ? reportJson(result) : reportText(result, host.out.colours));
  if (gathered.problems.some(({ problem }) => isLoss(problem))) return exitCodes.wrongUsage;
  if (countAtOrAbove(result, options.failOn) > 0) return exitCodes.findings;
  const { notVerified, secretsNotVerified } = result.summary;
  return options.requireVerified && notVerified.size + secretsNotVerified.size > 0 ? exitCodes.notVerified : exitCodes.good;
}

async function fail(host: CliHost, lines: readonly string[]): Promise<number> {
  await writeLines(host, lines);
  return exitCodes.wrongUsage;
}

async function writeLines(host: CliHost, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await host.err.write(`${lines.join("\n")}\n`);
}

async function loadFacts(host: CliHost, options: CheckArguments, files: readonly GatheredFile[], signal: AbortSignal): Promise<Facts> {
  const offline = new Facts([], "offline");
  if (options.offline) return offline;
  const wanted = (facts: Facts): ReturnType<typeof mergeWants> =>
    mergeWants(files.flatMap((file) => factsNeeded(snapshotOf(file, facts, host.clock.now()), "references")));
  let wants = wanted(Facts.none);
  if (wants.length === 0) return Facts.none;
  const named = new Set(options.vaults.map((name) => name.toLowerCase()));
  const vaults = host.openVaults({
    credential: options.credential,
    readJsonKeys: options.readJsonKeys,
    gate: (vault) => (named.size === 0 || named.has(vault.name.toLowerCase()) ? undefined : "not-approved"),
  });
  try {
    for (let round = 0, before = ""; round < maxRounds && !signal.aborted; round++) {
      await vaults.load(wants, signal);
      const next = wanted(vaults.facts());
      before = JSON.stringify(wants);
      wants = mergeWants([...wants, ...next]);
      if (JSON.stringify(wants) === before) break;
    }
    return vaults.facts();
  } finally {
    vaults.dispose();
  }
}

function checkResult(gathered: Gathered, facts: Facts, now: number): CheckResult {
  const count = { error: 0, warning: 0, info: 0, hint: 0 };
  let references = 0;
  const notVerified = new Map<NotVerifiedReason, NotVerifiedSum>();
  const secretsNotVerified = new Map<NotVerifiedReason, NotVerifiedSum>();
  const files = [];
  for (const file of gathered.files) {
    const snapshot = snapshotOf(file, facts, now);
    const findings = diagnostics(snapshot);
    for (const finding of findings) count[finding.severity] += 1;
    const state = verification(snapshot);
    references += state.references.count;
    addCounts(notVerified, state.references.notVerified, file.name);
    addCounts(secretsNotVerified, state.secrets.notVerified, file.name);
    if (findings.length > 0) files.push({ name: file.name, lines: lineMap(file.analysis.text), findings });
  }
  const summary = {
    files: gathered.fileCount,
    references,
    errors: count.error,
    warnings: count.warning,
    infos: count.info,
    hints: count.hint,
    notVerified: byReason(notVerified),
    secretsNotVerified: byReason(secretsNotVerified),
  };
  return { files, summary };
}

/** A count while the files are gone through. */
interface NotVerifiedSum {
  count: number;
  readonly files: string[];
}

function addCounts(sums: Map<NotVerifiedReason, NotVerifiedSum>, counts: ReadonlyMap<NotVerifiedReason, number>, file: string): void {
  for (const [reason, count] of counts) {
    const sum = sums.get(reason) ?? { count: 0, files: [] };
    sum.count += count;
    sum.files.push(file);
    sums.set(reason, sum);
  }
}

function byReason(counts: ReadonlyMap<NotVerifiedReason, NotVerifiedCount>): ReadonlyMap<NotVerifiedReason, NotVerifiedCount> {
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function snapshotOf(file: GatheredFile, facts: Facts, now: number): Snapshot {
  return { analysis: file.analysis, workspace: file.workspace(), facts, directory: emptyDirectory, now, settings: defaultSettings };
}

function tooLargeLines(files: readonly GatheredFile[]): readonly string[] {
  return files.filter((file) => file.analysis.tooLarge).map((file) => `${file.name}: very long, only the syntax of its references is checked`);
}

function countAtOrAbove(result: CheckResult, failOn: FailOn): number {
  const counting: Readonly<Record<FailOn, readonly Finding["severity"][]>> = {
    error: ["error"],
    warning: ["error", "warning"],
    info: ["error", "warning", "info"],
    never: [],
  };
  const severities = counting[failOn];
  return result.files.flatMap((file) => file.findings).filter((finding) => severities.includes(finding.severity)).length;
}
