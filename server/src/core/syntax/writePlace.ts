/** Where in a Harness document a reference can be written, and what of the text there it takes the place of. */
import type { PlainSlot, Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import type { CompletionContext } from "./completionContext.ts";
import { completionContext, slotAt } from "./completionContext.ts";
import { scanExpressions } from "./expressionScan.ts";
import { scalarText } from "./scalarText.ts";
import type { Scalar, YamlNode } from "./yamlNode.ts";
import { scanYaml } from "./yamlScan.ts";

export interface WritePlace {
  /** What is written: the argument of a call, a whole expression, a bare reference, or a path inside a vault. */
  readonly form: "argument" | "expression" | "plain" | "path";
  /** What it takes the place of. */
  readonly span: Span;
  /** How the text around is written; `whole` where all of the value is written anew. */
  readonly style: Scalar["style"] | "whole";
  /** Marks that have to stand before and behind, just as they are. */
  readonly before: string;
  readonly after: string;
  /** Index into `Analysis.documents`. */
  readonly document: number;
  /** The field of a bare reference or a path. */
  readonly slot?: PlainSlot;
}

type Written = Omit<WritePlace, "document">;

/** Undefined in keys and comments, beside a value, inside an expression but for its argument, and outside Harness's documents. */
export function writePlace(snapshot: Snapshot, selection: Span): WritePlace | undefined {
  const { isHarness, tooLarge, text } = snapshot.analysis;
  if (!isHarness || tooLarge) return undefined;
  return placeAt(snapshot, selection) ?? placeAt(snapshot, withoutBlanks(text, selection));
}

/** A selection of whole lines begins in the blanks before the first one and ends with the last one's line break. */
function withoutBlanks(text: string, { start, end }: Span): Span {
  const selected = text.slice(start, end);
  const trimmed = selected.trim();
  const from = start + selected.length - selected.trimStart().length;
  return trimmed === "" ? { start: end, end } : { start: from, end: from + trimmed.length };
}

function placeAt(snapshot: Snapshot, span: Span): WritePlace | undefined {
  const { text, documents } = snapshot.analysis;
  const scan = scanYaml(text);
  for (const [index, { root, start, end }] of scan.documents.entries()) {
    const document = documents[index];
    if (document?.kind === undefined || span.start < start || span.end > end) continue;
    const node = root === undefined ? undefined : valueAt(text, root, span);
    if (node === undefined) continue;
    const written = inValue(snapshot, node, span, document.kind);
    return written === undefined ? undefined : { ...written, document: index };
  }
  return undefined;
}

/** The value around that place, one that is still empty too. */
function valueAt(text: string, root: YamlNode, span: Span): YamlNode | undefined {
  const pending: YamlNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of node.children) pending.push(child);
    if (node.kind !== "scalar" || node.alias) continue;
    const around = node.scalar === undefined ? undefined : outerSpan(node.scalar);
    if (around === undefined ? isEmptyAt(text, node, span) : around.start <= span.start && span.end <= around.end) return node;
  }
  return undefined;
}

function isQuoted({ style }: Scalar): boolean {
  return style === "single" || style === "double";
}

/** With the quotes. */
function outerSpan(scalar: Scalar): Span {
  return isQuoted(scalar) ? { start: scalar.start - 1, end: scalar.end + 1 } : scalar;
}

