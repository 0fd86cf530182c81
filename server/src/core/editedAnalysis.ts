/**
 * Brings an analysis up to date after an edit inside one scalar that holds an expression, which is where people type,
 * without reading the rest of the text again. Whatever could mean more than a change of that scalar is left to a new
 * analysis: the answer is then undefined. Invariant: the answer equals what `analyze` gives for the new text.
 */
import type { DetailedAnalysis } from "./analyze.ts";
import { movedFinding, movedReference, movedSlot } from "./model/moved.ts";
import type { Analysis } from "./model/snapshot.ts";
import type { Span } from "./model/span.ts";
import { holdsTemplateMark } from "./syntax/fieldRoles.ts";
import { readScalar } from "./syntax/readScalar.ts";
import type { PlacedScalar } from "./syntax/textReader.ts";
import type { Scalar } from "./syntax/yamlNode.ts";
import { scanYaml } from "./syntax/yamlScan.ts";

/** How much of both texts is the same, from their beginnings and from their ends, in UTF-16 code units. */
export interface SameText {
  readonly prefix: number;
  readonly suffix: number;
}

/** The changed part of the old text, `[from, to)`, and by how much the new text is longer. */
interface Change extends SameText {
  readonly from: number;
  readonly to: number;
  readonly delta: number;
}

export function editedAnalysis({ analysis, expressionScalars }: DetailedAnalysis, text: string, same: SameText): Analysis | undefined {
  const change = { ...same, from: same.prefix, to: analysis.text.length - same.suffix, delta: text.length - analysis.text.length };
  if (change.from > change.to || !isSimple(analysis)) return undefined;
  const old = scalarAround(expressionScalars, change);
  if (old === undefined || analysis.slots.some((slot) => slot.span.start <= old.scalar.end && old.scalar.start <= slot.span.end)) return undefined;
  const scalar: Scalar = { ...old.scalar, end: old.scalar.end + change.delta };
  if (!text.slice(scalar.start, scalar.end).includes("<+") || !hasSameStructure(analysis.text, text, old.scalar, change)) return undefined;
  // A mark of a template in one scalar changes what is told of every script.
  const isMarked = holdsTemplateMark(withNeighbours(text, scalar));
  if (isMarked !== holdsTemplateMark(withNeighbours(analysis.text, old.scalar)) && !old.place.roles.isScript(old.scalar)) return undefined;
  const { references, findings } = readScalar(text, scalar, old.place);
  const move = (offset: number): number => offset + change.delta;
  return {
    ...analysis,
    text,
    documents: analysis.documents.map((document) => ({ ...document, span: around(document.span, old.scalar, change.delta) })),
    references: replaced(analysis.references, old.scalar, references, (reference) => movedReference(reference, move)),
    findings: replaced(analysis.findings, old.scalar, findings, (finding) => movedFinding(finding, move)),
    slots: analysis.slots.map((slot) => (slot.span.start < old.scalar.end ? slot : movedSlot(slot, move))),
    expressionTexts: analysis.expressionTexts.map((each) => ({ ...each, span: around(each.span, old.scalar, change.delta) })),
  };
}

/** A scalar and the characters beside it: in a flow collection a bracket may end it. */
function withNeighbours(text: string, { start, end }: Span): string {
  return text.slice(Math.max(0, start - 1), end + 1);
}

/** Connectors and secrets are told of by their own fields, and outside Harness's files a single mark makes all the difference. */
function isSimple({ isHarness, tooLarge, entities, documents }: Analysis): boolean {
  return isHarness && !tooLarge && entities.length === 0 && documents.every(({ kind }) => kind !== "connector" && kind !== "secret");
}

/** The scalar that the whole change lies in, behind its first character. */
function scalarAround(scalars: readonly PlacedScalar[], { from, to }: Change): PlacedScalar | undefined {
  let low = 0;
  let high = scalars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scalars[middle]?.scalar.start ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  const found = scalars[low - 1];
  return found === undefined || to > found.scalar.end || found.scalar.broken === true ? undefined : found;
}

function hasSameStructure(before: string, after: string, scalar: Scalar, change: Change): boolean {
  const { from, to, delta } = change;
  const changed = before.slice(from, to) + after.slice(from, to + delta);
  if (/[\n\r]/.test(changed)) return false;
  const lineStart = before.lastIndexOf("\n", from - 1) + 1;
  // In a block scalar the white space that begins a line is structure, and nothing else is.
  if (scalar.style === "block") return /[^\s]/.test(before.slice(lineStart, from));
  if (/[,[\]{}]/.test(changed) || lineStart > scalar.start) return false;
  const lineBreak = before.indexOf("\n", to);
  const lineEnd = lineBreak < 0 ? before.length : lineBreak;
  if (scalar.end > lineEnd) return false;
  return isSameLine(before.slice(lineStart, lineEnd), after.slice(lineStart, lineEnd + delta), { start: scalar.start - lineStart, end: scalar.end - lineStart }, scalar.style, delta);
}

/** Whether the line alone is read as before, but for the length of the scalar at `span`. */
function isSameLine(before: string, after: string, span: Span, style: Scalar["style"], delta: number): boolean {
  const old = scanYaml(before);
  const now = scanYaml(after);
  const isKept = (was: Span & { readonly style?: string; readonly broken?: boolean }, is: (Span & { readonly style?: string; readonly broken?: boolean }) | undefined): boolean => {
    const expected = around(was, span, delta);
    return is !== undefined && is.start === expected.start && is.end === expected.end && is.style === was.style && is.broken === was.broken;
  };
  if (!old.scalars.some((each) => each.start === span.start && each.end === span.end && each.style === style && each.broken !== true)) return false;
  if (old.scalars.length !== now.scalars.length || old.comments.length !== now.comments.length) return false;
  return old.scalars.every((each, index) => isKept(each, now.scalars[index])) && old.comments.every((each, index) => isKept(each, now.comments[index]));
}

/** A span after the change: before the scalar as it is, around it longer, behind it moved. */
function around(span: Span, scalar: Span, delta: number): Span {
  return { start: span.start >= scalar.end ? span.start + delta : span.start, end: span.end >= scalar.end ? span.end + delta : span.end };
}

function replaced<T extends { readonly span: Span }>(items: readonly T[], scalar: Scalar, within: readonly T[], shift: (item: T) => T): readonly T[] {
  const first = items.findIndex(({ span }) => span.start >= scalar.start);
  if (first < 0) return [...items, ...sortedBySpan(within)];
  let last = first;
  while (last < items.length && (items[last]?.span.start ?? Infinity) <= scalar.end) last++;
  return [...items.slice(0, first), ...sortedBySpan(within), ...items.slice(last).map(shift)];
}

function sortedBySpan<T extends { readonly span: Span }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
