import { NextPlace } from "./nextPlace.ts";
import { outerQuote } from "./outerQuote.ts";
import { carriageReturn, newline, YamlLines } from "./yamlLines.ts";
import type { Scalar } from "./yamlNode.ts";

/** How far behind an inner quote the one is looked for that was meant to end the scalar. */
const maxBehindQuote = 4000;
const space = 32;

/** Where scalars and keys begin and end. What reads a scalar leaves `position` behind it. */
export class YamlScalars extends YamlLines {
  position = 0;
  readonly #hashes: NextPlace;

  constructor(text: string) {
    super(text);
    this.#hashes = new NextPlace(text, "#");
  }

  /** The content of a block scalar whose header stands at `start`. */
  block(start: number, indent: number): Scalar {
    const headerEnd = this.lineEnd(start);
    const digit = /^[|>][+-]?([1-9])/.exec(this.text.slice(start, start + 3))?.[1];
    let contentIndent = digit === undefined ? undefined : Math.max(indent, 0) + Number(digit);
    const contentStart = this.nextLine(headerEnd);
    let at = contentStart;
    let contentEnd = contentStart;
    while (at < this.text.length) {
      const first = this.skipBlanks(at);
      const code = this.text.charCodeAt(first);
      if (first >= this.text.length || code === newline || code === carriageReturn) {
        at = this.nextLine(first);
        continue;
      }
      const column = first - at;
      contentIndent ??= column;
      if (column < contentIndent || column <= indent) break;
      if (column === 0 && this.isBoundaryMark(at)) break;
      contentEnd = this.lineEnd(first);
      at = this.nextLine(contentEnd);
    }
    this.position = at;
    return { style: "block", start: Math.min(contentStart, contentEnd), end: contentEnd };
  }

  /** A plain scalar, over the following lines too as long as they are indented deeper and are no entries themselves. */
  plain(start: number, indent: number): Scalar {
    const firstEnd = this.lineEnd(start);
    let end = this.plainEnd(start, firstEnd);
    this.position = end;
    if (end < this.trimEnd(start, firstEnd)) return { style: "plain", start, end };
    let at = this.nextLine(firstEnd);
    while (at < this.text.length) {
      const first = this.skipBlanks(at);
      const code = this.text.charCodeAt(first);
      if (code === newline || code === carriageReturn) {
        at = this.nextLine(first);
        continue;
      }
      const continues = first < this.text.length && first - at > indent && code !== 35 && code !== 37 && this.keyEnd(first) === undefined;
      if (!continues || (indent < 0 && first === at && this.isBoundaryMark(at))) break;
      const lineEnd = this.lineEnd(first);
      end = this.plainEnd(first, lineEnd);
      this.position = end;
      if (end < this.trimEnd(first, lineEnd)) break;
      at = this.nextLine(lineEnd);
    }
    return { style: "plain", start, end };
  }

  /**
   * A quoted scalar; `position` is left behind it. One that is still open where the next entry begins ends with its
   * first line, so that a quote being typed does not swallow the rest of the file.
   */
  quoted(start: number, indent: number, inFlow: boolean): Scalar {
    const quote = this.text.charCodeAt(start);
    const style = quote === 34 ? "double" : "single";
    let at = start + 1;
    while (at < this.text.length) {
      const code = this.text.charCodeAt(at);
      if (code === newline) {
        const first = this.skipBlanks(at + 1);
        const blank = this.isBlankOrEnd(first) && this.text.charCodeAt(first) !== space;
        if (!blank && first - at - 1 <= indent) break;
        at++;
      } else if (quote === 34 && code === 92) {
        at += 2;
      } else if (code === quote) {
        if (quote === 39 && this.text.charCodeAt(at + 1) === 39) {
          at += 2;
          continue;
        }
        return this.closed(style, start, at, inFlow);
      } else at++;
    }
    const end = this.trimEnd(start, this.lineEnd(start));
    this.position = end;
    return { style, start: start + 1, end: Math.max(end, start + 1) };
  }

