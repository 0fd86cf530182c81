/** The last links of a chain: name, version and JSON key inside a vault. */
import type { Fact, SecretAttributes, SecretVersion, UnknownReason, VaultWant } from "../model/facts.ts";
import type { Finding, Fix } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { nearestFew } from "../model/nearest.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import type { Anchors, Chain } from "./chain.ts";
import { isPlainKey, keyPaths, lookUpKey } from "./jsonPath.ts";
import { dateWords, durationWords } from "../model/timeWords.ts";

export interface VaultSubject {
  readonly vault: VaultTarget;
  readonly name: string;
  readonly key?: string;
  readonly version?: string;
}

type Checked = Pick<Chain, "findings" | "unverified" | "want" | "resolved">;
type Existence =
  | { readonly kind: "exists"; readonly latest?: SecretAttributes | SecretVersion }
  | { readonly kind: "missing" }
  | { readonly kind: "unknown"; readonly reason: UnknownReason };

export function checkInVault(snapshot: Snapshot, subject: VaultSubject, anchors: Anchors): Checked {
  const { facts } = snapshot;
  const { vault, name, version } = subject;
  const pinned = version !== undefined;
  const versions = facts.versions(vault, name);
  const existence = exists(snapshot, subject, versions);
  if (existence.kind === "unknown") return { findings: [], unverified: existence.reason, want: wantOf(subject, {}) };
  if (existence.kind === "missing") return missing(snapshot, subject, anchors);
  if (!pinned) return withKey(snapshot, subject, anchors, existence.latest);
  const want = wantOf(subject, {});
  if (versions.state === "unknown") return { findings: [], unverified: versions.reason, want };
  const found = versions.value.find((candidate) => candidate.version.toLowerCase() === version.toLowerCase());
  if (found === undefined) {
    // A secret that is there has a version: the list is older than the secret.
    if (versions.value.length === 0) return { findings: [], unverified: "loading", want };
    if (versions.stale !== undefined) return { findings: [], unverified: versions.stale, want };
    return { findings: [versionNotFound(subject, versions.value, anchors)], want };
  }
  if (versions.stale !== undefined) return { findings: [], unverified: versions.stale, want, resolved: found };
  const checked = withKey(snapshot, subject, anchors, found);
  const outdated = outdatedFinding(snapshot, subject, anchors, found, versions.value);
  return outdated === undefined ? checked : { ...checked, findings: [...checked.findings, outdated] };
}

/** Whether the vault holds the name, from fresh answers only; where two differ, the later one counts. */
function exists(snapshot: Snapshot, subject: VaultSubject, versions: Fact<readonly SecretVersion[]>): Existence {
  const listing = snapshot.facts.listing(subject.vault);
  const listed = snapshot.facts.listed(subject.vault, subject.name);
  const freshVersions = versions.state === "known" && versions.stale === undefined ? versions : undefined;
  if (listing.state === "known" && listing.stale === undefined && (freshVersions === undefined || listing.at >= freshVersions.at)) {
    if (listed !== undefined) return { kind: "exists", latest: listed };
    if (listing.value.complete) return { kind: "missing" };
  }
  if (freshVersions !== undefined) {
    if (freshVersions.value.length === 0) return { kind: "missing" };
    const latest = listed ?? latestOf(freshVersions.value);
    if (latest !== undefined || subject.version !== undefined) return { kind: "exists", ...(latest === undefined ? {} : { latest }) };
  }
  if (listing.state === "unknown") return { kind: "unknown", reason: listing.reason };
  return { kind: "unknown", reason: listing.stale ?? "loading" };
}

/** The newest version, unless two share the second in which they were made: then only a listing can tell. */
function latestOf(versions: readonly SecretVersion[]): SecretVersion | undefined {
  const [first, second] = [...versions].sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  return first !== undefined && second !== undefined && first.created === second.created ? undefined : first;
}

