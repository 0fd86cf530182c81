/** Reads one `secrets.getValue(...)` inside an expression. */
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import type { Span } from "../model/span.ts";
import type { Expression, Word } from "./expressionScan.ts";
import { isBlank } from "./expressionScan.ts";
import { nearest } from "./nearest.ts";
import type { ScalarText } from "./scalarText.ts";

export interface SecretCall {
  readonly word: Word;
  /** Index behind the call's closing bracket, or where it breaks off. */
  readonly end: number;
  /** False where the closing bracket is missing. */
  readonly closed: boolean;
  readonly argument: Argument;
}

/** What stands between the brackets of a call, as indexes into the scalar's content. */
export type Argument =
  | { readonly kind: "literal"; readonly start: number; readonly end: number }
  | { readonly kind: "nested"; readonly start: number; readonly end: number; readonly expression: Expression }
  | { readonly kind: "dynamic"; readonly start: number; readonly end: number; readonly nested: readonly Expression[] }
  /** Already reported: what the text means cannot be told. */
  | { readonly kind: "broken"; readonly start: number; readonly end: number };

export interface CallReading {
  readonly call?: SecretCall;
  readonly findings: readonly Finding[];
}

/** Methods that still give the right text when they act on the placeholder. */
const harmlessMethods: ReadonlySet<string> = new Set(["concat", "toString"]);

