import { Range, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from "vscode";
import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";
import type { TreeNode } from "./treeNode.ts";

const expansions = {
  not: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
} as const;

export function vscodeTreeItem(node: TreeNode<unknown>): TreeItem {
  const item = new TreeItem(node.label, expansions[node.expands]);
  item.id = node.id;
  if (node.description !== undefined) item.description = node.description;
  if (node.context !== undefined) item.contextValue = node.context;
  item.iconPath = new ThemeIcon(node.icon.id, node.icon.color === undefined ? undefined : new ThemeColor(node.icon.color));
  item.accessibilityInformation = { label: node.spoken };
  if (node.place !== undefined) item.command = { command: "vscode.open", title: "Open", arguments: [Uri.parse(node.place.uri, true), { selection: rangeOf(node.place.range) }] };
  if (node.command !== undefined) item.command = { command: node.command.id, title: node.command.title, arguments: [node] };
  return item;
}

/** A string is shown as it is: nothing in it is read as Markdown. */
export function resolveTooltip(item: TreeItem, node: TreeNode<unknown>): TreeItem {
  const text = node.tooltip?.();
  if (text !== undefined) item.tooltip = text;
  return item;
}

function rangeOf({ start, end }: ProtocolRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
