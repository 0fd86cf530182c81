import type { Facts } from "../../../server/src/core/model/facts.ts";
import type { ConnectorKnowledge } from "../connectors/connectorStore.ts";
import { counted } from "../connectors/counted.ts";
import type { KnownVault } from "../secrets/secretSource.ts";
import { secretState } from "../secrets/secretState.ts";
import type { ExplorerView } from "./explorerView.ts";
import type { UsesOfSecrets } from "./usesOfSecrets.ts";

/** The value of the context key `keyline.vaults`, which the welcome texts of package.json test. */
export type ExplorerContextKey = "loading" | "none" | "stopped" | "listed";

export function explorerContextKey(vaults: readonly KnownVault[], connectors: ConnectorKnowledge): ExplorerContextKey {
  if (vaults.length > 0) return "listed";
  if (connectors.stopped) return "stopped";
  return !connectors.answered || connectors.reading ? "loading" : "none";
}

/** What stands beside the view's title. */
export function explorerDescription({ filter, unusedOnly }: ExplorerView): string {
  return [...(filter === "" ? [] : [`name: ${filter}`]), ...(unusedOnly ? ["unused in this workspace"] : [])].join(", ");
}

/** What stands above the lines; undefined where nothing is to be said. `stopped`: the language server does not run, yet vaults are listed. */
export function explorerMessage({ unusedOnly }: ExplorerView, uses: UsesOfSecrets, stopped: boolean): string | undefined {
  if (stopped) return "The language server has stopped, so the vaults of connectors are not listed. Run Keyline: Restart Language Server.";
  if (!unusedOnly || uses.complete) return undefined;
  if (!uses.answered) return "What this workspace uses is not known yet, so every secret is shown.";
  return uses.reading ? "Files are still being read. Some of these may be used after all." : "Some files of the workspace cannot be read. Some of these may be used after all.";
}

/** The number on the view: secrets that have ended, end soon, or are disabled and in use. Undefined where there is none. */
export function explorerBadge(facts: Facts, vaults: readonly KnownVault[], uses: UsesOfSecrets, { expiringDays }: ExplorerView, now: number): { readonly value: number; readonly tooltip: string } | undefined {
  let expired = 0;
  let expiring = 0;
  let broken = 0;
  for (const { vault } of vaults) {
    const listing = facts.listing(vault);
    if (listing.state === "unknown") continue;
    for (const secret of listing.value.secrets) {
      const { kind } = secretState(secret, now, expiringDays);
      if (kind === "expired") expired += 1;
      if (kind === "expiring") expiring += 1;
      if (kind === "disabled" && (uses.of(vault, secret.name)?.references.length ?? 0) > 0) broken += 1;
    }
  }
  const value = expired + expiring + broken;
  if (value === 0) return undefined;
  const parts = [...(expired === 0 ? [] : [`${counted(expired, "secret")} expired`]), ...(expiring === 0 ? [] : [`${counted(expiring, "secret")} expiring`]), ...(broken === 0 ? [] : [`${counted(broken, "disabled secret")} in use`])];
  return { value, tooltip: parts.join(", ") };
}
