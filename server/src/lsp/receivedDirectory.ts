import type { AzureDirectory, AzureSubscription, AzureVault } from "../core/model/azureDirectory.ts";

/**
 * A directory as our own client sent it, less what cannot be read; undefined where it is none. This keeps a message of
 * another version from breaking every later look-up.
 */
export function receivedDirectory(sent: unknown): AzureDirectory | undefined {
  if (typeof sent !== "object" || sent === null) return undefined;
  const { subscriptions, vaults, freeNames, unknownTenants } = sent as Partial<Record<keyof AzureDirectory, unknown>>;
  if (!Array.isArray(subscriptions) || !Array.isArray(vaults)) return undefined;
  return { subscriptions: subscriptions.filter(isSubscription), vaults: vaults.filter(isVault), freeNames: texts(freeNames), unknownTenants: texts(unknownTenants) };
}

function isSubscription(sent: unknown): sent is AzureSubscription {
  return holdsTexts(sent, ["id", "name", "cloud", "state"]);
}

function isVault(sent: unknown): sent is AzureVault {
  if (!holdsTexts(sent, ["name", "cloud", "subscription", "resourceGroup", "location", "tenant"])) return false;
  const { rbac, purgeProtection, publicAccess } = sent as Readonly<Record<string, unknown>>;
  return [rbac, purgeProtection, publicAccess].every((value) => typeof value === "boolean");
}

function holdsTexts(sent: unknown, names: readonly string[]): boolean {
  return typeof sent === "object" && sent !== null && names.every((name) => typeof (sent as Readonly<Record<string, unknown>>)[name] === "string");
}

function texts(sent: unknown): readonly string[] {
  return Array.isArray(sent) ? sent.filter((value) => typeof value === "string") : [];
}
