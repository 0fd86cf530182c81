import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { ExplorerNode } from "./explorerItem.ts";

/** The line of a secret, or of one of its versions; the vault's where that is all there is. */
export function findNode(roots: readonly ExplorerNode[], subject: SecretSubject): ExplorerNode | undefined {
  const vault = roots.find(({ about }) => about !== undefined && vaultKey(about.vault) === vaultKey(subject.vault));
  return vault === undefined ? undefined : (findSecret(vault.children(), subject) ?? vault);
}

/** The line of the same id as it is now: VS Code keeps lines that look the same. */
export function currentNode(roots: readonly ExplorerNode[], node: ExplorerNode): ExplorerNode | undefined {
  const level = node.parent === undefined ? roots : currentNode(roots, node.parent)?.children();
  return level?.find(({ id }) => id === node.id);
}

function findSecret(nodes: readonly ExplorerNode[], subject: SecretSubject): ExplorerNode | undefined {
  for (const node of nodes) {
    const { about } = node;
    if (about?.subject !== undefined) {
      if (about.opens !== "versions" || about.subject.name.toLowerCase() !== subject.name.toLowerCase()) continue;
      const version = node.children().find((child) => subject.version !== undefined && child.about?.subject?.version === subject.version);
      return version ?? node;
    }
    // A group or a part of a long list.
    if (about === undefined) {
      const found = findSecret(node.children(), subject);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
