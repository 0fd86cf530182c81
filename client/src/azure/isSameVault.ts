import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";

/** The same vault under the same tenant, as approvals and results are kept. */
export function isSameVault(one: VaultTarget, other: VaultTarget): boolean {
  return vaultKey(one) === vaultKey(other) && one.tenant?.toLowerCase() === other.tenant?.toLowerCase();
}
