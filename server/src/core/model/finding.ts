import type { RuleId, Severity } from "../rules.ts";
import type { Span } from "./span.ts";

/** A change of text that mends a finding. All edits are in the finding's own document. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** True where there is one sensible mend. */
  readonly preferred?: boolean;
}

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** One thing found in a document. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Exclude<Severity, "off">;
  readonly span: Span;
  readonly message: string;
  /** True when it rests on the text or on a positive answer; false only for `not-verified`. */
  readonly verified: boolean;
  readonly fixes: readonly Fix[];
}
