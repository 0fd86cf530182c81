import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { TreeNode } from "../ui/treeNode.ts";

/** What a line of the tree of vaults is about. */
export interface ExplorerItem {
  readonly vault: VaultTarget;
  /** Set for a secret's line and the lines below it, and for a deleted secret. */
  readonly subject?: SecretSubject;
  /** What is asked of the vault while the line is open. */
  readonly opens?: "secrets" | "versions" | "keys" | "deleted";
}

export type ExplorerNode = TreeNode<ExplorerItem>;
