import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { causeOfReason } from "../../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import type { VaultTestApi, WriteTest } from "../../../server/src/vault/vaultTestApi.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { kindWords } from "../azure/credentialWords.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { accessCommand } from "./accessCommand.ts";
import type { ConnectorFiles } from "./connectorFiles.ts";
import type { ConnectorSource } from "./connectorSource.ts";
import { chooseConnector } from "./connectorSource.ts";
import type { TestJournal } from "./testJournal.ts";
import type { TestResults } from "./testResults.ts";
import type { TestSubject } from "./testWords.ts";
import { readFailedWords, readPassedWords, writeConsentWords, writeWords } from "./testWords.ts";

export interface TestRun {
  readonly id: string;
  /** `harness-test-` and 16 random hexadecimal digits. */
  readonly name: string;
}

export interface TestConnectionContext {
  readonly source: ConnectorSource;
  readonly dialogs: Dialogs;
  readonly files: Pick<ConnectorFiles, "show">;
  readonly isTrusted: () => boolean;
  /** Shows the approval's modal where the vault is not approved yet. True where it is approved then. */
  readonly approve: (vault: VaultTarget) => Promise<boolean>;
  readonly credentialOf: (vault: VaultTarget) => CredentialChoice;
  readonly directory: () => AzureDirectory;
  readonly tests: VaultTestApi;
  readonly results: TestResults;
  readonly journal: TestJournal;
  /** Runs that this window is carrying out, by their id. */
  readonly running: Set<string>;
  readonly newRun: () => TestRun;
  readonly now: () => number;
  readonly log: Log;
  /** Runs one of our commands. */
  readonly run: (command: string) => PromiseLike<unknown>;
}

export interface ConnectionTests {
  readonly testConnection: (argument: unknown) => Promise<void>;
  /** The read test alone, for the wizard: the vault is approved already. */
  readonly read: (vault: VaultTarget, signal: AbortSignal) => Promise<"passed" | FaultCause>;
}

export function createConnectionTests(context: TestConnectionContext): ConnectionTests {
  const busy = new Set<string>();
  return {
    testConnection: async (argument) => {
      const { dialogs, isTrusted } = context;
      if (!isTrusted()) {
        dialogs.tell(restrictedMessage);
        return;
      }
      const row = await chooseConnector(context.source, dialogs, argument, "Test the connection of which connector?", ({ vault }) => vault !== undefined);
      if (row === undefined) return;
      if (row.vault === undefined) {
        dialogs.tell("The connector names no vault that could be tested. Correct its vaultName first.");
        return;
      }
      const key = vaultKey(row.vault);
      if (busy.has(key)) {
        dialogs.tell(`A test of ${row.vault.name} is running. Wait for its result.`);
        return;
      }
      busy.add(key);
      try {
        await testVault(context, row, row.vault);
      } finally {
        busy.delete(key);
      }
    },
    read: async (vault, signal) => (await readVault(context, vault, signal)).result,
  };
}

async function testVault(context: TestConnectionContext, row: ConnectorRow, vault: VaultTarget): Promise<void> {
  const { dialogs, isTrusted } = context;
  if (!(await context.approve(vault)) || !isTrusted()) return;
  const { result } = await dialogs.progress(`Testing ${vault.name}: reading`, (_report, signal) => readVault(context, vault, signal));
  if (result === "cancelled") return;
  const subject: TestSubject = { vault: vault.name, identity: `as ${kindWords(context.credentialOf(vault).kind).label}` };
  if (result !== "passed") {
    await offerMends(context, row, vault, result, "read", readFailedWords(subject, result));
    return;
  }
  const run = context.newRun();
  const agreed = await dialogs.confirm(`Write a test secret to ${vault.name}?`, writeConsentWords(run.name), "Write");
  if (agreed && isTrusted()) await writeVault(context, row, vault, subject, run);
  else dialogs.tell(readPassedWords(subject));
}

async function readVault({ tests, results, now }: TestConnectionContext, vault: VaultTarget, signal: AbortSignal): Promise<{ readonly result: "passed" | FaultCause }> {
  const outcome = await tests.read(vault, signal);
  const result = outcome.ok ? ("passed" as const) : causeIn(outcome);
  if (result !== "cancelled") await results.put({ vault, at: now(), read: result });
  return { result };
}

