/** How far the references of a file are verified, and what must be known to verify the rest. */
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import type { UnknownReason, VaultWant } from "../model/facts.ts";
import { mergeWants } from "../model/mergeWants.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { vaultKey } from "../model/vaultTarget.ts";

/** How far the references of one file could be followed, and the secrets that it defines. */
export interface Verification {
  readonly references: number;
  /** References followed to their end, whether right or wrong. */
  readonly verified: number;
  /** References, and secrets of the file whose own place could not be followed, by the reason. */
  readonly notVerified: ReadonlyMap<NotVerifiedReason, number>;
  readonly vaults: readonly { readonly vault: VaultTarget; readonly state: "known" | "stale" | UnknownReason }[];
}

export function verification(snapshot: Snapshot): Verification {
  const notVerified = new Map<NotVerifiedReason, number>();
  const vaults = new Map<string, VaultTarget>();
  const references = snapshot.analysis.references.map((reference) => followReference(snapshot, reference));
  for (const { vault, unverified } of [...references, ...entityChains(snapshot)]) {
    if (vault !== undefined) vaults.set(vaultKey(vault), vault);
    if (unverified !== undefined) notVerified.set(unverified, (notVerified.get(unverified) ?? 0) + 1);
  }
  const verified = references.filter((chain) => chain.unverified === undefined).length;
  return { references: references.length, verified, notVerified, vaults: [...vaults.values()].map((vault) => ({ vault, state: vaultState(snapshot, vault) })) };
}

/** What has to be known of vaults to check the file. It may grow as facts land: ask again after each change. */
export function factsNeeded(snapshot: Snapshot): readonly VaultWant[] {
  const wants: VaultWant[] = [];
  for (const reference of snapshot.analysis.references) {
    const { want } = followReference(snapshot, reference);
    if (want !== undefined) wants.push(want);
  }
  for (const chain of entityChains(snapshot)) if (chain.want !== undefined) wants.push(chain.want);
  return mergeWants(wants);
}

function entityChains(snapshot: Snapshot): readonly Chain[] {
  return snapshot.analysis.entities.flatMap((entity) => {
    const chain = entity.kind === "secret" ? followEntity(snapshot, entity) : undefined;
    return chain === undefined ? [] : [chain];
  });
}

function vaultState(snapshot: Snapshot, vault: VaultTarget): "known" | "stale" | UnknownReason {
  const listing = snapshot.facts.listing(vault);
  if (listing.state === "unknown") return listing.reason;
  if (listing.stale !== undefined) return "stale";
  return listing.value.complete ? "known" : "loading";
}