function missing(snapshot: Snapshot, subject: VaultSubject, anchors: Anchors): Checked {
  const { vault, name } = subject;
  const want = wantOf(subject, { deleted: true });
  const deleted = snapshot.facts.deleted(vault, name);
  if (deleted.state === "unknown" && deleted.reason === "loading") return { findings: [], unverified: "loading", want };
  const shown = shownText(name);
  if (deleted.state === "known" && deleted.value.state === "deleted") {
    const until = deleted.value.scheduledPurge === undefined ? "" : ` until ${dateWords(deleted.value.scheduledPurge)}`;
    return {
      findings: [newFinding("vault-secret-deleted", anchors.name, `${anchors.lead}Secret "${shown}" is deleted in vault ${vault.name}. It can be recovered${until}`)],
      want,
    };
  }
  const near = snapshot.facts.nearestNames(vault, name);
  const advice = near[0] === undefined ? "Create it, or write the name of another" : `Did you mean "${near[0]}"?`;
  return {
    findings: [
      newFinding("vault-secret-not-found", anchors.name, `${anchors.lead}Vault ${vault.name} holds no secret "${shown}". ${advice}`, { fixes: replacements(anchors, "name", near) }),
    ],
    want,
  };
}

function versionNotFound(subject: VaultSubject, versions: readonly SecretVersion[], anchors: Anchors): Finding {
  const usable = [...versions].filter((version) => version.enabled).sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  const near = nearestFew(subject.version ?? "", usable.map((version) => version.version), 1);
  const offered = [...new Set([...near, ...usable.slice(0, 2).map((version) => version.version)])];
  const newest = usable[0] === undefined ? "It has no enabled version" : `Its newest is ${usable[0].version}`;
  return newFinding("vault-version-not-found", anchors.version, `${anchors.lead}Secret "${shownText(subject.name)}" in vault ${subject.vault.name} has no version ${subject.version ?? ""}. ${newest}`, {
    fixes: replacements(anchors, "version", offered),
  });
}

/** The state of the version that the reference resolves to, then its JSON key. */
function withKey(snapshot: Snapshot, subject: VaultSubject, anchors: Anchors, version: SecretAttributes | SecretVersion | undefined): Checked {
  const state = version === undefined ? undefined : stateFinding(snapshot, subject, anchors, version);
  const findings = state === undefined ? [] : [state];
  const resolved = version === undefined ? {} : { resolved: version };
  const isDisabled = version?.enabled === false;
  if (subject.key === undefined || isDisabled) return { findings, want: wantOf(subject, {}), ...resolved };
  const key = checkKey(snapshot, subject, subject.key, anchors);
  return {
    findings: key.finding === undefined ? findings : [...findings, key.finding],
    ...(key.unverified === undefined ? {} : { unverified: key.unverified }),
    want: wantOf(subject, { json: isPlainKey(subject.key) }),
    ...resolved,
  };
}

function stateFinding(snapshot: Snapshot, subject: VaultSubject, anchors: Anchors, version: SecretAttributes | SecretVersion): Finding | undefined {
  const { now, settings } = snapshot;
  const pinned = subject.version !== undefined;
  const span = pinned ? anchors.version : anchors.name;
  const what = pinned ? `This version of secret "${shownText(subject.name)}"` : `Secret "${shownText(subject.name)}"`;
  const where = `in vault ${subject.vault.name}`;
  if (!version.enabled) {
    if (!pinned) return newFinding("vault-secret-disabled", span, `${anchors.lead}${what} is disabled ${where}. Enable it, or add a new version`);
    const versions = snapshot.facts.versions(subject.vault, subject.name);
    const others = versions.state === "known" ? versions.value.filter((other) => other.enabled).sort((a, b) => (b.created ?? 0) - (a.created ?? 0)) : [];
    return newFinding("vault-version-disabled", span, `${anchors.lead}${what} is disabled ${where}. Enable it, or pin another version`, {
      fixes: replacements(anchors, "version", others.slice(0, 2).map((other) => other.version)),
    });
  }
  if (version.expires !== undefined && version.expires <= now) {
    return newFinding("vault-secret-expired", span, `${anchors.lead}${what} expired ${durationWords(now - version.expires)} ago ${where}. Key Vault still returns it; add a new version`);
  }
  if (version.notBefore !== undefined && version.notBefore > now) {
    return newFinding("vault-secret-not-yet-valid", span, `${anchors.lead}${what} is valid from ${dateWords(version.notBefore)} ${where}. Key Vault already returns it; check that it is the one you want`);
  }
  if (version.expires !== undefined && version.expires - now <= settings.expiringDays * 86_400_000) {
    return newFinding("vault-secret-expiring", span, `${anchors.lead}${what} expires in ${durationWords(version.expires - now)} ${where}. Plan a new version`);
  }
  return undefined;
}

