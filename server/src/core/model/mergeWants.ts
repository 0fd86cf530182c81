import type { VaultWant } from "./facts.ts";
import { jsonShapeKey } from "./facts.ts";
import { vaultKey } from "./vaultTarget.ts";

/**
 * One want for each vault and tenant, in a fixed order, so that equal needs give equal lists. Two tenants for one
 * vault stay apart: whoever asks the vault has to see that they contradict each other.
 */
export function mergeWants(wants: readonly VaultWant[]): readonly VaultWant[] {
  const byVault = new Map<string, [VaultWant, ...VaultWant[]]>();
  for (const want of wants) {
    const key = `${vaultKey(want.vault)} ${want.vault.tenant ?? ""}`;
    const group = byVault.get(key);
    if (group === undefined) byVault.set(key, [want]);
    else group.push(want);
  }
  return [...byVault].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => mergeVault(group));
}

function mergeVault(wants: readonly [VaultWant, ...VaultWant[]]): VaultWant {
  const json = new Map(wants.flatMap((want) => want.jsonOf.map((item) => [jsonShapeKey(item.name, item.version), inLowerCase(item)] as const)));
  return {
    vault: wants.reduce((least, { vault }) => (vault.name < least.name ? vault : least), wants[0].vault),
    listing: wants.some((want) => want.listing),
    versionsOf: uniqueNames(wants.flatMap((want) => want.versionsOf)),
    deletedOf: uniqueNames(wants.flatMap((want) => want.deletedOf)),
    jsonOf: [...json.keys()].sort().flatMap((key) => json.get(key) ?? []),
  };
}

function inLowerCase({ name, version }: VaultWant["jsonOf"][number]): VaultWant["jsonOf"][number] {
  return { name: name.toLowerCase(), ...(version === undefined ? {} : { version: version.toLowerCase() }) };
}

function uniqueNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
