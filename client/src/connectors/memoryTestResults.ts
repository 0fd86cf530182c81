import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectionTestResult, TestResults } from "./testResults.ts";

/** Results of this session alone. */
export function memoryTestResults(): TestResults {
  const results = new Map<string, ConnectionTestResult>();
  const listeners = new Set<() => void>();
  const keyOf = (vault: ConnectionTestResult["vault"]): string => `${vaultKey(vault)} ${vault.tenant?.toLowerCase() ?? ""}`;
  return {
    get: (vault) => results.get(keyOf(vault)),
    put: (result) => {
      results.set(keyOf(result.vault), result);
      for (const listener of listeners) listener();
      return Promise.resolve();
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
