/** What to take out of a file so that one of its YAML documents is gone. */
export type YamlRemoval =
  /** Nothing else stands in the file. */
  | { readonly kind: "file" }
  /** `[start, end)` gives way to `replacement`. */
  | { readonly kind: "part"; readonly start: number; readonly end: number; readonly replacement: string };

interface Part {
  readonly start: number;
  end: number;
  /** True where it begins with `---`. */
  readonly marked: boolean;
  /** True where it ends with `...`. */
  closed: boolean;
  /** True where it holds more than comments, directives and markers. */
  holdsContent: boolean;
}

/**
 * Removes the YAML document at `offset`, with its own marker and comments. The documents before and behind it stay as
 * they are, letter by letter.
 */
export function yamlRemoval(text: string, offset: number): YamlRemoval {
  const parts = partsOf(text);
  const index = Math.max(parts.findLastIndex((part) => part.start <= offset), 0);
  const part = parts[index];
  const others = parts.filter((other) => other !== part && other.holdsContent);
  if (part === undefined || others.length === 0) return { kind: "file" };
  const before = parts.slice(0, index).findLast((other) => other.holdsContent);
  const next = parts[index + 1];
  // A document without a marker would otherwise run into the one before it.
  const needsMarker = next !== undefined && !next.marked && next.holdsContent && before !== undefined && !before.closed;
  return { kind: "part", start: part.start, end: part.end, replacement: needsMarker ? `---${lineBreakOf(text)}` : "" };
}

function partsOf(text: string): readonly Part[] {
  // A byte order mark is no part of any document.
  let part: Part = { start: text.startsWith("\ufeff") ? 1 : 0, end: text.length, marked: false, closed: false, holdsContent: false };
  const parts = [part];
  const begin = (start: number, marked: boolean): void => {
    part.end = start;
    part = { start, end: text.length, marked, closed: false, holdsContent: false };
    parts.push(part);
  };
  for (let start = part.start; start < text.length; ) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end);
    const marker = /^(---|\.\.\.)(?=\s|$)/.exec(line)?.[1];
    if (marker === "---") begin(start, true);
    const rest = marker === undefined ? line : line.slice(3);
    if (!/^\s*(?:#|$)/.test(rest) && !(line.startsWith("%") && !part.marked)) part.holdsContent = true;
    if (marker === "...") {
      part.closed = true;
      if (end < text.length) begin(end, false);
    }
    start = end;
  }
  return parts;
}

/** Behind the line break of the line that begins at `start`. */
function lineEnd(text: string, start: number): number {
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 10) return index + 1;
    if (code === 13) return text.charCodeAt(index + 1) === 10 ? index + 2 : index + 1;
  }
  return text.length;
}

function lineBreakOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
}
