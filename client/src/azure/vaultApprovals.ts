import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { isSameVault } from "./isSameVault.ts";
import { readStoredVault, writeStoredVault } from "./storedVault.ts";

/** The part of VS Code's `Memento` that approvals need. It is the user's own (globalState), never the workspace's. */
export interface ApprovalStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** One vault that the user has approved. */
export interface ApprovedVault {
  readonly vault: VaultTarget;
  /** True where the user has also allowed reading values to learn the key names of their JSON. */
  readonly jsonKeys: boolean;
}

/**
 * Which vaults Keyline may call, as the user said once per vault and tenant.
 *
 * Invariant: a workspace can name a vault but cannot approve it. An approval holds for the name, the cloud and the
 * tenant that the dialog showed; a connector that names another tenant is not approved.
 */
export interface VaultApprovals {
  readonly isApproved: (vault: VaultTarget) => boolean;
  readonly jsonKeysAllowed: (vault: VaultTarget) => boolean;
  list(): readonly ApprovedVault[];
  approve(vault: VaultTarget): Promise<void>;
  /** Does nothing for a vault that is not approved. */
  allowJsonKeys(vault: VaultTarget): Promise<void>;
  withdraw(vault: VaultTarget): Promise<void>;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

const storeKey = "keyline.approvedVaults";

export function createVaultApprovals(store: ApprovalStore): VaultApprovals {
  const listeners = new Set<() => void>();

  function list(): readonly ApprovedVault[] {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.map(readApproval).filter((approval) => approval !== undefined) : [];
  }

  function find(vault: VaultTarget): ApprovedVault | undefined {
    return list().find((approval) => isSameVault(approval.vault, vault));
  }

  async function replace(vault: VaultTarget, approval: ApprovedVault | undefined): Promise<void> {
    const others = list().filter((other) => vaultKey(other.vault) !== vaultKey(vault));
    await store.update(storeKey, (approval === undefined ? others : [...others, approval]).map(writeApproval));
    for (const listener of listeners) listener();
  }

  return {
    isApproved: (vault) => find(vault) !== undefined,
    jsonKeysAllowed: (vault) => find(vault)?.jsonKeys ?? false,
    list,
    approve: (vault) => replace(vault, { vault, jsonKeys: find(vault)?.jsonKeys ?? false }),
    allowJsonKeys: async (vault) => {
      if (find(vault) !== undefined) await replace(vault, { vault, jsonKeys: true });
    },
    withdraw: (vault) => replace(vault, undefined),
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function writeApproval({ vault, jsonKeys }: ApprovedVault): Record<string, unknown> {
  return { ...writeStoredVault(vault), jsonKeys };
}

function readApproval(stored: unknown): ApprovedVault | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const record = stored as Record<string, unknown>;
  const vault = readStoredVault(record);
  return vault === undefined ? undefined : { vault, jsonKeys: record["jsonKeys"] === true };
}
