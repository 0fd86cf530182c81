import type { UnknownReason } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { VaultApprovals } from "./vaultApprovals.ts";

/**
 * Which vaults may be called now. Without trust none is, and without the user's approval none is: the index then
 * answers with the reason and sends nothing.
 */
export function vaultGate(
  approvals: Pick<VaultApprovals, "isApproved" | "jsonKeysAllowed">,
  isTrusted: () => boolean,
): { readonly gate: (vault: VaultTarget) => UnknownReason | undefined; readonly keysAllowed: (vault: VaultTarget) => boolean } {
  return {
    gate: (vault) => {
      if (!isTrusted()) return "untrusted";
      return approvals.isApproved(vault) ? undefined : "not-approved";
    },
    keysAllowed: (vault) => isTrusted() && approvals.jsonKeysAllowed(vault),
  };
}
