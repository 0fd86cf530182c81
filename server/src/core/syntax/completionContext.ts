/** Where the cursor stands, as far as completion cares: told from the line around it and from what the analysis read there. */
import type { ExpressionText, PlainSlot, Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { isPlaceholder } from "./recognise.ts";

/** What has to stand behind an argument to make the call whole. */
export interface Closing {
  /** Quote, bracket and `>`; empty where all of them stand there. */
  readonly text: string;
  /** Up to here the marks that stand there already are written anew as a part of `text`. */
  readonly end: number;
}

export type CompletionContext =
  /** Behind `<+` a functor may be written, behind `secrets.` the method. `goesOn`: a call or a name follows the word already. */
  | { readonly kind: "functor" | "method"; readonly span: Span; readonly escaped: boolean; readonly goesOn: boolean }
  /** Inside the brackets, before any quote. */
  | { readonly kind: "bracket"; readonly span: Span; readonly escaped: boolean; readonly closing: Closing; readonly document: number }
  | ReferenceContext
  /** In `spec.value` of a text secret: a path inside its secret manager. */
  | { readonly kind: "path"; readonly span: Span; readonly typed: string; readonly closing: Closing; readonly document: number };

/** Inside the quotes, or in a field that takes a plain reference. */
export interface ReferenceContext {
  readonly kind: "reference";
  /** The whole argument; the cursor stands in it. */
  readonly span: Span;
  /** What stands before the cursor. */
  readonly typed: string;
  readonly closing: Closing;
  readonly document: number;
  /** Where a plain reference stands; absent in an expression. */
  readonly place?: Exclude<PlainSlot["place"], "secret-path">;
}

/** How far back the start of an expression is looked for. */
const maxLookBack = 2000;
const callHead = String.raw`(?:^|[^\w.$])secrets\s{0,20}\.\s{0,20}getValue\s{0,20}\(\s{0,20}`;
const quotedArgument = new RegExp(String.raw`${callHead}(\\"|''|["'])([^"'\\<>]*)$`);
const bareArgument = new RegExp(String.raw`${callHead}([\w$.-]*)$`);
const openCall = new RegExp(String.raw`${callHead}[^)]*$`);

export function completionContext(snapshot: Snapshot, offset: number): CompletionContext | undefined {
  const { text } = snapshot.analysis;
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - maxLookBack);
  const slot = slotAt(snapshot, offset);
  const place = expressionTextAt(snapshot, offset);
  const from = place === undefined ? lineStart : Math.max(lineStart, place.span.start);
  const before = text.slice(from, offset);
  const open = openExpressions(before);
  const innermost = open.at(-1);
  if (innermost === undefined) return slot === undefined ? undefined : insideField(snapshot, slot, offset);
  // A field for a plain reference takes no expression of a secret, and nothing evaluates one outside these texts.
  if (place === undefined || slot !== undefined) return undefined;
  // A secret cannot be named by another, and a quoted one inside an expression does not resolve.
  const enclosing = open.at(-2);
  if (enclosing !== undefined) {
    const outer = before.slice(enclosing + 2, innermost);
    if (openCall.test(outer) || openQuote(outer, place) === '"') return undefined;
  }
  const lineBreak = text.indexOf("\n", offset);
  const end = Math.min(lineBreak < 0 ? text.length : lineBreak, Math.max(place.span.end, offset), offset + maxLookBack);
  return insideExpression(snapshot, place, before.slice(innermost + 2), text.slice(offset, end), offset);
}

/** The scalar or comment around the cursor that holds an expression; blanks behind it count, as its end is still being typed. */
function expressionTextAt(snapshot: Snapshot, offset: number): ExpressionText | undefined {
  const { analysis } = snapshot;
  const found = analysis.expressionTexts.findLast((candidate) => candidate.span.start <= offset);
  if (found === undefined) return undefined;
  return offset <= found.span.end || /^[ \t]*$/.test(analysis.text.slice(found.span.end, offset)) ? found : undefined;
}

/** The indexes of the expressions that are still open at the end of `before`, outermost first. */
function openExpressions(before: string): readonly number[] {
  const open: number[] = [];
  for (let at = 0; at < before.length; at++) {
    const character = before.charAt(at);
    if (character === "\\") at++;
    else if (character === "<" && before.charAt(at + 1) === "+") open.push(at++);
    else if (character === ">") open.pop();
  }
  return open;
}

/** The quote that is open at the end of a part of an expression. */
function openQuote(part: string, place: ExpressionText): string | undefined {
  const read = place.quoting === "double" ? part.replaceAll('\\"', '"') : place.quoting === "single" ? part.replaceAll("''", "'") : part;
  let open: string | undefined;
  for (let at = 0; at < read.length; at++) {
    const character = read.charAt(at);
    if (character === "\\") at++;
    else if (open !== undefined) open = character === open ? undefined : open;
    else if (character === '"' || character === "'") open = character;
  }
  return open;
}

