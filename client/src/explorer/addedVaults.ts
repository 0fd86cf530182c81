import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { readStoredVault, writeStoredVault } from "../azure/storedVault.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";

/** The vaults that the person has added to the explorer, whatever the workspace names. Kept outside the workspace. */
export interface AddedVaults {
  list(): readonly VaultTarget[];
  add(vault: VaultTarget): Promise<void>;
  remove(vault: VaultTarget): Promise<void>;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

const storeKey = "keyline.addedVaults";

export function createAddedVaults(store: ApprovalStore): AddedVaults {
  const listeners = new Set<() => void>();

  function list(): readonly VaultTarget[] {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.map(readVault).filter((vault) => vault !== undefined) : [];
  }

  async function write(vaults: readonly VaultTarget[]): Promise<void> {
    await store.update(storeKey, vaults.map(writeStoredVault));
    for (const listener of [...listeners]) listener();
  }

  const others = (vault: VaultTarget): readonly VaultTarget[] => list().filter((other) => vaultKey(other) !== vaultKey(vault));

  return {
    list,
    add: (vault) => write([...others(vault), vault]),
    remove: (vault) => write(others(vault)),
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function readVault(stored: unknown): VaultTarget | undefined {
  return typeof stored === "object" && stored !== null ? readStoredVault(stored as Record<string, unknown>) : undefined;
}
