/**
 * The core: a synchronous, total function of documents and facts. The one barrel of the project.
 *
 * Architecture invariant: nothing here reads a file, a clock or a network, and nothing here throws.
 */
export { analyze, analyzeInDetail, type DetailedAnalysis, type FileRole } from "./analyze.ts";
export { readConfig, type ConfigProblem } from "./config.ts";
export { completion } from "./features/completion.ts";
export { completionDocumentation } from "./features/completionDocumentation.ts";
export type { CompletionItem, CompletionList } from "./model/completionItem.ts";
export { editedAnalysis, type SameText } from "./editedAnalysis.ts";
export { diagnostics } from "./features/diagnostics.ts";
export { hover, type Hover } from "./features/hover.ts";
export { referenceTarget, type ReferenceTarget } from "./features/referenceTarget.ts";
export { secretText, type SecretTextChoice } from "./features/secretText.ts";
export { connectorVaults, factsNeeded, reasonAt, verification, type Verification } from "./features/verification.ts";
export { emptyDirectory, type AzureDirectory } from "./model/azureDirectory.ts";
export type { ConnectorEntity, Entity, SecretEntity } from "./model/entities.ts";
export { Facts, jsonShapeKey, type Fact, type VaultFacts, type VaultWant } from "./model/facts.ts";
export type { Finding, Fix, TextEdit } from "./model/finding.ts";
export { mergeWants } from "./model/mergeWants.ts";
export type { NotVerifiedReason } from "./model/reason.ts";
export { uriParts, type Reference } from "./model/reference.ts";
export { defaultSettings, type Analysis, type CheckSettings, type Snapshot } from "./model/snapshot.ts";
export type { Span } from "./model/span.ts";
export { WorkspaceModel, emptyConfig, type KeylineConfig } from "./model/workspaceModel.ts";
export type { TextFormatName } from "./model/textFormat.ts";
export { placeOfSecret, type SecretPlace } from "./chain/secretPlace.ts";
export { referenceUses, usedConnector, usedSecret, type ReferenceUse } from "./referenceUses.ts";
export { isRuleId, ruleIds, rules, ruleUrl, severities, type RuleId, type Severity } from "./rules.ts";
export { reasonWords } from "./unverified.ts";
