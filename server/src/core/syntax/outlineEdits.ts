/** Edits of whole lines in an outline. Undefined where a key does not have its line to itself. */
import type { Fix, TextEdit } from "../model/finding.ts";
import type { OutlineField, OutlineMap } from "../model/entityOutline.ts";
import { fieldOf } from "../model/entityOutline.ts";

/** Writes these lines behind the field of that name, or before all others. */
export function insertLines(text: string, map: OutlineMap | undefined, lines: readonly string[], behind?: string): TextEdit | undefined {
  const first = map?.fields[0];
  const indent = map?.indent;
  if (first === undefined || indent === undefined) return undefined;
  const lineBreak = lineBreakOf(text, first.keySpan.start);
  const before = behind === undefined ? undefined : fieldOf(map, behind);
  if (before === undefined || before.style === "block" || before.style === "collection") {
    const at = first.keySpan.start;
    return { span: { start: at, end: at }, newText: lines.map((line) => line + lineBreak + indent).join("") };
  }
  const at = lineEnd(text, before.valueSpan.end);
  return { span: { start: at, end: at }, newText: lines.map((line) => lineBreak + indent + line).join("") };
}

export function insertFix(title: string, edit: TextEdit | undefined, preferred: boolean): readonly Fix[] {
  return edit === undefined ? [] : [{ title, edits: [edit], preferred }];
}

/** Removes the line, or the lines, of a field. */
export function removeFix(text: string, map: OutlineMap | undefined, field: OutlineField): readonly Fix[] {
  if (map?.indent === undefined || field.style === "block" || field.style === "collection") return [];
  const start = text.lastIndexOf("\n", field.keySpan.start - 1) + 1;
  if (text.slice(start, field.keySpan.start) !== map.indent) return [];
  const end = text.indexOf("\n", field.valueSpan.end);
  return [{ title: `Remove ${field.key}`, edits: [{ span: { start, end: end < 0 ? text.length : end + 1 }, newText: "" }], preferred: true }];
}

/** The end of the line's text, before its line break. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  if (found < 0) return text.length;
  return text.charAt(found - 1) === "\r" ? found - 1 : found;
}

function lineBreakOf(text: string, at: number): string {
  const found = text.indexOf("\n", at);
  return found > 0 && text.charAt(found - 1) === "\r" ? "\r\n" : "\n";
}
