/**
 * The quote that was meant to end a scalar whose inner quotes ended it early: the first one from `from` on that is
 * followed by what may follow a scalar and leaves no expression open; else the last one on the line.
 */
export function outerQuote(text: string, scalar: { readonly start: number; readonly quote: string; readonly inFlow: boolean }, from: number, lineEnd: number): number | undefined {
  const { quote, inFlow } = scalar;
  let open = 0;
  let last: number | undefined;
  for (let at = scalar.start; at < lineEnd; at++) {
    const character = text.charAt(at);
    if (character === "<" && text.charAt(at + 1) === "+") open++;
    else if (character === ">") open--;
    if (character !== quote || at < from) continue;
    last = at;
    if (open <= 0 && mayEnd(text, at + 1, lineEnd, inFlow)) return at;
  }
  return last;
}

function mayEnd(text: string, behind: number, lineEnd: number, inFlow: boolean): boolean {
  let at = behind;
  while (at < lineEnd && (text.charAt(at) === " " || text.charAt(at) === "\t")) at++;
  if (at >= lineEnd) return true;
  const character = text.charAt(at);
  return (character === "#" && at > behind) || (inFlow && ",]}:".includes(character));
}
