/**
 * Reads the outline of a YAML text in one pass over its lines, without ever giving up: a file with Terraform
 * templates, tabs or a line that is being typed still yields the outline of the rest.
 */
import type { FlowHost } from "./flowScan.ts";
import { scanFlow } from "./flowScan.ts";
import type { Scalar, YamlComment, YamlDocument, YamlNode, YamlScan } from "./yamlNode.ts";
import { newNode } from "./yamlNode.ts";

/** Deeper nesting than this is read as text: no Harness file comes near it, and hostile ones must not cost time. */
const maxDepth = 200;

const space = 32;
const tab = 9;
const newline = 10;
const carriageReturn = 13;

export function scanYaml(text: string): YamlScan {
  return new YamlScanner(text).run();
}

interface Level {
  readonly node: YamlNode;
  readonly indent: number;
}

/** The state of one scan; `at` functions advance `position` and never step back over a line. */
class YamlScanner implements FlowHost {
  readonly documents: YamlDocument[] = [];
  readonly scalars: Scalar[] = [];
  readonly comments: YamlComment[] = [];
  readonly text: string;
  position = 0;
  #root: YamlNode | undefined;
  #documentStart = 0;
  /** True for a document that `---` begins: it counts even where nothing is in it. */
  #isMarked = false;
  #levels: Level[] = [];

  constructor(text: string) {
    this.text = text;
    if (text.charCodeAt(0) === 0xfeff) this.position = 1;
  }

  run(): YamlScan {
    while (this.position < this.text.length) this.#line();
    this.#endDocument(this.text.length);
    if (this.documents.length === 0) this.documents.push({ root: undefined, start: 0, end: this.text.length });
    return { documents: this.documents, scalars: this.scalars, comments: this.comments };
  }

  #line(): void {
    const start = this.position;
    const first = this.#skipBlanks(start);
    const code = this.text.charCodeAt(first);
    if (first >= this.text.length || code === newline || code === carriageReturn) {
      this.position = this.#nextLine(first);
      return;
    }
    if (code === 35) {
      const end = this.lineEnd(first);
      this.comments.push({ start: first, end });
      this.position = this.#nextLine(end);
      return;
    }
    const indent = first - start;
    if (indent === 0 && this.#isBoundary(first)) return;
    if (code === 37 && (indent === 0 || this.text.charCodeAt(first + 1) === 123)) {
      // A directive, or a line of a Terraform template: no YAML.
      this.position = this.#nextLine(this.lineEnd(first));
      return;
    }
    this.#entry(first, indent, 0);
  }

