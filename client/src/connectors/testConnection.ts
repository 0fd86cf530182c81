import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { ReadTest, WriteStep } from "../../../server/src/vault/vaultTestApi.ts";
import { askApproval, restrictedMessage, vaultLines } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { identityWords } from "../azure/identityWords.ts";
import { chooseConnector, isKeyVault } from "./connectorSource.ts";
import { mendTest } from "./mendTest.ts";
import { showField } from "./showField.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";
import type { OpenTestRun } from "./testJournal.ts";
import type { EndedWrite, TestReport, TestSubject } from "./testReport.ts";
import { failedReadReport, readOnlyReport, writeEnd, writeReport } from "./testReport.ts";
import { newTestRun } from "./testRun.ts";

/** Tests a connector's vault from this machine: reading, and writing where the person agrees. Of the argument it takes nothing but which connector is meant. */
export async function testConnection(context: TestCommandsContext, argument: unknown): Promise<void> {
  if (!context.isTrusted()) {
    context.dialogs.tell(restrictedMessage);
    return;
  }
  const row = await testedConnector(context, argument);
  if (row !== undefined) await testRow(context, row);
}

async function testRow(context: TestCommandsContext, row: ConnectorRow): Promise<void> {
  const { dialogs, turns } = context;
  const vault = row.vault;
  if (vault === undefined || !isVaultName(vault.name)) {
    await tellNoVault(context, row);
    return;
  }
  const endTurn = turns.take(vault);
  if (endTurn === undefined) {
    dialogs.tell(`The vault ${vault.name} is being tested or cleaned up already. Wait until that has ended.`);
    return;
  }
  let ended: EndedTest | undefined;
  try {
    if (await askApproval(context, vault)) ended = await run(context, row, vault);
  } finally {
    endTurn();
  }
  if (ended !== undefined) await tellEnd(context, row, ended);
}

interface EndedTest {
  readonly subject: TestSubject;
  readonly report: TestReport;
  /** The journal's trace, kept until the person has been told. */
  readonly trace?: OpenTestRun;
}

async function run(context: TestCommandsContext, row: ConnectorRow, vault: VaultTarget): Promise<EndedTest | undefined> {
  const { dialogs, tests, clock, results, log, credentials } = context;
  const subject: TestSubject = { vault, settings: row.settings, credential: credentials.of(vault) };
  const outcome = await dialogs.progress(`Testing the vault ${vault.name}`, (report, signal) => {
    report("reading");
    return tests.read(vault, signal);
  });
  const read = outcome.ok ? "passed" : causeOfOutcome(outcome);
  log.info(`Test Connection, read: vault ${vault.name}, ${read}.`);
  if (!outcome.ok) {
    const cause = causeOfOutcome(outcome);
    if (cause !== "cancelled") await results.put({ vault, at: clock.now(), read: cause });
    return { subject, report: failedReadReport(subject, cause) };
  }
  await results.put({ vault, at: clock.now(), read: "passed" });
  const agreed = await dialogs.confirm(`Reading works. Test writing to the vault ${vault.name} too?`, writeDetail(subject), "Test Writing");
  if (!agreed || !mayCall(context, vault)) return { subject, report: readOnlyReport(subject, outcome.value) };
  return write(context, subject, outcome.value);
}

function writeDetail({ vault, credential, settings }: TestSubject): string {
  return [
    ...vaultLines(vault),
    `Identity: ${identityWords(credential, settings)}`,
    "",
    "Harness's own Test Connection writes the secret harnessAzureVaultValidation with the value true. It expires in 1 hour, and Harness does not delete it.",
    "Keyline's test writes a secret of a random name, harness-test- and 16 digits, that expires in 1 hour and is tagged createdBy=keyline and with the test's run. It is deleted at once, and purged where the vault allows that.",
    "The vault's log shows these calls.",
  ].join("\n");
}

async function write(context: TestCommandsContext, subject: TestSubject, read: ReadTest): Promise<EndedTest> {
  const { dialogs, tests, clock, results, journal, log, randomHex } = context;
  const { vault } = subject;
  const { id, name } = newTestRun(randomHex);
  const trace = journal.open({ id, vault, name });
  let begun: WriteStep | undefined;
  try {
    const outcome = await dialogs.progress(`Testing the vault ${vault.name}`, (report, signal) => {
      report("writing");
      const onStep = async (step: WriteStep): Promise<void> => {
        begun = step;
        log.info(`Test Connection, ${step}: vault ${vault.name}, secret ${name}.`);
        report(signal.aborted ? "removing the test secret before it ends" : stepWords[step]);
        await trace.step(step);
      };
      return tests.write(vault, { id, name }, onStep, signal);
    });
    const ended: EndedWrite = { name, outcome, begun };
    const end = writeEnd(ended);
    log.info(`Test Connection, ended: vault ${vault.name}, secret ${name}, write ${end ?? "cancelled"}, clean-up ${cleanUpWords(ended)}.`);
    if (end !== undefined) await results.put({ vault, at: clock.now(), read: "passed", write: end });
    return { subject, report: writeReport(subject, read, ended), trace };
  } catch (error) {
    trace.leave();
    throw error;
  }
}

const stepWords: Readonly<Record<WriteStep, string>> = { write: "writing", delete: "deleting", purge: "purging", done: "done" };

function cleanUpWords({ outcome }: EndedWrite): string {
  const cleanUp = outcome.ok ? outcome.value.cleanUp : undefined;
  return cleanUp === undefined ? "complete" : `stopped at ${cleanUp.step} by ${cleanUp.cause}`;
}

async function tellEnd(context: TestCommandsContext, row: ConnectorRow, { subject, report, trace }: EndedTest): Promise<void> {
  const mended = mendTest(context, row, subject, report);
  // Shown by now: only then may the trace go.
  await trace?.end();
  if ((await mended) === "test-again") await testRow(context, await rowAsItIsNow(context, row));
}

/** The file may have been corrected meanwhile. */
async function rowAsItIsNow({ source }: TestCommandsContext, row: ConnectorRow): Promise<ConnectorRow> {
  return (await source.load()).find(({ key }) => key === row.key) ?? row;
}

function mayCall({ isTrusted, approvals }: TestCommandsContext, vault: VaultTarget): boolean {
  return isTrusted() && approvals.isApproved(vault);
}

async function testedConnector({ source, dialogs, activeUri }: TestCommandsContext, argument: unknown): Promise<ConnectorRow | undefined> {
  const given = source.of(argument);
  if (given !== undefined) return given;
  const uri = activeUri();
  const inFile = uri === undefined ? [] : (await source.load()).filter((row) => isKeyVault(row) && row.uri === uri);
  if (inFile.length === 1) return inFile[0];
  return chooseConnector(source, dialogs, argument, "Test which connector?", (row) => isKeyVault(row) && (inFile.length === 0 || row.uri === uri));
}

async function tellNoVault({ dialogs, files }: TestCommandsContext, row: ConnectorRow): Promise<void> {
  if (!isKeyVault(row)) {
    dialogs.tell("Keyline tests Azure Key Vault connectors alone. Test this one in Harness.");
    return;
  }
  const showInFile = "Show in File";
  const words =
    row.settings?.vaultName === undefined
      ? "The connector names no vault in a way that can be read from its file. Write vaultName, then test again."
      : "The connector's vaultName is no name of a vault, or its azureEnvironmentType is neither AZURE nor AZURE_US_GOVERNMENT. Correct it, then test again.";
  if ((await dialogs.offer(words, [showInFile])) === showInFile) await showField(files, row, "vaultName");
}