/** True where nothing but blanks stands between the colon or dash, the place and the end of the entry. */
function isEmptyAt(text: string, node: YamlNode, { start, end }: Span): boolean {
  if (start !== end || start < node.end || start - node.end > maxBlanks) return false;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const before = text.slice(Math.max(lineStart, start - maxBlanks), start);
  const behind = text.slice(start, start + maxBlanks);
  return /^["']?[ \t]*:?[ \t]*$/.test(text.slice(node.end, start)) && /(?::|(?:^|[ \t])-)[ \t]*$/.test(before) && /^(?:[ \t]*(?:[\r\n,}\]]|$)|[ \t]+#)/.test(behind);
}

const maxBlanks = 1000;

function inValue(snapshot: Snapshot, node: YamlNode, span: Span, kind: string): Written | undefined {
  const { text, slots } = snapshot.analysis;
  const { scalar } = node;
  const plain = { before: "", after: "" };
  const slot = slots.find(({ content, style }) => (scalar === undefined ? style === "empty" && content.start === node.end : style !== "empty" && content.start === scalar.start && content.end === scalar.end));
  const form = slot === undefined ? "expression" : slot.place === "secret-path" ? "path" : "plain";
  // What a secret says of itself is no text that Harness evaluates.
  if (slot === undefined && kind === "secret") return undefined;
  const field = slot === undefined ? {} : { slot };
  if (scalar === undefined) return { ...plain, ...field, form, span, style: "whole", before: /[ \t]/.test(text.charAt(span.start - 1)) ? "" : " " };
  if (scalar.broken === true || (isQuoted(scalar) && text.charAt(scalar.end) !== text.charAt(scalar.start - 1))) return undefined;
  const outer = outerSpan(scalar);
  if (isQuoted(scalar) && span.start === outer.start && span.end === outer.end) return { ...plain, ...field, form, span, style: "whole" };
  if (span.start < scalar.start || span.end > scalar.end) return undefined;
  if (slot !== undefined) return scalar.style === "block" ? undefined : { ...plain, ...field, form, span: { start: scalar.start, end: scalar.end }, style: scalar.style === "plain" ? "whole" : scalar.style };
  const nested = scalar.style === "block" ? inNestedField(snapshot, span) : undefined;
  if (nested !== undefined) return nested;
  const argument = inExpression(snapshot, scalar, span);
  if (argument !== undefined) return argument;
  return isBetweenExpressions(text, scalar, span) ? { ...plain, form, span, style: scalar.style } : undefined;
}

/** In a field of YAML that is kept as text in a value. */
function inNestedField(snapshot: Snapshot, span: Span): Written | undefined {
  const slot = slotAt(snapshot, span.start);
  if (slot === undefined || slot.style === "block") return undefined;
  const place = { form: "plain", slot, before: "", after: "" } as const;
  if (slot.style === "empty") return span.start === span.end ? { ...place, span, style: "whole" } : undefined;
  return span.end > slot.content.end ? undefined : { ...place, span: slot.content, style: slot.style === "plain" ? "whole" : slot.style };
}

/** In the quotes of a call, in its brackets, or behind the `<+` of one that is begun. */
function inExpression(snapshot: Snapshot, scalar: Scalar, span: Span): Written | undefined {
  const { text, references } = snapshot.analysis;
  const shared = { form: "argument", style: scalar.style } as const;
  const context = completionContext(snapshot, span.start);
  if (context !== undefined && context.span.start <= span.start && span.end <= context.span.end) {
    if (context.kind === "reference") return { ...shared, span: { start: context.span.start, end: context.closing.end }, before: "", after: context.closing.text };
    const marks = context.kind === "path" ? undefined : callMarks(text, context);
    if (marks !== undefined) return { ...shared, ...marks };
  }
  for (const { form, argument } of references) {
    const { start, end } = argument.span;
    if (form === "expression" && spanContains(argument.span, span.start) && spanContains(argument.span, span.end) && isInQuotes(text, start, end)) return { ...shared, span: { start, end }, before: "", after: "" };
  }
  return undefined;
}

function isInQuotes(text: string, start: number, end: number): boolean {
  const quote = text.charAt(start - 1);
  return (quote === '"' || quote === "'") && text.slice(end, end + 2).replace("\\", "").startsWith(quote);
}

type CallContext = Extract<CompletionContext, { kind: "functor" | "method" | "bracket" }>;

function callMarks(text: string, context: CallContext): Pick<Written, "span" | "before" | "after"> | undefined {
  const quote = context.escaped ? '\\"' : '"';
  const { start, end } = context.span;
  if (context.kind === "bracket") return { span: { start, end: context.closing.end }, before: quote, after: quote + context.closing.text };
  const head = context.kind === "functor" ? "secrets.getValue" : "getValue";
  const isBegun = !context.goesOn && head.startsWith(text.slice(start, end).replace(/>$/, ""));
  return isBegun ? { span: { start, end }, before: `${head}(${quote}`, after: `${quote})>` } : undefined;
}

/** True where both ends stand outside every expression, between whole characters, and in no blanks that are structure. */
function isBetweenExpressions(text: string, scalar: Scalar, span: Span): boolean {
  const source = scalarText(text, scalar);
  const ends: number[] = [];
  for (const place of [span.start, span.end]) {
    const index = indexAt(source, scalar, place);
    if (index === undefined || isInIndent(text, scalar, place)) return false;
    ends.push(index);
  }
  for (const { start, end, closed } of scanExpressions(source.text)) {
    if (ends.some((index) => index > start && (closed ? index < end : index <= end))) return false;
  }
  return true;
}

/** The index in the content of what stands at `place` in the file; undefined inside an escape. */
function indexAt(source: ReturnType<typeof scalarText>, scalar: Scalar, place: number): number | undefined {
  if (source.text.length === scalar.end - scalar.start) return place - scalar.start;
  for (let index = 0; index <= source.text.length; index++) if (source.offset(index) === place) return index;
  return undefined;
}

/** True in the blanks that begin a line of a value, unless they belong to a block's text. */
function isInIndent(text: string, { style, start, end }: Scalar, place: number): boolean {
  const lineStart = text.lastIndexOf("\n", place - 1) + 1;
  const before = text.slice(lineStart, place);
  if (lineStart < start || (lineStart === start && style !== "block") || /\S/.test(before)) return false;
  if (style !== "block") return true;
  const indents = text.slice(start, end).split("\n").filter((line) => /\S/.test(line)).map((line) => line.search(/[^ ]/));
  const indent = Math.min(...indents.slice(0, maxBlanks));
  const isBlankLine = /^[ \t\r]*(?:\n|$)/.test(text.slice(place, place + maxBlanks));
  return isBlankLine ? before.length !== indent : before.length < indent;
}
