import type { CloudName } from "./clouds.ts";
import type { Right, SecretOperation } from "./vaultAccess.ts";
import { changeVersion, createVault, findVersion, storeVersion } from "./vaultState.ts";
import type { SecretChange, SecretInput, StoredVault, VaultOptions } from "./vaultState.ts";

/** All vaults of the local Azure. Names of vaults that are not there throw: a test named one wrongly. */
export interface VaultStore {
  readonly add: (options: VaultOptions) => void;
  readonly find: (name: string, cloud: CloudName) => StoredVault | undefined;
  readonly all: (cloud: CloudName) => readonly StoredVault[];
  readonly change: (vault: string, change: Partial<Omit<VaultOptions, "name" | "cloud">>) => void;
  readonly setSecret: (vault: string, name: string, input: SecretInput) => string;
  readonly updateSecret: (vault: string, name: string, change: SecretChange & { readonly version?: string }) => void;
  readonly deleteSecret: (vault: string, name: string, at?: number) => void;
  readonly grant: (vault: string, objectId: string, rights: readonly Right[]) => void;
  readonly deny: (vault: string, objectId: string, operations: readonly SecretOperation[]) => void;
}

export function createVaultStore(now: () => number): VaultStore {
  const vaults = new Map<string, StoredVault>();
  const existing = (name: string): StoredVault => {
    const vault = vaults.get(name.toLowerCase());
    if (vault === undefined) {
      throw new Error(`The local Azure has no vault ${name}. Call addVault first.`);
    }
    return vault;
  };
  return {
    add: (options) => {
      vaults.set(options.name.toLowerCase(), createVault(options));
    },
    find: (name, cloud) => {
      const vault = vaults.get(name.toLowerCase());
      return vault?.options.cloud === cloud ? vault : undefined;
    },
    all: (cloud) => [...vaults.values()].filter((vault) => vault.options.cloud === cloud),
    change: (name, change) => {
      Object.assign(existing(name).options, change);
    },
    setSecret: (name, secret, input) => storeVersion(existing(name), secret, input, now()),
    updateSecret: (name, secretName, change) => {
      const secret = existing(name).secrets.get(secretName.toLowerCase());
      const version = secret === undefined ? undefined : findVersion(secret, change.version ?? "");
      if (version === undefined) {
        throw new Error(`The vault ${name} has no secret ${secretName}, or not that version of it.`);
      }
      changeVersion(version, change, now());
    },
    deleteSecret: (name, secretName, at) => {
      const secret = existing(name).secrets.get(secretName.toLowerCase());
      if (secret === undefined) {
        throw new Error(`The vault ${name} has no secret ${secretName}.`);
      }
      secret.deletedAt = at ?? now();
    },
    grant: (name, objectId, rights) => {
      const vault = existing(name);
      vault.denied.delete(objectId);
      vault.rights.set(objectId, new Set([...(vault.rights.get(objectId) ?? []), ...rights]));
    },
    deny: (name, objectId, operations) => {
      const vault = existing(name);
      if (operations.length === 0) {
        vault.rights.delete(objectId);
        return;
      }
      vault.denied.set(objectId, new Set([...(vault.denied.get(objectId) ?? []), ...operations]));
    },
  };
}
