import type { RuleId, Severity } from "../rules.ts";
import type { AzureDirectory } from "./azureDirectory.ts";
import type { DocumentHead } from "./documentScope.ts";
import type { Entity } from "./entities.ts";
import type { EntityOutline } from "./entityOutline.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { PlainPlace, Reference } from "./reference.ts";
import type { Span } from "./span.ts";
import type { WorkspaceModel } from "./workspaceModel.ts";

/** What one YAML document (of the several that a file may hold) says of itself. */
export interface HarnessDocument extends DocumentHead {
  /** Where the document stands in the file. */
  readonly span: Span;
}

/** A field of YAML that takes a plain reference, written or still empty: where completion has something to offer. */
export interface PlainSlot {
  /** From behind the key's colon to the end of the value. */
  readonly span: Span;
  /** The value without its quotes; empty where nothing is written. */
  readonly content: Span;
  readonly style: "empty" | "plain" | "single" | "double" | "block";
  readonly place: PlainPlace | "secret-path";
  readonly document: number;
}

/** A scalar, or outside Harness's own files a comment, whose expressions are read: it holds a `<+`. */
export interface ExpressionText {
  readonly span: Span;
  /** How quotes have to be written in it: escaped inside double quotes, doubled inside single ones. */
  readonly quoting: "none" | "single" | "double";
}

/** What the text of one file tells, whatever vaults and other files say. Made once for each version of the text. */
export interface Analysis {
  readonly uri: string;
  readonly text: string;
  /** True for a file that is recognised as Harness's by its content. */
  readonly isHarness: boolean;
  /** True where the file is longer than the limit for structure: then only the syntax of expressions is checked. */
  readonly tooLarge: boolean;
  readonly documents: readonly HarnessDocument[];
  /** Organization and project in the path `.harness/orgs/<org>/projects/<project>`. */
  readonly pathScope: { readonly org?: string; readonly project?: string };
  /** In order of position. */
  readonly references: readonly Reference[];
  /** What the text alone shows to be wrong, in order of position, before severities are configured. */
  readonly findings: readonly Finding[];
  readonly entities: readonly Entity[];
  /** Of connectors and secrets, in order of position. */
  readonly outlines: readonly EntityOutline[];
  readonly slots: readonly PlainSlot[];
  /** In order of position. */
  readonly expressionTexts: readonly ExpressionText[];
}

export interface CheckSettings {
  /** A version that expires within this many days is reported as expiring. */
  readonly expiringDays: number;
  /** Severities chosen by the user; win over keyline.jsonc, which wins over the rule's own. */
  readonly rules: Readonly<Partial<Record<RuleId, Severity>>>;
}

export const defaultSettings: CheckSettings = { expiringDays: 30, rules: {} };

/** Everything that a feature answers from. Immutable. */
export interface Snapshot {
  readonly analysis: Analysis;
  /** The model of the workspace folder that the file belongs to. */
  readonly workspace: WorkspaceModel;
  readonly facts: Facts;
  /** What Azure Resource Manager has told; empty where nobody has asked it. */
  readonly directory: AzureDirectory;
  /** Epoch milliseconds; Key Vault's dates are compared with it. */
  readonly now: number;
  readonly settings: CheckSettings;
}
