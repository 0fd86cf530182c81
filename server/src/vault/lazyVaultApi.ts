import type { VaultApi } from "./vaultApi.ts";

/** A VaultApi that is made at its first call, so that a start never pays for an SDK that may not be needed. */
export function lazyVaultApi(open: () => Promise<VaultApi>): VaultApi {
  let opened: Promise<VaultApi> | undefined;
  const api = (): Promise<VaultApi> => (opened ??= open());
  return {
    listSecrets: async (vault, onPage, signal) => (await api()).listSecrets(vault, onPage, signal),
    listVersions: async (vault, name, signal) => (await api()).listVersions(vault, name, signal),
    listDeleted: async (vault, onPage, signal) => (await api()).listDeleted(vault, onPage, signal),
    deletedSecret: async (vault, name, signal) => (await api()).deletedSecret(vault, name, signal),
    jsonShape: async (vault, name, version, signal) => (await api()).jsonShape(vault, name, version, signal),
  };
}
