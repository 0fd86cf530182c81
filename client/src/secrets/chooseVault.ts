import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { pickText } from "../ui/pickText.ts";
import type { KnownVault, SecretSource } from "./secretSource.ts";

export const noVaultMessage = "No vault is known yet. Open the folder whose connectors name one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar.";

/** The vault known, or one of several. Says where there is none. */
export async function chooseVault(source: Pick<SecretSource, "vaults">, dialogs: Dialogs, title: string): Promise<VaultTarget | undefined> {
  const known = await source.vaults();
  if (known.length === 0) dialogs.tell(noVaultMessage);
  return known.length < 2 ? known[0]?.vault : dialogs.pick(title, known.map(knownVaultChoice));
}

/** Another vault than `one`, which is asked for even where there is one alone. Says where there is none. */
export async function chooseOtherVault(source: Pick<SecretSource, "vaults">, dialogs: Dialogs, title: string, one: VaultTarget): Promise<VaultTarget | undefined> {
  const others = (await source.vaults()).filter(({ vault }) => vaultKey(vault) !== vaultKey(one));
  if (others.length > 0) return dialogs.pick(title, others.map(knownVaultChoice));
  dialogs.tell(`No vault is known yet but ${one.name}. Open the folder whose connectors name another one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar.`);
  return undefined;
}

export function knownVaultChoice({ vault, connector }: KnownVault): Choice<VaultTarget> {
  return { label: vault.name, description: pickText([cloudNames[vault.cloud], ...(connector === undefined ? [] : [connector])].join(" · ")), value: vault };
}
