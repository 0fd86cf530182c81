import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { createTurns } from "../runs/turns.ts";

/** One test or clean-up at a time for each vault of this window. */
export interface VaultTurns {
  /** The function that ends the turn; undefined where another one has it. */
  take(vault: VaultTarget): (() => void) | undefined;
}

export function createVaultTurns(): VaultTurns {
  const turns = createTurns();
  return { take: (vault) => turns.take(vaultKey(vault)) };
}
