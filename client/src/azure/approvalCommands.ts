import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { cloudNames } from "./cloudNames.ts";
import { choiceWords } from "./credentialWords.ts";
import type { VaultCredentials } from "./vaultCredentials.ts";
import type { VaultApprovals } from "./vaultApprovals.ts";

export interface ApprovalCommandsContext {
  readonly approvals: VaultApprovals;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  /** The vaults that open files refer to, the active file's first. */
  readonly vaults: () => readonly VaultTarget[];
  /** Those of them whose references name JSON keys. */
  readonly vaultsWithJsonKeys: () => readonly VaultTarget[];
  /** The vault of an item of our own tree; undefined for any other argument. */
  readonly vaultOf: (argument: unknown) => VaultTarget | undefined;
  /** The identity that will open the vault. */
  readonly credentials: Pick<VaultCredentials, "of">;
  /** Called after an approval was withdrawn. */
  readonly withdrawn: (vault: VaultTarget) => Promise<void>;
}

/**
 * Invariant: an argument says at most which item of our own tree is meant. Any extension may run a command, so consent
 * comes from the dialog alone, and only vaults that open files or the workspace's connectors name are offered.
 */
export interface ApprovalCommands {
  readonly approveVault: (argument?: unknown) => Promise<void>;
  readonly withdrawVault: () => Promise<void>;
  readonly allowJsonKeys: (argument?: unknown) => Promise<void>;
}

export const restrictedMessage = "Keyline calls no vault in Restricted Mode. Trust this workspace first.";

export function createApprovalCommands(context: ApprovalCommandsContext): ApprovalCommands {
  return {
    approveVault: (argument) => approveVault(context, argument),
    withdrawVault: () => withdrawVault(context),
    allowJsonKeys: (argument) => allowJsonKeys(context, argument),
  };
}

async function approveVault(context: ApprovalCommandsContext, argument: unknown): Promise<void> {
  const { approvals, dialogs, isTrusted, vaults } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const given = context.vaultOf(argument);
  if (given !== undefined) {
    await askApproval(context, given);
    return;
  }
  const waiting = vaults().filter((vault) => !approvals.isApproved(vault));
  if (waiting.length === 0) {
    dialogs.tell("No open file refers to a vault that is not approved yet.");
    return;
  }
  const vault = await chooseVault(dialogs, "Approve a vault", waiting);
  if (vault !== undefined) await askApproval(context, vault);
}

/** The modal that shows vault, cloud, tenant and identity. True where the vault is approved now. */
export async function askApproval(
  { approvals, dialogs, isTrusted, credentials }: Pick<ApprovalCommandsContext, "approvals" | "dialogs" | "isTrusted" | "credentials">,
  vault: VaultTarget,
): Promise<boolean> {
  if (!isTrusted()) return false;
  if (approvals.isApproved(vault)) return true;
  const agreed = await dialogs.confirm(`Let Keyline read from the vault ${vault.name}?`, approvalDetail(vault, credentials.of(vault)), "Approve");
  if (!agreed || !isTrusted()) return false;
  await approvals.approve(vault);
  return true;
}

async function withdrawVault({ approvals, dialogs, withdrawn }: ApprovalCommandsContext): Promise<void> {
  const approved = approvals.list();
  if (approved.length === 0) {
    dialogs.tell("No vault is approved.");
    return;
  }
  const vault = await dialogs.pick(
    "Withdraw a vault's approval",
    approved.map((approval) => vaultChoice(approval.vault, approval.jsonKeys ? "JSON keys may be read" : undefined)),
  );
  if (vault === undefined) return;
  await approvals.withdraw(vault);
  await withdrawn(vault);
}

async function allowJsonKeys(context: ApprovalCommandsContext, argument: unknown): Promise<void> {
  const { approvals, dialogs, isTrusted } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const given = context.vaultOf(argument);
  if (given !== undefined && approvals.isApproved(given) && approvals.jsonKeysAllowed(given)) {
    dialogs.tell(`Keyline may read the JSON keys of the vault ${given.name} already. Withdraw the vault's approval to take that back.`);
    return;
  }
  const vault = given === undefined ? await chooseVaultForKeys(context) : (await askApproval(context, given)) ? given : undefined;
  if (vault !== undefined) await askJsonKeys({ approvals, dialogs, isTrusted }, vault);
}

async function chooseVaultForKeys({ approvals, dialogs, vaults, vaultsWithJsonKeys }: ApprovalCommandsContext): Promise<VaultTarget | undefined> {
  const candidates = vaultsWithJsonKeys().filter((vault) => approvals.isApproved(vault) && !approvals.jsonKeysAllowed(vault));
  if (candidates.length === 0) {
    const unapproved = vaults().some((vault) => !approvals.isApproved(vault));
    dialogs.tell(
      unapproved
        ? "Approve the vault first: run Keyline: Approve a Vault…"
        : "No open file refers to a JSON key in an approved vault that is not allowed yet.",
    );
    return undefined;
  }
  return chooseVault(dialogs, "Allow reading JSON keys", candidates);
}

/** The modal on reading values to learn key names. True where it is allowed for the approved vault now. */
export async function askJsonKeys({ approvals, dialogs, isTrusted }: Pick<ApprovalCommandsContext, "approvals" | "dialogs" | "isTrusted">, vault: VaultTarget): Promise<boolean> {
  if (!isTrusted() || !approvals.isApproved(vault)) return false;
  if (approvals.jsonKeysAllowed(vault)) return true;
  const agreed = await dialogs.confirm(`Let Keyline read JSON keys in the vault ${vault.name}?`, jsonKeysDetail(vault), "Allow");
  if (!agreed || !isTrusted()) return false;
  await approvals.allowJsonKeys(vault);
  return true;
}

async function chooseVault(dialogs: Dialogs, title: string, vaults: readonly VaultTarget[]): Promise<VaultTarget | undefined> {
  if (vaults.length === 1) return vaults[0];
  return dialogs.pick(
    title,
    vaults.map((vault) => vaultChoice(vault)),
  );
}

/** A vault with its cloud and tenant. */
export function vaultChoice(vault: VaultTarget, detail?: string): Choice<VaultTarget> {
  const description = `${cloudNames[vault.cloud]}, ${tenantWords(vault)}`;
  return { label: vault.name, description, value: vault, ...(detail === undefined ? {} : { detail }) };
}

function approvalDetail(vault: VaultTarget, credential: CredentialChoice): string {
  return [
    ...vaultLines(vault),
    `Opened with: ${choiceWords(credential)}`,
    "",
    "Keyline lists the secrets' names and attributes: enabled, dates, tags, versions. It reads no secret's value and writes nothing, but by a command of yours that says so.",
    "The approval holds for this vault and tenant, is kept outside the workspace, and can be withdrawn.",
  ].join("\n");
}

function jsonKeysDetail(vault: VaultTarget): string {
  return [
    ...vaultLines(vault),
    "",
    "To learn the key names of a JSON secret, Keyline must read its value. It does so only for secrets that a reference names with #key, or whose keys you ask for.",
    "It keeps the key names and drops the value at once. The vault's log will show the reading.",
  ].join("\n");
}

export function vaultLines(vault: VaultTarget): readonly string[] {
  return [`Vault: ${vault.name}`, `Cloud: ${cloudNames[vault.cloud]}`, `Tenant: ${vault.tenant ?? "not named by the connector; the vault says which"}`];
}

function tenantWords(vault: VaultTarget): string {
  return vault.tenant === undefined ? "no tenant named" : `tenant ${vault.tenant}`;
}
