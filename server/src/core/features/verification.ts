/** How far the references of a file are verified, and what must be known to verify the rest. */
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import { fieldOf, outlineAt } from "../model/entityOutline.ts";
import type { UnknownReason, VaultWant } from "../model/facts.ts";
import { mergeWants } from "../model/mergeWants.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import { referenceAt, secretPathAt } from "../model/referenceAt.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { spanContains } from "../model/span.ts";
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
  for (const vault of [...connectorVaults(snapshot), ...[...references, ...secrets].map((chain) => chain.vault)]) if (vault !== undefined) vaults.set(vaultKey(vault), vault);
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
  return secret === undefined ? vaultReasonAt(snapshot, offset) : followEntity(snapshot, secret)?.unverified;
}

/** Why nothing is known of the vault whose name a connector has under the cursor. */
function vaultReasonAt(snapshot: Snapshot, offset: number): NotVerifiedReason | undefined {
  const outline = outlineAt(snapshot.analysis.outlines, offset);
  const field = outline?.defines?.kind === "connector" ? fieldOf(outline.spec, "vaultName") : undefined;
  const vault = outline?.defines?.kind === "connector" ? outline.defines.vault : undefined;
  if (field === undefined || vault === undefined || !spanContains({ start: field.keySpan.start, end: field.valueSpan.end }, offset)) return undefined;
  const listing = snapshot.facts.listing(vault);
  return listing.state === "unknown" ? listing.reason : listing.stale;
}

/**
 * What has to be known of vaults to check the file. It may grow as facts land: ask again after each change.
 * `of` references alone: a connector that nothing refers to then asks nothing of its vault.
 */
export function factsNeeded(snapshot: Snapshot, of: "references" | "references and connectors" = "references and connectors"): readonly VaultWant[] {
  const wants: VaultWant[] = [];
  for (const reference of snapshot.analysis.references) {
    const { want } = followReference(snapshot, reference);
    if (want !== undefined) wants.push(want);
  }
  for (const chain of entityChains(snapshot)) if (chain.want !== undefined) wants.push(chain.want);
  // A listing shows whether a connector's vault has purge protection, and what connection tests have left there.
  for (const vault of of === "references" ? [] : connectorVaults(snapshot)) wants.push({ vault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] });
  return mergeWants(wants);
}

/** The vaults of the connectors that the file defines: what Resource Manager says of them is worth knowing. */
export function connectorVaults(snapshot: Snapshot): readonly VaultTarget[] {
  return snapshot.analysis.entities.flatMap((entity) => (entity.kind === "connector" && entity.vault !== undefined ? [entity.vault] : []));
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
