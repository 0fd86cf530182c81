import type { Entity } from "../model/entities.ts";
import type { EntityOutline, OutlineField, OutlineMap } from "../model/entityOutline.ts";
import type { Span } from "../model/span.ts";
import type { RecognisedDocument } from "./recognise.ts";
import { isPlaceholder, nodeText } from "./recognise.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

/** A line that a template engine acts on: what stands under it may or may not be there. */
const templateLine = /^[ \t]*(?:%\{|\{\{|\$\{)/m;

/** The outline of a connector or a secret; undefined for any other document. */
export function readOutline(text: string, document: RecognisedDocument, index: number, defines: Entity | undefined): EntityOutline | undefined {
  const { entity, kind, isV1 } = document;
  if ((kind !== "connector" && kind !== "secret") || isV1 || entity?.kind !== "map") return undefined;
  const type = nodeText(text, childOf(text, entity, "type"))?.trim();
  const spec = childOf(text, entity, "spec");
  return {
    kind,
    document: index,
    span: document.span,
    ...(type === undefined || type === "" || isPlaceholder(type) ? {} : { type }),
    entity: readMap(text, entity),
    ...(spec === undefined ? {} : { spec: readMap(text, spec) }),
    ...(defines === undefined ? {} : { defines }),
  };
}

function readMap(text: string, node: YamlNode): OutlineMap {
  const fields = node.kind === "map" ? node.children.flatMap((child) => (child.key === undefined ? [] : [readField(text, child, child.key)])) : [];
  const keySpan = node.key === undefined ? { start: node.start, end: node.start } : spanOf(node.key);
  const end = lastEnd(node);
  const indent = indentOf(text, fields);
  const isEmpty = node.kind === "scalar" && !node.alias && !isPlaceholder(nodeText(text, node) ?? "");
  const isOpen = (node.kind !== "map" && !isEmpty) || fields.some(({ key }) => key === "<<") || templateLine.test(text.slice(node.start, end));
  return { fields, keySpan, end, ...(indent === undefined ? {} : { indent }), open: isOpen };
}

function readField(text: string, node: YamlNode, key: Span): OutlineField {
  const named = { key: text.slice(key.start, key.end), keySpan: spanOf(key) };
  if (node.alias) return { ...named, valueSpan: { start: node.start, end: node.end }, style: "alias" };
  if (node.kind !== "scalar") return { ...named, valueSpan: { start: node.start, end: lastEnd(node) }, style: "collection" };
  if (node.scalar === undefined) return { ...named, value: "", valueSpan: { start: node.end, end: node.end }, style: "empty" };
  const value = node.scalar.broken === true ? {} : { value: (nodeText(text, node) ?? "").trim() };
  return { ...named, ...value, valueSpan: spanOf(node.scalar), style: node.scalar.style };
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** The blanks before the first key, where it begins its line and no brace opens the mapping. */
function indentOf(text: string, fields: readonly OutlineField[]): string | undefined {
  const first = fields[0];
  if (first === undefined) return undefined;
  const before = text.slice(text.lastIndexOf("\n", first.keySpan.start - 1) + 1, first.keySpan.start);
  return /^ {0,200}$/.test(before) ? before : undefined;
}

/** Where the text of a node ends. */
function lastEnd(node: YamlNode): number {
  let current = node;
  for (let last = current.children.at(-1); last !== undefined; last = current.children.at(-1)) current = last;
  return Math.max(node.end, current.end, current.scalar?.end ?? 0);
}
