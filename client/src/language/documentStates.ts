import type { VaultWant } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isCloud, isGuid, isVaultName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { DocumentStateParams } from "../../../server/src/protocol/messages.ts";

/** What the language server last said of each open document, and of the vaults that all of them need. */
export interface DocumentStates {
  put(state: DocumentStateParams): void;
  putWants(wants: readonly VaultWant[]): void;
  /** A closed document. */
  forget(uri: string): void;
  /** A server that knows nothing has taken the place of the old one. */
  clear(): void;
  get(uri: string | undefined): DocumentStateParams | undefined;
  /** Every vault behind the open documents' references, those of `firstUri` first. Invalid names are left out. */
  vaults(firstUri: string | undefined): readonly VaultTarget[];
  /** The vaults for which a reference asks for a JSON key. */
  readonly vaultsWithJsonKeys: () => readonly VaultTarget[];
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

export function createDocumentStates(): DocumentStates {
  const states = new Map<string, DocumentStateParams>();
  const listeners = new Set<() => void>();
  let wants: readonly VaultWant[] = [];

  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    put: (state) => {
      states.set(state.uri, state);
      changed();
    },
    putWants: (next) => {
      wants = next;
    },
    forget: (uri) => {
      if (states.delete(uri)) changed();
    },
    clear: () => {
      states.clear();
      wants = [];
      changed();
    },
    get: (uri) => (uri === undefined ? undefined : states.get(uri)),
    vaults: (firstUri) => {
      const first = firstUri === undefined ? undefined : states.get(firstUri);
      const all = first === undefined ? [...states.values()] : [first, ...states.values()];
      return distinct([...all.flatMap((state) => state.vaults).map(readVault), ...wants.map((want) => readVault(want.vault))]);
    },
    vaultsWithJsonKeys: () => distinct(wants.filter((want) => want.jsonOf.length > 0).map((want) => readVault(want.vault))),
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One per vault and tenant: two connectors may disagree about the tenant, and only one of them may be approved. */
function distinct(vaults: readonly (VaultTarget | undefined)[]): readonly VaultTarget[] {
  const found = new Map<string, VaultTarget>();
  for (const vault of vaults) {
    if (vault === undefined) continue;
    const key = `${vaultKey(vault)}@${vault.tenant?.toLowerCase() ?? ""}`;
    if (!found.has(key)) found.set(key, vault);
  }
  return [...found.values()];
}

/** The names come from workspace files and are shown in dialogs, so only valid ones pass. */
function readVault(vault: { readonly name: string; readonly cloud: string; readonly tenant?: string }): VaultTarget | undefined {
  if (!isVaultName(vault.name) || !isCloud(vault.cloud)) return undefined;
  if (vault.tenant === undefined) return { name: vault.name, cloud: vault.cloud };
  return isGuid(vault.tenant) ? { name: vault.name, cloud: vault.cloud, tenant: vault.tenant } : undefined;
}
