import type { Scalar, YamlComment, YamlNode } from "./yamlNode.ts";
import { newNode } from "./yamlNode.ts";

const maxDepth = 200;

/** What a flow collection needs of the scan that it is part of. */
export interface FlowHost {
  readonly text: string;
  readonly scalars: Scalar[];
  readonly comments: YamlComment[];
  /** Where the scan goes on; the flow collection moves it behind itself. */
  position: number;
  isBlankOrEnd(at: number): boolean;
  lineEnd(at: number): number;
  quoted(start: number, indent: number, inFlow: boolean): Scalar;
}

/**
 * Reads `[...]` or `{...}` from `start` on, over several lines, and leaves the scanner behind it. A collection that is
 * still open where the next block entry begins ends there.
 */
export function scanFlow(scanner: FlowHost, start: number, parent: YamlNode | undefined, key: Scalar | undefined, indent: number): YamlNode {
  const { text } = scanner;
  const root = newNode(text.charCodeAt(start) === 91 ? "seq" : "map", parent, key, start);
  const open: YamlNode[] = [root];
  let ignored = 0;
  let pendingKey: Scalar | undefined;
  let at = start + 1;
  const finish = (end: number): YamlNode => {
    for (const node of open) node.end = end;
    scanner.position = end;
    return root;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const current = open.at(-1) ?? root;
    if (code === 10) {
      if (blockGoesOn(scanner, at + 1, indent)) return finish(at);
      at++;
    } else if (code === 32 || code === 9 || code === 13) at++;
    else if (code === 35 && scanner.isBlankOrEnd(at - 1)) {
      const end = scanner.lineEnd(at);
      scanner.comments.push({ start: at, end });
      at = end;
    } else if (code === 91 || code === 123) {
      if (open.length >= maxDepth) ignored++;
      else open.push(newNode(code === 91 ? "seq" : "map", current, takeKey(), at));
      at++;
    } else if (code === 93 || code === 125) {
      at++;
      if (ignored > 0) ignored--;
      else {
        flushKey(current);
        current.end = at;
        open.pop();
        if (open.length === 0) return finish(at);
      }
    } else if (code === 44) {
      flushKey(current);
      at++;
    } else if (code === 58) at++;
    else if (code === 38 || code === 33) at = propertyEnd(at);
    else at = scalar(current);
  }
  return finish(text.length);

  function takeKey(): Scalar | undefined {
    const taken = pendingKey;
    pendingKey = undefined;
    return taken;
  }

  /** `{key}` and `{key:}` have an empty value. */
  function flushKey(node: YamlNode): void {
    const taken = takeKey();
    if (taken !== undefined) newNode("scalar", node, taken, taken.end).end = taken.end;
  }

  function scalar(node: YamlNode): number {
    const first = at;
    const code = text.charCodeAt(first);
    let token: Scalar;
    let end: number;
    if (code === 34 || code === 39) {
      token = scanner.quoted(first, -1, true);
      end = scanner.position;
    } else {
      end = plainEnd(first);
      let trimmed = end;
      while (trimmed > first && scanner.isBlankOrEnd(trimmed - 1)) trimmed--;
      token = { style: "plain", start: first, end: trimmed };
    }
    scanner.scalars.push(token);
    let after = end;
    while (text.charCodeAt(after) === 32 || text.charCodeAt(after) === 9) after++;
    const colonEndsKey = text.charCodeAt(after) === 58 && (token.style !== "plain" || scanner.isBlankOrEnd(after + 1) || /[,[\]{}]/.test(text.charAt(after + 1)));
    if (node.kind === "map" && pendingKey === undefined && colonEndsKey) {
      pendingKey = token;
      return after + 1;
    }
    if (node.kind === "map" && pendingKey === undefined && code !== 42) {
      // `{key}` is a key with an empty value.
      newNode("scalar", node, token, end).end = end;
      return Math.max(end, first + 1);
    }
    const value = newNode("scalar", node, takeKey(), first);
    if (code === 42) value.alias = true;
    else value.scalar = token;
    value.end = end;
    return Math.max(end, first + 1);
  }

  /** Where a plain scalar goes on behind the line break at `lineBreak`; not at a key, whose comma may be missing. */
  function continuation(lineBreak: number): number | undefined {
    let next = lineBreak;
    while (next < text.length && scanner.isBlankOrEnd(next)) next++;
    if (blockGoesOn(scanner, text.lastIndexOf("\n", next) + 1, indent)) return undefined;
    const line = text.slice(next, Math.min(scanner.lineEnd(next), next + 300));
    return line === "" || /^[,[\]{}#]|^[^,[\]{}]{0,300}:(?:\s|$|[,[\]{}])/.test(line) ? undefined : next;
  }

  /** The end of an `&anchor` or a `!tag`. */
  function propertyEnd(first: number): number {
    let end = first + 1;
    while (end < text.length && !scanner.isBlankOrEnd(end) && !/[,[\]{}]/.test(text.charAt(end))) end++;
    return end;
  }

  function plainEnd(first: number): number {
    let end = first;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === 44 || code === 91 || code === 93 || code === 123 || code === 125) return end;
      if (code === 10) {
        const next = continuation(end);
        if (next === undefined) return end;
        end = next;
        continue;
      }
      if (code === 58 && (scanner.isBlankOrEnd(end + 1) || /[,[\]{}]/.test(text.charAt(end + 1)))) return end;
      if (code === 35 && end > first && scanner.isBlankOrEnd(end - 1)) return end;
      end++;
    }
    return end;
  }
}

/** True where a line that starts at `lineStart` is an entry of the block around the flow collection. */
function blockGoesOn(scanner: FlowHost, lineStart: number, indent: number): boolean {
  const { text } = scanner;
  let first = lineStart;
  while (text.charCodeAt(first) === 32 || text.charCodeAt(first) === 9) first++;
  if (first >= text.length || first - lineStart > indent) return false;
  const line = text.slice(first, Math.min(scanner.lineEnd(first), first + 300));
  return /^(?:- |---|[\w"'.-]{1,200}\s{0,10}:(?:\s|$))/.test(line);
}
