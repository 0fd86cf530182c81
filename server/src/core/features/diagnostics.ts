/** The findings of one file: what its text shows, then what the chain of each reference shows. */
import { followEntity, followReference, scopeOf } from "../chain/follow.ts";
import { accessibleScopes } from "../chain/scopeFindings.ts";
import { inlineNameFindings } from "../chain/inlineNames.ts";
import { severityOf } from "../chain/severityOf.ts";
import { connectorFindings, withSubscription } from "../connector/connectorFindings.ts";
import { append } from "../model/append.ts";
import { identifierFromName } from "../model/identifiers.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import type { Reference } from "../model/reference.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Severity } from "../rules.ts";
import { rules } from "../rules.ts";
import { reasonWords } from "../unverified.ts";

/** All findings of one file, in order of position, with the severities that settings and keyline.jsonc choose; none that is off. */
export function diagnostics(snapshot: Snapshot): readonly Finding[] {
  const found: Finding[] = [];
  const settled = new Set<Reference>();
  for (const reference of snapshot.analysis.references) {
    const chain = followReference(snapshot, reference);
    found.push(...chain.findings);
    if (chain.secret !== undefined || chain.findings.some((finding) => finding.severity === "error")) settled.add(reference);
    if (chain.unverified !== undefined) found.push(...notVerified(snapshot, reference, chain.unverified));
  }
  for (const entity of snapshot.analysis.entities) {
    if (entity.kind === "secret") found.push(...(followEntity(snapshot, entity)?.findings ?? []));
  }
  append(found, inlineNameFindings(snapshot));
  append(found, connectorFindings(snapshot));
  append(found, textFindings(snapshot, settled));
  if (snapshot.analysis.tooLarge) {
    const { what, remedy } = reasonWords("file-too-large");
    found.push({ ...newFinding("not-verified", { start: 0, end: 0 }, `${what}. ${remedy}`), severity: "info" });
  }
  const shown = found.flatMap((finding) => (finding.rule === "not-verified" && snapshot.analysis.tooLarge ? [finding] : configured(snapshot, finding)));
  return withoutDoubles(shown.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end));
}

/** What the text shows, less what the chain knows better. */
function textFindings(snapshot: Snapshot, settled: ReadonlySet<Reference>): readonly Finding[] {
  const settledSpans = new Set([...settled].map((reference) => reference.identifier?.span.start));
  const found: Finding[] = [];
  const named = new Map(snapshot.analysis.references.map((reference) => [reference.identifier?.span.start, reference]));
  for (const finding of snapshot.analysis.findings) {
    // A hyphen matters only while it is not known whether the secret exists.
    if (finding.rule === "hyphen-identifier" && settledSpans.has(finding.span.start)) continue;
    if (finding.rule === "connector-no-subscription") found.push(withSubscription(snapshot, finding));
    else found.push(finding.rule === "invalid-identifier" ? (nameUsed(snapshot, named.get(finding.span.start)) ?? finding) : finding);
  }
  return found;
}

/** An identifier that cannot be one, but is the Name of a known secret. */
function nameUsed(snapshot: Snapshot, reference: Reference | undefined): Finding | undefined {
  if (reference?.identifier === undefined) return undefined;
  const { text, span } = reference.identifier;
  const scopes = accessibleScopes(scopeOf(snapshot, reference.document)).filter((scope) => scope.level === (reference.scope ?? scope.level));
  for (const scope of scopes) {
    const secret = snapshot.workspace.secretOfName(scope, text) ?? snapshot.workspace.secret(scope, identifierFromName(text));
    if (secret === undefined) continue;
    return newFinding("name-used-as-identifier", span, `This is a Name; the secret's identifier is "${secret.identifier}". Write the identifier`, {
      fixes: [replaceFix(`Write "${secret.identifier}"`, span, secret.identifier)],
    });
  }
  return undefined;
}

function notVerified(snapshot: Snapshot, reference: Reference, reason: NotVerifiedReason): readonly Finding[] {
  if (reason === "file-too-large" || severityOf(snapshot, "not-verified") === "off") return [];
  const { what, remedy } = reasonWords(reason);
  return [newFinding("not-verified", reference.argument.span, `Not verified: ${what}. ${remedy}`)];
}

function configured(snapshot: Snapshot, finding: Finding): readonly Finding[] {
  const chosen = snapshot.settings.rules[finding.rule] ?? snapshot.workspace.config.rules[finding.rule];
  if (chosen === "off") return [];
  if (chosen !== undefined) return [{ ...finding, severity: chosen }];
  const own: Severity = rules[finding.rule].severity;
  return own === "off" ? [] : [finding];
}

function withoutDoubles(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding, index) => {
    const before = findings[index - 1];
    return before === undefined || before.rule !== finding.rule || before.span.start !== finding.span.start || before.span.end !== finding.span.end;
  });
}