/**
 * A pinned version that is older than the latest. Only where it is certain which is the latest, and where that one can be used:
 * a version that is disabled, expired or not valid yet is nothing to change to.
 */
function outdatedFinding(snapshot: Snapshot, subject: VaultSubject, anchors: Anchors, pinned: SecretVersion, versions: readonly SecretVersion[]): Finding | undefined {
  const { now, facts } = snapshot;
  const { vault, name } = subject;
  const newest = versions.every(({ created }) => created !== undefined) ? latestOf(versions) : undefined;
  if (newest?.created === undefined || pinned.created === undefined || newest === pinned || !pinned.enabled || !isUsable(newest, now)) return undefined;
  const listing = facts.listing(vault);
  const listed = listing.state === "known" && listing.stale === undefined ? facts.listed(vault, name) : undefined;
  if (listed !== undefined && (!isUsable(listed, now) || (listed.created ?? 0) > newest.created)) return undefined;
  const pinnedAge = durationWords(Math.max(0, now - pinned.created));
  const newestAge = durationWords(Math.max(0, now - newest.created));
  // Two ages that read the same would look like a mistake of ours.
  const latest = pinnedAge === newestAge ? `${durationWords(newest.created - pinned.created)} later` : `${newestAge} ago`;
  const message = `This version of secret "${shownText(name)}" was made ${pinnedAge} ago in vault ${vault.name}, the latest ${latest}. Pin the latest, or write no version`;
  return newFinding("vault-version-outdated", anchors.version, anchors.lead + message, { fixes: replacements(anchors, "version", [newest.version]) });
}

function isUsable({ enabled, expires, notBefore }: SecretAttributes | SecretVersion, now: number): boolean {
  return enabled && (expires === undefined || expires > now) && (notBefore === undefined || notBefore <= now);
}

function checkKey(snapshot: Snapshot, subject: VaultSubject, key: string, anchors: Anchors): { readonly finding?: Finding; readonly unverified?: NotVerifiedReason } {
  if (!isPlainKey(key)) return { unverified: "json-path" };
  const shape = snapshot.facts.jsonShape(subject.vault, subject.name, subject.version);
  if (shape.state === "unknown") return { unverified: shape.reason };
  if (shape.stale !== undefined) return { unverified: shape.stale };
  const name = shownText(subject.name);
  const shownKey = shownText(key);
  if (shape.value.kind === "not-json") {
    return { finding: newFinding("json-value-not-json", anchors.key, `${anchors.lead}The value of "${name}" in vault ${subject.vault.name} is not JSON, so Harness returns all of it. Remove "#${shownKey}", or store JSON`) };
  }
  const found = lookUpKey(shape.value.keys, key);
  if (found === "found") return {};
  if (found === "not-plain") return { unverified: "json-path" };
  if (found === "found-twice") {
    return { finding: newFinding("json-dotted-key", anchors.key, `${anchors.lead}"${shownKey}" is both a nested path and a key with dots in "${name}". Harness takes the nested path`) };
  }
  const paths = keyPaths(shape.value.keys, 500, !anchors.editable || key.includes("."));
  const near = nearestFew(key, paths, 3);
  const advice = near[0] === undefined ? "Write one of its keys" : `Did you mean "${shownText(near[0])}"?`;
  return {
    finding: newFinding("json-key-not-found", anchors.key, `${anchors.lead}The JSON value of "${name}" in vault ${subject.vault.name} has no key "${shownKey}". ${advice}`, {
      fixes: replacements(anchors, "key", near.filter((candidate) => !/[./#:"'\\<>\s]/.test(candidate) || key.includes("."))),
    }),
  };
}

function replacements(anchors: Anchors, part: "name" | "version" | "key", candidates: readonly string[]): readonly Fix[] {
  if (!anchors.editable) return [];
  return candidates.map((candidate, index) => replaceFix(`Change to "${shownText(candidate)}"`, anchors[part], candidate, index === 0));
}

function wantOf(subject: VaultSubject, extra: { readonly deleted?: boolean; readonly json?: boolean }): VaultWant {
  const { vault, name, version } = subject;
  return {
    vault,
    listing: true,
    versionsOf: version === undefined ? [] : [name],
    deletedOf: extra.deleted === true ? [name] : [],
    jsonOf: extra.json === true ? [{ name, ...(version === undefined ? {} : { version }) }] : [],
  };
}
