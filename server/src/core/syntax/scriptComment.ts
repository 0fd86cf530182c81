/**
 * Tells of an index of a script whether it stands in a comment: behind a `#` that starts the line or follows a blank,
 * outside quotes of its own line and outside here-documents. Good for shell, PowerShell and Python; when in doubt it is
 * no comment.
 */
export function scriptComments(script: string): (index: number) => boolean {
  let hereDocuments: readonly HereDocument[] | undefined;
  let line = { start: 0, end: -1, comment: Infinity };
  return (index) => {
    if (index < line.start || index > line.end) line = lineAround(script, index);
    if (index < line.comment) return false;
    hereDocuments ??= findHereDocuments(script);
    return !isInside(hereDocuments, index);
  };
}

interface HereDocument {
  readonly start: number;
  readonly end: number;
}

/** `comment` is the index of the `#` that begins a comment on the line. */
function lineAround(script: string, index: number): { readonly start: number; readonly end: number; readonly comment: number } {
  const start = script.lastIndexOf("\n", index - 1) + 1;
  const lineBreak = script.indexOf("\n", index);
  const end = lineBreak < 0 ? script.length : lineBreak;
  let quote = "";
  for (let at = start; at < end; at++) {
    const character = script.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#" && (at === start || script.charAt(at - 1) === " " || script.charAt(at - 1) === "\t")) return { start, end, comment: at };
  }
  return { start, end, comment: Infinity };
}

function isInside(documents: readonly HereDocument[], index: number): boolean {
  let low = 0;
  let high = documents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((documents[middle]?.end ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return (documents[low]?.start ?? Infinity) <= index;
}

/** What stands between `<<WORD` and the line `WORD`, in one pass. One without its end is none: it may be a shift. */
function findHereDocuments(script: string): readonly HereDocument[] {
  const found: HereDocument[] = [];
  let open: { readonly word: string; readonly start: number } | undefined;
  for (let at = 0; at < script.length; ) {
    const lineBreak = script.indexOf("\n", at);
    const end = lineBreak < 0 ? script.length : lineBreak;
    if (open === undefined) {
      const word = /(?:^|[^<])<<-?\s{0,20}["'\\]?([A-Za-z_]\w{0,100})/.exec(script.slice(at, Math.min(end, at + 4000)))?.[1];
      if (word !== undefined) open = { word, start: end };
    } else if (script.slice(at, Math.min(end, at + 400)).trim() === open.word) {
      found.push({ start: open.start, end });
      open = undefined;
    }
    at = end + 1;
  }
  return found;
}
