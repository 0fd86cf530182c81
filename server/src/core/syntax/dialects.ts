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
  /** Expressions that are read elsewhere, in order and apart: what lies in them is no dialect. */
  readonly secretSpans: readonly Span[];
}

/** One pattern that starts at a fixed character, with bounded repetition, so that the scan stays linear. */
const starts = /<_\+\s{0,20}secrets?\s{0,20}\.|<\s{0,20}secrets?\s{0,20}\.\s{0,20}getValue\s{0,20}\(|\$\{\{?\s{0,20}secrets\s{0,20}\.|\b(?:ngSecretManager|secretDelegate)\s{0,20}\.\s{0,20}obtain\w{0,40}\s{0,20}\(/gi;

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
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function classify(source: ScalarText, match: RegExpExecArray, context: DialectContext): Finding | undefined {
  const { text } = source;
  const start = match.index;
  const found = match[0];
  const span = (from: number, to: number): Span => ({ start: source.offset(from), end: source.offset(to) });
  if (found.startsWith("<_+")) {
    const end = endOf(text, start, ">");
    return newFinding("disabled-expression", span(start, end), "<_+ is no expression: the text stays as it is written. Write <+ to enable it");
  }
  if (found.startsWith("<")) {
    if (text.charAt(start - 1) === "<") return undefined;
    return missingPlus(span(start, start + 1));
  }
  if (!context.isHarness) return undefined;
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
  const quote = source.style === "double" ? '\\"' : '"';
  const gitness = /^\$\{\{\s{0,20}secrets\s{0,20}\.\s{0,20}get\s{0,20}\(\s{0,20}["']([^"']{1,128})["']/.exec(whole);
  if (gitness !== null || /^\$\{\{\s{0,20}secrets\s{0,20}\.\s{0,20}get\s{0,20}\(/.test(whole)) {
    const name = gitness?.[1];
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

/** The index behind `close`, at most 500 characters on and on the same line; else the end of the line. */
function endOf(text: string, start: number, close: string): number {
  const window = text.slice(start, start + 500);
  const line = window.indexOf("\n");
  const limit = line < 0 ? window : window.slice(0, line);
  const found = limit.indexOf(close);
  return start + (found < 0 ? limit.trimEnd().length : found + close.length);
}
