/** The scalar that a person has selected, with the text that YAML readers see in it. */
import type { Scalar } from "yaml";
import { isScalar, parseAllDocuments, visit } from "yaml";
import { isNestedDeeper } from "../connectors/yamlDepth.ts";

export interface Literal {
  /** Decoded: without quotes, escapes and indentation, and without the line ends around a block's text, which stay in the file. */
  readonly value: string;
  /** Offsets of what the scalar holds: within its quotes, or from the first to the last line of a block. */
  readonly start: number;
  readonly end: number;
}

/** Reading what is larger would keep the editor waiting. */
const maxLength = 500_000;
const maxDepth = 200;

const selectWhole = "Select a whole value first: the text behind the colon or the dash, with or without its quotes, or all lines of a block.";

/** What is wrong is said with what to select. */
export function selectedLiteral(text: string, start: number, end: number): Literal | { readonly problem: string } {
  const [from, to] = trimmed(text, start, end);
  if (from === to) return { problem: selectWhole };
  if (text.length > maxLength || isNestedDeeper(text, maxDepth)) return { problem: "The file is too large or too deeply nested to find the value in it. Create the secret first, and insert its reference then." };
  const documents = parseAllDocuments(text, { uniqueKeys: false, schema: "failsafe" });
  const document = Array.isArray(documents) ? documents.find(({ range }) => from >= range[0] && to <= range[2]) : undefined;
  if (document === undefined) return { problem: selectWhole };
  if (document.errors.length > 0) return { problem: "The file is not valid YAML there, so it cannot be told which value is selected. Mend it first." };
  let found: Literal | "key" | undefined;
  visit(document, {
    Scalar: (place, scalar) => {
      const literal = literalOf(text, scalar);
      if (literal === undefined || !isSelected(text, scalar, literal, from, to)) return undefined;
      found = place === "key" ? "key" : literal;
      return visit.BREAK;
    },
  });
  if (found === undefined) return { problem: isInComment(text, from) ? "A comment is no value. Select a whole value." : selectWhole };
  if (found === "key") return { problem: "A key is no value. Select the text behind its colon." };
  if (found.value.includes("<+")) return { problem: "The value holds an expression already, so there is nothing to move. Select a value that is written out." };
  return found.value === "" ? { problem: "The value is empty." } : found;
}

function literalOf(text: string, scalar: Scalar): Literal | undefined {
  const { range, type, value } = scalar;
  if (!isScalar(scalar) || typeof value !== "string" || range === undefined || range === null) return undefined;
  const [start, end] = range;
  if (type === "QUOTE_SINGLE" || type === "QUOTE_DOUBLE") return { value, start: start + 1, end: end - 1 };
  if (type !== "BLOCK_LITERAL" && type !== "BLOCK_FOLDED") return { value, start, end };
  const lineEnd = text.indexOf("\n", start);
  const [first, last] = trimmed(text, lineEnd < 0 ? end : lineEnd, end);
  return { value: value.trim(), start: first, end: last };
}

/** The whole scalar with its quotes or header, or all that it holds. */
function isSelected(text: string, { range }: Scalar, literal: Literal, from: number, to: number): boolean {
  const [start = 0, end = 0] = range ?? [];
  const [wholeStart, wholeEnd] = trimmed(text, start, end);
  const [heldStart, heldEnd] = trimmed(text, literal.start, literal.end);
  return (from === wholeStart || from === heldStart) && (to === wholeEnd || to === heldEnd);
}

/** Blanks and line ends at either side do not count. */
function trimmed(text: string, start: number, end: number): readonly [number, number] {
  let [from, to] = [start, end];
  while (from < to && /\s/.test(text.charAt(from))) from += 1;
  while (to > from && /\s/.test(text.charAt(to - 1))) to -= 1;
  return [from, to];
}

function isInComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at + 1);
  return /(?:^|\s)#/.test(line);
}
