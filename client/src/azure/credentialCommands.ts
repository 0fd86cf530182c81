import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { Register } from "../register.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { restrictedMessage } from "./approvalCommands.ts";
import { delegateNote } from "./causeWords.ts";
import type { ClientSecrets } from "./clientSecrets.ts";
import { choiceWords } from "./credentialWords.ts";
import type { VaultCredentials } from "./vaultCredentials.ts";

/** A vault, and the client ID that its connector names. */
export interface CredentialSubject {
  readonly vault: VaultTarget;
  readonly clientId?: string;
}

/** What a connector says of the credential of its vault; undefined for one that names no vault. */
export function credentialSubject(row: { readonly vault?: VaultTarget | undefined; readonly settings?: ConnectorRow["settings"] } | undefined): CredentialSubject | undefined {
  if (row?.vault === undefined) return undefined;
  const clientId = row.settings?.clientId;
  return { vault: row.vault, ...(clientId === undefined ? {} : { clientId }) };
}

export interface CredentialCommandsContext {
  readonly credentials: VaultCredentials;
  readonly secrets: Pick<ClientSecrets, "forget">;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  /** The vault of an item of our own tree; undefined for any other argument. */
  readonly subjectOf: (argument: unknown) => CredentialSubject | undefined;
  /** The vaults of open files and of the workspace's connectors. */
  readonly subjects: () => Promise<readonly CredentialSubject[]>;
  readonly isApproved: (vault: VaultTarget) => boolean;
  /** Called after a change: the vault is asked again with its new identity. */
  readonly changed: (vault: VaultTarget) => void;
}

export function registerCredentialCommands(register: Register, context: CredentialCommandsContext): void {
  register("keyline.chooseVaultCredential", (argument) => chooseVaultCredential(context, argument));
}

async function chooseVaultCredential(context: CredentialCommandsContext, argument: unknown): Promise<void> {
  const { credentials, dialogs, isTrusted, changed } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const subject = context.subjectOf(argument) ?? (await pickSubject(context));
  if (subject === undefined) return;
  const { vault } = subject;
  const chosen = credentials.chosen(vault);
  const action = chosen === undefined ? "choose" : await pickAction(dialogs, vault, chosen);
  switch (action) {
    case undefined:
      return;
    case "reset":
      await credentials.remember(vault, undefined);
      break;
    case "forget":
      if (chosen?.kind === "client-secret" && !(await context.secrets.forget(chosen))) {
        dialogs.tell("VS Code's secret storage did not let go of the client secret, so it is still stored. Try again, or make it invalid in Entra.");
        return;
      }
      await credentials.remember(vault, undefined);
      break;
    case "choose": {
      const choice = await credentials.ask(purposeOf(subject, chosen ?? credentials.byDefault(), context.isApproved(vault)));
      if (choice === undefined) return;
      await credentials.remember(vault, choice);
      break;
    }
  }
  changed(vault);
  dialogs.tell(`${vault.name} is opened with: ${choiceWords(credentials.of(vault))}. ${delegateNote}`);
}

async function pickSubject({ subjects, credentials, dialogs }: CredentialCommandsContext): Promise<CredentialSubject | undefined> {
  const all = [...new Map((await subjects()).map((subject) => [vaultKey(subject.vault), subject])).values()];
  if (all.length === 0) {
    dialogs.tell("No open file and no connector of the workspace names a vault.");
    return undefined;
  }
  if (all.length === 1) return all[0];
  return dialogs.pick(
    "Choose the credential of which vault?",
    all.map((subject) => ({ label: subject.vault.name, description: choiceWords(credentials.of(subject.vault)), detail: `Tenant ${subject.vault.tenant ?? "not named"}`, value: subject })),
  );
}

type Action = "choose" | "reset" | "forget";

function pickAction(dialogs: Dialogs, vault: VaultTarget, chosen: CredentialChoice): Promise<Action | undefined> {
  const choices: Choice<Action>[] = [
    { label: "Choose another credential", value: "choose" },
    { label: "Use the setting keyline.credential again", value: "reset" },
  ];
  if (chosen.kind === "client-secret") choices.push({ label: "Forget the stored client secret", value: "forget" });
  return dialogs.pick(`${vault.name} is opened with: ${choiceWords(chosen)}`, choices);
}

function purposeOf({ vault, clientId }: CredentialSubject, current: CredentialChoice, mayTry: boolean) {
  return {
    title: `Credential for vault ${vault.name}, tenant ${vault.tenant ?? "not named"}, on this machine`,
    cloud: vault.cloud,
    current,
    mayTry,
    ...(vault.tenant === undefined ? {} : { tenant: vault.tenant }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}
