import type { VaultWant, UnknownReason } from "../model/facts.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";

/** How far the references of one file could be followed. */
export interface Verification {
  readonly references: number;
  /** References followed to their end, whether right or wrong. */
  readonly verified: number;
  readonly notVerified: ReadonlyMap<NotVerifiedReason, number>;
  readonly vaults: readonly { readonly vault: VaultTarget; readonly state: "known" | "stale" | UnknownReason }[];
}

export function verification(_snapshot: Snapshot): Verification {
  return { references: 0, verified: 0, notVerified: new Map(), vaults: [] };
}

/** What has to be known of vaults to check the file. It may grow as facts land: ask again after each change. */
export function factsNeeded(_snapshot: Snapshot): readonly VaultWant[] {
  return [];
}
