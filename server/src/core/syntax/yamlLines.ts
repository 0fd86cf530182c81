import { NextPlace } from "./nextPlace.ts";

export const newline = 10;
export const carriageReturn = 13;
const tab = 9;
const space = 32;

/** A text as lines and blanks. Asked from ascending places it reads the text once in all. */
export class YamlLines {
  readonly text: string;
  readonly #breaks: NextPlace;

  constructor(text: string) {
    this.text = text;
    this.#breaks = new NextPlace(text, "\n");
  }

  isBlankOrEnd(at: number): boolean {
    if (at >= this.text.length) return true;
    const code = this.text.charCodeAt(at);
    return code === space || code === tab || code === newline || code === carriageReturn;
  }

  skipBlanks(at: number): number {
    let position = at;
    for (;;) {
      const code = this.text.charCodeAt(position);
      if (code !== space && code !== tab) return position;
      position++;
    }
  }

  trimEnd(start: number, end: number): number {
    let at = end;
    while (at > start && this.isBlankOrEnd(at - 1)) at--;
    return at;
  }

  /** The position of the line break that ends the line of `at`, before a carriage return too. */
  lineEnd(at: number): number {
    const end = this.#breaks.after(at);
    return end > at && this.text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
  }

  nextLine(at: number): number {
    return Math.min(this.#breaks.after(at) + 1, this.text.length);
  }

  /** True for `---` and `...` at the beginning of a line, alone or before a blank. */
  isBoundaryMark(at: number): boolean {
    return (this.text.startsWith("---", at) || this.text.startsWith("...", at)) && this.isBlankOrEnd(at + 3);
  }
}
