import type { JsonKey } from "../../../server/src/core/model/facts.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { withChildren } from "../ui/treeNode.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";
import { noteNode, reasonNode } from "./noteNodes.ts";
import type { VaultNodesContext } from "./vaultNodesContext.ts";

const maxKeys = 200;

/** The key names below a version: never a value. */
export function jsonKeyNodes(context: Pick<VaultNodesContext, "facts" | "keysAllowed">, subject: SecretSubject & { readonly latest: boolean }, parent: ExplorerNode): readonly ExplorerNode[] {
  const { vault, name, version } = subject;
  if (!context.keysAllowed(vault)) {
    return [noteNode({ id: `${parent.id} allow`, label: "Allow reading JSON keys of this vault…", icon: "json", command: { id: "keyline.allowJsonKeys", title: "Allow" }, about: { vault } }, parent)];
  }
  const shape = context.facts.jsonShape(vault, name, version);
  if (shape.state === "unknown") return [reasonNode(`${parent.id} keys`, shape.reason, parent, { vault })];
  // What an old answer has is shown; what it lacks may have come since.
  if (shape.stale !== undefined && (shape.value.kind === "not-json" || shape.value.keys.length === 0)) return [reasonNode(`${parent.id} keys`, shape.stale, parent, { vault })];
  if (shape.value.kind === "not-json") return [noteNode({ id: `${parent.id} text`, label: "The value is no JSON object", icon: "symbol-text" }, parent)];
  if (shape.value.keys.length === 0) return [noteNode({ id: `${parent.id} text`, label: "The JSON object has no keys", icon: "symbol-text" }, parent)];
  return keyNodes(shape.value.keys, { vault, name, ...(version === undefined || subject.latest ? {} : { version }) }, parent);
}

function keyNodes(keys: readonly JsonKey[], above: SecretSubject, parent: ExplorerNode): readonly ExplorerNode[] {
  const nodes = keys.slice(0, maxKeys).map((key, index) => {
    const subject: SecretSubject = { ...above, jsonKeys: [...(above.jsonKeys ?? []), key.name] };
    const children = key.children ?? [];
    return withChildren<ExplorerItem>(
      {
        id: `${parent.id} key ${String(index)}`,
        label: shownText(key.name),
        icon: { id: "symbol-key" },
        spoken: `JSON key ${shownText(key.name)}`,
        expands: children.length === 0 ? "not" : "collapsed",
        context: "jsonKey",
        about: { vault: above.vault, subject },
        parent,
      },
      (node) => keyNodes(children, subject, node),
    );
  });
  return keys.length <= maxKeys ? nodes : [...nodes, noteNode({ id: `${parent.id} more`, label: `${String(keys.length - maxKeys)} more keys not shown`, icon: "ellipsis" }, parent)];
}
