/** Reads what one scalar, or one comment outside Harness's own files, holds: its expressions, dialects and broken quotes. */
import { append } from "../model/append.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { Reference } from "../model/reference.ts";
import type { Span } from "../model/span.ts";
import { readDialects } from "./dialects.ts";
import type { ExpressionContext } from "./expressionReferences.ts";
import { readExpressions } from "./expressionReferences.ts";
import type { FieldRoles } from "./fieldRoles.ts";
import type { ScalarText } from "./scalarText.ts";
import { rawText, scalarText } from "./scalarText.ts";
import { scriptComments } from "./scriptComment.ts";
import type { Script } from "./shellVariable.ts";
import { scriptOf } from "./shellVariable.ts";
import type { VariableLookup } from "./variables.ts";
import type { Scalar } from "./yamlNode.ts";

/** The YAML document around a text, as far as reading the text depends on it. */
export interface TextPlace {
  /** Index into the file's YAML documents. */
  readonly document: number;
  readonly isHarness: boolean;
  readonly isV1: boolean;
  readonly isOpenSource: boolean;
  /** Harness renders the whole file, YAML comments too. */
  readonly isRendered: boolean;
  readonly variables: VariableLookup;
  readonly roles: FieldRoles;
}

export interface TextReading {
  readonly references: Reference[];
  readonly findings: Finding[];
}

export function readScalar(text: string, scalar: Scalar, place: TextPlace): TextReading {
  const source = scalarText(text, scalar);
  const isComment = scalar.style === "block" ? scriptComments(source.text) : (): boolean => false;
  const { roles } = place;
  let script: Script | undefined;
  const reading = readText(source, isComment, place, {
    script: () => (roles.isScript(scalar) ? (script ??= scriptOf(source.text, () => roles.isTemplate())) : undefined),
    isCondition: () => roles.isCondition(scalar),
  });
  return scalar.broken === true ? withBrokenQuotes(text.slice(scalar.start, scalar.end), scalar, reading) : reading;
}

export function readComment(text: string, comment: Span, place: TextPlace): TextReading {
  const source = rawText(text, comment.start, comment.end);
  if (!place.isRendered) return readText(source, () => true, place);
  const reading = readText(source, () => false, place);
  for (const span of outermostExpressions(source)) reading.findings.push(commentFinding(span, "warning"));
  return reading;
}

/** Every closed `<+…>` of a comment, with a secret or without. */
function outermostExpressions(source: ScalarText): readonly Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < source.text.length; index++) {
    if (source.text.startsWith("<+", index)) {
      if (depth === 0) start = index;
      depth++;
    } else if (source.text[index] === ">" && depth > 0) {
      depth--;
      if (depth === 0) spans.push({ start: source.offset(start), end: source.offset(index + 1) });
    }
  }
  return spans;
}

/** A comment has no role. */
const noRole = { script: () => undefined, isCondition: () => false };

function readText(source: ScalarText, isComment: (index: number) => boolean, place: TextPlace, role: Pick<ExpressionContext, "script" | "isCondition"> = noRole): TextReading {
  const start = source.offset(0);
  const { references, findings, secretSpans } = readExpressions(source, {
    document: place.document,
    variable: (name) => place.variables.value(name, start),
    isSecretVariable: (name) => place.variables.isSecret(name, start),
    ...role,
  });
  for (const span of secretSpans) {
    const index = span.start - start;
    if (source.text.startsWith("<+", index) && isComment(index)) findings.push(commentFinding(span, "info"));
  }
  append(findings, readDialects(source, { isHarness: place.isHarness, isV1: place.isV1, isOpenSource: place.isOpenSource, secretSpans }));
  return { references, findings };
}

/** Inner quotes have ended a quoted scalar. Reported once, in place of what follows from it. */
function withBrokenQuotes(content: string, scalar: Scalar, { references, findings }: TextReading): TextReading {
  if (!/<\+[^\n]{0,1000}secrets?\s{0,20}\./i.test(content.slice(0, 4000))) return { references, findings };
  const kept = findings.filter((finding) => finding.rule !== "unterminated" && finding.rule !== "escaped-quote-outside-dq");
  return { references, findings: [...kept, brokenQuotes(content, scalar)] };
}

function brokenQuotes(content: string, scalar: Scalar): Finding {
  const quote = scalar.style === "double" ? '"' : "'";
  const first = content.indexOf(quote);
  const last = content.lastIndexOf(quote);
  const span: Span = { start: scalar.start + first, end: scalar.start + Math.max(last, first) + 1 };
  const inner = { start: scalar.start, end: scalar.end };
  const outer = { start: scalar.start - 1, end: scalar.end + 1 };
  if (scalar.style === "double") {
    const fix = content.includes("'") || content.includes("\\")
      ? replaceFix("Escape the inner quotes", inner, content.replace(/\\?"/g, '\\"'))
      : replaceFix("Put the value in single quotes", outer, `'${content}'`);
    return newFinding("yaml-quoting", span, "The inner double quote ends the YAML value. Put the value in single quotes, or write \\\" inside", { fixes: [fix] });
  }
  const fix = content.includes('"') || content.includes("\\")
    ? replaceFix("Double the inner quotes", inner, content.replace(/''?/g, "''"))
    : replaceFix("Put the value in double quotes", outer, `"${content}"`);
  return newFinding("yaml-quoting", span, "The inner single quote ends the YAML value. Put the value in double quotes, or write '' inside", { fixes: [fix] });
}

function commentFinding(span: Span, severity: "info" | "warning"): Finding {
  return newFinding("expression-in-comment", span, "Harness evaluates expressions in comments too. Remove it if it is not needed", { severity });
}
