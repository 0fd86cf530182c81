/** How far the references of a file are verified, and what must be known to verify the rest. */
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import type { UnknownReason, VaultWant } from "../model/facts.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { vaultKey } from "../model/vaultTarget.ts";

/** How far the references of one file could be followed. */
export interface Verification {
  readonly references: number;
  /** References followed to their end, whether right or wrong. */
  readonly verified: number;
  readonly notVerified: ReadonlyMap<NotVerifiedReason, number>;
  readonly vaults: readonly { readonly vault: VaultTarget; readonly state: "known" | "stale" | UnknownReason }[];
}

export function verification(snapshot: Snapshot): Verification {
  const notVerified = new Map<NotVerifiedReason, number>();
  const vaults = new Map<string, VaultTarget>();
  let verified = 0;
  for (const reference of snapshot.analysis.references) {
    const chain = followReference(snapshot, reference);
    if (chain.vault !== undefined) vaults.set(vaultKey(chain.vault), chain.vault);
    if (chain.unverified === undefined) verified++;
    else notVerified.set(chain.unverified, (notVerified.get(chain.unverified) ?? 0) + 1);
  }
  for (const chain of entityChains(snapshot)) if (chain.vault !== undefined) vaults.set(vaultKey(chain.vault), chain.vault);
  return { references: snapshot.analysis.references.length, verified, notVerified, vaults: [...vaults.values()].map((vault) => ({ vault, state: vaultState(snapshot, vault) })) };
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

/** One want for each vault, each name once. */
export function mergeWants(wants: readonly VaultWant[]): readonly VaultWant[] {
  const merged = new Map<string, { vault: VaultTarget; listing: boolean; versionsOf: Map<string, string>; deletedOf: Map<string, string>; jsonOf: Map<string, VaultWant["jsonOf"][number]> }>();
  for (const want of wants) {
    const key = vaultKey(want.vault);
    const entry = merged.get(key) ?? { vault: want.vault, listing: false, versionsOf: new Map(), deletedOf: new Map(), jsonOf: new Map() };
    entry.listing ||= want.listing;
    for (const name of want.versionsOf) entry.versionsOf.set(name.toLowerCase(), name);
    for (const name of want.deletedOf) entry.deletedOf.set(name.toLowerCase(), name);
    for (const json of want.jsonOf) entry.jsonOf.set(`${json.name.toLowerCase()}/${json.version ?? ""}`, json);
    merged.set(key, entry);
  }
  return [...merged.values()].map((entry) => ({
    vault: entry.vault,
    listing: entry.listing,
    versionsOf: [...entry.versionsOf.values()],
    deletedOf: [...entry.deletedOf.values()],
    jsonOf: [...entry.jsonOf.values()],
  }));
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
