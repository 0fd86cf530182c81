/**
 * What is known of the vaults when a request is answered: names and attributes, never values.
 *
 * Invariant: unknown is not empty. A feature may call something missing only when a fact about it is
 * `known`, not `stale`, and complete.
 * Everything here is plain data, so that it can cross a process boundary as it is.
 * Times are epoch milliseconds.
 */
import { maxNearest, nearestNames } from "./nearest.ts";
import type { VaultTarget } from "./vaultTarget.ts";
import { vaultKey } from "./vaultTarget.ts";

/** Why something is not verified. Each has its words and its remedy in core/unverified.ts. */
export type UnknownReason =
  | "loading"
  | "offline"
  | "untrusted"
  | "not-approved"
  | "not-signed-in"
  | "credential-refused"
  | "tenant-not-found"
  | "wrong-tenant"
  | "forbidden"
  | "network-blocked"
  | "vault-not-found"
  | "throttled"
  | "unreachable"
  | "tls"
  | "service-error"
  | "bad-vault-name"
  | "keys-not-allowed"
  /** The vault lets its secrets be listed, and refuses the value that holds the keys. */
  | "keys-forbidden"
  | "stale";

export type Fact<T> =
  | {
      readonly state: "known";
      readonly value: T;
      /** When the answer came. */
      readonly at: number;
      /** Set when the answer is older than 5 minutes and could not be had again: good for display, not for "missing". */
      readonly stale?: UnknownReason;
    }
  | { readonly state: "unknown"; readonly reason: UnknownReason };

/** What a vault lists of one version. */
export interface VersionAttributes {
  readonly enabled: boolean;
  readonly created?: number;
  readonly updated?: number;
  readonly expires?: number;
  readonly notBefore?: number;
  readonly contentType?: string;
  readonly tags?: readonly (readonly [string, string])[];
  /** True where a certificate owns the secret. */
  readonly managed?: boolean;
  readonly recoveryLevel?: string;
}

/** A secret with the attributes of its latest version. */
export interface SecretAttributes extends VersionAttributes {
  readonly name: string;
}

export interface SecretVersion extends VersionAttributes {
  readonly version: string;
}

/** The vault's secrets with the attributes of their latest versions. */
export interface SecretListing {
  readonly secrets: readonly SecretAttributes[];
  /** False while pages are still to come, or when one failed. A partial listing proves presence, never absence. */
  readonly complete: boolean;
}

export type DeletedSecret =
  | { readonly state: "absent" }
  | { readonly state: "deleted"; readonly deletedOn?: number; readonly scheduledPurge?: number };

/** One of a vault's deleted secrets, as it is listed. */
export interface DeletedEntry {
  readonly name: string;
  readonly deletedOn?: number;
  /** When the vault purges it by itself. */
  readonly scheduledPurge?: number;
  readonly recoveryLevel?: string;
  readonly contentType?: string;
}

/** The names of a JSON object's keys, nested. No values. Arrays and scalars have no `children`. */
export interface JsonKey {
  readonly name: string;
  readonly children?: readonly JsonKey[];
}

export type JsonShape = { readonly kind: "not-json" } | { readonly kind: "json"; readonly keys: readonly JsonKey[] };

/** All that is known of one vault. Names are held in lower case in the keyed parts. */
export interface VaultFacts {
  readonly vault: VaultTarget;
  readonly listing: Fact<SecretListing>;
  /** By secret name in lower case. An empty list means that the vault holds no such secret. */
  readonly versions: readonly (readonly [string, Fact<readonly SecretVersion[]>])[];
  /** By secret name in lower case. */
  readonly deleted: readonly (readonly [string, Fact<DeletedSecret>])[];
  /** By `jsonShapeKey`. */
  readonly jsonShapes: readonly (readonly [string, Fact<JsonShape>])[];
}

/** What a document needs to know of one vault. */
export interface VaultWant {
  readonly vault: VaultTarget;
  readonly listing: boolean;
  readonly versionsOf: readonly string[];
  readonly deletedOf: readonly string[];
  readonly jsonOf: readonly { readonly name: string; readonly version?: string }[];
}

export function jsonShapeKey(name: string, version: string | undefined): string {
  return version === undefined ? name.toLowerCase() : `${name.toLowerCase()}/${version.toLowerCase()}`;
}

/** The values of `recoveryLevel` without "Purgeable" (Key Vault REST specification, DeletionRecoveryLevel). */
const protectedLevels: ReadonlySet<string> = new Set(["Recoverable", "Recoverable+ProtectedSubscription", "CustomizedRecoverable", "CustomizedRecoverable+ProtectedSubscription"]);

