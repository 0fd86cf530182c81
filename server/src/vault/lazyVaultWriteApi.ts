import type { VaultWriteApi } from "./vaultWriteApi.ts";

/** A VaultWriteApi that is made at its first call. */
export function lazyVaultWriteApi(open: () => Promise<VaultWriteApi>): VaultWriteApi {
  return {
    set: async (vault, name, version, expected, run, signal) => (await open()).set(vault, name, version, expected, run, signal),
    update: async (vault, name, version, change, signal) => (await open()).update(vault, name, version, change, signal),
    delete: async (vault, name, signal) => (await open()).delete(vault, name, signal),
    waitDeleted: async (vault, name, signal) => (await open()).waitDeleted(vault, name, signal),
    recover: async (vault, name, signal) => (await open()).recover(vault, name, signal),
    purge: async (vault, name, signal) => (await open()).purge(vault, name, signal),
    useValue: async (vault, name, version, use, signal) => (await open()).useValue(vault, name, version, use, signal),
  };
}
