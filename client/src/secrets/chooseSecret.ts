import type { DeletedEntry } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion, isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { askApproval, restrictedMessage } from "../azure/approvalCommands.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import type { Choice } from "../ui/dialogs.ts";
import { pickText } from "../ui/pickText.ts";
import { dateText } from "./dateText.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { KnownVault, SecretSubject } from "./secretSource.ts";
import { failureWords, isCancelled } from "./secretWords.ts";

export const noVaultMessage = "No vault is known yet. Open the folder whose connectors name one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar.";

/** The secret that a command is about: the tree's item, or the one that the person picks. Its vault is approved. Says why where there is none. */
export async function chooseSecret(context: SecretCommandsContext, argument: unknown, title: string): Promise<SecretSubject | undefined> {
  return choose(context, argument, title, (vault, signal) => context.source.secrets(vault, signal), ({ name, enabled }) => ({ label: pickText(name), ...(enabled ? {} : { description: "disabled" }), value: name }), "holds no secret");
}

/** The same among the deleted secrets. */
export async function chooseDeleted(context: SecretCommandsContext, argument: unknown, title: string): Promise<SecretSubject | undefined> {
  return choose(context, argument, title, (vault, signal) => context.source.deleted(vault, signal), deletedChoice, "has no deleted secret");
}

async function choose<T>(
  context: SecretCommandsContext,
  argument: unknown,
  title: string,
  list: (vault: VaultTarget, signal: AbortSignal) => Promise<Outcome<readonly T[]>>,
  choiceOf: (item: T) => Choice<string>,
  none: string,
): Promise<SecretSubject | undefined> {
  const { source, dialogs } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return undefined;
  }
  const given = source.subjectOf(argument);
  if (given !== undefined) {
    if (isSecret(given)) return (await askApproval(context, given.vault)) ? given : undefined;
    dialogs.tell("Key Vault gives no secret such a name or version, so nothing was done.");
    return undefined;
  }
  const vault = source.vaultOf(argument) ?? (await pickVault(context, title));
  if (vault === undefined || !(await askApproval(context, vault))) return undefined;
  const outcome = await dialogs.progress(`Listing the vault ${vault.name}`, (_report, signal) => list(vault, signal));
  if (!outcome.ok) {
    if (!isCancelled(outcome)) dialogs.tell(failureWords(vault, "its secrets cannot be listed", outcome, "read"));
    return undefined;
  }
  if (outcome.value.length === 0) {
    dialogs.tell(`The vault ${vault.name} ${none}.`);
    return undefined;
  }
  const name = await dialogs.pick(title, outcome.value.map(choiceOf).filter(({ value }) => isSecretName(value)));
  return name === undefined ? undefined : { vault, name };
}

/** Whatever a tree was told: names that are shown and sent from here on hold nothing but letters, digits and hyphens. */
function isSecret({ vault, name, version }: SecretSubject): boolean {
  return isVaultName(vault.name) && isSecretName(name) && (version === undefined || isSecretVersion(version));
}

async function pickVault({ source, dialogs }: SecretCommandsContext, title: string): Promise<VaultTarget | undefined> {
  const known = await source.vaults();
  if (known.length === 0) {
    dialogs.tell(noVaultMessage);
    return undefined;
  }
  return known.length === 1 ? known[0]?.vault : dialogs.pick(`${title}: in which vault?`, known.map(vaultChoice));
}

export function vaultChoice({ vault, connector }: KnownVault): Choice<VaultTarget> {
  return { label: vault.name, description: connector === undefined ? cloudNames[vault.cloud] : pickText(connector), value: vault };
}

function deletedChoice({ name, scheduledPurge }: DeletedEntry): Choice<string> {
  return { label: pickText(name), ...(scheduledPurge === undefined ? {} : { description: `purged by the vault on ${dateText(scheduledPurge)}` }), value: name };
}
