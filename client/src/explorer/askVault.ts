import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import type { SecretSource } from "../secrets/secretSource.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { pickText } from "../ui/pickText.ts";

/** One of the vaults known, apart from `except`. Says where there is none. */
export async function askVault(source: Pick<SecretSource, "vaults">, dialogs: Dialogs, title: string, except?: VaultTarget): Promise<VaultTarget | undefined> {
  const known = (await source.vaults()).filter(({ vault }) => except === undefined || vaultKey(vault) !== vaultKey(except));
  if (known.length === 0) {
    dialogs.tell(except === undefined ? "No vault is known yet. Open the folder whose connectors name one, wait until its files are read, or add a vault to the explorer." : "No other vault is known yet. Open the folder whose connectors name one, wait until its files are read, or add a vault to the explorer.");
    return undefined;
  }
  return dialogs.pick(title, known.map(({ vault, connector }) => ({ label: vault.name, description: pickText([cloudNames[vault.cloud], ...(connector === undefined ? [] : [connector])].join(" · ")), value: vault })));
}
