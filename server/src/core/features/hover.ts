/** What is known along the chain of the reference under the cursor. */
import { attributeLines } from "../chain/attributeLines.ts";
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import { dateWords, durationWords } from "../chain/timeWords.ts";
import type { SecretAttributes, SecretVersion } from "../model/facts.ts";
import { code, plain } from "../model/markdown.ts";
import { scopeWords } from "../model/scope.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import { reasonWords } from "../unverified.ts";

/** A hover in Markdown whose foreign text is escaped. It holds no links. */
export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

export function hover(snapshot: Snapshot, offset: number): Hover | undefined {
  const reference = snapshot.analysis.references.filter((candidate) => spanContains(candidate.span, offset)).sort((a, b) => length(a.span) - length(b.span))[0];
  if (reference !== undefined) {
    const title = reference.argument.text === "" ? "Secret reference" : `Secret reference ${code(reference.argument.text)}`;
    const substituted = reference.substituted === undefined ? [] : [`- Variable ${code(reference.substituted.variable)} is ${code(reference.substituted.value)}`];
    const chain = followReference(snapshot, reference);
    const broken = reference.broken && chain.findings.length === 0 ? ["- ✗ The reference is malformed; see the problem reported here"] : [];
    return { span: reference.span, markdown: [`**${title}**`, "", ...substituted, ...broken, ...chainLines(snapshot, chain)].join("\n") };
  }
  for (const entity of snapshot.analysis.entities) {
    if (entity.kind !== "secret" || entity.pathSpan === undefined || !spanContains(entity.pathSpan, offset)) continue;
    const chain = followEntity(snapshot, entity);
    if (chain !== undefined) return { span: entity.pathSpan, markdown: [`**Path in the secret manager ${code(entity.path ?? "")}**`, "", ...chainLines(snapshot, chain)].join("\n") };
  }
  return undefined;
}

function length(span: Span): number {
  return span.end - span.start;
}

function chainLines(snapshot: Snapshot, chain: Chain): readonly string[] {
  const lines: string[] = [];
  const { secret, connector, vault, name } = chain;
  if (secret !== undefined) {
    const named = secret.name === undefined ? "" : `, Name ${code(secret.name)}`;
    lines.push(`- ✓ Harness secret ${code(secret.identifier)} (${secret.type}${named}) in ${chain.scope === undefined ? "its scope" : scopeText(chain)}, defined in ${code(fileName(secret.origin.uri))}`);
  }
  if (connector !== undefined) lines.push(`- ✓ Connector ${code(connector.identifier)} (${code(connector.type)}), defined in ${code(fileName(connector.origin.uri))}`);
  if (vault !== undefined) lines.push(vaultLine(snapshot, vault));
  if (vault !== undefined && name !== undefined) lines.push(...vaultLines(snapshot, chain, name));
  for (const finding of chain.findings) {
    const mark = finding.severity === "error" ? "✗" : finding.severity === "warning" ? "⚠" : "ℹ";
    lines.push(`- ${mark} ${plain(finding.message)}`);
  }
  if (chain.unverified !== undefined) {
    const { what, remedy } = reasonWords(chain.unverified);
    lines.push(`- ? Not verified: ${what}. ${remedy}.`);
  } else if (lines.length > 0 && vault !== undefined && chain.findings.length === 0) {
    lines.push("- ✓ Verified to the end of its chain");
  }
  return lines;
}

function scopeText(chain: Chain): string {
  return chain.scope === undefined ? "" : scopeWords(chain.scope);
}

function vaultLine(snapshot: Snapshot, vault: NonNullable<Chain["vault"]>): string {
  const listing = snapshot.facts.listing(vault);
  const cloud = vault.cloud === "public" ? "" : ` (${vault.cloud})`;
  if (listing.state === "unknown") return `- ? Vault ${code(vault.name)}${cloud}`;
  const age = durationWords(Math.max(0, snapshot.now - listing.at));
  const stale = listing.stale === undefined ? `asked ${age} ago` : `last answer ${age} old`;
  return `- ✓ Vault ${code(vault.name)}${cloud}, ${stale}`;
}

function vaultLines(snapshot: Snapshot, chain: Chain, name: string): readonly string[] {
  const { resolved, vault } = chain;
  const lines: string[] = [];
  if (resolved === undefined) {
    lines.push(`- ${chain.findings.length > 0 ? "✗" : "?"} Key Vault secret ${code(name)}`);
  } else {
    lines.push(`- ✓ Key Vault secret ${code(name)}`);
    const attributes = vault === undefined ? undefined : snapshot.facts.listed(vault, name);
    lines.push(versionLine(snapshot, chain, resolved));
    if (attributes !== undefined) lines.push(...attributeLines(attributes));
  }
  if (chain.key !== undefined) {
    const wrong = chain.findings.some((finding) => finding.rule === "json-key-not-found" || finding.rule === "json-value-not-json");
    lines.push(`- ${wrong ? "✗" : chain.unverified === undefined && resolved !== undefined ? "✓" : "?"} JSON key ${code(chain.key)}`);
  }
  return lines;
}

function versionLine(snapshot: Snapshot, chain: Chain, resolved: SecretAttributes | SecretVersion): string {
  const { now } = snapshot;
  const which = chain.version === undefined ? "Latest version" : `Version ${code(chain.version)}`;
  const made = resolved.created === undefined ? "" : `, made ${durationWords(Math.max(0, now - resolved.created))} ago`;
  const expires = resolved.expires === undefined ? ", no expiry" : `, ${resolved.expires <= now ? "expired" : "expires"} ${dateWords(resolved.expires)}`;
  const from = resolved.notBefore === undefined ? "" : `, valid from ${dateWords(resolved.notBefore)}`;
  return `- ${resolved.enabled ? "✓" : "✗"} ${which}: ${resolved.enabled ? "enabled" : "disabled"}${made}${expires}${from}`;
}

function fileName(uri: string): string {
  const last = uri.split("/").at(-1) ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