async function writeVault(context: TestConnectionContext, row: ConnectorRow, vault: VaultTarget, subject: TestSubject, run: TestRun): Promise<void> {
  const { dialogs, tests, journal, running, results, now, log } = context;
  running.add(run.id);
  try {
    const outcome = await dialogs.progress(`Testing ${vault.name}: writing ${run.name}`, (report, signal) =>
      tests.write(
        vault,
        run,
        async (step) => {
          if (step !== "done") {
            report(step === "write" ? "writing" : step === "delete" ? "deleting" : "purging");
            log.info(`Test Connection: ${step} ${run.name} in ${vault.name}`);
          }
          await journal.note({ run: run.id, vault, name: run.name, step, at: now() });
        },
        signal,
      ),
    );
    const test: WriteTest = outcome.ok ? outcome.value : { write: causeIn(outcome) };
    const write = test.write ?? "passed";
    if (write === "cancelled") {
      dialogs.tell(`Cancelled: nothing was written to ${vault.name}.`);
      return;
    }
    await results.put({ vault, at: now(), read: "passed", write });
    // What a protected vault keeps is no left-over that anybody can remove.
    if (test.cleanUp?.cause === "purge-protection") await journal.forget([run.name]);
    await offerMends(context, row, vault, write, "write", writeWords(subject, run.name, test));
  } finally {
    running.delete(run.id);
  }
}

/** Tells a result, with the buttons that mend it. */
async function offerMends(context: TestConnectionContext, row: ConnectorRow, vault: VaultTarget, result: "passed" | FaultCause, step: "read" | "write", words: string): Promise<void> {
  const { dialogs, files, run } = context;
  const command = result === "passed" ? undefined : accessCommand(result, step, vault, context.credentialOf(vault), context.directory());
  const mends = new Map<string, () => PromiseLike<unknown>>();
  if (command !== undefined) mends.set("Copy Azure CLI Command", () => dialogs.copy(command));
  if (result !== "passed") for (const mend of mendsOf(result)) mends.set(mend.title, () => (mend.command === undefined ? files.show(row.uri, row.range) : run(mend.command)));
  if (mends.size === 0) {
    dialogs.tell(words);
    return;
  }
  const chosen = await dialogs.offer(words, [...mends.keys()]);
  if (chosen !== undefined) await mends.get(chosen)?.();
}

interface Mend {
  readonly title: string;
  /** The connector's YAML is shown where absent. */
  readonly command?: string;
}

const signIn: Mend = { title: "Sign In…", command: "keyline.signIn" };
const chooseCredential: Mend = { title: "Choose My Credential…", command: "keyline.chooseVaultCredential" };
const showYaml: Mend = { title: "Show in YAML" };
const showLog: Mend = { title: "Show Log", command: "keyline.showLog" };

function mendsOf(cause: FaultCause): readonly Mend[] {
  switch (cause) {
    case "not-signed-in":
      return [signIn, chooseCredential];
    case "wrong-client-secret":
    case "expired-client-secret":
      return [{ title: "Enter It Again…", command: "keyline.signIn" }, chooseCredential];
    case "certificate-refused":
    case "certificate-unreadable":
      return [chooseCredential];
    case "unknown-application":
      return [chooseCredential, showYaml];
    case "tenant-not-found":
    case "wrong-tenant":
    case "vault-not-found":
    case "dns":
    case "purge-protection":
      return [showYaml];
    case "rbac":
    case "access-policy":
    case "no-reader-role":
      return [chooseCredential];
    case "subscription-not-found":
      return [showYaml];
    case "clock":
    case "unreachable":
    case "proxy":
    case "tls":
    case "firewall":
    case "private-endpoint":
    case "throttled":
    case "service-error":
    case "deletion-pending":
      return [showLog];
    case "cancelled":
      return [];
  }
}

function causeIn(outcome: Extract<Outcome<never>, { ok: false }>): FaultCause {
  return outcome.cause ?? causeOfReason(outcome.reason) ?? "service-error";
}
