import { randomBytes } from "node:crypto";
import { clouds } from "./clouds.ts";
import type { CloudName } from "./clouds.ts";
import type { Right, SecretOperation } from "./vaultAccess.ts";

export interface VaultOptions {
  readonly name: string;
  /** The public cloud where absent. */
  readonly cloud?: CloudName;
  readonly tenant: string;
  readonly subscription: string;
  readonly resourceGroup?: string;
  /** Roles decide (true, as for new vaults today) or access policies (false). */
  readonly rbac?: boolean;
  readonly purgeProtection?: boolean;
  /** 7 to 90. */
  readonly retentionDays?: number;
  /** "firewall" refuses this client's address, "disabled" lets only private links in. */
  readonly publicAccess?: "enabled" | "firewall" | "disabled";
  readonly location?: string;
  /** The inner code of a refusal by access policy: Azure has used both. */
  readonly policyRefusal?: "ForbiddenByPolicy" | "AccessDenied";
  /** How long a deleted secret is neither here nor there. */
  readonly deletionLagMs?: number;
  /** Sizes of the first pages of every listing, as a real vault returns short and empty ones; later pages are full. */
  readonly pageSizes?: readonly number[];
  /** The vault itself was deleted: it still has its name and answers 404 VaultNotFound. */
  readonly vaultDeleted?: boolean;
}

export interface SecretInput {
  readonly value: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
  readonly expires?: Date;
  readonly notBefore?: Date;
  readonly created?: Date;
  /** 32 hexadecimal digits; random where absent. */
  readonly version?: string;
  /** A secret that belongs to a certificate. */
  readonly managed?: boolean;
}

/** What may change on a version without making a new one; null takes a date away. */
export interface SecretChange {
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
  readonly expires?: Date | null;
  readonly notBefore?: Date | null;
}

/** Times are epoch milliseconds. */
export interface StoredVersion {
  readonly version: string;
  readonly value: string;
  readonly created: number;
  updated: number;
  enabled: boolean;
  expires: number | undefined;
  notBefore: number | undefined;
  contentType: string | undefined;
  tags: Readonly<Record<string, string>> | undefined;
}

export interface StoredSecret {
  readonly name: string;
  readonly managed: boolean;
  /** In the order in which they were set: the last one is the latest. */
  readonly versions: StoredVersion[];
  deletedAt: number | undefined;
  /** Until then an operation on this secret is under way, and Key Vault answers 409. */
  busyUntil: number;
}

export interface StoredVault {
  readonly options: VaultOptions & Required<Pick<VaultOptions, "cloud" | "resourceGroup" | "rbac" | "purgeProtection" | "retentionDays" | "publicAccess" | "location" | "policyRefusal">>;
  readonly host: string;
  /** By name in lower case: Key Vault compares names ignoring case. */
  readonly secrets: Map<string, StoredSecret>;
  /** By the principal's object id. */
  readonly rights: Map<string, Set<Right>>;
  readonly denied: Map<string, Set<SecretOperation>>;
  /** Names in lower case that were purged and are not free before the time given, epoch milliseconds. */
  readonly purging: Map<string, number>;
}

export function createVault(options: VaultOptions): StoredVault {
  const cloud = options.cloud ?? "public";
  return {
    options: {
      resourceGroup: "rg-keyline",
      rbac: true,
      purgeProtection: false,
      retentionDays: 90,
      publicAccess: "enabled",
      location: "westeurope",
      policyRefusal: "ForbiddenByPolicy",
      ...options,
      cloud,
    },
    host: `${options.name.toLowerCase()}.${clouds[cloud].vaultSuffix}`,
    secrets: new Map(),
    rights: new Map(),
    denied: new Map(),
    purging: new Map(),
  };
}

/** Adds a version, and the secret with it where the vault has none of that name. Returns the version. */
export function storeVersion(vault: StoredVault, name: string, input: SecretInput, now: number): string {
  const created = input.created?.getTime() ?? now;
  const version: StoredVersion = {
    version: input.version ?? randomBytes(16).toString("hex"),
    value: input.value,
    created,
    updated: created,
    enabled: input.enabled ?? true,
    expires: input.expires?.getTime(),
    notBefore: input.notBefore?.getTime(),
    contentType: input.contentType,
    tags: input.tags,
  };
  if (!/^[0-9a-f]{32}$/.test(version.version)) {
    throw new Error(`The version ${version.version} is not 32 hexadecimal digits in lower case.`);
  }
  const key = name.toLowerCase();
  const secret = vault.secrets.get(key) ?? { name, managed: input.managed ?? false, versions: [], deletedAt: undefined, busyUntil: 0 };
  secret.versions.push(version);
  vault.secrets.set(key, secret);
  return version.version;
}

export function changeVersion(version: StoredVersion, change: SecretChange, now: number): void {
  version.updated = now;
  version.enabled = change.enabled ?? version.enabled;
  version.contentType = change.contentType ?? version.contentType;
  version.tags = change.tags ?? version.tags;
  version.expires = change.expires === undefined ? version.expires : change.expires?.getTime();
  version.notBefore = change.notBefore === undefined ? version.notBefore : change.notBefore?.getTime();
}

/** The secret while it is neither deleted nor still on its way back from there. */
export function liveSecret(vault: StoredVault, name: string, now: number): StoredSecret | undefined {
  const secret = vault.secrets.get(name.toLowerCase());
  return secret === undefined || secret.deletedAt !== undefined || secret.busyUntil > now ? undefined : secret;
}

/** The secret once its deletion is done. */
export function deletedSecret(vault: StoredVault, name: string, now: number): (StoredSecret & { readonly deletedAt: number }) | undefined {
  const secret = vault.secrets.get(name.toLowerCase());
  return secret !== undefined && isDeleted(secret) && secret.busyUntil <= now ? secret : undefined;
}

export function isDeleted(secret: StoredSecret): secret is StoredSecret & { deletedAt: number } {
  return secret.deletedAt !== undefined;
}

/** The version asked for, or the latest where `version` is empty. */
export function findVersion(secret: StoredSecret, version: string): StoredVersion | undefined {
  return version === "" ? secret.versions.at(-1) : secret.versions.find((one) => one.version === version.toLowerCase());
}

/** Takes away what Key Vault would have purged by now. */
export function purgeOutdated(vault: StoredVault, now: number): void {
  for (const [key, secret] of vault.secrets) {
    if (secret.deletedAt !== undefined && purgeDate(vault, secret.deletedAt) <= now) {
      vault.secrets.delete(key);
    }
  }
}

/** Epoch milliseconds. */
export function purgeDate(vault: StoredVault, deletedAt: number): number {
  return deletedAt + vault.options.retentionDays * 86_400_000;
}
