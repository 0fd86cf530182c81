/** What is known of the field of a Key Vault connector under the cursor. */
import { durationWords } from "../model/timeWords.ts";
import type { AzureVault } from "../model/azureDirectory.ts";
import { directorySubscription, directoryVault } from "../model/azureDirectory.ts";
import type { OutlineField } from "../model/entityOutline.ts";
import { outlineAt } from "../model/entityOutline.ts";
import type { Finding } from "../model/finding.ts";
import { keyVaultField } from "../model/keyVaultFields.ts";
import type { Reference } from "../model/reference.ts";
import { referenceIn } from "../model/referenceAt.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import type { TextFormat } from "../model/textFormat.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isGuid } from "../model/vaultTarget.ts";
import { keyVaultType } from "../syntax/connectorFaults.ts";
import { reasonWords } from "../unverified.ts";
import { findingsOfConnector } from "./connectorFindings.ts";
import { fieldLines } from "./fieldLines.ts";

export interface FieldHover {
  readonly span: Span;
  readonly name: string;
  readonly lines: readonly string[];
  /** All that is wrong with the field, before severities are configured. */
  readonly findings: readonly Finding[];
  /** What the field refers to, where it refers to a secret. */
  readonly reference?: Reference;
}

export function fieldHover(snapshot: Snapshot, offset: number, format: TextFormat): FieldHover | undefined {
  const { analysis } = snapshot;
  const outline = outlineAt(analysis.outlines, offset);
  if (outline?.kind !== "connector" || outline.type !== keyVaultType) return undefined;
  const field = outline.spec?.fields.findLast(({ keySpan }) => keySpan.start <= offset);
  const known = field === undefined ? undefined : keyVaultField(field.key);
  const span = field === undefined ? undefined : spanAt(field, offset);
  if (field === undefined || known === undefined || span === undefined) return undefined;
  const vault = outline.defines?.kind === "connector" ? outline.defines.vault : undefined;
  const whole = { start: field.keySpan.start, end: field.valueSpan.end };
  const findings = [...analysis.findings, ...findingsOfConnector(snapshot, outline)].filter((finding) => whole.start <= finding.span.start && finding.span.end <= whole.end);
  const reference = known.form === "secret" ? referenceIn(analysis, field.valueSpan) : undefined;
  return {
    span,
    name: known.name,
    lines: [...fieldLines(known), ...valueLines(snapshot, field, vault, format)],
    findings,
    ...(reference === undefined ? {} : { reference }),
  };
}

function spanAt({ keySpan, valueSpan }: OutlineField, offset: number): Span | undefined {
  return [keySpan, valueSpan].find((span) => spanContains(span, offset));
}

function valueLines(snapshot: Snapshot, { key, value }: OutlineField, vault: VaultTarget | undefined, format: TextFormat): readonly string[] {
  if (value === undefined || value === "") return [];
  if (key === "vaultName" && vault !== undefined) return vaultLines(snapshot, vault, format);
  if (key === "subscription" && isGuid(value)) return subscriptionLines(snapshot, value, format);
  return [];
}

function vaultLines(snapshot: Snapshot, vault: VaultTarget, format: TextFormat): readonly string[] {
  const listed = directoryVault(snapshot.directory, vault);
  return [answerLine(snapshot, vault, format), ...(listed === undefined ? [] : propertyLines(snapshot, listed, format))];
}

function answerLine({ facts, now }: Snapshot, vault: VaultTarget, format: TextFormat): string {
  const named = `Vault ${format.code(vault.name)}${vault.cloud === "public" ? "" : ` (${vault.cloud})`}`;
  const listing = facts.listing(vault);
  if (listing.state === "unknown") {
    const { what, remedy } = reasonWords(listing.reason);
    return `- ? ${named}: ${what}. ${remedy}`;
  }
  const age = durationWords(Math.max(0, now - listing.at));
  const count = listing.value.secrets.length;
  const secrets = `${listing.value.complete ? "" : "at least "}${count === 1 ? "1 secret" : `${String(count)} secrets`}`;
  return listing.stale === undefined ? `- ✓ ${named}, asked ${age} ago: ${secrets}` : `- ? ${named}, last answered ${age} ago: ${secrets} then`;
}

function propertyLines({ directory }: Snapshot, vault: AzureVault, format: TextFormat): readonly string[] {
  const subscription = directorySubscription(directory, vault.subscription)?.name;
  const kept = vault.retentionDays === undefined ? "" : `; a deleted secret is kept ${String(vault.retentionDays)} days`;
  return [
    `- Subscription ${format.code(subscription ?? vault.subscription)}, resource group ${format.code(vault.resourceGroup)}, location ${format.code(vault.location)}`,
    `- Tenant ${format.code(vault.tenant)}`,
    `- ${vault.rbac ? "Roles (Azure RBAC) decide who may read it" : "Access policies decide who may read it"}`,
    `- Purge protection ${vault.purgeProtection ? "on" : "off"}${kept}`,
    `- Public network access ${vault.publicAccess ? "on" : "off: only private endpoints reach it"}`,
  ];
}

function subscriptionLines({ directory }: Snapshot, id: string, format: TextFormat): readonly string[] {
  const subscription = directorySubscription(directory, id);
  if (subscription === undefined) return [];
  return [`- ✓ Subscription ${format.code(subscription.name)}, state ${format.code(subscription.state)}`];
}
