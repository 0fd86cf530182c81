/** The scalars of a text as the `yaml` package reads them, and as scanYaml does, in one shape to compare. */
import type { Document, ParsedNode, Range } from "yaml";
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import { scalarText } from "../../server/src/core/syntax/scalarText.ts";
import type { Scalar, YamlNode } from "../../server/src/core/syntax/yamlNode.ts";
import { scanYaml } from "../../server/src/core/syntax/yamlScan.ts";

export interface ReadScalar {
  /** The document's index, then keys and list indexes; a key itself ends with `(key)`. */
  readonly path: string;
  /** Where the content starts: inside the quotes; for a block scalar behind the header's line. */
  readonly start: number;
  /** The content. Where it spans lines, without any white space, because folding is not followed. */
  readonly content: string;
}

/** Undefined where the text is not valid YAML, or holds what Harness's YAML never does: a key that is a collection. */
export function readByOracle(text: string): readonly ReadScalar[] | undefined {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { uniqueKeys: false, lineCounter: lines, version: "1.2", merge: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  const found: ReadScalar[] = [];
  let index = 0;
  for (const document of documents as Document.Parsed<ParsedNode>[]) {
    if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
    if (!collect(text, document.contents, String(index++), found)) return undefined;
  }
  return found.sort(byPlace);
}

export function readByScan(text: string): readonly ReadScalar[] {
  const { documents } = scanYaml(text);
  const found: ReadScalar[] = [];
  documents.forEach(({ root }, index) => {
    if (root !== undefined) walk(text, root, String(index), found);
  });
  return found.sort(byPlace);
}

function byPlace(a: ReadScalar, b: ReadScalar): number {
  return a.start - b.start || (a.path < b.path ? -1 : 1);
}

function collect(text: string, node: unknown, path: string, found: ReadScalar[]): boolean {
  if (node === null || node === undefined || isAlias(node)) return true;
  if (isScalar(node)) {
    const read = oracleScalar(text, node, path);
    if (read !== undefined) found.push(read);
    return true;
  }
  if (isSeq(node)) return node.items.every((item, index) => (isPair(item) ? false : collect(text, item, `${path}[${String(index)}]`, found)));
  if (!isMap(node)) return false;
  return node.items.every((pair) => {
    if (!isScalar(pair.key) || typeof pair.key.value === "object") return false;
    const name = sourceOf(pair.key);
    const key = oracleScalar(text, pair.key, `${path}.${name}(key)`);
    if (key !== undefined) found.push(key);
    return collect(text, pair.value, `${path}.${name}`, found);
  });
}

interface OracleScalar {
  readonly range?: Range | null;
  readonly type?: string;
  readonly value: unknown;
  readonly source?: string;
}

/** The scalar as it is written, where the package keeps that, else as it is understood. */
function sourceOf(node: OracleScalar): string {
  return node.source ?? (typeof node.value === "string" ? node.value : JSON.stringify(node.value));
}

function oracleScalar(text: string, node: OracleScalar, path: string): ReadScalar | undefined {
  if (node.range === undefined || node.range === null) return undefined;
  const [from, to] = node.range;
  if (from === to) return undefined;
  const value = sourceOf(node);
  if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED") {
    const lineBreak = text.indexOf("\n", from);
    const content = squeezed(value);
    // Where nothing but blank lines follow, it does not matter where the nothing starts.
    return content === "" ? undefined : { path, start: lineBreak + 1, content };
  }
  const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
  const isOneLine = !text.slice(from, to).includes("\n");
  return { path, start: quoted ? from + 1 : from, content: isOneLine ? value : squeezed(value) };
}

function walk(text: string, node: YamlNode, path: string, found: ReadScalar[]): void {
  if (node.kind === "scalar") {
    const read = node.scalar === undefined ? undefined : scannedScalar(text, node.scalar, path);
    if (read !== undefined) found.push(read);
    return;
  }
  node.children.forEach((child, index) => {
    if (node.kind === "seq") {
      walk(text, child, `${path}[${String(index)}]`, found);
      return;
    }
    const name = child.key === undefined ? "?" : squeezedIfLong(text, child.key);
    const key = child.key === undefined ? undefined : scannedScalar(text, child.key, `${path}.${name}(key)`);
    if (key !== undefined) found.push(key);
    walk(text, child, `${path}.${name}`, found);
  });
}

function squeezedIfLong(text: string, scalar: Scalar): string {
  return scalarText(text, scalar).text;
}

function scannedScalar(text: string, scalar: Scalar, path: string): ReadScalar | undefined {
  const content = scalarText(text, scalar).text;
  const isOneLine = scalar.style !== "block" && !text.slice(scalar.start, scalar.end).includes("\n");
  if (scalar.style === "block" && squeezed(content) === "") return undefined;
  return { path, start: scalar.start, content: isOneLine ? content : squeezed(content) };
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}
