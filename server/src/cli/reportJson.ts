import type { CheckResult } from "./checkResult.ts";

/** Schema keyline/check/1: positions zero-based in UTF-16 code units, paths relative to the working directory with `/`. */
export function reportJson(result: CheckResult): string {
  const { files, summary } = result;
  const findings = files.flatMap((file) =>
    file.findings.map((finding) => ({
      file: file.name,
      range: file.lines.range(finding.span),
      rule: finding.rule,
      severity: finding.severity,
      message: finding.message,
      verified: finding.verified,
    })),
  );
  const { secretsNotVerified: _secrets, ...counts } = summary;
  const count = [...summary.notVerified.values()].reduce((sum, each) => sum + each.count, 0);
  const notVerified = { count, reasons: Object.fromEntries([...summary.notVerified].map(([reason, each]) => [reason, each.count])) };
  return `${JSON.stringify({ schema: "keyline/check/1", findings, summary: { ...counts, notVerified } }, undefined, 2)}\n`;
}