/** Whether a word at the head of a name means the functor `secrets`, rightly written or not. */
export function functorKind(word: Word, text: string): "right" | "misspelt" | "none" {
  if (word.member) return "none";
  const next = skipBlanks(text, word.end);
  const character = text.charAt(next);
  if (word.text === "secrets") return character === "." || character === "[" ? "right" : "none";
  if (character !== ".") return "none";
  const lower = word.text.toLowerCase();
  if (lower === "secret" || lower === "secrets") return "misspelt";
  const callsGetValue = /^\.\s{0,20}getvalue\s{0,20}\(/i.test(text.slice(next, next + 60));
  return callsGetValue && nearest(lower, ["secrets"]) !== undefined ? "misspelt" : "none";
}

export function readCall(source: ScalarText, expression: Expression, word: Word): CallReading {
  return new CallReader(source, expression, word).read();
}

class CallReader {
  readonly #source: ScalarText;
  readonly #text: string;
  readonly #expression: Expression;
  readonly #word: Word;
  readonly #bodyEnd: number;
  readonly #findings: Finding[] = [];

  constructor(source: ScalarText, expression: Expression, word: Word) {
    this.#source = source;
    this.#text = source.text;
    this.#expression = expression;
    this.#word = word;
    this.#bodyEnd = expression.closed ? expression.end - 1 : expression.end;
  }

  read(): CallReading {
    const dot = skipBlanks(this.#text, this.#word.end);
    const methodStart = skipBlanks(this.#text, dot + 1);
    const method = /^[A-Za-z_$][\w$]{0,200}/.exec(this.#text.slice(methodStart, methodStart + 201))?.[0] ?? "";
    const methodEnd = methodStart + method.length;
    if (functorKind(this.#word, this.#text) === "misspelt") {
      const span = this.#span(this.#word.start, this.#word.end);
      this.#report("singular-secret", span, `Harness has no functor "${shownText(this.#word.text)}". Write "secrets"`, [replaceFix('Write "secrets"', span, "secrets")]);
      return { findings: this.#findings };
    }
    if (method !== "getValue") return this.#wrongMethod(dot, method, methodStart, methodEnd);
    const open = skipBlanks(this.#text, methodEnd);
    if (this.#text.charAt(open) !== "(" || open >= this.#bodyEnd) {
      if (!this.#expression.closed && open >= this.#bodyEnd) return { findings: this.#findings };
      this.#report("unknown-method", this.#span(methodStart, methodEnd), 'getValue is a method. Write getValue("identifier")', [
        replaceFix('Write getValue("")', this.#span(methodStart, methodEnd), this.#quoted("getValue(", "", ")")),
      ]);
      return { findings: this.#findings };
    }
    return this.#arguments(open);
  }

  #wrongMethod(dot: number, method: string, start: number, end: number): CallReading {
    if (method === "" && !this.#expression.closed && dot + 1 >= this.#bodyEnd) return { findings: this.#findings };
    const span = method === "" ? this.#span(this.#word.start, dot + 1) : this.#span(start, end);
    if (method.toLowerCase() === "getvalue") {
      this.#report("wrong-method-case", span, `The method is written getValue, not ${shownText(method)}`, [replaceFix('Write "getValue"', span, "getValue")]);
      return { findings: this.#findings };
    }
    const followsBracket = this.#text.charAt(skipBlanks(this.#text, end)) === "(";
    const fixes = method === "" ? [] : followsBracket ? [replaceFix('Write "getValue"', span, "getValue")] : [replaceFix(`Write getValue("${method}")`, span, this.#quoted("getValue(", method, ")"))];
    this.#report("unknown-method", span, `secrets has no ${followsBracket ? "method" : "property"} "${shownText(method)}". Write secrets.getValue("identifier")`, fixes);
    return { findings: this.#findings };
  }

  /** `before"text"after` with quotes that suit the YAML around it. */
  #quoted(before: string, text: string, after: string): string {
    const quote = this.#source.style === "double" ? '\\"' : '"';
    return `${before}${quote}${text}${quote}${after}`;
  }

  #arguments(open: number): CallReading {
    const close = this.#closingBracket(open);
    const end = close ?? this.#bodyEnd;
    const start = skipBlanks(this.#text, open + 1);
    let trimmed = end;
    while (trimmed > start && isBlank(this.#text.charAt(trimmed - 1))) trimmed--;
    const argument = this.#argument(Math.min(start, trimmed), trimmed);
    const openString = argument.kind === "broken" && this.#findings.some((finding) => finding.rule === "unterminated");
    if (close === undefined && !openString && this.#expression.closed) {
      this.#report("unbalanced-paren", this.#span(open, open + 1), "The bracket has no partner. Write ) behind the argument", [replaceFix('Add ")"', this.#span(trimmed, trimmed), ")")]);
    }
    const callEnd = close === undefined ? this.#bodyEnd : close + 1;
    if (close !== undefined) this.#suffix(callEnd);
    return { call: { word: this.#word, end: callEnd, closed: close !== undefined, argument }, findings: this.#findings };
  }

  #argument(start: number, end: number): Argument {
    const text = this.#text.slice(start, end);
    if (text === "") {
      if (this.#expression.closed) this.#report("empty-identifier", this.#span(this.#word.start, Math.min(end + 1, this.#bodyEnd)), 'getValue names no secret. Write getValue("identifier")');
      return { kind: "broken", start, end };
    }
    const nested = this.#expression.children.filter((child) => child.start >= start && child.start < end);
    const secretInside = nested.find((child) => holdsSecretCall(child, this.#text));
    if (secretInside !== undefined) {
      this.#report("nested-secret", this.#span(secretInside.start, secretInside.end), "Harness does not look up a secret by the value of another. Write the identifier, or a variable that holds it");
      return { kind: "broken", start, end };
    }
    if (/^[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2033]/.test(text)) return this.#smartQuotes(start, end);
    const first = nested[0];
    if (first?.start === start && first.end === end) return { kind: "nested", start, end, expression: first };
    const quote = text.charAt(0);
    if (quote === "\\" && (text.charAt(1) === '"' || text.charAt(1) === "'")) return this.#escapedQuotes(start, end);
    if (quote === '"' || quote === "'") return this.#string(start, end, quote, nested);
    if (/^[A-Za-z_$][\w$]*$/.test(text)) {
      const span = this.#span(start, end);
      this.#report("missing-quotes", span, `${shownText(text)} without quotes is a variable, and Harness has none of that name here. Write it in quotes`, [
        replaceFix("Add quotes", span, this.#quoted("", text, "")),
      ]);
      return { kind: "broken", start, end };
    }
    return { kind: "dynamic", start, end, nested };
  }

  #string(start: number, end: number, quote: string, nested: readonly Expression[]): Argument {
    const close = this.#closingQuote(start, end, quote);
    if (close === undefined) {
      this.#report("unterminated", this.#span(start, end), `The string has no closing ${quote}. Add it behind the identifier`, [replaceFix(`Add ${quote}`, this.#span(end, end), this.#source.style === "double" && quote === '"' ? '\\"' : quote)]);
      return { kind: "broken", start: start + 1, end };
    }
    if (close + 1 < end) return { kind: "dynamic", start, end, nested };
    const only = nested[0];
    if (nested.length === 1 && only?.start === start + 1 && only.end === close) return { kind: "nested", start: start + 1, end: close, expression: only };
    if (nested.length > 0) return { kind: "dynamic", start: start + 1, end: close, nested };
    return { kind: "literal", start: start + 1, end: close };
  }

  #smartQuotes(start: number, end: number): Argument {
    const text = this.#text.slice(start, end);
    const inner = text.replace(/^[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2033"']|[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2033"']$/g, "");
    const span = this.#span(start, end);
    this.#report("smart-quotes", span, "Typographic quotes are letters to Harness. Write straight quotes", [replaceFix("Write straight quotes", span, this.#quoted("", inner, ""))]);
    return { kind: "broken", start: Math.min(start + 1, end), end: Math.max(start + 1, end - 1) };
  }

  #escapedQuotes(start: number, end: number): Argument {
    const quote = this.#text.charAt(start + 1);
    const close = this.#text.slice(start + 2, end).lastIndexOf(`\\${quote}`);
    const innerEnd = close < 0 ? end : start + 2 + close;
    const span = this.#span(start, end);
    const inner = this.#text.slice(start + 2, innerEnd);
    this.#report("escaped-quote-outside-dq", span, "Only a double-quoted YAML scalar removes the backslash; here Harness reads it. Write the quotes without it", [
      replaceFix("Remove the backslashes", span, this.#quoted("", inner, "")),
    ]);
    return { kind: "broken", start: Math.min(start + 2, innerEnd), end: innerEnd };
  }

  /** What follows the call: a method or an index acts on the placeholder that Harness puts in the value's place. */
  #suffix(callEnd: number): void {
    const at = skipBlanks(this.#text, callEnd);
    if (at >= this.#bodyEnd) return;
    const suffix = methodSuffix(this.#text, at, this.#bodyEnd);
    if (suffix !== undefined) this.#findings.push(methodOnSecret(this.#span(suffix.start, suffix.end)));
  }

  #closingBracket(open: number): number | undefined {
    let depth = 0;
    let quote: string | undefined;
    for (let at = open; at < this.#bodyEnd; at++) {
      const child = this.#childAt(at);
      if (child !== undefined) {
        at = Math.max(at, child.end - 1);
        continue;
      }
      const character = this.#text.charAt(at);
      if (quote !== undefined) {
        if (character === "\\") at++;
        else if (character === quote) quote = undefined;
      } else if (character === "\\") at++;
      else if (character === '"' || character === "'") quote = character;
      else if (character === "(") depth++;
      else if (character === ")") {
        depth--;
        if (depth === 0) return at;
      }
    }
    return undefined;
  }

  #closingQuote(start: number, end: number, quote: string): number | undefined {
    for (let at = start + 1; at < end; at++) {
      const child = this.#childAt(at);
      if (child !== undefined) at = Math.max(at, child.end - 1);
      else if (this.#text.charAt(at) === "\\") at++;
      else if (this.#text.charAt(at) === quote) return at;
    }
    return undefined;
  }

  #childAt(at: number): Expression | undefined {
    if (this.#text.charAt(at) !== "<" || this.#text.charAt(at + 1) !== "+") return undefined;
    return childAt(this.#expression, at);
  }

  #span(start: number, end: number): Span {
    return { start: this.#source.offset(start), end: this.#source.offset(end) };
  }

  #report(rule: Finding["rule"], span: Span, message: string, fixes: Finding["fixes"] = []): void {
    this.#findings.push(newFinding(rule, span, message, { fixes }));
  }
}

/** The nested expression that starts at `at`. */
function childAt(expression: Expression, at: number): Expression | undefined {
  const { children } = expression;
  let low = 0;
  let high = children.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const child = children[middle];
    if (child === undefined) return undefined;
    if (child.start === at) return child;
    if (child.start < at) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

export function methodOnSecret(span: Span): Finding {
  return newFinding("method-on-secret", span, "This acts on the placeholder that stands for the value until the step runs. Take a JSON key by name#key, or do it in the script");
}

/** A method call or an index at `at` that changes what it acts on. */
export function methodSuffix(text: string, at: number, end: number): { readonly start: number; readonly end: number } | undefined {
  if (text.charAt(at) === "[") {
    const close = text.indexOf("]", at);
    return { start: at, end: close < 0 || close >= end ? end : close + 1 };
  }
  if (text.charAt(at) !== ".") return undefined;
  const method = /^\.\s{0,20}([A-Za-z_$][\w$]{0,100})/.exec(text.slice(at, at + 130));
  if (method?.[1] === undefined || harmlessMethods.has(method[1])) return undefined;
  return { start: at, end: at + method[0].length };
}

/** Whether an expression or one nested in it calls `secrets.getValue(`, rightly written or nearly so. */
export function holdsSecretCall(expression: Expression, text: string): boolean {
  if (expression.words.some((word) => functorKind(word, text) !== "none")) return true;
  return expression.children.some((child) => holdsSecretCall(child, text));
}

export function skipBlanks(text: string, at: number): number {
  let position = at;
  while (isBlank(text.charAt(position))) position++;
  return position;
}
