import type { LineMap } from "./lineMap.ts";
import type { TextRange } from "../core/model/textRange.ts";

const maxLength = 160;

/**
 * The source line of a range and the line of carets under it. Tabs stand above tabs, so that any width of a tab fits;
 * characters that take two columns get two. Control and direction characters, which a terminal would obey, are
 * replaced one for one. A long line is cut to the neighbourhood of the range.
 */
export function sourceExcerpt(lines: LineMap, range: TextRange): { readonly source: string; readonly carets: string } {
  const line = lines.line(range.start.line).replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "\ufffd");
  const start = Math.min(range.start.character, line.length);
  const end = range.end.line === range.start.line ? Math.min(Math.max(range.end.character, start), line.length) : line.length;
  const from = line.length <= maxLength ? 0 : wholeCharacter(line, Math.max(0, Math.min(start - 40, line.length - maxLength)));
  const to = wholeCharacter(line, Math.min(line.length, from + maxLength));
  const before = `${from > 0 ? "…" : ""}${line.slice(from, start)}`;
  const marked = line.slice(start, Math.min(end, to));
  return {
    source: `${before}${line.slice(start, to)}${to < line.length ? "…" : ""}`,
    carets: `${blanks(before)}^${"~".repeat(Math.max(0, columns(marked) - 1))}`,
  };
}

function blanks(text: string): string {
  let result = "";
  for (const character of text) result += character === "\t" ? "\t" : " ".repeat(characterColumns(character));
  return result;
}

function columns(text: string): number {
  let count = 0;
  for (const character of text) count += character === "\t" ? 1 : characterColumns(character);
  return count;
}

/**
 * The columns that a terminal gives a character: none to marks that join the one before, two to wide ones (Unicode
 * East Asian Width W and F, to which every emoji belongs that is one by itself; flags are letters in pairs).
 */
function characterColumns(character: string): number {
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0;
  if (/^(?!\p{Regional_Indicator})\p{Emoji_Presentation}$/u.test(character)) return 2;
  return /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u.test(character) ? 2 : 1;
}

/** Not between the halves of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
