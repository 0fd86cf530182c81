/**
 * The shape of a YAML text as far as Keyline needs it: who stands under whom, and where every scalar stands.
 * Not a validating parser: any text gives a tree.
 */
export type ScalarStyle = "plain" | "single" | "double" | "block";

/** A scalar where it stands. For a quoted one, `start` and `end` lie inside the quotes. */
export interface Scalar {
  readonly style: ScalarStyle;
  readonly start: number;
  readonly end: number;
  /**
   * True for a quoted scalar that is followed by more text on its line: inner quotes have ended it early.
   * It then runs to the quote that was meant to end it and is read without escapes.
   */
  readonly broken?: boolean;
}

export interface YamlNode {
  readonly kind: "map" | "seq" | "scalar";
  readonly parent: YamlNode | undefined;
  /** The key under which the node stands in its parent mapping. */
  readonly key: Scalar | undefined;
  readonly start: number;
  end: number;
  readonly children: YamlNode[];
  scalar: Scalar | undefined;
  /** True for `*alias`: its value stands elsewhere. */
  alias: boolean;
}

export interface YamlDocument {
  readonly root: YamlNode | undefined;
  readonly start: number;
  readonly end: number;
}

export interface YamlComment {
  readonly start: number;
  readonly end: number;
}

export interface YamlScan {
  readonly documents: readonly YamlDocument[];
  /** Every scalar, keys too, in order of position. */
  readonly scalars: readonly Scalar[];
  readonly comments: readonly YamlComment[];
}

/** Of every scalar: most nodes are scalars, and none has any. */
const noChildren: YamlNode[] = [];
Object.freeze(noChildren);

export function newNode(kind: YamlNode["kind"], parent: YamlNode | undefined, key: Scalar | undefined, start: number): YamlNode {
  const node: YamlNode = { kind, parent, key, start, end: start, children: kind === "scalar" ? noChildren : [], scalar: undefined, alias: false };
  parent?.children.push(node);
  return node;
}

/** The child of a mapping under that key; the last one where a key stands twice, as YAML readers of Harness take it. */
export function childOf(text: string, node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== "map") return undefined;
  for (let index = node.children.length - 1; index >= 0; index--) {
    const child = node.children[index];
    if (child?.key !== undefined && child.key.end - child.key.start === key.length && text.startsWith(key, child.key.start)) return child;
  }
  return undefined;
}
