/** The secret references and faults in the expressions of one scalar or comment. */
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { Part, Reference } from "../model/reference.ts";
import type { Span } from "../model/span.ts";
import { comparedVariables, mayCompareVariables, withQuotes } from "./comparedVariables.ts";
import type { Expression, Word } from "./expressionScan.ts";
import { calleeBefore, isBlank, scanExpressions } from "./expressionScan.ts";
import { disabledParts, missingPlus } from "./dialects.ts";
import { isPlaceholder } from "./recognise.ts";
import { readReference } from "./referenceText.ts";
import type { ScalarText } from "./scalarText.ts";
import type { SecretCall } from "./secretCall.ts";
import { comparisonAt, functorKind, holdsSecretCall, methodOnSecret, methodSuffix, readCall } from "./secretCall.ts";
import type { Script, ShellVariable } from "./shellVariable.ts";
import { shellVariableFinding, shellVariableIn } from "./shellVariable.ts";

export interface ExpressionContext {
  /** Index into the file's YAML documents. */
  readonly document: number;
  /** The literal value of a variable that an expression such as `pipeline.variables.x` names, if the file gives one. */
  variable(expression: string): string | undefined;
  /** True for a variable that the file gives the type Secret. */
  isSecretVariable(expression: string): boolean;
  /** The script that the text is; undefined for any other text. */
  script(): Script | undefined;
  /** True where the whole text is evaluated as one expression. */
  isCondition(): boolean;
}

export interface ExpressionResult {
  readonly references: Reference[];
  readonly findings: Finding[];
  /** The outermost expressions that hold a secret, as spans of the file. */
  readonly secretSpans: Span[];
}

/** Findings behind which an expression has no end that could be told apart from them. */
const endsReading: ReadonlySet<Finding["rule"]> = new Set<Finding["rule"]>(["unterminated", "yaml-quoting", "smart-quotes", "escaped-quote-outside-dq"]);

/** A malformed argument longer than this names nothing: it is the rest of a text. */
const maxGuess = 1000;

/** Functors whose methods read their argument's text, which for a secret is a placeholder. */
const readingFunctors = /^(?:json|xml|regex|datetime)\./;

export function readExpressions(source: ScalarText, context: ExpressionContext): ExpressionResult {
  const result: ExpressionResult = { references: [], findings: [], secretSpans: [] };
  const disabled = disabledParts(source.text);
  const around = { start: 0, end: source.text.length };
  const comparesVariables = mayCompareVariables(source.text);
  let passed = 0;
  for (const expression of scanExpressions(source.text)) {
    while ((disabled[passed]?.end ?? Infinity) <= expression.start) passed++;
    const part = disabled[passed];
    if (part !== undefined && part.start < expression.start && expression.end <= part.end) continue;
    if (comparesVariables) {
      for (const { start, end } of comparedVariables(source.text, expression, context.isCondition() ? around : undefined, (name) => context.isSecretVariable(name))) {
        result.findings.push(methodOnSecret({ start: source.offset(start), end: source.offset(end) }));
      }
    }
    if (!holdsSecretCall(expression, source.text)) continue;
    result.secretSpans.push({ start: source.offset(expression.start), end: source.offset(expression.end) });
    new Reader(source, context, result).readOutermost(expression);
  }
  return result;
}

class Reader {
  readonly #source: ScalarText;
  readonly #context: ExpressionContext;
  readonly #result: ExpressionResult;

  constructor(source: ScalarText, context: ExpressionContext, result: ExpressionResult) {
    this.#source = source;
    this.#context = context;
    this.#result = result;
  }

