import type { Span } from "../core/index.ts";
import type { TextPosition, TextRange } from "../core/model/textRange.ts";

/** Lines of one text. Ends of lines are `\n`, `\r\n` and `\r`, as in the Language Server Protocol. */
export interface LineMap {
  range(span: Span): TextRange;
  /** Without its end. */
  line(index: number): string;
}

export function lineMap(text: string): LineMap {
  const starts = lineStarts(text);
  const position = (offset: number): TextPosition => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - (starts[low] ?? 0) };
  };
  return {
    range: (span) => ({ start: position(span.start), end: position(span.end) }),
    line: (index) => text.slice(starts[index] ?? 0, starts[index + 1] ?? text.length).replace(/[\r\n]+$/, ""),
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10)) starts.push(index + 1);
  }
  return starts;
}
