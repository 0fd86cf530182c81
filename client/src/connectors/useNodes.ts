import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { ConnectorUse } from "../../../server/src/protocol/messages.ts";
import type { TreeNode } from "../ui/treeNode.ts";
import { withChildren, withoutChildren } from "../ui/treeNode.ts";
import { shortPlace, shortReference, shownFile, shownPlace } from "./shownPlace.ts";

/** So many places are shown at once; the rest stands behind a line that says how many there are. */
const pageSize = 200;

const icons = { reference: { line: "references", place: "symbol-reference" }, secret: { line: "key", place: "key" } } as const;

export interface Uses {
  /** Unlike any other line's. */
  readonly id: string;
  readonly what: "reference" | "secret";
  /** How many there are, in words. */
  readonly label: string;
  readonly uses: readonly ConnectorUse[];
  /** The workspace folder of a file, below which its path is shown. */
  readonly folderOf: (uri: string) => string;
}

/** The line "12 references", and below it the places to jump to. */
export function usesNode<T>(all: Uses, parent: TreeNode<T>): TreeNode<T> {
  const { id, what, label, uses } = all;
  return withChildren({ id, label, icon: { id: icons[what].line }, spoken: label, expands: uses.length === 0 ? "not" : "collapsed", parent }, (node) => placeNodes(all, 0, node));
}

/** One page of places and, where there are more, a line that holds the next. */
function placeNodes<T>(all: Uses, start: number, parent: TreeNode<T>): readonly TreeNode<T>[] {
  const { id, what, uses } = all;
  const end = start + pageSize;
  const places = uses.slice(start, end).map((use, index) => placeNode(all, use, start + index, parent));
  if (uses.length <= end) return places;
  const label = `${String(uses.length - end)} more`;
  const more = withChildren<T>({ id: `${id} from ${String(end)}`, label, icon: { id: "ellipsis" }, spoken: `${label} ${what}s`, expands: "collapsed", parent }, (node) => placeNodes(all, end, node));
  return [...places, more];
}

function placeNode<T>({ id, what, folderOf }: Uses, use: ConnectorUse, index: number, parent: TreeNode<T>): TreeNode<T> {
  const folder = folderOf(use.uri);
  return withoutChildren({
    id: `${id} ${String(index)}`,
    label: shownText(shortReference(use.text)),
    description: shortPlace(folder, use),
    icon: { id: icons[what].place },
    spoken: `${what === "reference" ? "Reference" : "Secret"} ${shownText(use.text)}, ${shownFile(folder, use.uri)}, line ${String(use.range.start.line + 1)}`,
    tooltip: () => `${shownText(use.text, 200)}\n${shownPlace(folder, use)}`,
    place: use,
    parent,
  });
}
