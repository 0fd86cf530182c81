import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";

/** One line of a tree, as plain data. Its children are made when they are asked for. `T` is what commands on it are about. */
export interface TreeNode<T> {
  /** The same after each refresh, so that what is selected and expanded stays so. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** A product icon, and the color it has in the theme. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** What a screen reader says. */
  readonly spoken: string;
  readonly expands: "not" | "collapsed" | "expanded";
  /** Tokens that menus test. */
  readonly context?: string;
  /** Plain text, made when the mouse rests on the line. */
  readonly tooltip?: () => string;
  /** Where a click and Enter go. */
  readonly place?: { readonly uri: string; readonly range: ProtocolRange };
  /** The command that a click and Enter run, with this line as its argument. */
  readonly command?: { readonly id: string; readonly title: string };
  readonly about?: T;
  readonly parent?: TreeNode<T>;
  readonly children: () => readonly TreeNode<T>[];
}

export function withChildren<T>(node: Omit<TreeNode<T>, "children">, make: (node: TreeNode<T>) => readonly TreeNode<T>[]): TreeNode<T> {
  let made: readonly TreeNode<T>[] | undefined;
  const whole: TreeNode<T> = { ...node, children: () => (made ??= make(whole)) };
  return whole;
}

export function withoutChildren<T>(node: Omit<TreeNode<T>, "children" | "expands">): TreeNode<T> {
  return { ...node, expands: "not", children: () => [] };
}
