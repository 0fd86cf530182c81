import type { Snapshot } from "../model/snapshot.ts";
import type { RuleId, Severity } from "../rules.ts";
import { rules } from "../rules.ts";

/** The severity that settings, keyline.jsonc or else the rule itself give. */
export function severityOf(snapshot: Snapshot, rule: RuleId): Severity {
  return snapshot.settings.rules[rule] ?? snapshot.workspace.config.rules[rule] ?? rules[rule].severity;
}
