import type { CheckSettings, RuleId, Severity } from "../core/index.ts";
import { defaultSettings, isRuleId, severities } from "../core/index.ts";

/** Reads the section `keyline` of the client's settings. What is not understood keeps its default. */
export function checkSettings(section: unknown): CheckSettings {
  if (typeof section !== "object" || section === null) return defaultSettings;
  const { rules, expiringDays } = section as { readonly rules?: unknown; readonly expiringDays?: unknown };
  return {
    expiringDays: typeof expiringDays === "number" && expiringDays >= 0 ? expiringDays : defaultSettings.expiringDays,
    rules: ruleSeverities(rules),
  };
}

function ruleSeverities(rules: unknown): Readonly<Partial<Record<RuleId, Severity>>> {
  if (typeof rules !== "object" || rules === null) return {};
  const chosen: Partial<Record<RuleId, Severity>> = {};
  for (const [id, severity] of Object.entries(rules)) {
    if (isRuleId(id) && isSeverity(severity)) chosen[id] = severity;
  }
  return chosen;
}

function isSeverity(value: unknown): value is Severity {
  return severities.some((severity) => severity === value);
}
