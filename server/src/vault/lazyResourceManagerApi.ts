import type { ResourceManagerApi } from "./resourceManagerApi.ts";

/** A ResourceManagerApi that is made at its first call. */
export function lazyResourceManagerApi(open: () => Promise<ResourceManagerApi>): ResourceManagerApi {
  return {
    listSubscriptions: async (login, signal) => (await open()).listSubscriptions(login, signal),
    listVaults: async (login, subscription, onPage, signal) => (await open()).listVaults(login, subscription, onPage, signal),
    isVaultNameFree: async (login, subscription, name, signal) => (await open()).isVaultNameFree(login, subscription, name, signal),
  };
}
