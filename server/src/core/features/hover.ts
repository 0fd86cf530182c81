/** What is known along the chain of the reference under the cursor, each link with its state. */
import { attributeLines } from "../chain/attributeLines.ts";
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import { severityOf } from "../chain/severityOf.ts";
import { dateWords, durationWords } from "../model/timeWords.ts";
import type { FieldHover } from "../connector/connectorHover.ts";
import { fieldHover } from "../connector/connectorHover.ts";
import type { Entity } from "../model/entities.ts";
import { fileNameOf } from "../model/fileNameOf.ts";
import type { SecretAttributes, SecretVersion } from "../model/facts.ts";
import type { Finding } from "../model/finding.ts";
import type { Reference } from "../model/reference.ts";
import { referenceAt, secretPathAt } from "../model/referenceAt.ts";
import { scopeWords } from "../model/scope.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import type { TextFormat, TextFormatName } from "../model/textFormat.ts";
import { textFormats } from "../model/textFormat.ts";
import type { RuleId } from "../rules.ts";
import { reasonWords } from "../unverified.ts";

/** A hover whose foreign text is escaped. It holds no links, and never a value. */
export interface Hover {
  readonly span: Span;
  readonly text: string;
}

export function hover(snapshot: Snapshot, offset: number, formatName: TextFormatName = "markdown"): Hover | undefined {
  const format = textFormats[formatName];
  const { analysis } = snapshot;
  const field = fieldHover(snapshot, offset, format);
  if (field !== undefined) return shownField(snapshot, field, format);
  const reference = referenceAt(analysis, offset);
  if (reference !== undefined) return shown(reference.span, referenceTitle(reference, format), [...referenceLines(snapshot, reference, format)], format);
  const secret = secretPathAt(analysis, offset);
  const chain = secret === undefined ? undefined : followEntity(snapshot, secret);
  if (secret !== undefined && chain !== undefined) return shown(secret.pathSpan, `Path in the secret manager ${format.code(secret.path ?? "")}`, chainLines(snapshot, chain, format), format);
  // What is too broken to be a reference says at least what is wrong.
  const findings = textFindings(snapshot, ({ span }) => spanContains(span, offset));
  const first = findings[0];
  return first === undefined ? undefined : shown(first.span, "Secret reference", findings.map((finding) => findingLine(finding, format)), format);
}

function shown(span: Span, title: string, lines: readonly string[], format: TextFormat): Hover {
  return { span, text: [format.strong(title), "", ...lines].join("\n") };
}

/** A field of a connector, and where it refers to a secret that secret's chain. */
function shownField(snapshot: Snapshot, { span, name, lines, findings, reference }: FieldHover, format: TextFormat): Hover {
  const shownFindings = findings.filter(({ rule }) => severityOf(snapshot, rule) !== "off").map((finding) => findingLine(finding, format));
  const chain = reference === undefined ? [] : [`- Refers to ${format.code(reference.argument.text)}`, ...chainLines(snapshot, followReference(snapshot, reference), format)];
  return shown(span, name, [...lines, ...shownFindings, ...chain], format);
}

function referenceTitle(reference: Reference, format: TextFormat): string {
  return reference.argument.text === "" ? "Secret reference" : `Secret reference ${format.code(reference.argument.text)}`;
}

function referenceLines(snapshot: Snapshot, reference: Reference, format: TextFormat): readonly string[] {
  const { substituted, span } = reference;
  const variable = substituted === undefined ? [] : [`- Variable ${format.code(substituted.variable)} is ${format.code(substituted.value)}`];
  const inText = textFindings(snapshot, (finding) => span.start <= finding.span.start && finding.span.end <= span.end && (reference.broken || finding.severity === "error" || finding.severity === "warning"));
  return [...variable, ...inText.map((finding) => findingLine(finding, format)), ...chainLines(snapshot, followReference(snapshot, reference), format)];
}

/** What the text alone shows to be wrong, less the rules that are off. */
function textFindings(snapshot: Snapshot, filter: (finding: Finding) => boolean): readonly Finding[] {
  return snapshot.analysis.findings.filter((finding) => severityOf(snapshot, finding.rule) !== "off" && filter(finding));
}

function findingLine({ severity, message }: Finding, format: TextFormat): string {
  const mark = severity === "error" ? "✗" : severity === "warning" ? "⚠" : "ℹ";
  return `- ${mark} ${format.plain(message)}`;
}

function chainLines(snapshot: Snapshot, chain: Chain, format: TextFormat): readonly string[] {
  const { findings, vault, name, unverified } = chain;
  const lines = [...entityLines(chain, format)];
  if (vault !== undefined) lines.push(vaultLine(snapshot, vault, format));
  if (vault !== undefined && name !== undefined) lines.push(...vaultLines(snapshot, { ...chain, vault, name }, format));
  lines.push(...findings.map((finding) => findingLine(finding, format)));
  if (unverified !== undefined) {
    const { what, remedy } = reasonWords(unverified);
    lines.push(`- ? Not verified: ${what}. ${remedy}.`);
  } else if (chain.want !== undefined && findings.length === 0) lines.push("- ✓ Verified to the end of its chain");
  return lines;
}

