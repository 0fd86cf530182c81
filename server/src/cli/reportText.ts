import type { Finding } from "../core/index.ts";
import { reasonWords } from "../core/index.ts";
import { formatAnd } from "../core/model/formatList.ts";
import type { CheckResult, CheckSummary, CheckedFile } from "./checkResult.ts";
import { shownInFull } from "./shownInFull.ts";
import { sourceExcerpt } from "./sourceExcerpt.ts";

const escape = "\u001b[";
const colourCodes = { error: "31", warning: "33", info: "34", hint: "2", carets: "32" } as const;
const maxNamedFiles = 3;

/** `file:line:col: severity[rule] message` as compilers write, one-based, with the source line and carets under it. */
export function reportText(result: CheckResult, colours: boolean): string {
  const blocks = result.files.flatMap((file) => file.findings.map((finding) => findingText(file, finding, colours)));
  return `${[...blocks, ...summaryLines(result.summary)].join("\n")}\n`;
}

function findingText(file: CheckedFile, finding: Finding, colours: boolean): string {
  const range = file.lines.range(finding.span);
  const place = `${shownInFull(file.name)}:${range.start.line + 1}:${range.start.character + 1}`;
  const { source, carets } = sourceExcerpt(file.lines, range);
  const severity = paint(`${finding.severity}[${finding.rule}]`, colourCodes[finding.severity], colours);
  return `${place}: ${severity} ${shownInFull(finding.message)}\n${source}\n${paint(carets, colourCodes.carets, colours)}`;
}

function summaryLines(summary: CheckSummary): readonly string[] {
  const counts = [
    counted(summary.errors, "error"),
    counted(summary.warnings, "warning"),
    counted(summary.infos, "info"),
    counted(summary.hints, "hint"),
  ].filter((words) => words !== undefined);
  const found = counts.length === 0 ? "No findings" : counts.join(", ");
  const total = `${found} in ${summary.references} ${summary.references === 1 ? "reference" : "references"}, ${summary.files} ${summary.files === 1 ? "file" : "files"}.`;
  return [...notVerifiedLines(summary.notVerified, "reference"), ...notVerifiedLines(summary.secretsNotVerified, "secret"), total];
}

function notVerifiedLines(counts: CheckSummary["notVerified"], word: string): readonly string[] {
  return [...counts].map(([reason, { count, files }]) => {
    const { what, remedy, isRemediedInFiles } = reasonWords(reason);
    const where = isRemediedInFiles === true ? ` ${count === 1 ? "It is" : "They are"} in ${namedFiles(files)}.` : "";
    return `${counted(count, word) ?? ""} not verified: ${what}. ${remedy}.${where}`;
  });
}

function namedFiles(files: readonly string[]): string {
  const named = files.slice(0, maxNamedFiles).map(shownInFull);
  const more = files.length - named.length;
  return formatAnd(more === 0 ? named : [...named, `${more} more ${more === 1 ? "file" : "files"}`]);
}

function counted(count: number, word: string): string | undefined {
  return count === 0 ? undefined : `${count} ${word}${count === 1 ? "" : "s"}`;
}

function paint(text: string, code: string, colours: boolean): string {
  return colours ? `${escape}${code}m${text}${escape}0m` : text;
}
