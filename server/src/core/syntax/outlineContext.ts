/** Where in a connector or secret the cursor stands: where a key may be written, or in the value of one. */
import type { EntityOutline, OutlineField, OutlineMap } from "../model/entityOutline.ts";
import { fieldOf, outlineAt } from "../model/entityOutline.ts";
import type { Analysis } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { isPlaceholder } from "./recognise.ts";

export interface KeyContext {
  readonly outline: EntityOutline;
  readonly level: "entity" | "spec";
  readonly span: Span;
  /** True where a colon follows already. */
  readonly hasColon: boolean;
}

export interface ValueContext {
  readonly outline: EntityOutline;
  readonly level: "entity" | "spec";
  readonly key: string;
  readonly span: Span;
  /** What has to stand behind the value: a quote that is not closed yet. */
  readonly closing: string;
}

const maxLine = 500;

/** Undefined unless nothing but a word stands on the cursor's line, in the column of a connector's keys. */
export function keyContext({ text, outlines }: Analysis, offset: number): KeyContext | undefined {
  const outline = outlineAt(outlines, offset);
  if (outline?.kind !== "connector") return undefined;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  if (offset - lineStart > maxLine) return undefined;
  const before = /^( *)([A-Za-z]*)$/.exec(text.slice(lineStart, offset));
  const after = /^([A-Za-z]*)[ \t]*(:(?=\s|$)|(?=[\r\n]|$))/.exec(text.slice(offset, offset + maxLine));
  if (before?.[1] === undefined || after?.[1] === undefined) return undefined;
  const level = levelAt(outline, before[1].length, lineStart);
  if (level === undefined) return undefined;
  return { outline, level, span: { start: lineStart + before[1].length, end: offset + after[1].length }, hasColon: after[2] === ":" };
}

/** Which mapping has its keys in that column, for a line that starts there. */
function levelAt({ entity, spec }: EntityOutline, column: number, lineStart: number): KeyContext["level"] | undefined {
  if (entity.indent === undefined || lineStart <= entity.keySpan.end) return undefined;
  if (column === entity.indent.length) return "entity";
  const owner = entity.fields.findLast(({ keySpan }) => keySpan.start < lineStart);
  if (owner?.key !== "spec" || spec === undefined || spec.keySpan.start !== owner.keySpan.start || column <= entity.indent.length) return undefined;
  if (spec.fields.length === 0) return spec.open ? undefined : "spec";
  return column === spec.indent?.length ? "spec" : undefined;
}

/** The value that the cursor stands in, or that can be written there. */
export function valueContext({ text, outlines }: Analysis, offset: number): ValueContext | undefined {
  const outline = outlineAt(outlines, offset);
  if (outline === undefined) return undefined;
  const selector = selectorContext(text, outline, offset);
  if (selector !== undefined) return selector;
  for (const level of ["spec", "entity"] as const) {
    const map = level === "spec" ? outline.spec : outline.entity;
    const field = fieldAround(map, offset);
    const context = field === undefined ? undefined : insideValue(text, outline, level, field, offset);
    if (context !== undefined) return context;
  }
  return undefined;
}

function fieldAround(map: OutlineMap | undefined, offset: number): OutlineField | undefined {
  return map?.fields.findLast(({ keySpan }) => keySpan.end < offset);
}

function insideValue(text: string, outline: EntityOutline, level: ValueContext["level"], field: OutlineField, offset: number): ValueContext | undefined {
  const { key, valueSpan, style } = field;
  const base = { outline, level, key };
  if (style === "empty") {
    const isBehind = offset - valueSpan.end <= maxLine && offset > valueSpan.end && /^[ \t]*$/.test(text.slice(valueSpan.end, offset));
    return isBehind && /^[ \t]*(?:[\r\n#]|$)/.test(text.slice(offset, offset + maxLine)) ? { ...base, span: { start: offset, end: offset }, closing: "" } : undefined;
  }
  if (style !== "plain" && style !== "single" && style !== "double") return undefined;
  if (offset < valueSpan.start || offset > valueSpan.end || valueSpan.end - valueSpan.start > maxLine) return undefined;
  const written = text.slice(valueSpan.start, valueSpan.end);
  if (written.includes("\n") || isPlaceholder(written)) return undefined;
  const quote = style === "single" ? "'" : style === "double" ? '"' : "";
  return { ...base, span: valueSpan, closing: text.startsWith(quote, valueSpan.end) ? "" : quote };
}

/** An item of `delegateSelectors`, on a line of its own or between brackets. */
function selectorContext(text: string, { spec, ...outline }: EntityOutline, offset: number): ValueContext | undefined {
  const field = fieldOf(spec, "delegateSelectors");
  if (field === undefined || (field.style !== "collection" && field.style !== "empty") || offset <= field.keySpan.end) return undefined;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  if (offset - lineStart > maxLine) return undefined;
  const next = spec?.fields.find(({ keySpan }) => keySpan.start > field.keySpan.start)?.keySpan.start ?? Infinity;
  const line = text.slice(Math.max(lineStart, field.keySpan.end), offset);
  const before = lineStart > field.keySpan.end && offset < next ? /^\s*-[ \t]+([\w.-]*)$/.exec(line) : /^\s*:[ \t]*\[(?:[^\]\n]*,)?[ \t]*([\w.-]*)$/.exec(line);
  if (before?.[1] === undefined) return undefined;
  const rest = /^[\w.-]*/.exec(text.slice(offset, offset + maxLine))?.[0] ?? "";
  return { outline: { ...outline, ...(spec === undefined ? {} : { spec }) }, level: "spec", key: "delegateSelectors", span: { start: offset - before[1].length, end: offset + rest.length }, closing: "" };
}
