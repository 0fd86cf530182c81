import { systemClock } from "../../server/src/host/clock.ts";
import type { Clock } from "../../server/src/host/clock.ts";
import type { Files } from "../../server/src/host/files.ts";
import { silentLog } from "../../server/src/host/log.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { CliHost, OutputStream, VaultOptions } from "../../server/src/cli/cliHost.ts";
import { runCli } from "../../server/src/cli/runCli.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { fakeVault } from "./fakeVault.ts";
import type { VaultTable } from "./fakeVault.ts";

export interface CliRunOptions {
  readonly files?: Files;
  readonly clock?: Clock;
  readonly environment?: CliHost["environment"];
  /** What standard output and standard error say of themselves. */
  readonly colours?: boolean;
  readonly vaults?: VaultTable;
  readonly signal?: AbortSignal;
}

export interface CliRun {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  /** What was asked of the fake vaults, in order. */
  readonly requests: readonly string[];
  /** How the vaults were opened; empty where no vault had to be asked. */
  readonly opened: readonly VaultOptions[];
  readonly startedLanguageServer: boolean;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface CheckReport {
  readonly schema: string;
  readonly findings: readonly {
    readonly file: string;
    readonly range: { readonly start: Position; readonly end: Position };
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly verified: boolean;
  }[];
  readonly summary: {
    readonly files: number;
    readonly references: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly hints: number;
    readonly notVerified: { readonly count: number; readonly reasons: Readonly<Record<string, number>> };
  };
}

/** One run of the command line in this process, over real folders and fake vaults. */
export async function cliRun(workingDirectory: string, words: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  const { files = nodeFiles, clock = systemClock, environment = {}, colours = false, vaults = {} } = options;
  const out = new TextSink(colours);
  const err = new TextSink(colours);
  const api = fakeVault(vaults);
  const opened: VaultOptions[] = [];
  let startedLanguageServer = false;
  const host: CliHost = {
    files,
    clock,
    workingDirectory,
    environment,
    out,
    err,
    openVaults: (asked) => {
      opened.push(asked);
      return createVaultIndex({ api, clock, log: silentLog, gate: asked.gate, keysAllowed: () => asked.readJsonKeys });
    },
    startLanguageServer: async () => {
      startedLanguageServer = true;
    },
  };
  const code = await runCli(host, words, options.signal ?? new AbortController().signal);
  return { code, out: out.text, err: err.text, requests: api.requests, opened, startedLanguageServer };
}

/** `keyline check --format json` and these words: the report and all else. */
export async function checkJson(workingDirectory: string, words: readonly string[], options: CliRunOptions = {}): Promise<CliRun & { readonly report: CheckReport }> {
  const run = await cliRun(workingDirectory, ["check", "--format", "json", ...words], options);
  return { ...run, report: JSON.parse(run.out) as CheckReport };
}

export function filesOf(report: CheckReport): readonly string[] {
  return report.findings.map((finding) => finding.file);
}

export function rulesOf(report: CheckReport): readonly string[] {
  return report.findings.map((finding) => finding.rule);
}

class TextSink implements OutputStream {
  text = "";
  readonly colours: boolean;

  constructor(colours: boolean) {
    this.colours = colours;
  }

  async write(text: string): Promise<void> {
    this.text += text;
  }
}
