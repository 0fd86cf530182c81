/**
 * Finds the expressions `<+ ... >` of a text, nested ones too, in one pass.
 *
 * Harness has two engines. The older one closes an expression at the first `>` that is not written `\>` and not part
 * of a nested expression, quotes or not; the newer one honours quotes and brackets. Where they would differ, the
 * reading of the newer one is kept when it makes sense of the text, and `greaterInString` says so.
 */
import { append } from "../model/append.ts";
import { quoteSlipEnd } from "./quoteSlip.ts";

export interface Expression {
  /** Index of `<+`. */
  readonly start: number;
  /** Index behind the closing `>`, or where reading ended. */
  end: number;
  closed: boolean;
  readonly parent: Expression | undefined;
  readonly children: Expression[];
  /** The quote of the parent expression inside which this one stands, with the index of that quote. */
  readonly quote: { readonly character: string; readonly start: number; end?: number } | undefined;
  /** The name before the innermost bracket of the parent in which this one stands, `json.select` for one. */
  readonly callee: { readonly text: string; readonly start: number; readonly end: number } | undefined;
  /** Words outside strings and nested expressions. */
  readonly words: Word[];
  /** Index of an unescaped `>` inside a string of this expression. */
  greaterInString: number | undefined;
  /** Index of the quote of a string that has no end. */
  openString: number | undefined;
  /** Indexes of brackets without a partner. */
  readonly loneBrackets: number[];
  /** The closing bracket of each opening one. Where reading went back, a closing one may lie behind the end. */
  readonly partners: Map<number, number>;
}

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True behind a dot: a property or method, no functor. */
  readonly member: boolean;
  /** Index of the innermost bracket around the word in its own expression. */
  readonly bracket: number | undefined;
}

/** Harness's own limit (EngineExpressionEvaluator): deeper nesting is read as text. */
const maxDepth = 15;
/** How far a string may run behind a `>` in it before the reading of the newer engine is given up. */
const maxStringAfterGreater = 512;
/**
 * How often, on average, a character may be read in vain because of that. A text that asks for more is hostile, and
 * is read as the older engine reads it.
 */
const maxReadsInVain = 8;
/** With more brackets open than this, a `>` in a string is not noted. */
const maxOpenBrackets = 50;
/** How many lines one expression may span. */
const maxLines = 50;

interface Frame {
  readonly expression: Expression;
  readonly brackets: number[];
  quote: { character: string; start: number; end?: number } | undefined;
}

interface Checkpoint {
  readonly at: number;
  readonly depth: number;
  readonly words: number;
  readonly children: number;
  readonly brackets: readonly number[];
  readonly loneBrackets: number;
  readonly quoteStart: number;
}

/** All outermost expressions, in order, each read when it is asked for: a hostile text holds more than memory should. */
export function* scanExpressions(text: string): Generator<Expression, void> {
  const patience: Patience = { left: maxReadsInVain * text.length };
  let at = text.indexOf("<+");
  while (at >= 0) {
    const expression = new ExpressionReader(text, at, patience).read();
    yield expression;
    at = text.indexOf("<+", Math.max(expression.end, at + 2));
  }
}

/** How many more characters of one text may be read in vain. */
interface Patience {
  left: number;
}

class ExpressionReader {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  readonly #outermost: Expression;
  readonly #patience: Patience;
  #checkpoint: Checkpoint | undefined;
  #at: number;
  #lines = 0;

  constructor(text: string, start: number, patience: Patience) {
    this.#text = text;
    this.#patience = patience;
    this.#at = start + 2;
    this.#outermost = this.#push(start).expression;
  }

