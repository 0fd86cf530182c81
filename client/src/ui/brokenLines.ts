/** What a line of a quick pick shows whole, in VS Code's usual width. */
const maxLength = 84;

/** The text in lines that a quick pick does not cut. A word that is longer than a line keeps its line alone. */
export function brokenLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= maxLength) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
