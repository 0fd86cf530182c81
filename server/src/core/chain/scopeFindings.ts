/** What is said of an identifier that its scope does not hold, or of one that the scope of its file may not use. */
import { identifierFromName } from "../model/identifiers.ts";
import type { Finding, Fix } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { Part, Reference } from "../model/reference.ts";
import type { FileScope, Scope, ScopeLevel } from "../model/scope.ts";
import { possibleScopes, scopeKey, scopeWords } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import type { WorkspaceModel } from "../model/workspaceModel.ts";
import type { Anchors } from "./chain.ts";

/** The scopes whose secrets a file of that scope may surely use, its own first. */
export function accessibleScopes(scope: FileScope): readonly Scope[] {
  const account: Scope = { level: "account" };
  const org: readonly Scope[] = scope.level === "account" || scope.org === undefined ? [] : [{ level: "org", org: scope.org }];
  return [...(scope.level === "project" ? [scope] : []), ...org, account];
}

/** The scopes whose secrets a file may use, where its own is not certain those of each that it may have. */
export function offeredScopes(scope: FileScope): readonly Scope[] {
  const byKey = new Map(possibleScopes(scope).flatMap(accessibleScopes).map((each) => [scopeKey(each), each]));
  return [...byKey.values()].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}

const levels: readonly ScopeLevel[] = ["project", "org", "account"];

export function prefixOf(level: ScopeLevel): string {
  return level === "project" ? "" : `${level}.`;
}

/** The one finding for an identifier that its scope, known completely, does not hold: the most telling that applies. */
export function secretNotFound({ workspace }: Snapshot, reference: Reference, identifier: Part, scope: Scope, from: FileScope): Finding {
  const { text, span } = identifier;
  const shown = shownText(text);
  const byName = workspace.secretOfName(scope, text) ?? workspace.secret(scope, identifierFromName(text));
  if (byName !== undefined) {
    return newFinding("name-used-as-identifier", span, `"${shown}" is a Name; the secret's identifier is "${byName.identifier}". Write the identifier`, {
      fixes: [replaceFix(`Write "${byName.identifier}"`, span, byName.identifier)],
    });
  }
  const elsewhere = scopesThatHold(workspace, "secret", text, scope, from);
  if (elsewhere.inReach.length > 0) {
    const target = reference.scopePrefix === undefined ? { start: span.start, end: span.start } : { start: reference.scopePrefix.span.start, end: span.start };
    const prefix = prefixOf(elsewhere.inReach[0]?.level ?? "account");
    return newFinding("secret-in-other-scope", reference.argument.span, `Secret "${shown}" is in ${placesOf(elsewhere.inReach)}, not in ${scopeWords(scope)}. Write "${prefix}${shown}"`, {
      fixes: elsewhere.inReach.map((other, index) => replaceFix(`Write "${prefixOf(other.level)}${shown}"`, target, prefixOf(other.level), index === 0)),
    });
  }
  const missing = `No secret has the identifier "${shown}" in ${scopeWords(scope)}`;
  if (elsewhere.outOfReach.length > 0) {
    return newFinding("secret-not-found", span, `${missing}. It is in ${placesOf(elsewhere.outOfReach)}, which this file cannot use. Create it here too, or check the file's project`);
  }
  const near = workspace.nearest("secret", scope, text);
  const advice = near[0] === undefined ? "Create it, or write the identifier of another" : `Did you mean "${near[0]}"?`;
  return newFinding("secret-not-found", span, `${missing}. ${advice}`, {
    fixes: near.map((candidate, index) => replaceFix(`Change to "${candidate}"`, span, candidate, index === 0)),
  });
}

/** Where a connector is named: what is marked, and how its prefix is changed. */
export interface ConnectorPlace {
  readonly anchors: Anchors;
  /** False where the identifier stands in another file than the finding. */
  readonly editable: boolean;
  /** The text from the start of the prefix, or where one would stand; absent where it cannot be changed here. */
  readonly prefix?: { readonly start: number; readonly end: number };
}

