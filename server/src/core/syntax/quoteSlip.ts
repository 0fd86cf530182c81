/** The index behind a literal at `at` whose quotes are typographic or stand behind backslashes; undefined where none begins. */
export function quoteSlipEnd(text: string, at: number): number | undefined {
  const character = text.charAt(at);
  if (character !== "\\" && !isTypographicQuote(character)) return undefined;
  const found = slip.exec(text.slice(at, at + 300));
  return found === null ? undefined : at + found[0].length;
}

/** Quotes that a word processor or a web page puts in the place of straight ones. */
const typographic = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033\u00b4\uff02\uff07\u301d\u301e\u301f";
const slip = new RegExp(`^(?:\\\\{1,9}["']|[${typographic}])[^"'\\\\<>()\\n${typographic}]{0,200}(?:\\\\{0,9}["']|[${typographic}])`);

export function isTypographicQuote(character: string): boolean {
  return character !== "" && typographic.includes(character);
}
