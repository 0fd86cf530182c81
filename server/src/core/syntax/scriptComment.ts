/**
 * Tells of an index of a script whether it stands in a comment: behind a `#` that starts the line or follows a blank,
 * outside quotes of its own line and outside here-documents. Good for shell, PowerShell and Python; when in doubt it is
 * no comment.
 */
export function scriptComments(script: string): (index: number) => boolean {
  let hereDocuments: readonly HereDocument[] | undefined;
  return (index) => {
    if (!isBehindHash(script, index)) return false;
    hereDocuments ??= findHereDocuments(script);
    return !hereDocuments.some((document) => document.start <= index && index < document.end);
  };
}

interface HereDocument {
  readonly start: number;
  readonly end: number;
}

function isBehindHash(script: string, index: number): boolean {
  const lineStart = script.lastIndexOf("\n", index - 1) + 1;
  let quote = "";
  for (let at = Math.max(lineStart, index - 4000); at < index; at++) {
    const character = script.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#" && (at === lineStart || script.charAt(at - 1) === " " || script.charAt(at - 1) === "\t")) return true;
  }
  return false;
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
