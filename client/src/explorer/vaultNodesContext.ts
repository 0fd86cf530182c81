import type { Facts } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { KnownVault } from "../secrets/secretSource.ts";
import type { DeletedList } from "./deletedLists.ts";
import type { ExplorerView } from "./explorerView.ts";
import type { UsesOfSecrets } from "./usesOfSecrets.ts";

/** All that the tree of vaults is made of. */
export interface VaultNodesContext {
  readonly vaults: readonly KnownVault[];
  readonly isTrusted: boolean;
  readonly isApproved: (vault: VaultTarget) => boolean;
  readonly keysAllowed: (vault: VaultTarget) => boolean;
  readonly facts: Facts;
  readonly deleted: (vault: VaultTarget) => DeletedList | undefined;
  readonly uses: UsesOfSecrets;
  /** The workspace folder of a file. */
  readonly folderOf: (uri: string) => string;
  readonly view: ExplorerView;
  /** Epoch milliseconds. */
  readonly now: number;
}
