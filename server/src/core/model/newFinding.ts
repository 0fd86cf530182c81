import type { RuleId, Severity } from "../rules.ts";
import { rules } from "../rules.ts";
import type { Finding, Fix } from "./finding.ts";
import { shownText } from "./shownText.ts";
import type { Span } from "./span.ts";

/** A finding with the rule's own severity unless another is given. */
export function newFinding(
  rule: RuleId,
  span: Span,
  message: string,
  options: { readonly fixes?: readonly Fix[]; readonly severity?: Exclude<Severity, "off"> } = {},
): Finding {
  const own: Severity = rules[rule].severity;
  const severity = options.severity ?? (own === "off" ? "info" : own);
  return { rule, severity, span, message, verified: rule !== "not-verified", fixes: options.fixes ?? [] };
}

/** The longest title of a fix, in characters: a menu's line. */
const maxTitle = 130;

/** A fix that replaces one span. Its title may hold foreign text. */
export function replaceFix(title: string, span: Span, newText: string, preferred = true): Fix {
  return { title: shownText(title, maxTitle), edits: [{ span, newText }], preferred };
}