export function connectorNotFound({ workspace, analysis }: Snapshot, identifier: string, scope: Scope, from: FileScope, { anchors, editable, prefix }: ConnectorPlace): Finding {
  const { start, end } = anchors.connector;
  const dot = analysis.text.slice(start, end).indexOf(".");
  const span = editable ? { start: start + dot + 1, end } : anchors.connector;
  const missing = `${anchors.lead}No connector has the identifier "${shownText(identifier)}" in ${scopeWords(scope)}`;
  const elsewhere = scopesThatHold(workspace, "connector", identifier, scope, from);
  const [nearer] = elsewhere.inReach;
  if (nearer !== undefined) {
    const written = prefixOf(nearer.level);
    const advice = written === "" ? "Leave the prefix out" : `Write the prefix "${written}"`;
    const fixes = prefix === undefined ? [] : elsewhere.inReach.map((other, index) => prefixFix(prefix, other.level, index === 0));
    return newFinding("connector-not-found", span, `${missing}. It is in ${placesOf(elsewhere.inReach)}. ${advice}`, { fixes });
  }
  if (elsewhere.outOfReach.length > 0) {
    return newFinding("connector-not-found", span, `${missing}. It is in ${placesOf(elsewhere.outOfReach)}, which this file cannot use. Create it here too, or check the file's project`);
  }
  const near = workspace.nearest("connector", scope, identifier);
  const advice = near[0] === undefined ? "Create it, or write the identifier of another" : `Did you mean "${near[0]}"?`;
  const fixes = editable ? near.map((candidate, index) => replaceFix(`Change to "${candidate}"`, span, candidate, index === 0)) : [];
  return newFinding("connector-not-found", span, `${missing}. ${advice}`, { fixes });
}

function prefixFix(span: Span, level: ScopeLevel, preferred: boolean): Fix {
  const written = prefixOf(level);
  return replaceFix(written === "" ? "Remove the prefix" : `Write "${written}"`, span, written, preferred);
}

/** The scopes that hold an identifier which `scope` does not: those that the file may use, and all others. */
function scopesThatHold(workspace: WorkspaceModel, kind: "secret" | "connector", identifier: string, scope: Scope, from: FileScope): { readonly inReach: readonly Scope[]; readonly outOfReach: readonly Scope[] } {
  const holders = workspace.scopesOf(kind, identifier).filter((holder) => scopeKey(holder) !== scopeKey(scope));
  const reach = accessibleScopes(from).map(scopeKey);
  const inReach = accessibleScopes(from).filter((candidate) => holders.some((holder) => scopeKey(holder) === scopeKey(candidate)));
  return { inReach, outOfReach: holders.filter((holder) => !reach.includes(scopeKey(holder))) };
}

/** At most three are named: one identifier may be used in hundreds of projects. */
function placesOf(scopes: readonly Scope[]): string {
  const named = scopes.slice(0, 3).map(scopeWords).join(" and in ");
  return scopes.length > 3 ? `${named} and ${String(scopes.length - 3)} more` : named;
}

/**
 * A plain reference to a secret of a lower scope than the file's own, which Harness refuses in the fields that it checks
 * when they are saved (Harness: IdentifierRefHelper). Elsewhere it is resolved in the project of the run.
 */
export function scopeMismatch(reference: Reference, from: FileScope): Finding | undefined {
  const { form, place, uri, scope, scopePrefix, identifier, span } = reference;
  if (form !== "plain" || place === undefined || uri !== undefined || scope === undefined) return undefined;
  const isLower = (from.level === "account" && scope !== "account") || (from.level === "org" && scope === "project");
  if (!isLower) return undefined;
  const isStrict = place === "connector-field" || place === "secret-field";
  const prefixes = from.level === "account" ? ["account"] : ["org", "account"];
  const meant = scopePrefix === undefined ? "Without a prefix this is a project's secret" : `"${scope}." means an organization's secret`;
  const usable = from.level === "account" ? "an account-level entity can use account secrets only" : "an organization-level entity can use organization and account secrets only";
  const advice = prefixes.map((prefix) => `"${prefix}.${shownText(identifier?.text ?? "id")}"`).join(" or ");
  const insertAt = scopePrefix === undefined ? { start: span.start, end: span.start } : scopePrefix.span;
  return newFinding("scope-mismatch", scopePrefix?.span ?? span, `${meant}, and ${usable}. Write ${advice}`, {
    severity: isStrict ? "error" : "hint",
    fixes: prefixes.map((prefix, position) => replaceFix(`Write "${prefix}."`, insertAt, scopePrefix === undefined ? `${prefix}.` : prefix, position === 0)),
  });
}
