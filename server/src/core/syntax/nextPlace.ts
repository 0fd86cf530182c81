/**
 * The next place of one mark in a text. Asked from ascending positions it reads the text once in all, however
 * many times it is asked and however rare the mark is.
 */
export class NextPlace {
  readonly #text: string;
  readonly #mark: string;
  #from = 0;
  /** The first place at or behind `#from`; -1 before the first question. */
  #place = -1;

  constructor(text: string, mark: string) {
    this.#text = text;
    this.#mark = mark;
  }

  /** The first place at or behind `from`; the text's length where there is none. */
  after(from: number): number {
    if (from >= this.#from && from <= this.#place) return this.#place;
    const found = this.#text.indexOf(this.#mark, from);
    this.#from = from;
    this.#place = found < 0 ? this.#text.length : found;
    return this.#place;
  }
}
