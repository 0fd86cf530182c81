import type { TreeNode } from "./treeNode.ts";

/**
 * All that stands on the screen of a tree whose lines with these ids are open, as one text: where it is the same, the
 * tree is the same. A tree that is told anew for nothing loses the line that a menu was just opened on.
 */
export function shownLines(nodes: readonly TreeNode<unknown>[], open: ReadonlySet<string>): string {
  const lines: unknown[] = [];
  const add = (level: readonly TreeNode<unknown>[]): void => {
    for (const node of level) {
      lines.push([node.id, node.label, node.description, node.icon, node.spoken, node.expands, node.context, node.place]);
      if (open.has(node.id)) add(node.children());
    }
  };
  add(nodes);
  return JSON.stringify(lines);
}