function insideExpression(snapshot: Snapshot, place: ExpressionText, inner: string, after: string, offset: number): CompletionContext | undefined {
  const argument = quotedArgument.exec(inner);
  const quote = argument?.[1];
  const typed = argument?.[2];
  const document = documentAt(snapshot, offset);
  if (quote !== undefined && typed !== undefined && (quote !== "''" || place.quoting === "single")) {
    const rest = /^[^"'\\<>)\s]*/.exec(after)?.[0] ?? "";
    const end = offset + rest.length;
    return { kind: "reference", span: { start: offset - typed.length, end }, typed, closing: closingAt(after.slice(rest.length), [quote, ")", ">"], end), document };
  }
  if (openQuote(inner, place) !== undefined) return undefined;
  const escaped = place.quoting === "double";
  const bare = bareArgument.exec(inner);
  if (bare?.[1] !== undefined) {
    const rest = /^[\w$.-]*/.exec(after)?.[0] ?? "";
    const end = offset + rest.length;
    const behind = after.slice(rest.length);
    // Where a quote or another name follows, the argument is written already.
    if (!/^\s*(?:$|[)>])|^\s/.test(behind) || /^\s*\\?["']/.test(behind)) return undefined;
    return { kind: "bracket", span: { start: offset - bare[1].length, end }, escaped, closing: closingAt(behind, [")", ">"], end), document };
  }
  const method = /(?:^|[^\w.$])secrets\s{0,20}\.\s{0,20}([\w$]*)$/.exec(inner);
  const functor = /(?:^|[?:(+=&|,!])\s{0,20}([A-Za-z_$]*)$/.exec(inner);
  const word = method?.[1] ?? functor?.[1];
  if (word === undefined) return undefined;
  const rest = /^[\w$]*/.exec(after)?.[0] ?? "";
  const end = offset + rest.length;
  const behind = after.slice(rest.length);
  const goesOn = /^\s*[.([]/.test(behind);
  // A `>` that stands there is written anew with the call.
  const span = { start: offset - word.length, end: !goesOn && behind.startsWith(">") ? end + 1 : end };
  return { kind: method === null ? "functor" : "method", span, escaped, goesOn };
}

/**
 * What is missing of the marks behind what ends at `at`. Blanks may stand behind a mark alone, so that a `>` further
 * on, a shell's redirection say, is not taken for one.
 */
function closingAt(tail: string, marks: readonly string[], at: number): Closing {
  let index = 0;
  let isComplete = true;
  let skipsBlanks = marks[0] === ")";
  for (const mark of marks) {
    const start = skipsBlanks ? index + (/^[ \t]*/.exec(tail.slice(index))?.[0].length ?? 0) : index;
    skipsBlanks = tail.startsWith(mark, start);
    if (skipsBlanks) index = start + mark.length;
    else isComplete = false;
  }
  return isComplete ? { text: "", end: at } : { text: marks.join(""), end: at + index };
}

/** The field for a plain reference around the cursor, one that is still empty too. */
export function slotAt(snapshot: Snapshot, offset: number): PlainSlot | undefined {
  const { text, slots } = snapshot.analysis;
  return slots.find(({ span, content, style }) => {
    if (style !== "empty") return content.start <= offset && offset <= content.end;
    if (offset <= span.end || !/^\s{0,20}:?[ \t]+$/.test(text.slice(span.end, Math.min(offset, span.end + maxLookBack)))) return false;
    return /^(?:$|[\s,}\]])/.test(text.slice(offset, offset + 1));
  });
}

function insideField(snapshot: Snapshot, slot: PlainSlot, offset: number): CompletionContext | undefined {
  const { text } = snapshot.analysis;
  const { content, style, document, place } = slot;
  const span = style === "empty" ? { start: offset, end: offset } : content;
  const typed = text.slice(span.start, offset);
  const written = text.slice(span.start, span.end);
  if (style === "block" || written.includes("\n") || isPlaceholder(written)) return undefined;
  const quote = style === "single" ? "'" : style === "double" ? '"' : "";
  const closing = { text: text.startsWith(quote, span.end) ? "" : quote, end: span.end };
  if (place === "secret-path") return { kind: "path", span, typed, closing, document };
  return { kind: "reference", span, typed, closing, document, place };
}

/** The index of the YAML document around the cursor. */
function documentAt(snapshot: Snapshot, offset: number): number {
  const found = snapshot.analysis.documents.findIndex((document) => document.span.start <= offset && offset <= document.span.end);
  return Math.max(found, 0);
}
