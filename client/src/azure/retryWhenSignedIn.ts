import type { Fact, UnknownReason } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { FactsSource } from "../../../server/src/vault/factsSource.ts";

/** The part of the vault index that is needed. */
export interface RetryIndex extends Pick<FactsSource, "facts"> {
  refresh(vault?: VaultTarget): void;
}

/** What another sign-in may mend. */
const mendable: ReadonlySet<UnknownReason> = new Set<UnknownReason>(["not-signed-in", "wrong-tenant", "forbidden", "keys-forbidden"]);
const delayMs = 1000;

/**
 * Asks again for the vaults that failed for want of the right sign-in. One call for a burst of changes; vaults that
 * answer are left alone, because VS Code also tells of sessions when it renews a token.
 */
export function retryWhenSignedIn(index: RetryIndex, clock: Clock, forgetTokens: () => void): { soon(): void; dispose(): void } {
  let cancel: (() => void) | undefined;
  return {
    soon: () => {
      cancel ??= clock.after(delayMs, () => {
        cancel = undefined;
        forgetTokens();
        for (const facts of index.facts().vaults()) {
          if (isMendable(facts.listing) || facts.jsonShapes.some(([, shape]) => isMendable(shape))) index.refresh(facts.vault);
        }
      });
    },
    dispose: () => {
      cancel?.();
      cancel = undefined;
    },
  };
}

function isMendable(fact: Fact<unknown>): boolean {
  const reason = fact.state === "unknown" ? fact.reason : fact.stale;
  return reason !== undefined && mendable.has(reason);
}
