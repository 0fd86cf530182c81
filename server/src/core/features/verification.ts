/** How far the references of a file are verified, and what must be known to verify the rest. */
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import type { UnknownReason, VaultWant } from "../model/facts.ts";
import { mergeWants } from "../model/mergeWants.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import { referenceAt, secretPathAt } from "../model/referenceAt.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { vaultKey } from "../model/vaultTarget.ts";

/** How far one file could be followed. */
export interface Verification {
  readonly references: Tally;
  /** The secrets that the file defines, each with its own place in a secret manager. */
  readonly secrets: Tally;
  readonly vaults: readonly { readonly vault: VaultTarget; readonly state: "known" | "stale" | UnknownReason }[];
}

export interface Tally {
  readonly count: number;
  /** Followed to the end, whether right or wrong. */
  readonly verified: number;
  readonly notVerified: ReadonlyMap<NotVerifiedReason, number>;
}

export function verification(snapshot: Snapshot): Verification {
  const references = snapshot.analysis.references.map((reference) => followReference(snapshot, reference));
  const secrets = entityChains(snapshot);
  const vaults = new Map<string, VaultTarget>();
  for (const { vault } of [...references, ...secrets]) if (vault !== undefined) vaults.set(vaultKey(vault), vault);
  return {
    references: tally(references),
    secrets: tally(secrets),
    vaults: [...vaults.values()].map((vault) => ({ vault, state: vaultState(snapshot, vault) })),
  };
}

function tally(chains: readonly Chain[]): Tally {
  const notVerified = new Map<NotVerifiedReason, number>();
  for (const { unverified } of chains) if (unverified !== undefined) notVerified.set(unverified, (notVerified.get(unverified) ?? 0) + 1);
  return { count: chains.length, verified: chains.filter((chain) => chain.unverified === undefined).length, notVerified };
}

/** Why the reference under the cursor, or the secret's own path there, is not verified; undefined where it is, or where there is none. */
export function reasonAt(snapshot: Snapshot, offset: number): NotVerifiedReason | undefined {
  const reference = referenceAt(snapshot.analysis, offset);
  if (reference !== undefined) return followReference(snapshot, reference).unverified;
  const secret = secretPathAt(snapshot.analysis, offset);
  return secret === undefined ? undefined : followEntity(snapshot, secret)?.unverified;
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
