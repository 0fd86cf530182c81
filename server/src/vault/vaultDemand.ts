import { jsonShapeKey } from "../core/model/facts.ts";
import type { VaultWant } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";

/** All that is wanted of one vault. Names are keyed in lower case and asked for as they were written first. */
export interface VaultDemand {
  readonly vault: VaultTarget;
  /** True where connectors name different tenants for one vault: at least one is wrong, and nothing here tells which. */
  readonly tenantsDiffer: boolean;
  readonly listing: boolean;
  readonly versionsOf: ReadonlyMap<string, string>;
  readonly deletedOf: ReadonlyMap<string, string>;
  /** By `jsonShapeKey`. */
  readonly jsonOf: ReadonlyMap<string, { readonly name: string; readonly version?: string }>;
}

interface Growing extends VaultDemand {
  vault: VaultTarget;
  tenantsDiffer: boolean;
  listing: boolean;
  readonly versionsOf: Map<string, string>;
  readonly deletedOf: Map<string, string>;
  readonly jsonOf: Map<string, { readonly name: string; readonly version?: string }>;
}

/** Joins wants by vault (`vaultKey`). */
export function demandsOf(wants: readonly VaultWant[]): ReadonlyMap<string, VaultDemand> {
  const demands = new Map<string, Growing>();
  for (const want of wants) {
    const key = vaultKey(want.vault);
    let demand = demands.get(key);
    if (demand === undefined) {
      demand = { vault: want.vault, tenantsDiffer: false, listing: false, versionsOf: new Map(), deletedOf: new Map(), jsonOf: new Map() };
      demands.set(key, demand);
    }
    joinTenant(demand, want.vault);
    demand.listing ||= want.listing;
    for (const name of want.versionsOf) addFirst(demand.versionsOf, name.toLowerCase(), name);
    for (const name of want.deletedOf) addFirst(demand.deletedOf, name.toLowerCase(), name);
    for (const json of want.jsonOf) addFirst(demand.jsonOf, jsonShapeKey(json.name, json.version), json);
  }
  return demands;
}

function joinTenant(demand: Growing, vault: VaultTarget): void {
  if (vault.tenant === undefined) return;
  if (demand.vault.tenant === undefined) demand.vault = vault;
  else if (demand.vault.tenant.toLowerCase() !== vault.tenant.toLowerCase()) demand.tenantsDiffer = true;
}

function addFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}
