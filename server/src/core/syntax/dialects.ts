/** Forms that look like a reference and are none: other generations of Harness, and slips at the expression's start. */
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import type { Span } from "../model/span.ts";
import type { ScalarText } from "./scalarText.ts";

export interface DialectContext {
  /** True in a document of Harness. */
  readonly isHarness: boolean;
  /** True in the format of Harness 3.0, where `${{ secrets.x }}` is right. */
  readonly isV1: boolean;
  /** True in the format of Harness Open Source, where `${{ secrets.get("x") }}` is right too. */
  readonly isOpenSource: boolean;
  /** Expressions that are read elsewhere, in order and apart: what lies in them is no dialect. */
  readonly secretSpans: readonly Span[];
}

/** One pattern that starts at a fixed character, with bounded repetition, so that the scan stays linear. */
const starts = /<_\+\s{0,20}secrets?\s{0,20}\.|<\s{0,20}secrets?\s{0,20}\.\s{0,20}getValue\s{0,20}\(|\$\{\{?\s{0,20}secrets?\s{0,20}\.|\b(?:ngSecretManager|secretDelegate)\s{0,20}\.\s{0,20}obtain\w{0,40}\s{0,20}\(/gi;

/** Stands in every one of the forms: a text without it holds none. */
export const dialectMark = "ecret";

export function readDialects(source: ScalarText, context: DialectContext): readonly Finding[] {
  const { text } = source;
  if (!text.includes(dialectMark)) return [];
  const findings: Finding[] = [];
  const pattern = new RegExp(starts);
  let passed = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = source.offset(match.index);
    while ((context.secretSpans[passed]?.end ?? Infinity) <= start) passed++;
    if ((context.secretSpans[passed]?.start ?? Infinity) <= start) continue;
    const finding = classify(source, match, context);
    if (finding === undefined) continue;
    findings.push(finding);
    // Nothing inside a disabled expression is looked at: the whole of it is marked.
    if (finding.rule === "disabled-expression") pattern.lastIndex = Math.max(pattern.lastIndex, disabledEnd(text, match.index));
  }
  return findings;
}

function classify(source: ScalarText, match: RegExpExecArray, context: DialectContext): Finding | undefined {
  const { text } = source;
  const start = match.index;
  const found = match[0];
  const span = (from: number, to: number): Span => ({ start: source.offset(from), end: source.offset(to) });
  if (found.startsWith("<_+")) {
    const end = disabledEnd(text, start);
    return newFinding("disabled-expression", span(start, end), "<_+ is no expression: the text stays as it is written. Write <+ to enable it");
  }
  if (found.startsWith("<")) {
    if (text.charAt(start - 1) === "<") return undefined;
    return missingPlus(span(start, start + 1));
  }
  if (!context.isHarness || (/secret\s{0,20}\.$/i.test(found) && !context.isOpenSource)) return undefined;
  if (/^\$\{\{/.test(found)) return doubleBraces(source, start, context);
  if (found.startsWith("${")) return firstGen(source, start);
  return internalFunctor(source, start, found);
}

/** `span` is the `<` alone. */
export function missingPlus(span: Span): Finding {
  return newFinding("missing-plus", span, "An expression starts with <+, this text stays as it is written. Add the +", { fixes: [replaceFix('Write "<+"', span, "<+")] });
}

function doubleBraces(source: ScalarText, start: number, context: DialectContext): Finding | undefined {
  const { text } = source;
  const end = endOf(text, start, "}}");
  const whole = text.slice(start, end);
  const span = { start: source.offset(start), end: source.offset(end) };
  if (context.isOpenSource) return openSource(source, start, whole);
  const quote = source.style === "double" ? '\\"' : '"';
  const gitness = /^\$\{\{\s{0,20}secrets\s{0,20}\.\s{0,20}get\s{0,20}\(\s{0,20}["']([^"']{1,128})["']/.exec(whole);
  if (gitness !== null || /^\$\{\{\s{0,20}secrets\s{0,20}\.\s{0,20}get\s{0,20}\(/.test(whole)) {
    const name = gitness?.[1];
    if (context.isV1) {
      return newFinding("gitness-syntax", span, "This is the syntax of Harness Open Source. In Harness 3.0 a secret is written ${{ secrets.identifier }}", {
        fixes: name === undefined || !/^(?:(?:account|org)\.)?[A-Za-z_][\w$]{0,127}$/.test(name) ? [] : [replaceFix(`Write \${{ secrets.${name} }}`, span, `\${{ secrets.${name} }}`, false)],
      });
    }
    return newFinding("gitness-syntax", span, 'This is the syntax of Harness Open Source. Here a secret is written <+secrets.getValue("identifier")>', {
      fixes: name === undefined ? [] : [replaceFix(`Write <+secrets.getValue("${shownText(name)}")>`, span, `<+secrets.getValue(${quote}${name}${quote})>`, false)],
    });
  }
  if (context.isV1) return undefined;
  const v3 = /^\$\{\{\s{0,20}secrets\s{0,20}\.\s{0,20}((?:(?:account|org)\.)?[A-Za-z_][\w$]{0,127})\s{0,20}\}\}$/.exec(whole)?.[1];
  return newFinding("v3-syntax", span, 'This is the syntax of Harness 3.0. In this file a secret is written <+secrets.getValue("identifier")>', {
    fixes: v3 === undefined ? [] : [replaceFix(`Write <+secrets.getValue("${v3}")>`, span, `<+secrets.getValue(${quote}${v3}${quote})>`, false)],
  });
}

/** In a file of Harness Open Source both forms are right; its usual slip is the functor in the singular. */
function openSource(source: ScalarText, start: number, whole: string): Finding | undefined {
  const singular = /^(\$\{\{\s{0,20})secret\s{0,20}\.\s{0,20}get\s{0,20}\(/.exec(whole);
  if (singular === null) return undefined;
  const span = { start: source.offset(start), end: source.offset(start + whole.length) };
  const from = start + (singular[1]?.length ?? 0);
  const word = { start: source.offset(from), end: source.offset(from + "secret".length) };
  return newFinding("gitness-syntax", span, 'Harness Open Source has no secret.get. Write secrets.get("identifier")', {
    fixes: [replaceFix("Write secrets.get(", word, "secrets")],
  });
}

function firstGen(source: ScalarText, start: number): Finding | undefined {
  const { text } = source;
  const end = endOf(text, start, "}");
  const whole = text.slice(start, end);
  const call = /^\$\{\s{0,20}secrets\s{0,20}\.\s{0,20}getValue\s{0,20}\((?:\s{0,20}["']([^"']{1,128})["']\s{0,20}\))?/.exec(whole);
  if (call === null) return undefined;
  const name = call[1];
  const span = { start: source.offset(start), end: source.offset(end) };
  const quote = source.style === "double" ? '\\"' : '"';
  return newFinding("firstgen-syntax", span, 'FirstGen syntax is not resolved. Write <+secrets.getValue("identifier")>, with the identifier and not the Name', {
    fixes: name === undefined ? [] : [replaceFix(`Write <+secrets.getValue("${shownText(name)}")>`, span, `<+secrets.getValue(${quote}${name}${quote})>`)],
  });
}

function internalFunctor(source: ScalarText, start: number, found: string): Finding {
  const { text } = source;
  const hasBrace = text.slice(Math.max(0, start - 2), start) === "${";
  const from = hasBrace ? start - 2 : start;
  const end = hasBrace ? endOf(text, from, "}") : start + found.length - 1;
  const name = /\(\s{0,20}["']([^"']{1,128})["']/.exec(text.slice(start, start + 300))?.[1];
  const span = { start: source.offset(from), end: source.offset(end) };
  const quote = source.style === "double" ? '\\"' : '"';
  const fixable = hasBrace && name !== undefined && found.toLowerCase().startsWith("ngsecretmanager");
  return newFinding("internal-functor", span, 'This functor is for Harness alone and is refused when written by hand. Write <+secrets.getValue("identifier")>', {
    fixes: fixable ? [replaceFix(`Write <+secrets.getValue("${shownText(name)}")>`, span, `<+secrets.getValue(${quote}${name}${quote})>`)] : [],
  });
}

/** Where the disabled expressions of a text lie, in order and apart: an expression inside one is no reference. */
export function disabledParts(text: string): readonly Span[] {
  const parts: Span[] = [];
  const pattern = /<_\+\s{0,20}secrets?\s{0,20}\./gi;
  for (let match = text.includes("<_+") ? pattern.exec(text) : null; match !== null; match = pattern.exec(text)) {
    const end = disabledEnd(text, match.index);
    parts.push({ start: match.index, end });
    pattern.lastIndex = Math.max(pattern.lastIndex, end);
  }
  return parts;
}

/**
 * The index behind the `>` that ends the disabled expression at `start`, those of nested expressions left out. Where
 * they do not add up on this line it ends before the next expression, so that what follows is still read.
 */
function disabledEnd(text: string, start: number): number {
  const line = lineFrom(text, start);
  let depth = 0;
  for (const match of line.matchAll(/<_?\+|>/g)) {
    depth += match[0] === ">" ? -1 : 1;
    if (depth === 0) return start + match.index + 1;
  }
  const next = line.indexOf("<+");
  return start + (next < 0 ? line : line.slice(0, next)).trimEnd().length;
}

/** How many characters one of these forms is followed. */
const longest = 500;

function lineFrom(text: string, start: number): string {
  const window = text.slice(start, start + longest);
  const line = window.indexOf("\n");
  return line < 0 ? window : window.slice(0, line);
}

/** The index behind `close` on the same line; else the end of the line, or of what is followed of it. */
function endOf(text: string, start: number, close: string): number {
  const line = lineFrom(text, start);
  const found = line.indexOf(close);
  return start + (found < 0 ? line.trimEnd().length : found + close.length);
}
