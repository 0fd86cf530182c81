import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import type { StoredVault } from "./vaultState.ts";

/** Whether a new vault could have the name that the request asks about. Names are taken over all subscriptions, also by deleted vaults. */
export function answerVaultName(vaults: readonly StoredVault[], request: LocalRequest): LocalAnswer {
  const { name } = JSON.parse(request.body.toString("utf8")) as { readonly name: string };
  if (!/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/.test(name)) {
    const message = `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`;
    return jsonAnswer(200, { nameAvailable: false, reason: "AccountNameInvalid", message });
  }
  if (vaults.some((vault) => vault.options.name.toLowerCase() === name.toLowerCase())) {
    const message = `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`;
    return jsonAnswer(200, { nameAvailable: false, reason: "AlreadyExists", message });
  }
  return jsonAnswer(200, { nameAvailable: true });
}
