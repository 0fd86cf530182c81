import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow, SecretUsesResult } from "../../../server/src/protocol/messages.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { VaultIndex } from "../../../server/src/vault/vaultIndex.ts";
import { shownReference } from "../connectors/connectorSource.ts";
import type { ServerAnswer } from "../language/serverAnswer.ts";
import type { KnownVault, SecretSource } from "../secrets/secretSource.ts";
import type { AddedVaults } from "./addedVaults.ts";
import type { DeletedLists } from "./deletedLists.ts";
import type { ExplorerItem } from "./explorerItem.ts";
import type { UsesOfSecrets } from "./usesOfSecrets.ts";
import { usesOfSecrets } from "./usesOfSecrets.ts";

export interface ExplorerSourceContext {
  readonly connectors: { rows(): readonly ConnectorRow[]; load(): Promise<readonly ConnectorRow[]> };
  readonly added: AddedVaults;
  readonly index: VaultIndex;
  readonly api: VaultApi;
  readonly deleted: DeletedLists;
  readonly uses: ServerAnswer<SecretUsesResult>;
}

/** What the tree shows, for the commands on it. */
export interface ExplorerSource extends SecretSource {
  /** The same as `vaults`, from the connectors that were loaded last. */
  vaultsNow(): readonly KnownVault[];
  /** What leads to all secrets, asked anew once. Not complete where the server has not answered. */
  allUses(): Promise<UsesOfSecrets>;
  /** Names an object of our own that stands for a line of the tree. */
  mark(object: object, item: ExplorerItem): void;
}

export function createExplorerSource({ connectors, added, index, api, deleted, uses }: ExplorerSourceContext): ExplorerSource {
  const ours = new WeakMap<object, ExplorerItem>();
  const itemOf = (argument: unknown): ExplorerItem | undefined => (typeof argument === "object" && argument !== null ? ours.get(argument) : undefined);

  async function allUses(): Promise<UsesOfSecrets> {
    const before = uses.known();
    await uses.load();
    const known = usesOfSecrets(uses.known());
    // An answer of before cannot say that nothing has been written since.
    return uses.known() === before ? { ...known, complete: false } : known;
  }

  return {
    mark: (object, item) => {
      ours.set(object, item);
    },
    subjectOf: (argument) => itemOf(argument)?.subject,
    vaultOf: (argument) => itemOf(argument)?.vault,
    vaultsNow: () => knownVaults(connectors.rows(), added.list()),
    vaults: async () => knownVaults(await connectors.load(), added.list()),
    allUses,
    secrets: async (vault, signal) => {
      await index.load([{ vault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] }], signal);
      if (signal.aborted) return { ok: false, reason: "loading", cause: "cancelled" };
      const listing = index.facts().listing(vault);
      if (listing.state === "unknown") return { ok: false, reason: listing.reason };
      if (listing.stale !== undefined) return { ok: false, reason: listing.stale };
      return listing.value.complete ? { ok: true, value: listing.value.secrets } : { ok: false, reason: "loading" };
    },
    versions: (vault, name, signal) => api.listVersions(vault, name, signal),
    deleted: (vault, signal) => api.listDeleted(vault, () => undefined, signal),
    uses: async (vault, name) => {
      const known = await allUses();
      const row = known.of(vault, name);
      return { references: row?.references ?? [], entities: row?.entities ?? [], complete: known.complete };
    },
    changed: (vault) => {
      index.written(vault);
      deleted.changed(vault);
    },
  };
}

/**
 * Each vault once, by name: of connectors first with their names, then what was added. Two connectors may name one vault
 * in two tenants: the first with a tenant counts, and where none has one, the tenant that the person has added it with.
 */
function knownVaults(rows: readonly ConnectorRow[], added: readonly VaultTarget[]): readonly KnownVault[] {
  const known = new Map<string, { vault: VaultTarget; readonly connectors: string[] }>();
  for (const row of rows) {
    if (row.vault === undefined) continue;
    const key = vaultKey(row.vault);
    const entry = known.get(key) ?? { vault: row.vault, connectors: [] };
    if (entry.vault.tenant === undefined) entry.vault = row.vault;
    entry.connectors.push(shownReference(row));
    known.set(key, entry);
  }
  for (const vault of added) {
    const entry = known.get(vaultKey(vault));
    if (entry === undefined) known.set(vaultKey(vault), { vault, connectors: [] });
    else if (entry.vault.tenant === undefined) entry.vault = vault;
  }
  const all = [...known.values()].map(({ vault, connectors }): KnownVault => (connectors.length === 0 ? { vault } : { vault, connector: connectors.join(", ") }));
  return all.sort((one, other) => (one.vault.name.toLowerCase() < other.vault.name.toLowerCase() ? -1 : 1));
}
