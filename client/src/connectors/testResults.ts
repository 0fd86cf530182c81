import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { isFaultCause } from "../azure/causeWords.ts";
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
const maxKept = 200;

export function createTestResults(store: ApprovalStore): TestResults {
  const listeners = new Set<() => void>();
  const list = (): readonly ConnectionTestResult[] => {
    const stored = store.get(storeKey);
    return Array.isArray(stored) ? stored.map(readResult).filter((result) => result !== undefined) : [];
  };
  return {
    get: (vault) => list().find((result) => keyOf(result.vault) === keyOf(vault)),
    put: async (result) => {
      const others = list().filter(({ vault }) => keyOf(vault) !== keyOf(result.vault));
      await store.update(storeKey, [...others, result].slice(-maxKept));
      for (const listener of listeners) listener();
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf(vault: VaultTarget): string {
  return `${vaultKey(vault)} ${vault.tenant?.toLowerCase() ?? ""}`;
}

/** What another version or another hand left in the store is taken only where it is whole. */
function readResult(stored: unknown): ConnectionTestResult | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { vault, at, read, write } = stored as Readonly<Record<string, unknown>>;
  const target = readTarget(vault);
  if (target === undefined || typeof at !== "number" || !Number.isFinite(at) || !isOutcome(read)) return undefined;
  return { vault: target, at, read, ...(isOutcome(write) ? { write } : {}) };
}

export function readTarget(stored: unknown): VaultTarget | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { name, cloud, tenant } = stored as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || !isVaultName(name) || (cloud !== "public" && cloud !== "usgov" && cloud !== "china")) return undefined;
  if (tenant === undefined) return { name, cloud };
  return typeof tenant === "string" && isGuid(tenant) ? { name, cloud, tenant } : undefined;
}

function isOutcome(value: unknown): value is "passed" | FaultCause {
  return typeof value === "string" && (value === "passed" || isFaultCause(value));
}
