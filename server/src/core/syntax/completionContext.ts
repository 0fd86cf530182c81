/** Where the cursor stands, as far as completion cares, told from the line around it. */
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";

export type CompletionContext =
  /** Behind `<+`: a functor may be written. */
  | { readonly kind: "functor"; readonly span: Span; readonly escaped: boolean }
  /** Behind `secrets.`: the method. */
  | { readonly kind: "method"; readonly span: Span; readonly escaped: boolean }
  /** Inside the brackets, before any quote. */
  | { readonly kind: "bracket"; readonly span: Span; readonly escaped: boolean; readonly closing: string; readonly document: number }
  /** Inside the quotes, or in a field that takes a plain reference. `typed` is what stands before the cursor. */
  | {
      readonly kind: "reference";
      readonly span: Span;
      readonly typed: string;
      /** What is missing behind the text to make it whole: quote, bracket, `>`. */
      readonly closing: string;
      readonly document: number;
      readonly plain: boolean;
    }
  /** In `spec.value` of a text secret: a path inside its secret manager. */
  | { readonly kind: "path"; readonly span: Span; readonly typed: string };

/** How far back the start of an expression is looked for. */
const maxLookBack = 2000;

export function completionContext(snapshot: Snapshot, offset: number): CompletionContext | undefined {
  const { text } = snapshot.analysis;
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - maxLookBack);
  const lineBreak = text.indexOf("\n", offset);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const before = text.slice(lineStart, offset);
  const open = openExpression(before);
  if (open !== undefined) return insideExpression(snapshot, before.slice(open + 2), text.slice(offset, Math.min(lineEnd, offset + maxLookBack)), offset);
  return insideField(snapshot, offset, lineEnd);
}

/** The index behind which an expression is still open at the end of `before`. */
function openExpression(before: string): number | undefined {
  const open: number[] = [];
  for (let at = 0; at < before.length; at++) {
    const character = before.charAt(at);
    if (character === "\\") at++;
    else if (character === "<" && before.charAt(at + 1) === "+") open.push(at++);
    else if (character === ">") open.pop();
  }
  return open.at(-1);
}

function insideExpression(snapshot: Snapshot, inner: string, after: string, offset: number): CompletionContext | undefined {
  const argument = /(?:^|[^\w.$])secrets\s{0,20}\.\s{0,20}getValue\s{0,20}\(\s{0,20}(\\?["'])([^"'\\<>]*)$/.exec(inner);
  const quote = argument?.[1];
  const typed = argument?.[2];
  if (quote !== undefined && typed !== undefined) {
    const rest = /^[^"'\\<>)\s]*/.exec(after)?.[0] ?? "";
    const tail = after.slice(rest.length);
    return { kind: "reference", span: { start: offset - typed.length, end: offset + rest.length }, typed, closing: missingClosing(tail, quote), document: documentAt(snapshot, offset), plain: false };
  }
  const bracket = /(?:^|[^\w.$])secrets\s{0,20}\.\s{0,20}getValue\s{0,20}\(\s{0,20}$/.exec(inner);
  const escaped = isInDoubleQuotes(snapshot, offset);
  if (bracket !== null) return { kind: "bracket", span: { start: offset, end: offset }, escaped, closing: missingClosing(after, ""), document: documentAt(snapshot, offset) };
  const method = /(?:^|[^\w.$])secrets\s{0,20}\.\s{0,20}([\w$]*)$/.exec(inner);
  if (method?.[1] !== undefined) {
    const rest = /^[\w$]*/.exec(after)?.[0] ?? "";
    if (after.slice(rest.length).startsWith("(")) return { kind: "method", span: { start: offset - method[1].length, end: offset + rest.length + 1 }, escaped };
    return { kind: "method", span: { start: offset - method[1].length, end: offset + rest.length }, escaped };
  }
  const functor = /(?:^|[?:(+=&|,!])\s{0,20}([A-Za-z_$]*)$/.exec(inner);
  if (functor?.[1] === undefined) return undefined;
  const rest = /^[\w$]*/.exec(after)?.[0] ?? "";
  return { kind: "functor", span: { start: offset - functor[1].length, end: offset + rest.length }, escaped };
}

/** The part of quote, bracket and `>` that does not stand behind the argument yet. */
function missingClosing(tail: string, quote: string): string {
  let rest = tail;
  let missing = "";
  for (const mark of [quote, ")", ">"]) {
    if (mark === "") continue;
    const trimmed = rest.trimStart();
    if (trimmed.startsWith(mark)) rest = trimmed.slice(mark.length);
    else missing += mark;
  }
  return missing;
}

function insideField(snapshot: Snapshot, offset: number, lineEnd: number): CompletionContext | undefined {
  const slot = snapshot.analysis.slots.find((candidate) => candidate.span.start < offset && offset <= Math.max(candidate.span.end, Math.min(lineEnd, candidate.span.end + 1000)) && noBreak(snapshot, candidate.content.end, offset));
  if (slot === undefined) return undefined;
  const { text } = snapshot.analysis;
  const isEmpty = slot.content.start >= slot.content.end;
  const start = isEmpty ? offset : slot.content.start;
  if (offset < start) return undefined;
  const typed = text.slice(start, offset);
  if (/\s/.test(typed) || (isEmpty && !/[\s"']/.test(text.charAt(offset - 1)))) return undefined;
  const span = { start, end: Math.max(offset, isEmpty ? offset : slot.content.end) };
  if (slot.place === "secret-path") return { kind: "path", span, typed };
  return { kind: "reference", span, typed, closing: "", document: slot.document, plain: true };
}

function noBreak(snapshot: Snapshot, from: number, to: number): boolean {
  return from >= to || !snapshot.analysis.text.slice(from, to).includes("\n");
}

/** The index of the YAML document around the cursor. */
function documentAt(snapshot: Snapshot, offset: number): number {
  const found = snapshot.analysis.documents.findIndex((document) => document.span.start <= offset && offset <= document.span.end);
  return Math.max(found, 0);
}

/** Whether the cursor stands in a double-quoted YAML value, where quotes need a backslash. */
function isInDoubleQuotes(snapshot: Snapshot, offset: number): boolean {
  const { text } = snapshot.analysis;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  return /^\s*(?:- )?[\w.-]{1,200}\s{0,10}:\s{1,20}"(?:[^"\\]|\\.)*$/.test(text.slice(lineStart, offset).slice(0, maxLookBack));
}