  read(): Expression {
    while (this.#at < this.#text.length) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return this.#outermost;
      const checkpoint = this.#checkpoint;
      if (checkpoint !== undefined && this.#at - checkpoint.at > Math.min(maxStringAfterGreater, this.#patience.left)) this.#rewind(checkpoint);
      else this.#step(frame);
    }
    this.#giveUp(this.#text.length);
    return this.#outermost;
  }

  #step(frame: Frame): void {
    const character = this.#text.charAt(this.#at);
    // Quotes that are none still belong together: what stands between them is no code.
    const slipEnd = frame.quote === undefined ? quoteSlipEnd(this.#text, this.#at) : undefined;
    if (character === "<" && this.#text.charAt(this.#at + 1) === "+" && this.#frames.length < maxDepth) {
      this.#push(this.#at);
      this.#at += 2;
    } else if (slipEnd !== undefined) {
      this.#at = slipEnd;
    } else if (character === "\\") {
      const next = this.#text.charAt(this.#at + 1);
      const escapes = next === ">" || next === '"' || next === "'" || (frame.quote !== undefined && next !== "\n");
      this.#at += escapes ? 2 : 1;
    } else if (character === "\n") this.#newline(frame);
    else if (frame.quote !== undefined) this.#inString(frame, character);
    else this.#outsideString(frame, character);
  }

  #inString(frame: Frame, character: string): void {
    if (character === frame.quote?.character) {
      frame.quote.end = this.#at + 1;
      frame.quote = undefined;
    } else if (character === ">" && this.#checkpoint === undefined && frame.brackets.length <= maxOpenBrackets) {
      this.#checkpoint = {
        at: this.#at,
        depth: this.#frames.length,
        words: frame.expression.words.length,
        children: frame.expression.children.length,
        brackets: [...frame.brackets],
        loneBrackets: frame.expression.loneBrackets.length,
        quoteStart: frame.quote?.start ?? this.#at,
      };
    }
    this.#at++;
  }

  #outsideString(frame: Frame, character: string): void {
    const { expression } = frame;
    if (character === ">") {
      const checkpoint = this.#checkpoint;
      if (checkpoint?.depth === this.#frames.length && frame.brackets.length > 0) {
        // With a bracket still open the reading of the newer engine makes no sense either.
        this.#rewind(checkpoint);
        return;
      }
      this.#close(frame, true, this.#at + 1);
      this.#at++;
    } else if (character === '"' || character === "'") {
      frame.quote = { character, start: this.#at };
      this.#at++;
    } else if (character === "(" || character === "[" || character === "{") {
      frame.brackets.push(this.#at);
      this.#at++;
    } else if (character === ")" || character === "]" || character === "}") {
      const partner = frame.brackets.at(-1);
      if (partner !== undefined && isPair(this.#text.charAt(partner), character)) {
        frame.brackets.pop();
        expression.partners.set(partner, this.#at);
      } else expression.loneBrackets.push(this.#at);
      this.#at++;
    } else if (isWordStart(character)) {
      const start = this.#at;
      while (isWordPart(this.#text.charAt(this.#at))) this.#at++;
      expression.words.push({ text: this.#text.slice(start, this.#at), start, end: this.#at, member: this.#isMember(start), bracket: frame.brackets.at(-1) });
    } else this.#at++;
  }

  #isMember(start: number): boolean {
    let at = start - 1;
    while (at >= 0 && isBlank(this.#text.charAt(at))) at--;
    return this.#text.charAt(at) === ".";
  }

  /** A line break ends a string, and an expression too unless it visibly goes on. */
  #newline(frame: Frame): void {
    this.#lines++;
    const goesOn = frame.quote === undefined && this.#lines < maxLines && this.#goesOn(frame);
    if (goesOn) this.#at++;
    else this.#giveUp(this.#at);
  }

  #goesOn(frame: Frame): boolean {
    let before = this.#at - 1;
    while (before > frame.expression.start && isBlank(this.#text.charAt(before))) before--;
    if ("?:+(,&|=[{!".includes(this.#text.charAt(before))) return true;
    let after = this.#at + 1;
    while (after < this.#text.length && isBlank(this.#text.charAt(after))) after++;
    const next = this.#text.charAt(after);
    if (next === ">" && this.#text.charAt(after + 1) !== ">") return true;
    if (next === "<" && this.#text.charAt(after + 1) === "+") return before <= frame.expression.start + 1;
    return "?:+.)],&|}".includes(next) || before <= frame.expression.start + 1;
  }

  /** The line is over and expressions are still open. */
  #giveUp(end: number): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint !== undefined) {
      this.#rewind(checkpoint);
      return;
    }
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.quote !== undefined) frame.expression.openString = frame.quote.start;
      this.#close(frame, false, trimmedEnd(this.#text, frame.expression.start + 2, end));
    }
    this.#at = end;
  }

  /** Back to a `>` inside a string that turned out to have no end: it closes the expression after all. */
  #rewind(checkpoint: Checkpoint): void {
    this.#patience.left -= this.#at - checkpoint.at;
    this.#checkpoint = undefined;
    this.#frames.length = checkpoint.depth;
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    const { expression } = frame;
    expression.words.length = checkpoint.words;
    expression.children.length = checkpoint.children;
    expression.loneBrackets.length = checkpoint.loneBrackets;
    expression.openString = checkpoint.quoteStart;
    expression.closed = false;
    frame.quote = undefined;
    frame.brackets.length = 0;
    frame.brackets.push(...checkpoint.brackets);
    this.#at = checkpoint.at + 1;
    this.#close(frame, true, this.#at);
  }

  #push(start: number): Frame {
    const outer = this.#frames.at(-1);
    const bracket = outer?.brackets.at(-1);
    const expression: Expression = {
      start,
      end: start + 2,
      closed: false,
      parent: outer?.expression,
      children: [],
      quote: outer?.quote,
      callee: bracket === undefined ? undefined : calleeBefore(this.#text, bracket),
      words: [],
      greaterInString: undefined,
      openString: undefined,
      loneBrackets: [],
      partners: new Map(),
    };
    outer?.expression.children.push(expression);
    const frame: Frame = { expression, brackets: [], quote: undefined };
    this.#frames.push(frame);
    return frame;
  }

  #close(frame: Frame, closed: boolean, end: number): void {
    const { expression } = frame;
    expression.closed = closed;
    expression.end = Math.max(end, expression.start + 2);
    append(expression.loneBrackets, frame.brackets);
    this.#frames.pop();
    if (!closed) return;
    const checkpoint = this.#checkpoint;
    if (checkpoint !== undefined && this.#frames.length < checkpoint.depth) {
      expression.greaterInString = checkpoint.at;
      this.#checkpoint = undefined;
    }
  }
}

function isPair(open: string, close: string): boolean {
  return (open === "(" && close === ")") || (open === "[" && close === "]") || (open === "{" && close === "}");
}

function isWordStart(character: string): boolean {
  return (character >= "a" && character <= "z") || (character >= "A" && character <= "Z") || character === "_" || character === "$";
}

function isWordPart(character: string): boolean {
  return isWordStart(character) || (character >= "0" && character <= "9");
}

export function isBlank(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charAt(at - 1))) at--;
  return at;
}

/** The dotted name that ends right before a bracket. */
export function calleeBefore(text: string, bracket: number): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  let start = bracket;
  while (start > 0 && bracket - start < 100 && (isWordPart(text.charAt(start - 1)) || text.charAt(start - 1) === ".")) start--;
  return start === bracket ? undefined : { text: text.slice(start, bracket), start, end: bracket };
}
