import type { AsyncLocalStorage } from "node:async_hooks";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { vaultKey } from "../../core/model/vaultTarget.ts";
import { vaultAddress } from "../vaultAddress.ts";
import type { AzureVaultApiOptions } from "./azureVaultApi.ts";
import type { Line } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { connectVault } from "./vaultConnection.ts";
import type { VaultClient } from "./vaultConnection.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";
import type { VaultLimiter } from "./vaultLimiter.ts";

export interface FreshLine extends Line<VaultClient> {
  /** The tenant that the vault has named. */
  tenant: () => string | undefined;
}

/**
 * A line of its own for each operation, so that nobody else can have brought its client into a doubtful state; the
 * limits of a vault hold for all of them. A person waits for it, so that no breaker answers in the vault's place.
 * Undefined where no vault can have the name.
 */
export function freshLines(options: AzureVaultApiOptions, attempts: AsyncLocalStorage<Attempt>): (vault: VaultTarget) => FreshLine | undefined {
  const limiters = new Map<string, VaultLimiter>();
  return (vault) => {
    const address = vaultAddress(vault);
    if (address === undefined) return undefined;
    const limiter = limiters.get(vaultKey(vault)) ?? createVaultLimiter(options.clock);
    limiters.set(vaultKey(vault), limiter);
    const credential = options.credential?.(vault);
    const line: FreshLine = {
      name: vault.name,
      origin: address.origin,
      limiter,
      connect: async () => {
        const connection = await connectVault({ ...options, target: vault, credential, address, attempts, beforeSend: (signal) => limiter.beforeSend(signal) });
        line.tenant = () => connection.tenant();
        return connection;
      },
      connection: undefined,
      tenant: () => undefined,
    };
    return line;
  };
}
