import type { VaultWant } from "../core/index.ts";
import { jsonShapeKey } from "../core/index.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";

/**
 * One want for each vault and tenant, in a fixed order, so that equal needs give equal lists. Two tenants for one
 * vault stay apart: whoever asks the vault has to see that they contradict each other.
 */
export function mergeWants(wants: readonly VaultWant[]): readonly VaultWant[] {
  const byVault = new Map<string, VaultWant[]>();
  for (const want of wants) {
    const key = `${vaultKey(want.vault)} ${want.vault.tenant ?? ""}`;
    const group = byVault.get(key);
    if (group === undefined) byVault.set(key, [want]);
    else group.push(want);
  }
  return [...byVault.keys()].sort().map((key) => mergeVault(byVault.get(key) ?? []));
}

function mergeVault(wants: readonly VaultWant[]): VaultWant {
  const [first] = wants;
  if (first === undefined) throw new RangeError("no want to merge");
  const json = new Map(wants.flatMap((want) => want.jsonOf.map((item) => [jsonShapeKey(item.name, item.version), item] as const)));
  return {
    vault: first.vault,
    listing: wants.some((want) => want.listing),
    versionsOf: uniqueNames(wants.flatMap((want) => want.versionsOf)),
    deletedOf: uniqueNames(wants.flatMap((want) => want.deletedOf)),
    jsonOf: [...json.keys()].sort().flatMap((key) => json.get(key) ?? []),
  };
}

function uniqueNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
