/**
 * Reads the outline of a YAML text in one pass over its lines, without ever giving up: a file with Terraform
 * templates, tabs or a line that is being typed still yields the outline of the rest.
 */
import type { FlowHost } from "./flowScan.ts";
import { scanFlow } from "./flowScan.ts";
import { carriageReturn, newline } from "./yamlLines.ts";
import type { Scalar, YamlComment, YamlDocument, YamlNode, YamlScan } from "./yamlNode.ts";
import { newNode } from "./yamlNode.ts";
import { YamlScalars } from "./yamlScalars.ts";

/** Deeper nesting than this is read as text: no Harness file comes near it, and hostile ones must not cost time. */
const maxDepth = 200;

export function scanYaml(text: string): YamlScan {
  return new YamlScanner(text).run();
}

interface Level {
  readonly node: YamlNode;
  readonly indent: number;
}

/** The state of one scan; `at` functions advance `position` and never step back over a line. */
class YamlScanner extends YamlScalars implements FlowHost {
  readonly documents: YamlDocument[] = [];
  readonly scalars: Scalar[] = [];
  readonly comments: YamlComment[] = [];
  #root: YamlNode | undefined;
  #documentStart = 0;
  /** True for a document that `---` begins: it counts even where nothing is in it. */
  #isMarked = false;
  #levels: Level[] = [];

  constructor(text: string) {
    super(text);
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
    const first = this.skipBlanks(start);
    const code = this.text.charCodeAt(first);
    if (first >= this.text.length || code === newline || code === carriageReturn) {
      this.position = this.nextLine(first);
      return;
    }
    if (code === 35) {
      const end = this.lineEnd(first);
      this.comments.push({ start: first, end });
      this.position = this.nextLine(end);
      return;
    }
    const indent = first - start;
    if (indent === 0 && this.#isBoundary(first)) return;
    if (code === 37 && (indent === 0 || this.text.charCodeAt(first + 1) === 123)) {
      // A directive, or a line of a Terraform template: no YAML.
      this.position = this.nextLine(this.lineEnd(first));
      return;
    }
    this.#entry(first, indent, 0);
  }

  /** `---` and `...` end a document. What follows `---` on its line belongs to the next one. */
  #isBoundary(first: number): boolean {
    if (!this.isBoundaryMark(first)) return false;
    this.#endDocument(first);
    this.#documentStart = first + 3;
    this.#isMarked = this.text.startsWith("---", first);
    const content = this.skipBlanks(first + 3);
    const code = this.text.charCodeAt(content);
    if (this.#isMarked && content < this.lineEnd(content) && code !== 35) this.#entry(content, content - first, 0);
    else this.position = this.nextLine(this.lineEnd(content));
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
    const colon = this.keyEnd(first);
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
    const content = this.skipBlanks(dash + 1);
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
    const key = this.keyScalar(first, colon);
    this.scalars.push(key);
    const content = this.skipBlanks(colon + 1);
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
    const end = this.plainEnd(first, this.lineEnd(first));
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
    const start = this.skipProperties(first);
    const code = this.text.charCodeAt(start);
    const end = this.lineEnd(start);
    if (start >= end || code === 35) {
      const node = newNode("scalar", parent, key, start);
      this.#restOfLine(start);
      return node;
    }
    if ((code === 124 || code === 62) && this.isBlockHeader(start, end)) return this.#blockScalar(start, parent, key, indent);
    if (code === 91 || code === 123) {
      const flow = scanFlow(this, start, parent, key, indent);
      this.#restOfLine(this.position);
      return flow;
    }
    const node = newNode("scalar", parent, key, start);
    if (code === 42) {
      node.alias = true;
      node.end = this.plainEnd(start, end);
      this.#restOfLine(node.end);
      return node;
    }
    const scalar = code === 34 || code === 39 ? this.quoted(start, indent, false) : this.plain(start, indent);
    node.scalar = scalar;
    node.end = this.position;
    this.scalars.push(scalar);
    this.#restOfLine(this.position);
    return node;
  }

  /** True where a mapping entry starts at `first`. */
  #startsEntry(first: number): boolean {
    return this.keyEnd(first) !== undefined;
  }

  #blockScalar(start: number, parent: YamlNode | undefined, key: Scalar | undefined, indent: number): YamlNode {
    const node = newNode("scalar", parent, key, start);
    const scalar = this.block(start, indent);
    node.scalar = scalar;
    node.end = scalar.end;
    this.scalars.push(scalar);
    return node;
  }

  /** Moves to the next line, noting a comment on the way. */
  #restOfLine(from: number): void {
    const end = this.lineEnd(from);
    const first = this.skipBlanks(from);
    if (first < end && this.text.charCodeAt(first) === 35) this.comments.push({ start: first, end });
    if (from <= end) this.position = Math.max(this.position, this.nextLine(end));
  }

  #isDash(at: number): boolean {
    return this.text.charCodeAt(at) === 45 && this.isBlankOrEnd(at + 1);
  }

}
