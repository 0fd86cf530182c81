/** The Azure clouds that a vault can stand in. Harness offers `public` (AZURE) and `usgov` (AZURE_US_GOVERNMENT). */
export type Cloud = "public" | "usgov" | "china";

export function isCloud(value: unknown): value is Cloud {
  return value === "public" || value === "usgov" || value === "china";
}

/** One Key Vault, named as a connector names it. The address is built from this alone, never from a URL. */
export interface VaultTarget {
  /** The vault's short name; Azure compares it ignoring case. */
  readonly name: string;
  readonly cloud: Cloud;
  /** The Entra tenant (GUID) that the connector names, where it names one. */
  readonly tenant?: string;
}

/** One key for one vault: a vault's name is unique within its cloud, whatever its letters' case. */
export function vaultKey(vault: VaultTarget): string {
  return `${vault.cloud}/${vault.name.toLowerCase()}`;
}

const vaultNamePattern = /^[A-Za-z](?:[0-9A-Za-z]|-(?!-)){1,22}[0-9A-Za-z]$/;
const guidPattern = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
const secretNamePattern = /^[0-9A-Za-z-]{1,127}$/;
const versionPattern = /^[0-9a-fA-F]{32}$/;

/** 3 to 24 letters, digits and single hyphens; starts with a letter, ends with a letter or digit (Key Vault documentation). */
export function isVaultName(text: string): boolean {
  return vaultNamePattern.test(text);
}

export function isGuid(text: string): boolean {
  return guidPattern.test(text);
}

/** 1 to 127 letters, digits and hyphens (Key Vault REST specification 2026-04-01). */
export function isSecretName(text: string): boolean {
  return secretNamePattern.test(text);
}

/** A version is 32 hexadecimal digits that Key Vault makes itself. */
export function isSecretVersion(text: string): boolean {
  return versionPattern.test(text);
}
