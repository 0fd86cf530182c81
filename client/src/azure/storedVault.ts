import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isCloud, isGuid, isVaultName } from "../../../server/src/core/model/vaultTarget.ts";

/** Reads what `writeStoredVault` wrote. What an older version or another hand left in a store is taken only where it is whole. */
export function readStoredVault({ name, cloud, tenant }: Readonly<Record<string, unknown>>): VaultTarget | undefined {
  if (typeof name !== "string" || !isVaultName(name) || !isCloud(cloud)) return undefined;
  if (tenant === undefined) return { name, cloud };
  return typeof tenant === "string" && isGuid(tenant) ? { name, cloud, tenant } : undefined;
}

export function writeStoredVault({ name, cloud, tenant }: VaultTarget): Record<string, unknown> {
  return { name, cloud, ...(tenant === undefined ? {} : { tenant }) };
}