  /** `---` and `...` end a document. What follows `---` on its line belongs to the next one. */
  #isBoundary(first: number): boolean {
    const mark = this.text.slice(first, first + 3);
    if (mark !== "---" && mark !== "...") return false;
    const after = this.text.charCodeAt(first + 3);
    if (first + 3 < this.text.length && after !== space && after !== tab && after !== newline && after !== carriageReturn) return false;
    this.#endDocument(first);
    this.#documentStart = first + 3;
    this.#isMarked = mark === "---";
    const content = this.#skipBlanks(first + 3);
    const code = this.text.charCodeAt(content);
    if (mark === "---" && content < this.lineEnd(content) && code !== 35) this.#entry(content, content - first, 0);
    else this.position = this.#nextLine(this.lineEnd(content));
    return true;
  }

  /** Comments alone, before the first mark or behind the last, are no document. */
  #endDocument(end: number): void {
    if (this.#root !== undefined || this.#isMarked) this.documents.push({ root: this.#root, start: this.#documentStart, end });
    this.#root = undefined;
    this.#levels = [];
  }

  /** Reads what starts at `first` in column `indent`: a sequence item, a mapping entry or loose text. */
  #entry(first: number, indent: number, depth: number): void {
    if (this.#isDash(first)) {
      this.#item(first, indent, depth);
      return;
    }
    const colon = this.#keyEnd(first);
    if (colon === undefined) {
      this.#loose(first, indent);
      return;
    }
    this.#mapEntry(first, indent, colon);
  }

  #item(dash: number, indent: number, depth: number): void {
    this.#popTo(indent, "seq");
    let level = this.#levels.at(-1);
    if (level?.node.kind !== "seq" || level.indent !== indent) {
      const node = this.#open("seq", dash);
      level = { node, indent };
      this.#levels.push(level);
    }
    const content = this.#skipBlanks(dash + 1);
    const end = this.lineEnd(dash);
    const column = indent + (content - dash);
    const code = this.text.charCodeAt(content);
    if (content >= end || code === 35) {
      newNode("scalar", level.node, undefined, dash + 1).end = dash + 1;
      this.#restOfLine(content);
      return;
    }
    if (depth < maxDepth && this.#levels.length < maxDepth && (this.#isDash(content) || this.#startsEntry(content))) {
      // A nested collection that begins on this line: its level is the column of its first character, and it takes the
      // place of the item, not that of an empty one before.
      newNode("scalar", level.node, undefined, dash + 1).end = dash + 1;
      this.#entry(content, column, depth + 1);
      return;
    }
    this.#value(content, level.node, undefined, indent);
  }

  #mapEntry(first: number, indent: number, colon: number): void {
    this.#popTo(indent, "map");
    let level = this.#levels.at(-1);
    if (level?.node.kind !== "map" || level.indent !== indent) {
      if (this.#levels.length >= maxDepth) {
        this.#loose(first, indent);
        return;
      }
      const node = this.#open("map", first);
      level = { node, indent };
      this.#levels.push(level);
    }
    const key = this.#keyScalar(first, colon);
    this.scalars.push(key);
    const content = this.#skipBlanks(colon + 1);
    const end = this.lineEnd(colon);
    if (content >= end || this.text.charCodeAt(content) === 35) {
      const node = newNode("scalar", level.node, key, colon + 1);
      node.end = colon + 1;
      this.#restOfLine(content);
      return;
    }
    this.#value(content, level.node, key, indent);
  }

  /** Text that is neither item nor entry: a value on a line of its own, or a line being typed. */
  #loose(first: number, indent: number): void {
    const level = this.#levels.at(-1);
    if (level === undefined && this.#root === undefined) {
      const node = this.#value(first, undefined, undefined, -1);
      this.#root = node;
      return;
    }
    const waiting = level?.node.children.at(-1);
    if (level !== undefined && indent > level.indent && waiting?.kind === "scalar" && waiting.scalar === undefined && !waiting.alias) {
      level.node.children.pop();
      this.#value(first, level.node, waiting.key, level.indent);
      return;
    }
    const end = this.#plainEnd(first, this.lineEnd(first));
    this.scalars.push({ style: "plain", start: first, end });
    this.#restOfLine(end);
  }

  /** Closes the collections that cannot hold something in column `indent`. */
  #popTo(indent: number, kind: "map" | "seq"): void {
    for (;;) {
      const level = this.#levels.at(-1);
      if (level === undefined || level.indent < indent) return;
      if (level.indent === indent && level.node.kind === kind) return;
      // `key:` may hold a sequence whose dashes stand in the column of the key.
      if (level.indent === indent && kind === "seq" && level.node.kind === "map") {
        const last = level.node.children.at(-1);
        if (last?.scalar === undefined && last?.kind === "scalar" && !last.alias) return;
      }
      this.#levels.pop();
    }
  }

  /** A new collection in the place that waits for one: the empty value of the last entry, or the document's root. */
  #open(kind: "map" | "seq", start: number): YamlNode {
    const level = this.#levels.at(-1);
    if (level === undefined) {
      const root = newNode(kind, undefined, undefined, start);
      this.#root ??= root;
      return root;
    }
    const waiting = level.node.children.at(-1);
    if (waiting?.kind === "scalar" && waiting.scalar === undefined && !waiting.alias && level.node.kind === "map") {
      level.node.children.pop();
      return newNode(kind, level.node, waiting.key, start);
    }
    if (waiting?.kind === "scalar" && waiting.scalar === undefined && !waiting.alias && waiting.start === waiting.end) level.node.children.pop();
    return newNode(kind, level.node, undefined, start);
  }

  /** Reads a value that begins at `first`; `indent` is the column of the collection that holds it. */
  #value(first: number, parent: YamlNode | undefined, key: Scalar | undefined, indent: number): YamlNode {
    const start = this.#skipProperties(first);
    const code = this.text.charCodeAt(start);
    const end = this.lineEnd(start);
    if (start >= end || code === 35) {
      const node = newNode("scalar", parent, key, start);
      this.#restOfLine(start);
      return node;
    }
    if ((code === 124 || code === 62) && this.#isBlockHeader(start, end)) return this.#blockScalar(start, parent, key, indent);
    if (code === 91 || code === 123) {
      const flow = scanFlow(this, start, parent, key, indent);
      this.#restOfLine(this.position);
      return flow;
    }
    const node = newNode("scalar", parent, key, start);
    if (code === 42) {
      node.alias = true;
      node.end = this.#plainEnd(start, end);
      this.#restOfLine(node.end);
      return node;
    }
    const scalar = code === 34 || code === 39 ? this.quoted(start, indent) : this.#plain(start, indent);
    node.scalar = scalar;
    node.end = this.position;
    this.scalars.push(scalar);
    this.#restOfLine(this.position);
    return node;
  }

  /** Steps over `&anchor` and `!tag`. */
  #skipProperties(first: number): number {
    let at = first;
    for (let count = 0; count < 4; count++) {
      const code = this.text.charCodeAt(at);
      if (code !== 38 && code !== 33) return at;
      while (at < this.text.length && !this.isBlankOrEnd(at)) at++;
      at = this.#skipBlanks(at);
    }
    return at;
  }

  #isBlockHeader(start: number, end: number): boolean {
    let at = start + 1;
    while (at < end && /[0-9+-]/.test(this.text.charAt(at))) at++;
    const rest = this.#skipBlanks(at);
    return rest >= end || (this.text.charCodeAt(rest) === 35 && rest > at);
  }

  #blockScalar(start: number, parent: YamlNode | undefined, key: Scalar | undefined, indent: number): YamlNode {
    const headerEnd = this.lineEnd(start);
    const digit = /^[|>][+-]?([1-9])/.exec(this.text.slice(start, start + 3))?.[1];
    let contentIndent = digit === undefined ? undefined : Math.max(indent, 0) + Number(digit);
    const contentStart = this.#nextLine(headerEnd);
    let at = contentStart;
    let contentEnd = contentStart;
    while (at < this.text.length) {
      const first = this.#skipBlanks(at);
      const code = this.text.charCodeAt(first);
      if (first >= this.text.length || code === newline || code === carriageReturn) {
        at = this.#nextLine(first);
        continue;
      }
      const column = first - at;
      contentIndent ??= column;
      if (column < contentIndent || column <= indent) break;
      if (column === 0 && (this.text.startsWith("---", at) || this.text.startsWith("...", at)) && this.isBlankOrEnd(at + 3)) break;
      contentEnd = this.lineEnd(first);
      at = this.#nextLine(contentEnd);
    }
    const node = newNode("scalar", parent, key, start);
    const scalar: Scalar = { style: "block", start: Math.min(contentStart, contentEnd), end: contentEnd };
    node.scalar = scalar;
    node.end = contentEnd;
    this.scalars.push(scalar);
    this.position = at;
    return node;
  }

  /** A plain scalar, over the following lines too as long as they are indented deeper and are no entries themselves. */
  #plain(start: number, indent: number): Scalar {
    const firstEnd = this.lineEnd(start);
    let end = this.#plainEnd(start, firstEnd);
    this.position = end;
    if (end < this.#trimEnd(start, firstEnd)) return { style: "plain", start, end };
    let at = this.#nextLine(firstEnd);
    while (at < this.text.length) {
      const first = this.#skipBlanks(at);
      const code = this.text.charCodeAt(first);
      if (code === newline || code === carriageReturn) {
        at = this.#nextLine(first);
        continue;
      }
      const continues = first < this.text.length && first - at > indent && code !== 35 && code !== 37 && this.#keyEnd(first) === undefined;
      if (!continues || (indent < 0 && first === at && this.#looksLikeBoundary(at))) break;
      const lineEnd = this.lineEnd(first);
      end = this.#plainEnd(first, lineEnd);
      this.position = end;
      if (end < this.#trimEnd(first, lineEnd)) break;
      at = this.#nextLine(lineEnd);
    }
    return { style: "plain", start, end };
  }

  #looksLikeBoundary(at: number): boolean {
    return (this.text.startsWith("---", at) || this.text.startsWith("...", at)) && this.isBlankOrEnd(at + 3);
  }

  /**
   * A quoted scalar; `position` is left behind it. One that is still open where the next entry begins ends with its
   * first line, so that a quote being typed does not swallow the rest of the file.
   */
  quoted(start: number, indent: number): Scalar {
    const quote = this.text.charCodeAt(start);
    const style = quote === 34 ? "double" : "single";
    let at = start + 1;
    while (at < this.text.length) {
      const code = this.text.charCodeAt(at);
      if (code === newline) {
        const first = this.#skipBlanks(at + 1);
        const blank = this.isBlankOrEnd(first) && this.text.charCodeAt(first) !== space;
        if (!blank && first - at - 1 <= indent) break;
        at++;
      } else if (quote === 34 && code === 92) {
        at += 2;
      } else if (code === quote) {
        if (quote === 39 && this.text.charCodeAt(at + 1) === 39) {
          at += 2;
          continue;
        }
        return this.#closed(style, start, at);
      } else at++;
    }
    const end = this.#trimEnd(start, this.lineEnd(start));
    this.position = end;
    return { style, start: start + 1, end: Math.max(end, start + 1) };
  }

  #closed(style: "double" | "single", start: number, close: number): Scalar {
    this.position = close + 1;
    const after = this.#skipBlanks(close + 1);
    const code = this.text.charCodeAt(after);
    const ends = this.isBlankOrEnd(after) || code === 35 || code === 44 || code === 93 || code === 125 || code === 58;
    if (style === "single" || ends) return { style, start: start + 1, end: close };
    const lineEnd = this.#trimEnd(close, this.lineEnd(close));
    const last = this.text.lastIndexOf('"', lineEnd - 1);
    if (last <= close || this.text.lastIndexOf("\n", close) > start) return { style, start: start + 1, end: close };
    this.position = last + 1;
    return { style, start: start + 1, end: last, broken: true };
  }

  #keyScalar(first: number, colon: number): Scalar {
    const start = this.#skipProperties(first);
    const code = this.text.charCodeAt(start);
    const end = this.#trimEnd(start, colon);
    if ((code === 34 || code === 39) && end - start >= 2 && this.text.charCodeAt(end - 1) === code) {
      return { style: code === 34 ? "double" : "single", start: start + 1, end: end - 1 };
    }
    return { style: "plain", start, end };
  }

  /** True where a mapping entry starts at `first`. */
  #startsEntry(first: number): boolean {
    return this.#keyEnd(first) !== undefined;
  }

  /** The colon that ends a key at `first`, or undefined where the line holds no key. */
  #keyEnd(first: number): number | undefined {
    const end = this.lineEnd(first);
    let at = this.#skipProperties(first);
    const code = this.text.charCodeAt(at);
    if (at >= end || code === 91 || code === 123 || code === 35 || code === 124 || code === 62) return undefined;
    if (code === 34 || code === 39) {
      const close = this.#closingQuote(at, end);
      if (close === undefined) return undefined;
      at = this.#skipBlanks(close + 1);
      return this.text.charCodeAt(at) === 58 && this.isBlankOrEnd(at + 1) ? at : undefined;
    }
    for (; at < end; at++) {
      const current = this.text.charCodeAt(at);
      if (current === 58 && this.isBlankOrEnd(at + 1)) return at;
      if (current === 35 && at > first && this.isBlankOrEnd(at - 1)) return undefined;
      // A key holds no expression: `<+a ? "b" : "c">` is a text with a colon in it.
      if (current === 60 && this.text.charCodeAt(at + 1) === 43) return undefined;
    }
    return undefined;
  }

  /** The quote that closes the one at `open`, before `end`. */
  #closingQuote(open: number, end: number): number | undefined {
    const quote = this.text.charCodeAt(open);
    for (let at = open + 1; at < end; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 92 && quote === 34) at++;
      else if (code === quote) {
        if (quote === 34 || this.text.charCodeAt(at + 1) !== 39) return at;
        at++;
      }
    }
    return undefined;
  }

  #plainEnd(start: number, lineEnd: number): number {
    for (let at = start + 1; at < lineEnd; at++) {
      if (this.text.charCodeAt(at) === 35 && this.isBlankOrEnd(at - 1)) return this.#trimEnd(start, at);
    }
    return this.#trimEnd(start, lineEnd);
  }

  /** Moves to the next line, noting a comment on the way. */
  #restOfLine(from: number): void {
    const end = this.lineEnd(from);
    const first = this.#skipBlanks(from);
    if (first < end && this.text.charCodeAt(first) === 35) this.comments.push({ start: first, end });
    if (from <= end) this.position = Math.max(this.position, this.#nextLine(end));
  }

  #isDash(at: number): boolean {
    return this.text.charCodeAt(at) === 45 && this.isBlankOrEnd(at + 1);
  }

  isBlankOrEnd(at: number): boolean {
    if (at >= this.text.length) return true;
    const code = this.text.charCodeAt(at);
    return code === space || code === tab || code === newline || code === carriageReturn;
  }

  #skipBlanks(at: number): number {
    let position = at;
    for (;;) {
      const code = this.text.charCodeAt(position);
      if (code !== space && code !== tab) return position;
      position++;
    }
  }

  #trimEnd(start: number, end: number): number {
    let at = end;
    while (at > start && this.isBlankOrEnd(at - 1)) at--;
    return at;
  }

  /** The position of the line break that ends the line of `at`, before a carriage return too. */
  lineEnd(at: number): number {
    const found = this.text.indexOf("\n", at);
    const end = found < 0 ? this.text.length : found;
    return end > at && this.text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
  }

  #nextLine(at: number): number {
    const found = this.text.indexOf("\n", at);
    return found < 0 ? this.text.length : found + 1;
  }
}
