/** Variables of the shell in the argument of a secret, where Harness fills in nothing. */
import type { Finding } from "../model/finding.ts";
import { newFinding } from "../model/newFinding.ts";
import type { Part } from "../model/reference.ts";
import { shownText } from "../model/shownText.ts";
import { assignedNames } from "./assignedNames.ts";
import type { Expression } from "./expressionScan.ts";
import type { CallReading, Range } from "./secretCall.ts";

/** A script, as far as the argument of a secret in it depends on that. */
export interface Script {
  /** True where what looks like a variable of the shell may be a template's: nothing is told then. */
  readonly isTemplate: boolean;
  /** Whether the script gives the variable a value. */
  assigns(name: string): boolean;
}

export interface ShellVariable extends Range {
  /** True where the argument can name nothing because of it, whatever the script does. */
  readonly isCertain: boolean;
  /** True in a template, which may fill it in before Harness reads it. */
  readonly isOpen: boolean;
}

export function scriptOf(text: string, isTemplate: () => boolean): Script {
  let names: ((name: string) => boolean) | undefined;
  return {
    get isTemplate() {
      return isTemplate();
    },
    assigns: (name) => (names ??= assignedNames(text))(name),
  };
}

const name = "[A-Za-z_]\\w{0,127}";
/** `${NAME}` with whatever a shell allows behind the name. A dot or a bracket right behind it, and blanks around it, are a template's. */
const braced = `\\$\\{[!#]?(?:env:)?(?:${name}|\\d{1,5})(?:[-:=+?#%/^,@[][^{}]{0,200})?\\}`;
/** What no identifier and no path holds: also `$env:NAME` and the like of PowerShell, `%NAME%` of cmd, and a command. */
const certain = new RegExp(`${braced}|\\$(?:env|script|global|local|private|using):${name}|%${name}%|\\$\\([^()]{0,200}\\)`, "i");
const everyBraced = new RegExp(braced, "g");
const leading = new RegExp(`^\\$(?:${name}|\\d)`);
const simple = new RegExp(`\\$(${name})`);
const everySimple = new RegExp(simple, "g");
const scopePrefix = /^(?:account|org|project)\./i;

/** The variable of the shell in the argument of a call, or in place of one without quotes, as indexes into `text`. */
export function shellVariableIn(text: string, { call, findings }: CallReading, scriptAround: () => Script | undefined): ShellVariable | undefined {
  if (call === undefined || call.argument.kind === "nested") return undefined;
  const { argument } = call;
  const isUnquoted = argument.kind === "broken" && findings.some(({ rule }) => rule === "missing-quotes");
  if (argument.kind === "broken" && !isUnquoted) return undefined;
  const written = text.slice(argument.start, argument.end);
  const script = /[$%]/.test(written) ? scriptAround() : undefined;
  if (script === undefined) return undefined;
  const content = "nested" in argument ? withoutNested(written, argument) : written;
  // What a template leaves open is not verified, and a variable without quotes is no text.
  if (content.includes("{{") || content.includes("%{") || content.replace(everyBraced, "").includes("${")) return undefined;
  const isOpen = script.isTemplate;
  const sure = certainVariable(content, argument.kind !== "dynamic");
  const found = sure ?? (isOpen || argument.kind === "dynamic" ? undefined : assignedVariable(content, script));
  if (found === undefined || (isUnquoted && (sure === undefined || isOpen))) return undefined;
  return { start: argument.start + found.start, end: argument.start + found.end, isCertain: sure !== undefined, isOpen };
}

/** Hyphens in place of nested expressions, which are no part of any variable. */
function withoutNested(argument: string, { start, nested }: { readonly start: number; readonly nested: readonly Expression[] }): string {
  let masked = "";
  for (const expression of nested) masked += argument.slice(masked.length, expression.start - start) + "-".repeat(expression.end - expression.start);
  return masked + argument.slice(masked.length);
}

/** The first variable because of which the argument can name nothing. `isText` is false where the argument is an expression and no text. */
function certainVariable(argument: string, isText: boolean): Range | undefined {
  const found = certain.exec(argument);
  const first = isText ? firstInName(argument) : undefined;
  if (found === null || (first !== undefined && first.start < found.index)) return first;
  return { start: found.index, end: found.index + found[0].length };
}

/** A variable in a text that may be legal as it stands, if the script assigns it. */
function assignedVariable(argument: string, script: Script): Range | undefined {
  for (const { 0: whole, 1: variable = "", index } of argument.matchAll(everySimple)) {
    if (script.assigns(variable)) return { start: index, end: index + whole.length };
  }
  return undefined;
}

/** A variable where a `$` cannot stand: at the beginning of an identifier, and anywhere in the name of a Key Vault secret. */
function firstInName(argument: string): Range | undefined {
  const from = scopePrefix.exec(argument)?.[0].length ?? 0;
  const scheme = /^[A-Za-z]{1,30}:\/\//.exec(argument.slice(from, from + 40))?.[0] ?? "";
  const start = from + scheme.length;
  const atStart = leading.exec(argument.slice(start, start + 200));
  if (atStart !== null) return { start, end: start + atStart[0].length };
  const slash = scheme === "azurevault://" ? argument.indexOf("/", start) : -1;
  if (slash < 0) return undefined;
  const key = argument.indexOf("#", slash);
  const inName = simple.exec(argument.slice(slash, key < 0 ? argument.length : key));
  return inName === null ? undefined : { start: slash + inName.index, end: slash + inName.index + inName[0].length };
}

export function shellVariableFinding({ text, span }: Part): Finding {
  return newFinding("shell-variable-in-reference", span, `Harness resolves the expression before the shell starts, so ${shownText(text)} is not filled in. Write the identifier, or a variable of Harness such as <+pipeline.variables.x>`);
}