  readOutermost(expression: Expression): void {
    const { text } = this.#source;
    if (text.charAt(expression.start - 1) === "$" && !/[\\$]/.test(text.charAt(expression.start - 2)) && this.#isCallAlone(expression)) {
      const dollar = this.#span(expression.start - 1, expression.start);
      this.#result.findings.push(
        newFinding("dollar-prefix", dollar, "The $ stays in the text, before the value. Remove it", { fixes: [replaceFix("Remove the $", dollar, "")] }),
      );
    }
    const from = this.#result.findings.length;
    this.#read(expression, false);
    this.#unterminated(expression, from);
  }

  #isCallAlone(expression: Expression): boolean {
    const first = expression.words[0];
    return first !== undefined && functorKind(first, this.#source.text) !== "none";
  }

  /** `insideCall`: the expression is (a part of) the argument of another secret, which has been reported. */
  #read(expression: Expression, insideCall: boolean): void {
    const { text } = this.#source;
    const before = this.#result.findings.length;
    const calls: SecretCall[] = [];
    let argumentEnd = 0;
    for (const word of expression.words) {
      if (functorKind(word, text) === "none") continue;
      this.#missingPlus(expression, word);
      const reading = readCall(this.#source, expression, word);
      const shell = shellVariableIn(text, reading, () => this.#context.script());
      this.#result.findings.push(...(shell?.isCertain === true ? reading.findings.filter((finding) => finding.rule !== "missing-quotes") : reading.findings));
      this.#readBy(word);
      if (reading.call !== undefined) {
        const inner = insideCall || word.end <= argumentEnd;
        calls.push(reading.call);
        argumentEnd = Math.max(argumentEnd, reading.call.argument.end);
        this.#reference(expression, reading.call, { insideCall: inner, shell });
      }
    }
    const own = expression.words.some((word) => functorKind(word, text) !== "none");
    if (own) {
      if (!insideCall) this.#around(expression);
      const faults = this.#result.findings.slice(before);
      this.#brackets(expression, faults);
    }
    this.#greater(expression, calls);
    let next = 0;
    let reach = 0;
    for (const child of expression.children) {
      for (let call = calls[next]; call !== undefined && call.argument.start <= child.start; call = calls[++next]) reach = Math.max(reach, call.argument.end);
      if (holdsSecretCall(child, text)) this.#read(child, insideCall || child.end <= reach);
    }
  }

  /** `<secrets` inside an expression. */
  #missingPlus(expression: Expression, word: Word): void {
    let at = word.start - 1;
    while (at > expression.start + 1 && isBlank(this.#source.text.charAt(at))) at--;
    if (at > expression.start + 1 && this.#source.text.charAt(at) === "<") this.#result.findings.push(missingPlus(this.#span(at, at + 1)));
  }

  /** A secret without an expression of its own as argument of a functor that reads it. */
  #readBy(word: Word): void {
    const callee = word.bracket === undefined ? undefined : calleeBefore(this.#source.text, word.bracket);
    if (callee !== undefined && readingFunctors.test(callee.text)) this.#result.findings.push(methodOnSecret(this.#span(callee.start, callee.end)));
  }

  /** Faults that lie in where the expression stands inside its parent. */
  #around(expression: Expression): void {
    const { parent, quote, callee } = expression;
    const { text } = this.#source;
    if (parent === undefined) {
      const operator = expression.closed && this.#context.isCondition() ? comparisonAt(text, withQuotes(text, expression), { start: 0, end: text.length }) : undefined;
      if (operator !== undefined) this.#result.findings.push(methodOnSecret(this.#span(operator.start, operator.end)));
      return;
    }
    if (quote?.character === '"') {
      const end = quote.end ?? expression.end;
      const fixes = quote.end === undefined || quote.start + 1 !== expression.start || quote.end - 1 !== expression.end
        ? []
        : [
            {
              title: "Remove the quotes",
              edits: [
                { span: this.#span(quote.start, quote.start + 1), newText: "" },
                { span: this.#span(quote.end - 1, quote.end), newText: "" },
              ],
              preferred: true,
            },
          ];
      this.#result.findings.push(
        newFinding("quoted-secret-in-expression", this.#span(quote.start, end), "In double quotes inside another expression a secret does not resolve. Write it without the quotes", { fixes }),
      );
      return;
    }
    if (callee !== undefined && readingFunctors.test(callee.text)) {
      this.#result.findings.push(methodOnSecret(this.#span(callee.start, callee.end)));
      return;
    }
    const suffix = methodSuffix(text, expression.end, parent.end) ?? comparisonAt(text, expression, { start: parent.start + 2, end: parent.end });
    if (suffix !== undefined && expression.closed) this.#result.findings.push(methodOnSecret(this.#span(suffix.start, suffix.end)));
  }

  /** A bracket without partner that no call has reported. */
  #brackets(expression: Expression, faults: readonly Finding[]): void {
    if (faults.some((finding) => ["unbalanced-paren", "unterminated", "escaped-quote-outside-dq", "smart-quotes", "unknown-method"].includes(finding.rule))) return;
    if (!expression.closed || expression.openString !== undefined) return;
    const index = expression.loneBrackets[0];
    if (index === undefined) return;
    const span = this.#span(index, index + 1);
    const closing = ")]}".includes(this.#source.text.charAt(index));
    this.#result.findings.push(
      newFinding("unbalanced-paren", span, "The bracket has no partner. Remove it, or add the other one", {
        fixes: closing ? [replaceFix("Remove the bracket", span, "")] : [],
      }),
    );
  }

  #greater(expression: Expression, calls: readonly SecretCall[]): void {
    const index = expression.greaterInString;
    if (index === undefined) return;
    const inCall = calls.some((call) => call.argument.start <= index && index <= call.argument.end);
    const span = this.#span(index, index + 1);
    const escaped = this.#source.style === "double" ? "\\\\>" : "\\>";
    this.#result.findings.push(
      newFinding("gt-in-string", span, "An unescaped > ends the expression even inside quotes. Write \\>", {
        severity: inCall ? "error" : "warning",
        fixes: [replaceFix("Write \\>", span, escaped)],
      }),
    );
  }

  /** One finding for the expression, however many of its parts are open. */
  #unterminated(expression: Expression, from: number): void {
    const open = deepestOpen(expression, this.#source.text);
    if (open === undefined) return;
    const end = this.#endOfCall(open);
    const span = this.#span(open.start, end);
    const known = this.#result.findings.slice(from).some((finding) => endsReading.has(finding.rule) && finding.span.start >= span.start && finding.span.end <= this.#source.offset(open.end));
    if (known) return;
    const string = open.openString;
    if (string !== undefined) {
      const bodyEnd = open.closed ? open.end - 1 : open.end;
      this.#result.findings.push(newFinding("unterminated", this.#span(string, bodyEnd), `The string has no closing ${this.#source.text.charAt(string)}. Add it behind the identifier`));
      return;
    }
    const missing = `${")".repeat(open.loneBrackets.filter((index) => this.#source.text.charAt(index) === "(" && index < end).length)}>`;
    this.#result.findings.push(
      newFinding("unterminated", span, "The expression has no closing >, so it stays as it is written. Add the > behind it", { fixes: [replaceFix(`Add "${missing}"`, this.#span(end, end), missing)] }),
    );
  }

  /** Where an open expression should have ended: behind its call, where nothing joins the call to the next expression. */
  #endOfCall(open: Expression): number {
    const { text } = this.#source;
    const first = open.words.find((word) => functorKind(word, text) !== "none");
    if (first === undefined) return open.end;
    for (const child of open.children) {
      const before = /\)\s{0,20}$/.exec(text.slice(Math.max(open.start, child.start - 30), child.start));
      if (before !== null && first.start < child.start) return child.start - before[0].length + 1;
    }
    return open.end;
  }

  #reference(expression: Expression, call: SecretCall, { insideCall, shell }: { readonly insideCall: boolean; readonly shell: ShellVariable | undefined }): void {
    const { argument } = call;
    const base = {
      form: "expression" as const,
      span: this.#span(expression.start, expression.end),
      argument: this.#part(argument.start, argument.end),
      document: this.#context.document,
    };
    const push = (reference: Reference): void => void this.#result.references.push(reference);
    if (shell?.isCertain === true) {
      if (!shell.isOpen) this.#result.findings.push(shellVariableFinding(this.#part(shell.start, shell.end)));
      push({ ...base, dynamic: shell.isOpen, broken: !shell.isOpen });
      return;
    }
    const variable = shell === undefined ? {} : { shellVariable: this.#part(shell.start, shell.end) };
    if (argument.kind === "broken") {
      push({ ...base, dynamic: false, broken: true, ...this.#guess(argument.start, argument.end) });
      return;
    }
    if (argument.kind === "dynamic") {
      push({ ...base, dynamic: true, broken: false });
      return;
    }
    if (argument.kind === "interpolated") {
      push({ ...base, dynamic: true, broken: false, ...this.#filledIn(argument), ...variable });
      return;
    }
    if (argument.kind === "nested") {
      push({ ...base, dynamic: true, broken: false, ...this.#substituted(argument.expression) });
      return;
    }
    const text = this.#source.text.slice(argument.start, argument.end);
    if (isPlaceholder(text)) {
      // A placeholder of Terraform or another template: what it becomes is not known here.
      push({ ...base, dynamic: true, broken: false });
      return;
    }
    const greater = expression.greaterInString;
    if (greater !== undefined && argument.start <= greater && greater < argument.end) {
      push({ ...base, dynamic: false, broken: true });
      return;
    }
    if (text.trim() === "") {
      const quoted = this.#span(argument.start - 1, argument.end + 1);
      this.#result.findings.push(newFinding("empty-identifier", quoted, "The reference names no secret. Write the identifier of a secret between the quotes"));
      push({ ...base, dynamic: false, broken: true });
      return;
    }
    const read = readReference(text, (index) => this.#source.offset(argument.start + index), false);
    // Where a variable is meant, the hyphen beside it matters least.
    this.#result.findings.push(...(shell === undefined ? read.findings : read.findings.filter((finding) => finding.rule !== "hyphen-identifier")));
    const { findings: _findings, broken, ...parts } = read;
    push({ ...base, ...parts, ...variable, dynamic: false, broken: broken || insideCall || isQuoted(expression) });
  }

  /** What a malformed argument probably names, so that it is listed with what it holds. */
  #guess(start: number, end: number): Partial<Reference> {
    const text = this.#source.text.slice(start, end);
    if (text === "" || text.length > maxGuess || text.includes("<+")) return {};
    const { scope, scopePrefix, identifier, uri, findings } = readReference(text, (index) => this.#source.offset(start + index), false);
    if (findings.some((finding) => finding.severity === "error")) return {};
    return {
      ...(scope === undefined ? {} : { scope }),
      ...(scopePrefix === undefined ? {} : { scopePrefix }),
      ...(identifier === undefined ? {} : { identifier }),
      ...(uri === undefined ? {} : { uri }),
    };
  }

  #substituted(expression: Expression): Pick<Reference, "substituted"> {
    const name = this.#nameIn(expression);
    const value = this.#context.variable(name);
    return value === undefined ? {} : { substituted: { variable: name, value } };
  }

  /** A string in which every expression is a variable whose value the file gives: the text that results. */
  #filledIn({ start, end, nested }: { readonly start: number; readonly end: number; readonly nested: readonly Expression[] }): Pick<Reference, "substituted"> {
    const { text } = this.#source;
    let value = "";
    let at = start;
    for (const expression of nested) {
      const part = this.#context.variable(this.#nameIn(expression));
      if (part === undefined || value.length > maxGuess) return {};
      value += text.slice(at, expression.start) + part;
      at = expression.end;
    }
    value += text.slice(at, end);
    return isPlaceholder(value) ? {} : { substituted: { variable: text.slice(start, end), value } };
  }

  #nameIn(expression: Expression): string {
    return this.#source.text.slice(expression.start + 2, expression.closed ? expression.end - 1 : expression.end).trim();
  }

  #part(start: number, end: number): Part {
    return { text: this.#source.text.slice(start, end), span: this.#span(start, end) };
  }

  #span(start: number, end: number): Span {
    return { start: this.#source.offset(start), end: this.#source.offset(end) };
  }
}

/** True where the expression around a right argument cannot work. */
function isQuoted(expression: Expression): boolean {
  return expression.parent !== undefined && expression.quote?.character === '"';
}

function deepestOpen(expression: Expression, text: string): Expression | undefined {
  for (const child of expression.children) {
    if (holdsSecretCall(child, text)) {
      const open = deepestOpen(child, text);
      if (open !== undefined) return open;
    }
  }
  return expression.closed && expression.openString === undefined ? undefined : expression;
}
