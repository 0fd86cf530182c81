/** Secret variables that an expression compares by their names: what is compared is the placeholder, as for the secret itself. */
import type { Expression } from "./expressionScan.ts";
import type { Range } from "./secretCall.ts";
import { comparisonAt, skipBlanks } from "./secretCall.ts";

const variable = /^(?:pipeline\.variables|stage\.variables|serviceVariables|env\.variables)\.[A-Za-z_][\w$]{0,127}/;
/** A longer expression is no variable alone. */
const maxName = 300;

/** Whether a text may compare a variable at all: most do not, and are not looked at any further. */
export function mayCompareVariables(text: string): boolean {
  return text.includes("ariables.") && /[=!][=~]|!~/.test(text);
}

/** The operators that compare a Secret variable. `around` is the text that is evaluated together with the outermost expression, if there is any. */
export function comparedVariables(text: string, outermost: Expression, around: Range | undefined, isSecret: (name: string) => boolean): readonly Range[] {
  const found: Range[] = [];
  const add = (operand: Range, body: Range): void => {
    const operator = comparisonAt(text, operand, body);
    if (operator !== undefined && !isWithNothing(text, operator, operator.start >= operand.end)) found.push(operator);
  };
  const read = (expression: Expression, outer: Range | undefined): void => {
    const body = { start: expression.start + 2, end: expression.closed ? expression.end - 1 : expression.end };
    const whole = body.end - body.start <= maxName ? text.slice(body.start, body.end).trim() : "";
    if (variable.exec(whole)?.[0] === whole && whole !== "") {
      if (outer !== undefined && expression.closed && isSecret(whole)) add(withQuotes(text, expression), outer);
      return;
    }
    for (const word of expression.words) {
      if (word.member) continue;
      const name = variable.exec(text.slice(word.start, word.start + maxName))?.[0];
      if (name === undefined) continue;
      const end = word.start + name.length;
      if (!/[.[(]/.test(text.charAt(skipBlanks(text, end))) && isSecret(name)) add({ start: word.start, end }, body);
    }
    for (const child of expression.children) read(child, body);
  };
  read(outermost, around);
  return found;
}

/** An expression together with quotes of its own, in which Harness's documentation compares variables. */
export function withQuotes(text: string, { start, end }: Range): Range {
  const quote = text.charAt(start - 1);
  return (quote === '"' || quote === "'") && text.charAt(end) === quote ? { start: start - 1, end: end + 1 } : { start, end };
}

/** Whether a variable was given at all can be told without its value. */
function isWithNothing(text: string, operator: Range, isBehind: boolean): boolean {
  if (isBehind) return /^\s{0,20}(?:null(?!\w)|"(?:null)?"|'(?:null)?')/.test(text.slice(operator.end, operator.end + 40));
  return /(?:(?<!\w)null|"(?:null)?"|'(?:null)?')\s{0,20}$/.test(text.slice(Math.max(0, operator.start - 40), operator.start));
}