  closed(style: "double" | "single", start: number, close: number, inFlow: boolean): Scalar {
    this.position = close + 1;
    const after = this.skipBlanks(close + 1);
    const code = this.text.charCodeAt(after);
    if (this.isBlankOrEnd(after) || code === 35 || code === 44 || code === 93 || code === 125 || code === 58) return { style, start: start + 1, end: close };
    // In a flow collection a quote that is being typed may have swallowed lines: no fault is told from it.
    if (inFlow && this.text.slice(start, close).includes("\n")) return { style, start: start + 1, end: close };
    const rest = this.text.slice(close, close + maxBehindQuote);
    const lineBreak = rest.search(/\r?\n/);
    const lineEnd = this.trimEnd(close, close + (lineBreak < 0 ? rest.length : lineBreak));
    const end = outerQuote(this.text, { start: start + 1, quote: this.text.charAt(start), inFlow }, close + 1, lineEnd);
    if (end === undefined) return { style, start: start + 1, end: close };
    this.position = end + 1;
    return { style, start: start + 1, end, broken: true };
  }

  isBlockHeader(start: number, end: number): boolean {
    let at = start + 1;
    while (at < end && /[0-9+-]/.test(this.text.charAt(at))) at++;
    const rest = this.skipBlanks(at);
    return rest >= end || (this.text.charCodeAt(rest) === 35 && rest > at);
  }

  keyScalar(first: number, colon: number): Scalar {
    const start = this.skipProperties(first);
    const code = this.text.charCodeAt(start);
    const end = this.trimEnd(start, colon);
    if ((code === 34 || code === 39) && end - start >= 2 && this.text.charCodeAt(end - 1) === code) {
      return { style: code === 34 ? "double" : "single", start: start + 1, end: end - 1 };
    }
    return { style: "plain", start, end };
  }

  /** The colon that ends a key at `first`, or undefined where the line holds no key. */
  keyEnd(first: number): number | undefined {
    const end = this.lineEnd(first);
    let at = this.skipProperties(first);
    const code = this.text.charCodeAt(at);
    if (at >= end || code === 91 || code === 123 || code === 35 || code === 124 || code === 62) return undefined;
    if (code === 34 || code === 39) {
      const close = this.closingQuote(at, end);
      if (close === undefined) return undefined;
      at = this.skipBlanks(close + 1);
      return this.text.charCodeAt(at) === 58 && this.isBlankOrEnd(at + 1) ? at : undefined;
    }
    for (; at < end; at++) {
      const current = this.text.charCodeAt(at);
      if (current === 58 && this.isBlankOrEnd(at + 1)) return at;
      if (current === 35 && at > first && this.isBlankOrEnd(at - 1)) return undefined;
      // A key holds no expression: `<+a ? "b" : "c">` is a text with a colon in it.
      if (current === 60 && this.text.charCodeAt(at + 1) === 43) return undefined;
    }
    return undefined;
  }

  /** The quote that closes the one at `open`, before `end`. */
  closingQuote(open: number, end: number): number | undefined {
    const quote = this.text.charCodeAt(open);
    for (let at = open + 1; at < end; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 92 && quote === 34) at++;
      else if (code === quote) {
        if (quote === 34 || this.text.charCodeAt(at + 1) !== 39) return at;
        at++;
      }
    }
    return undefined;
  }

  /** Steps over `&anchor` and `!tag`. */
  skipProperties(first: number): number {
    let at = first;
    for (let count = 0; count < 4; count++) {
      const code = this.text.charCodeAt(at);
      if (code !== 38 && code !== 33) return at;
      while (at < this.text.length && !this.isBlankOrEnd(at)) at++;
      at = this.skipBlanks(at);
    }
    return at;
  }

  plainEnd(start: number, lineEnd: number): number {
    for (let hash = this.#hashes.after(start + 1); hash < lineEnd; hash = this.#hashes.after(hash + 1)) {
      if (this.isBlankOrEnd(hash - 1)) return this.trimEnd(start, hash);
    }
    return this.trimEnd(start, lineEnd);
  }
}
