import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { isFaultCause } from "../azure/causeWords.ts";
import { isSameVault } from "../azure/isSameVault.ts";
import { readStoredVault, writeStoredVault } from "../azure/storedVault.ts";
import type { ApprovalStore } from "../azure/vaultApprovals.ts";

/** How the last Test Connection of a vault ended on this machine. */
export interface ConnectionTestResult {
  readonly vault: VaultTarget;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly read: "passed" | FaultCause;
  /** Absent where the person did not agree to writing. */
  readonly write?: "passed" | FaultCause;
}

/** The last result for each vault and tenant; kept outside the workspace. */
export interface TestResults {
  get(vault: VaultTarget): ConnectionTestResult | undefined;
  put(result: ConnectionTestResult): Promise<void>;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

const storeKey = "keyline.testResults";
const maxResults = 200;

export function createTestResults(store: ApprovalStore): TestResults {
  const listeners = new Set<() => void>();

  function list(): readonly ConnectionTestResult[] {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.slice(0, maxResults).map(readResult).filter((result) => result !== undefined) : [];
  }

  return {
    get: (vault) => list().find((result) => isSameVault(result.vault, vault)),
    put: async (result) => {
      const others = list().filter((other) => !isSameVault(other.vault, result.vault));
      // The newest stands first, so that the cut takes the oldest.
      await store.update(storeKey, [result, ...others].slice(0, maxResults).map(writeResult));
      for (const listener of [...listeners]) listener();
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function writeResult({ vault, at, read, write }: ConnectionTestResult): Record<string, unknown> {
  return { ...writeStoredVault(vault), at, read, ...(write === undefined ? {} : { write }) };
}

/** What an older version or another hand left in the store is taken only where it is whole. */
function readResult(stored: unknown): ConnectionTestResult | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { at, read, write, ...rest } = stored as Record<string, unknown>;
  const vault = readStoredVault(rest);
  if (vault === undefined || typeof at !== "number" || !Number.isFinite(at) || !isEnd(read)) return undefined;
  if (write === undefined) return { vault, at, read };
  return isEnd(write) ? { vault, at, read, write } : undefined;
}

function isEnd(value: unknown): value is "passed" | FaultCause {
  return value === "passed" || isFaultCause(value);
}
