import type { VaultTestApi } from "./vaultTestApi.ts";

/** A VaultTestApi that is made at its first call. */
export function lazyVaultTestApi(open: () => Promise<VaultTestApi>): VaultTestApi {
  return {
    read: async (vault, signal) => (await open()).read(vault, signal),
    write: async (vault, run, onStep, signal) => (await open()).write(vault, run, onStep, signal),
    leftOvers: async (vault, signal) => (await open()).leftOvers(vault, signal),
    remove: async (vault, leftOver, signal) => (await open()).remove(vault, leftOver, signal),
  };
}
