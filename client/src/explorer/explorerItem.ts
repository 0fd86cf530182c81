import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { TreeNode } from "../ui/treeNode.ts";

/** What a line of the tree of vaults is about. */
export interface ExplorerItem {
  readonly vault: VaultTarget;
  /** Set for a secret's line and the lines below it, and for a deleted secret. */
  readonly subject?: SecretSubject;
  /** A deleted secret: no reference to it works. */
  readonly isDeleted?: true;
  /** What is asked of the vault while the line is open. */
  readonly opens?: "secrets" | "versions" | "keys" | "deleted";
}

export type ExplorerNode = TreeNode<ExplorerItem>;

/** The secret that a reference may lead to, where the line stands for one. */
export function referable({ about }: Pick<ExplorerNode, "about">): SecretSubject | undefined {
  return about?.isDeleted === true ? undefined : about?.subject;
}
