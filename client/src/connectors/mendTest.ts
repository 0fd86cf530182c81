import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import { grantCommand } from "./grantCommand.ts";
import type { GrantCommand } from "./grantCommand.ts";
import { removeFromVault } from "./removeTestSecrets.ts";
import { showField } from "./showField.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";
import type { Mend, TestReport, TestSubject } from "./testReport.ts";

/** Shows how a test ended, with the buttons that mend it, and does what the person chooses. */
export async function mendTest(context: TestCommandsContext, row: ConnectorRow, subject: TestSubject, report: TestReport): Promise<"test-again" | undefined> {
  const { dialogs } = context;
  const possible = report.mends.filter((mend) => mend.kind !== "copy-grant" || grantOf(context, subject, mend) !== undefined);
  const answer = await dialogs.offer(report.message, possible.map(label));
  const mend = possible.find((candidate) => label(candidate) === answer);
  return mend === undefined ? undefined : carryOut(context, row, subject, mend);
}

async function carryOut(context: TestCommandsContext, row: ConnectorRow, subject: TestSubject, mend: Mend): Promise<"test-again" | undefined> {
  const { dialogs, run, files } = context;
  switch (mend.kind) {
    case "sign-in":
      await run("keyline.signIn");
      return undefined;
    case "choose-credential":
      return (await chooseCredential(context, subject)) ? "test-again" : undefined;
    case "show-log":
      await run("keyline.showLog");
      return undefined;
    case "show-field":
      if (!(await showField(files, row, mend.field))) dialogs.tell("The connector's file cannot be opened. It may have been moved or deleted.");
      return undefined;
    case "copy-grant":
      await copyGrant(context, grantOf(context, subject, mend));
      return undefined;
    case "test-again":
      return "test-again";
    case "remove":
      await removeFromVault(context, subject.vault);
      return undefined;
  }
}

function label(mend: Mend): string {
  switch (mend.kind) {
    case "sign-in":
      return "Sign In…";
    case "choose-credential":
      return "Choose Credential…";
    case "show-log":
      return "Show Log";
    case "show-field":
      return `Show ${mend.field}`;
    case "copy-grant":
      return mend.cause === "rbac" ? "Copy Role Command" : "Copy Policy Command";
    case "test-again":
      return "Test Again";
    case "remove":
      return "Remove…";
  }
}

async function chooseCredential({ approvals, credentials, isTrusted }: TestCommandsContext, { vault, settings }: TestSubject): Promise<boolean> {
  if (!isTrusted()) return false;
  const chosen = await credentials.ask({
    title: `Credential for vault ${vault.name} on this machine`,
    cloud: vault.cloud,
    ...(vault.tenant === undefined ? {} : { tenant: vault.tenant }),
    ...(settings?.clientId === undefined ? {} : { clientId: settings.clientId }),
    current: credentials.of(vault),
    mayTry: approvals.isApproved(vault),
  });
  if (chosen === undefined) return false;
  await credentials.remember(vault, chosen);
  return true;
}

function grantOf({ directory }: TestCommandsContext, { vault, settings, credential }: TestSubject, { cause, step }: Extract<Mend, { readonly kind: "copy-grant" }>): GrantCommand | undefined {
  return grantCommand({ cause, step, vault, settings, credential, directory: directory() });
}

/** The command holds IDs: it goes to the clipboard and nowhere else. */
async function copyGrant({ dialogs }: TestCommandsContext, grant: GrantCommand | undefined): Promise<void> {
  if (grant === undefined) return;
  await dialogs.copy(grant.command);
  dialogs.tell(grant.words);
}
