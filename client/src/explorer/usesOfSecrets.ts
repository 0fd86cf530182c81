import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretUseRow, SecretUsesResult } from "../../../server/src/protocol/messages.ts";
import type { ServerKnowledge } from "../language/serverAnswer.ts";

/** Which places of the workspace lead to a secret, as far as that is known. */
export interface UsesOfSecrets {
  /** Undefined where none is known. */
  of(vault: VaultTarget, name: string): SecretUseRow | undefined;
  /** False before the first answer, and while the language server does not run. */
  readonly answered: boolean;
  readonly reading: boolean;
  /** True where every file has been read, so that what is not listed does not exist. */
  readonly complete: boolean;
}

export function usesOfSecrets({ last, answered, stopped }: ServerKnowledge<SecretUsesResult>): UsesOfSecrets {
  const known = answered && !stopped ? last : undefined;
  const rows = new Map((known?.secrets ?? []).map((row) => [key(row.vault, row.name), row]));
  return {
    of: (vault, name) => rows.get(key(vault, name)),
    answered: known !== undefined,
    reading: known?.reading ?? false,
    complete: known?.complete ?? false,
  };
}

function key(vault: VaultTarget, name: string): string {
  return `${vaultKey(vault)} ${name.toLowerCase()}`;
}
