import type { Finding } from "../core/index.ts";
import { isMendedInFiles, reasonWords } from "../core/index.ts";
import { shownText } from "../core/model/shownText.ts";
import type { CheckResult, CheckSummary, CheckedFile } from "./checkResult.ts";
import { sourceExcerpt } from "./sourceExcerpt.ts";

const escape = "\u001b[";
const colourCodes = { error: "31", warning: "33", info: "34", hint: "2", carets: "32" } as const;
const longText = 4000;
const maxNamedFiles = 3;

/** `file:line:col: severity[rule] message` as compilers write, one-based, with the source line and carets under it. */
export function reportText(result: CheckResult, colours: boolean): string {
  const blocks = result.files.flatMap((file) => file.findings.map((finding) => findingText(file, finding, colours)));
  return `${[...blocks, ...summaryLines(result.summary)].join("\n")}\n`;
}

function findingText(file: CheckedFile, finding: Finding, colours: boolean): string {
  const range = file.lines.range(finding.span);
  const place = `${shownText(file.name, longText)}:${range.start.line + 1}:${range.start.character + 1}`;
  const { source, carets } = sourceExcerpt(file.lines, range);
  const severity = paint(`${finding.severity}[${finding.rule}]`, colourCodes[finding.severity], colours);
  return `${place}: ${severity} ${shownText(finding.message, longText)}\n${source}\n${paint(carets, colourCodes.carets, colours)}`;
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
    const { what, remedy } = reasonWords(reason);
    const where = isMendedInFiles(reason) ? ` ${count === 1 ? "It is" : "They are"} in ${namedFiles(files)}.` : "";
    return `${counted(count, word) ?? ""} not verified: ${what}. ${remedy}.${where}`;
  });
}

function namedFiles(files: readonly string[]): string {
  const named = files.slice(0, maxNamedFiles).map((file) => shownText(file, longText));
  const more = files.length - named.length;
  const last = more > 0 ? `${more} more ${more === 1 ? "file" : "files"}` : (named.pop() ?? "");
  return named.length === 0 ? last : `${named.join(", ")} and ${last}`;
}

function counted(count: number, word: string): string | undefined {
  return count === 0 ? undefined : `${count} ${word}${count === 1 ? "" : "s"}`;
}

function paint(text: string, code: string, colours: boolean): string {
  return colours ? `${escape}${code}m${text}${escape}0m` : text;
}
