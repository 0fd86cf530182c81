import type { UnknownReason } from "../../../server/src/core/model/facts.ts";
import { reasonText } from "../language/stateWords.ts";
import { withoutChildren } from "../ui/treeNode.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";

interface Note {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly command?: { readonly id: string; readonly title: string };
  readonly about?: ExplorerItem;
}

/** A line that says what is the case, and runs the command that mends it. */
export function noteNode({ id, label, icon, command, about }: Note, parent: ExplorerNode): ExplorerNode {
  return withoutChildren({ id, label, icon: { id: icon }, spoken: label, parent, ...(command === undefined ? {} : { command }), ...(about === undefined ? {} : { about }) });
}

/** Why something is not known. */
export function reasonNode(id: string, reason: UnknownReason, parent: ExplorerNode, about: ExplorerItem): ExplorerNode {
  if (reason === "loading") return withoutChildren({ id, label: "Being read…", icon: { id: "sync~spin" }, spoken: "Being read", parent });
  const { text, remedy, mend } = reasonText(reason);
  return withoutChildren({
    id,
    label: text,
    description: remedy,
    icon: { id: "warning", color: "list.warningForeground" },
    spoken: `${text}. ${remedy}`,
    tooltip: () => `${text}. ${remedy}`,
    about,
    parent,
    ...(mend === undefined ? {} : { command: mend }),
  });
}
