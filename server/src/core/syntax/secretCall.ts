/** Reads one `secrets.getValue(...)` inside an expression. */
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import type { Span } from "../model/span.ts";
import type { Expression, Word } from "./expressionScan.ts";
import { isBlank } from "./expressionScan.ts";
import { nearest } from "../model/nearest.ts";
import { isTypographicQuote } from "./quoteSlip.ts";
import type { ScalarText } from "./scalarText.ts";

export interface SecretCall {
  readonly word: Word;
  /** Index behind the call's closing bracket, or where it breaks off. */
  readonly end: number;
  readonly argument: Argument;
}

/** What stands between the brackets of a call, as indexes into the scalar's content. */
export type Argument =
  | { readonly kind: "literal"; readonly start: number; readonly end: number }
  | { readonly kind: "nested"; readonly start: number; readonly end: number; readonly expression: Expression }
  | { readonly kind: "dynamic"; readonly start: number; readonly end: number; readonly nested: readonly Expression[] }
  /** A string with expressions in it, without its quotes. */
  | { readonly kind: "interpolated"; readonly start: number; readonly end: number; readonly nested: readonly Expression[] }
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
    const property = propertyAt(this.#text, methodStart);
    if (functorKind(this.#word, this.#text) === "misspelt") return this.#misspelt(methodStart, methodEnd, property);
    if (method !== "getValue") return this.#wrongMethod(dot, methodStart, methodEnd, property);
    const open = skipBlanks(this.#text, methodEnd);
    if (this.#text.charAt(open) === "(" && open < this.#bodyEnd) return this.#arguments(open);
    if (!this.#expression.closed && open >= this.#bodyEnd) return { findings: this.#findings };
    const argument = looseArgument(this.#text, open, this.#bodyEnd);
    const fixed = this.#span(methodStart, argument?.end ?? methodEnd);
    this.#report("unknown-method", this.#span(methodStart, methodEnd), 'getValue is a method. Write getValue("identifier")', [
      replaceFix(`Write getValue("${argument?.text ?? ""}")`, fixed, this.#quoted("getValue(", argument?.text ?? "", ")")),
    ]);
    return { findings: this.#findings };
  }

  /** The functor is misspelt: the fix mends what follows it as well. */
  #misspelt(start: number, end: number, property: string): CallReading {
    const span = this.#span(this.#word.start, this.#word.end);
    const edits = [{ span, newText: "secrets" }];
    const followsBracket = this.#text.charAt(skipBlanks(this.#text, end)) === "(";
    const method = this.#text.slice(start, end);
    if (method !== "getValue" && method.toLowerCase() === "getvalue") edits.push({ span: this.#span(start, end), newText: "getValue" });
    else if (!followsBracket && property !== "") edits.push({ span: this.#span(start, start + property.length), newText: this.#quoted("getValue(", property, ")") });
    this.#report("singular-secret", span, `Harness has no functor "${shownText(this.#word.text)}". Write "secrets"`, [{ title: 'Write "secrets"', edits, preferred: true }]);
    return { findings: this.#findings };
  }

  #wrongMethod(dot: number, start: number, end: number, property: string): CallReading {
    const method = this.#text.slice(start, end);
    if (!this.#expression.closed && end >= this.#bodyEnd) return { findings: this.#findings };
    if (method.toLowerCase() === "getvalue") {
      const span = this.#span(start, end);
      this.#report("wrong-method-case", span, `The method is written getValue, not ${shownText(method)}`, [replaceFix('Write "getValue"', span, "getValue")]);
      return { findings: this.#findings };
    }
    if (method === "") return this.#noMethod(dot);
    const followsBracket = this.#text.charAt(skipBlanks(this.#text, end)) === "(";
    const span = this.#span(start, followsBracket ? end : start + property.length);
    const goesOn = !followsBracket && /[.([]/.test(this.#text.charAt(start + property.length));
    const fixes = goesOn ? [] : followsBracket ? [replaceFix('Write "getValue"', span, "getValue")] : [replaceFix(`Write getValue("${property}")`, span, this.#quoted("getValue(", property, ")"))];
    this.#report("unknown-method", span, `secrets has no ${followsBracket ? "method" : "property"} "${shownText(followsBracket ? method : property)}". Write secrets.getValue("identifier")`, fixes);
    return { findings: this.#findings };
  }

  /** `secrets["name"]`, or a dot with nothing behind it. */
  #noMethod(dot: number): CallReading {
    const argument = this.#text.charAt(dot) === "[" ? looseArgument(this.#text, dot, this.#bodyEnd) : undefined;
    const span = argument === undefined ? this.#span(this.#word.start, dot + 1) : this.#span(dot, argument.end);
    const fixes = argument === undefined ? [] : [replaceFix(`Write .getValue("${argument.text}")`, span, this.#quoted(".getValue(", argument.text, ")"))];
    this.#report("unknown-method", span, 'secrets has getValue and nothing else. Write secrets.getValue("identifier")', fixes);
    return { findings: this.#findings };
  }

  /** `before"text"after` with quotes that suit the YAML around it. */
  #quoted(before: string, text: string, after: string): string {
    const quote = this.#written('"');
    return `${before}${quote}${text}${quote}${after}`;
  }

  /** How a quote is written in this scalar. */
  #written(quote: string): string {
    if (this.#source.style === "double" && quote === '"') return '\\"';
    return this.#source.style === "single" && quote === "'" ? "''" : quote;
  }

  #arguments(open: number): CallReading {
    const close = this.#closingBracket(open);
    const end = close ?? this.#bodyEnd;
    const start = skipBlanks(this.#text, open + 1);
    let trimmed = end;
    while (trimmed > start && isBlank(this.#text.charAt(trimmed - 1))) trimmed--;
    const wrongBracket = close === undefined && this.#expression.closed && /[\]}]/.test(this.#text.charAt(trimmed - 1)) && trimmed - 1 > start ? trimmed - 1 : undefined;
    const argument = this.#argument(Math.min(start, trimmed), wrongBracket ?? trimmed, { open, close });
    const knownFault = argument.kind === "broken" && this.#findings.length > 0;
    // A bracket behind a quote without end is text: the quote is what is wrong.
    if (close === undefined && this.#expression.closed && this.#expression.openString === undefined && !knownFault) {
      const fix = wrongBracket === undefined ? replaceFix('Add ")"', this.#span(trimmed, trimmed), ")") : replaceFix('Write ")"', this.#span(wrongBracket, wrongBracket + 1), ")");
      this.#report("unbalanced-paren", this.#span(open, open + 1), "The bracket has no partner. Write ) behind the argument", [fix]);
    }
    const callEnd = close === undefined ? this.#bodyEnd : close + 1;
    if (close !== undefined) this.#suffix(callEnd);
    return { call: { word: this.#word, end: callEnd, argument }, findings: this.#findings };
  }

  #argument(start: number, end: number, brackets: { readonly open: number; readonly close: number | undefined }): Argument {
    const text = this.#text.slice(start, end);
    if (text === "") {
      if (brackets.close !== undefined) this.#report("empty-identifier", this.#span(brackets.open, brackets.close + 1), 'getValue names no secret. Write getValue("identifier")');
      return { kind: "broken", start, end };
    }
    const nested = within(this.#expression.children, start, end);
    const secretInside = this.#secretInside(start, end, nested);
    if (secretInside !== undefined) {
      this.#report("nested-secret", this.#span(secretInside.start, secretInside.end), "Harness does not look up a secret by the value of another. Write the identifier, or a variable that holds it");
      return { kind: "broken", start, end };
    }
    const slip = this.#quoteSlip(start, end);
    if (slip !== undefined) return slip;
    const first = nested[0];
    if (first?.start === start && first.end === end) return { kind: "nested", start, end, expression: first };
    const quote = text.charAt(0);
    if (quote === '"' || quote === "'") return this.#string(start, end, quote, nested);
    if (/^[A-Za-z_$][\w$]*$/.test(text)) {
      const span = this.#span(start, end);
      this.#report("missing-quotes", span, `${shownText(text)} without quotes is a variable, and Harness has none of that name here. Write it in quotes`, [
        replaceFix("Add quotes", span, this.#quoted("", text, "")),
      ]);
      return { kind: "broken", start, end };
    }
    const lateQuote = brackets.close === undefined ? /^([^"'<>()\s]{1,200})["']\)?$/.exec(text)?.[1] : undefined;
    if (lateQuote !== undefined) {
      const span = this.#span(start, start + lateQuote.length + 1);
      this.#report("unterminated", span, "The string has no opening quote. Add it before the identifier", [replaceFix("Add quotes", span, this.#quoted("", lateQuote, ""))]);
      return { kind: "broken", start, end: start + lateQuote.length };
    }
    return { kind: "dynamic", start, end, nested };
  }

  /** A secret in the argument of this one, as an expression or without one of its own. */
  #secretInside(start: number, end: number, nested: readonly Expression[]): { readonly start: number; readonly end: number } | undefined {
    const child = nested.find((candidate) => holdsSecretCall(candidate, this.#text));
    if (child !== undefined) return child;
    const word = within(this.#expression.words, start, end).find((candidate) => functorKind(candidate, this.#text) !== "none");
    if (word === undefined) return undefined;
    const open = this.#text.indexOf("(", word.end);
    return { start: word.start, end: Math.min((open < 0 ? undefined : this.#closingBracket(open)) ?? end - 1, end - 1) + 1 };
  }

  #string(start: number, end: number, quote: string, nested: readonly Expression[]): Argument {
    const close = this.#closingQuote(start, end, quote);
    if (close === undefined) return this.#openString(start, end, quote);
    if (close + 1 < end) return { kind: "dynamic", start, end, nested };
    const only = nested[0];
    if (nested.length === 1 && only?.start === start + 1 && only.end === close) return { kind: "nested", start: start + 1, end: close, expression: only };
    if (nested.length > 0) return { kind: "interpolated", start: start + 1, end: close, nested };
    return { kind: "literal", start: start + 1, end: close };
  }

  #openString(start: number, end: number, quote: string): Argument {
    const text = this.#text.slice(start, end);
    const other = /^(["'])([^"'\\<>()]{0,200})["']\)?$/.exec(text)?.[2];
    if (other !== undefined) {
      const wrong = start + 1 + other.length;
      this.#report("unterminated", this.#span(start, wrong + 1), `The string begins with ${quote} and ends with another quote. Write ${quote} at both ends`, [
        replaceFix(`Write ${quote}`, this.#span(wrong, wrong + 1), this.#written(quote)),
      ]);
      return { kind: "broken", start: start + 1, end: wrong };
    }
    const bracket = text.endsWith(")");
    const missing = `${this.#written(quote)}${bracket ? "" : ")"}${this.#expression.closed ? "" : ">"}`;
    const at = bracket ? end - 1 : end;
    this.#report("unterminated", this.#span(start, end), `The string has no closing ${quote}. Add it behind the identifier`, [
      { title: `Add ${quote}`, edits: bracket && !this.#expression.closed ? [{ span: this.#span(at, at), newText: this.#written(quote) }, { span: this.#span(end, end), newText: ">" }] : [{ span: this.#span(at, at), newText: missing }], preferred: true },
    ]);
    return { kind: "broken", start: start + 1, end: at };
  }

  /** A string whose quotes, or one of them, are typographic or stand behind a backslash. */
  #quoteSlip(start: number, end: number): Argument | undefined {
    const found = /^(\\{1,9}["']|["']|[^\\])([^]{0,1000}?)(\\{1,9}["']|["']|[^"'\\)])\)?$/.exec(this.#text.slice(start, end));
    const [, open = "", inner = "", close = ""] = found ?? [];
    const isStraight = open === '"' || open === "'";
    const isTypographic = isTypographicQuote(open) || (isStraight && isTypographicQuote(close));
    const isEscaped = open.startsWith("\\") || (isStraight && close.startsWith("\\"));
    const isWhole = ![...inner].some((character) => character === '"' || character === "'" || isTypographicQuote(character));
    if ((!isTypographic && !isEscaped) || (isStraight && !isWhole)) return undefined;
    const innerStart = start + open.length;
    const innerEnd = innerStart + inner.length;
    const hasClose = isTypographicQuote(close) || close.startsWith("\\") || close === '"' || close === "'";
    const textEnd = hasClose ? innerEnd : innerEnd + close.length;
    const span = isWhole ? this.#span(start, innerEnd + close.length) : this.#span(start, innerStart);
    const straight = this.#quoted("", this.#text.slice(innerStart, textEnd), "");
    const fix = (title: string): Finding["fixes"] => (isWhole ? [replaceFix(title, span, straight)] : []);
    if (isTypographic) this.#report("smart-quotes", span, "Typographic quotes are letters to Harness. Write straight quotes", fix("Write straight quotes"));
    else this.#report("escaped-quote-outside-dq", span, "Only a double-quoted YAML scalar removes the backslash; here Harness reads it. Write the quotes without it", fix("Remove the backslashes"));
    return { kind: "broken", start: innerStart, end: textEnd };
  }

  /** What follows the call: a method or an index acts on the placeholder that Harness puts in the value's place. */
  #suffix(callEnd: number): void {
    const suffix = methodSuffix(this.#text, callEnd, this.#bodyEnd) ?? comparisonAt(this.#text, { start: this.#word.start, end: callEnd }, { start: this.#expression.start + 2, end: this.#bodyEnd });
    if (suffix !== undefined) this.#findings.push(methodOnSecret(this.#span(suffix.start, suffix.end)));
  }

  #closingBracket(open: number): number | undefined {
    const close = this.#expression.partners.get(open);
    return close === undefined || close >= this.#bodyEnd ? undefined : close;
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
  const child = expression.children[firstFrom(expression.children, at)];
  return child?.start === at ? child : undefined;
}

/** Those of `items`, which are in order, that start in `start..end`; at most 200, for what follows is one argument. */
function within<T extends { readonly start: number }>(items: readonly T[], start: number, end: number): readonly T[] {
  const from = firstFrom(items, start);
  const candidates = items.slice(from, from + 200);
  const behind = candidates.findIndex((item) => item.start >= end);
  return behind < 0 ? candidates : candidates.slice(0, behind);
}

/** The index of the first of `items`, which are in order, that starts at `start` or behind it. */
function firstFrom(items: readonly { readonly start: number }[], start: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.start ?? start) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function methodOnSecret(span: Span): Finding {
  return newFinding("method-on-secret", span, "This acts on the placeholder that stands for the value until the step runs. Take a JSON key by name#key, or do it in the script");
}

/** Longer arguments of a harmless method are not read to their end, nor what follows them. */
const maxArgument = 1000;

/** The first method or index behind `from` that does not just pass on what it acts on. */
export function methodSuffix(text: string, from: number, end: number): { readonly start: number; readonly end: number } | undefined {
  for (let at = skipBlanks(text, from); at < end; ) {
    if (text.charAt(at) === "[") {
      const close = text.indexOf("]", at);
      return { start: at, end: close < 0 || close >= end ? end : close + 1 };
    }
    const method = /^\.\s{0,20}([A-Za-z_$][\w$]{0,100})/.exec(text.slice(at, at + 130));
    if (method?.[1] === undefined) return undefined;
    const nameEnd = at + method[0].length;
    if (!harmlessMethods.has(method[1])) return { start: at, end: nameEnd };
    const opening = skipBlanks(text, nameEnd);
    at = skipBlanks(text, behindBrackets(text, opening, Math.min(end, opening + maxArgument)));
  }
  return undefined;
}

/** The operator that compares what stands at `of` with something beside it, within `body`: what is compared is the placeholder. */
export function comparisonAt(text: string, of: Range, body: Range): Range | undefined {
  const behind = skipBlanks(text, of.end);
  const after = behind < body.end ? /^(?:==|!=|=~|!~)/.exec(text.slice(behind, behind + 2))?.[0] : undefined;
  if (after !== undefined) return { start: behind, end: behind + after.length };
  const before = /(?:==|!=|=~|!~)\s{0,20}$/.exec(text.slice(Math.max(body.start, of.start - 22), of.start));
  if (before === null) return undefined;
  const start = of.start - before[0].length;
  return { start, end: start + 2 };
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The index behind the brackets that open at `at`; `end` where they do not close, `at` where none opens. */
function behindBrackets(text: string, at: number, end: number): number {
  let depth = 0;
  let quote = "";
  for (let position = at; position < end; position++) {
    const character = text.charAt(position);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    if (depth === 0) return character === ")" ? position + 1 : position;
  }
  return end;
}

/** A property as it is written where a method should be: `name`, `db-password` or `account.name`. */
function propertyAt(text: string, at: number): string {
  return /^(?:(?:account|org)\.)?[A-Za-z_$][\w$-]{0,200}(?<!-)/.exec(text.slice(at, at + 200))?.[0] ?? "";
}

/** A quoted name in the wrong brackets or in none: `["name"]`, `{"name"}`, `"name")`. */
function looseArgument(text: string, at: number, end: number): { readonly text: string; readonly end: number } | undefined {
  const found = /^[[{]?\s{0,20}(["'])([^"'<>]{1,200})\1\s{0,20}[\]})]?/.exec(text.slice(at, Math.min(end, at + 300)));
  return found?.[2] === undefined ? undefined : { text: found[2], end: at + found[0].length };
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