/** Whether a secret's `recoveryLevel` says that only the vault itself may purge it. */
export function isPurgeProtectedLevel(level: string | undefined): boolean {
  return level !== undefined && protectedLevels.has(level);
}

const loading = { state: "unknown", reason: "loading" } as const;

/** An immutable view over the facts, for look-ups. */
export class Facts {
  static readonly none: Facts = new Facts([], loading.reason);
  readonly #vaults: ReadonlyMap<string, VaultFacts>;
  readonly #names = new Map<string, ReadonlyMap<string, SecretAttributes>>();
  /** By vault and the name that was asked for. */
  readonly #nearest = new Map<string, readonly string[]>();
  readonly #indexes = new Map<object, ReadonlyMap<string, Fact<unknown>>>();
  readonly #purgeProtected = new Map<string, boolean>();
  readonly #default: UnknownReason;

  /** `otherwise` is the reason given for a vault that nothing is known of. */
  constructor(vaults: readonly VaultFacts[], otherwise: UnknownReason) {
    this.#vaults = new Map(vaults.map((facts) => [vaultKey(facts.vault), facts]));
    this.#default = otherwise;
  }

  vaults(): readonly VaultFacts[] {
    return [...this.#vaults.values()];
  }

  listing(vault: VaultTarget): Fact<SecretListing> {
    return this.#vaults.get(vaultKey(vault))?.listing ?? this.#otherwise();
  }

  /** The vault as it was asked, with the tenant that it was asked in; undefined where nothing is known of it. */
  target(vault: VaultTarget): VaultTarget | undefined {
    return this.#vaults.get(vaultKey(vault))?.vault;
  }

  /** True where a listed secret shows that only the vault itself may purge it. Nobody can take that back, so an old answer counts too. */
  isPurgeProtected(vault: VaultTarget): boolean {
    const key = vaultKey(vault);
    let known = this.#purgeProtected.get(key);
    if (known === undefined) {
      const listing = this.listing(vault);
      known = listing.state === "known" && listing.value.secrets.some(({ recoveryLevel }) => isPurgeProtectedLevel(recoveryLevel));
      this.#purgeProtected.set(key, known);
    }
    return known;
  }

  /** The listed secret of that name (ignoring case), if the listing, complete or not, holds it. */
  listed(vault: VaultTarget, name: string): SecretAttributes | undefined {
    const key = vaultKey(vault);
    const facts = this.#vaults.get(key);
    if (facts?.listing.state !== "known") return undefined;
    let names = this.#names.get(key);
    if (names === undefined) {
      names = new Map(facts.listing.value.secrets.map((secret) => [secret.name.toLowerCase(), secret]));
      this.#names.set(key, names);
    }
    return names.get(name.toLowerCase());
  }

  /** The listed names that are written most like `name`, best first. */
  nearestNames(vault: VaultTarget, name: string): readonly string[] {
    const listing = this.listing(vault);
    if (listing.state === "unknown") return [];
    const key = `${vaultKey(vault)} ${name}`;
    let found = this.#nearest.get(key);
    if (found === undefined) {
      found = nearestNames(name, listing.value.secrets.map((secret) => secret.name), maxNearest);
      this.#nearest.set(key, found);
    }
    return found;
  }

  versions(vault: VaultTarget, name: string): Fact<readonly SecretVersion[]> {
    return this.#keyed(vault, (facts) => facts.versions, name.toLowerCase());
  }

  deleted(vault: VaultTarget, name: string): Fact<DeletedSecret> {
    return this.#keyed(vault, (facts) => facts.deleted, name.toLowerCase());
  }

  jsonShape(vault: VaultTarget, name: string, version: string | undefined): Fact<JsonShape> {
    return this.#keyed(vault, (facts) => facts.jsonShapes, jsonShapeKey(name, version));
  }

  #keyed<T>(vault: VaultTarget, part: (facts: VaultFacts) => readonly (readonly [string, Fact<T>])[], key: string): Fact<T> {
    const facts = this.#vaults.get(vaultKey(vault));
    if (facts === undefined) return this.#otherwise();
    const entries = part(facts);
    let index = this.#indexes.get(entries) as ReadonlyMap<string, Fact<T>> | undefined;
    if (index === undefined) {
      index = new Map(entries);
      this.#indexes.set(entries, index);
    }
    const fact = index.get(key);
    if (fact !== undefined) return fact;
    return facts.listing.state === "unknown" ? facts.listing : loading;
  }

  #otherwise(): { readonly state: "unknown"; readonly reason: UnknownReason } {
    return { state: "unknown", reason: this.#default };
  }
}