function entityLines({ secret, connector, several, scope, builtIn, findings }: Chain, format: TextFormat): readonly string[] {
  const lines: string[] = [];
  if (secret !== undefined) {
    const named = secret.name === undefined ? "" : `, Name ${format.code(secret.name)}`;
    lines.push(`- ✓ Harness secret ${format.code(secret.identifier)} (${secret.type}${named})${whereWords(secret)}, defined in ${format.code(fileNameOf(secret.origin.uri))}`);
    if (secret.type === "SSHKey" || secret.type === "WinRmCredentials") lines.push("- ✓ It holds credentials of its own, no path in a secret manager");
  }
  if (builtIn === true) lines.push("- ✓ Kept in Harness's built-in secret manager");
  if (connector !== undefined) lines.push(`- ✓ Connector ${format.code(connector.identifier)} (${format.code(connector.type)}), defined in ${format.code(fileNameOf(connector.origin.uri))}`);
  if (several !== undefined) lines.push(...severalLines(several, format));
  if (lines.length === 0 && scope !== undefined && findings.length === 0) lines.push(`- ? Looked up in ${scopeWords(scope)}`);
  return lines;
}

function whereWords({ scope }: Entity): string {
  return scope.level === "unknown" ? "" : ` in ${scopeWords(scope)}`;
}

const maxDefinitions = 5;

/** The definitions of which it is not known which one is meant. */
function severalLines(several: readonly Entity[], format: TextFormat): readonly string[] {
  const shownOnes = several.slice(0, maxDefinitions).map((entity) => {
    const where = entity.scope.level === "unknown" ? "scope not known" : scopeWords(entity.scope);
    return `- ? ${entity.kind === "secret" ? "Harness secret" : "Connector"} ${format.code(entity.identifier)} in ${format.code(fileNameOf(entity.origin.uri))} (${where})`;
  });
  return several.length <= maxDefinitions ? shownOnes : [...shownOnes, `- ? and ${String(several.length - maxDefinitions)} more definitions`];
}

function vaultLine(snapshot: Snapshot, vault: NonNullable<Chain["vault"]>, format: TextFormat): string {
  const listing = snapshot.facts.listing(vault);
  const cloud = vault.cloud === "public" ? "" : ` (${vault.cloud})`;
  if (listing.state === "unknown") return `- ? Vault ${format.code(vault.name)}${cloud}`;
  const age = durationWords(Math.max(0, snapshot.now - listing.at));
  return `- ${listing.stale === undefined ? `✓ Vault ${format.code(vault.name)}${cloud}, asked` : `? Vault ${format.code(vault.name)}${cloud}, last answered`} ${age} ago`;
}

/** The name, its version and its JSON key. What only an old answer tells is shown, but as not verified. */
function vaultLines(snapshot: Snapshot, chain: Chain & Required<Pick<Chain, "vault" | "name">>, format: TextFormat): readonly string[] {
  const { vault, name, version, key, resolved } = chain;
  const has = (...rules: readonly RuleId[]): boolean => chain.findings.some((finding) => rules.includes(finding.rule));
  const listing = snapshot.facts.listing(vault);
  const listed = snapshot.facts.listed(vault, name);
  const isFresh = listing.state === "known" && listing.stale === undefined;
  const versions = snapshot.facts.versions(vault, name);
  const isOld = version !== undefined && versions.state === "known" && versions.stale !== undefined;
  const isMissing = has("vault-secret-not-found", "vault-secret-deleted");
  const isHeld = (resolved !== undefined && !isOld) || has("vault-version-not-found") || (isFresh && listed !== undefined);
  const lines = [`- ${isMissing ? "✗" : isHeld ? "✓" : "?"} Key Vault secret ${format.code(name)}`];
  if (resolved !== undefined) lines.push(`- ${isOld ? "?" : stateMark(snapshot, resolved)} ${versionWords(snapshot, version, resolved, format)}`);
  else if (version !== undefined) lines.push(`- ${has("vault-version-not-found") ? "✗" : "?"} Version ${format.code(version)}`);
  else if (listed !== undefined && !isMissing) lines.push(`- ? ${versionWords(snapshot, version, listed, format)}`);
  // Tags and content type belong to a version, and a listing tells those of the latest.
  if (version === undefined && listed !== undefined && !isMissing) lines.push(...attributeLines(listed, format));
  if (key !== undefined) {
    const isChecked = chain.unverified === undefined && resolved?.enabled === true;
    const mark = has("json-key-not-found") ? "✗" : has("json-value-not-json") ? "⚠" : isChecked ? "✓" : "?";
    lines.push(`- ${mark} JSON key ${format.code(key)}`);
  }
  return lines;
}

function stateMark({ now }: Snapshot, { enabled, expires, notBefore }: SecretAttributes | SecretVersion): string {
  if (!enabled) return "✗";
  return (expires !== undefined && expires <= now) || (notBefore !== undefined && notBefore > now) ? "⚠" : "✓";
}

function versionWords({ now }: Snapshot, version: string | undefined, { enabled, created, expires, notBefore }: SecretAttributes | SecretVersion, format: TextFormat): string {
  const which = version === undefined ? "Latest version" : `Version ${format.code(version)}`;
  const made = created === undefined ? "" : `, made ${durationWords(Math.max(0, now - created))} ago`;
  const until = expires === undefined ? ", no expiry" : `, ${expires <= now ? "expired" : "expires"} ${dateWords(expires)}`;
  const from = notBefore === undefined ? "" : `, valid from ${dateWords(notBefore)}`;
  return `${which}: ${enabled ? "enabled" : "disabled"}${made}${until}${from}`;
}
