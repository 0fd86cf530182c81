/** How a text at a place refers to a secret of a vault: through a Harness secret, or by a path through a connector. */
import { analyze } from "../analyze.ts";
import { followEntity, followReference, scopeOf } from "../chain/follow.ts";
import { accessibleScopes, prefixOf } from "../chain/scopeFindings.ts";
import { isWritableKey } from "../chain/jsonPath.ts";
import type { SecretPlace } from "../chain/secretPlace.ts";
import { isSamePlace, placeOfSecret } from "../chain/secretPlace.ts";
import { findConnector, firstFound } from "../chain/lookUp.ts";
import type { SecretEntity } from "../model/entities.ts";
import { secretManagerTypes } from "../model/entities.ts";
import { outlineAt } from "../model/entityOutline.ts";
import type { Finding } from "../model/finding.ts";
import { isConnectorIdentifier, isSecretIdentifier } from "../model/identifiers.ts";
import { secretPathAt } from "../model/referenceAt.ts";
import type { Analysis, Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { spanContains } from "../model/span.ts";
import { isSecretName, isSecretVersion, vaultKey } from "../model/vaultTarget.ts";
import type { RuleId } from "../rules.ts";
import type { WritePlace } from "../syntax/writePlace.ts";
import { writePlace } from "../syntax/writePlace.ts";

/** One way to refer to the secret: `text` takes the place of `span`. */
export interface SecretTextChoice {
  readonly span: Span;
  readonly text: string;
  readonly form: "expression" | "plain" | "path";
  readonly through: "entity" | "connector";
  /** As the reference names the Harness secret or the connector, scope prefix included. */
  readonly identifier: string;
}

interface Candidate {
  readonly through: SecretTextChoice["through"];
  readonly identifier: string;
  /** What stands between the quotes, or in the field. */
  readonly reference: string;
}

const maxChoices = 10;

/**
 * Best first; empty where nothing in the workspace leads to that secret. Undefined where no reference to it can stand.
 * A choice is told only if the text, read again with it, leads to that very secret and has no new fault.
 */
export function secretText(snapshot: Snapshot, selection: Span, target: SecretPlace): readonly SecretTextChoice[] | undefined {
  const place = writePlace(snapshot, selection);
  if (place === undefined || isForBuiltInManager(snapshot, place)) return undefined;
  const candidates = candidatesFor(snapshot, place, target);
  const choices = candidates.map((candidate) => choiceOf(place, candidate));
  // What differs between the choices of one kind is letters alone: the first one stands for all.
  const kinds = new Set((["entity", "connector"] as const).filter((kind) => {
    const index = candidates.findIndex(({ through }) => through === kind);
    const [candidate, choice] = [candidates[index], choices[index]];
    return candidate !== undefined && choice !== undefined && isReadAsMeant(snapshot, choice, candidate, target);
  }));
  const right = choices.filter(({ through }) => kinds.has(through)).slice(0, maxChoices);
  return right.length === 0 && choices.length > 0 ? undefined : right;
}

/** The credential of a secret manager has to be kept in Harness's built-in one, never in a vault. */
function isForBuiltInManager({ analysis }: Snapshot, { slot, span }: WritePlace): boolean {
  return slot?.place === "connector-field" && secretManagerTypes.includes(outlineAt(analysis.outlines, span.start)?.type ?? "");
}

function candidatesFor(snapshot: Snapshot, place: WritePlace, target: SecretPlace): readonly Candidate[] {
  if (place.form === "path") return pathCandidates(snapshot, place, target);
  const takesPath = place.slot === undefined || place.slot.place === "secret-variable";
  return [...secretCandidates(snapshot, place.document, target), ...(takesPath ? connectorCandidates(snapshot, place.document, target) : [])];
}

function secretCandidates({ workspace, ...snapshot }: Snapshot, document: number, target: SecretPlace): readonly Candidate[] {
  const scopes = accessibleScopes(scopeOf({ workspace, ...snapshot }, document));
  return scopes.flatMap((scope) =>
    workspace.secretsIn(scope).flatMap((secret) => {
      const place = secret.type === "SecretText" && isSecretIdentifier(secret.identifier) ? placeOfSecret(workspace, secret) : undefined;
      const reference = prefixOf(scope.level) + secret.identifier;
      return place !== undefined && isSamePlace(place, target) ? [{ through: "entity" as const, identifier: reference, reference }] : [];
    }),
  );
}

/** A path in a reference has no dot in its key, and no mark that ends the text around it. */
function connectorCandidates(snapshot: Snapshot, document: number, target: SecretPlace): readonly Candidate[] {
  const { name, key, version } = target;
  if (!isSecretName(name) || (version !== undefined && !isSecretVersion(version)) || (key !== undefined && (!isWritableKey(key) || key.includes(".")))) return [];
  return accessibleScopes(scopeOf(snapshot, document)).flatMap((scope) =>
    snapshot.workspace
      .connectorsIn(scope)
      .filter(({ type, vault, identifier }) => type === "AzureKeyVault" && vault !== undefined && vaultKey(vault) === vaultKey(target.vault) && isConnectorIdentifier(identifier))
      .map(({ identifier }) => ({ through: "connector" as const, identifier: prefixOf(scope.level) + identifier, reference: `${prefixOf(scope.level)}azurevault://${identifier}/${pathText(target)}` })),
  );
}

/** In the path of a Harness secret: its own connector alone can lead to the vault. */
function pathCandidates({ analysis, workspace }: Snapshot, place: WritePlace, target: SecretPlace): readonly Candidate[] {
  const span = analysis.documents[place.document]?.span;
  const secret = analysis.entities.find((entity): entity is SecretEntity => entity.kind === "secret" && span !== undefined && spanContains(span, entity.origin.identifierSpan.start));
  const written = secret?.connector;
  if (secret === undefined || written === undefined) return [];
  const connector = firstFound(workspace.place(secret).scope, (from) => findConnector(workspace, written, from).connector);
  if (connector?.type !== "AzureKeyVault" || connector.vault === undefined || vaultKey(connector.vault) !== vaultKey(target.vault)) return [];
  return [{ through: "connector", identifier: written, reference: pathText(target) }];
}

function pathText({ name, key, version }: SecretPlace): string {
  return `${name}${key === undefined ? "" : `#${key}`}${version === undefined ? "" : `/${version}`}`;
}

function choiceOf({ form, span, style, before, after }: WritePlace, { through, identifier, reference }: Candidate): SecretTextChoice {
  const content = form === "expression" ? `<+secrets.getValue("${reference}")>` : reference;
  return { span, text: before + (form === "expression" && style === "whole" ? content : escaped(content, style)) + after, form: form === "argument" ? "expression" : form, through, identifier };
}

/** The text as it stands in a value of that style. One that is written anew gets quotes where it would be taken for something else. */
function escaped(text: string, style: WritePlace["style"]): string {
  if (style === "single") return text.replaceAll("'", "''");
  if (style === "double") return JSON.stringify(text).slice(1, -1);
  const isPlain = /^[A-Za-z_](?:[\w$./#-]|:(?=\/))*$/.test(text) && !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text);
  return style !== "whole" || isPlain ? text : JSON.stringify(text);
}

/** Hints about a reference that is right. */
const acceptable: ReadonlySet<RuleId> = new Set<RuleId>(["hyphen-identifier", "uri-in-secret-ref"]);

function isReadAsMeant(snapshot: Snapshot, { span, text }: SecretTextChoice, { reference }: Candidate, target: SecretPlace): boolean {
  const { analysis } = snapshot;
  const after = analyze(analysis.uri, analysis.text.slice(0, span.start) + text + analysis.text.slice(span.end));
  const chain = followAt({ ...snapshot, analysis: after }, { start: span.start, end: span.start + text.length }, reference);
  if (chain?.vault === undefined || chain.name === undefined) return false;
  const { vault, name, version, key } = chain;
  const reached = { vault, name, ...(version === undefined ? {} : { version }), ...(key === undefined ? {} : { key }) };
  return isSamePlace(reached, target) && !hasNewFault(analysis.findings, after);
}

function followAt(snapshot: Snapshot, span: Span, reference: string): ReturnType<typeof followEntity> {
  const found = snapshot.analysis.references.find(({ argument }) => argument.text === reference && argument.span.start >= span.start && argument.span.end <= span.end);
  if (found !== undefined) return followReference(snapshot, found);
  const secret = secretPathAt(snapshot.analysis, span.end - 1);
  return secret?.path === reference ? followEntity(snapshot, secret) : undefined;
}

function hasNewFault(before: readonly Finding[], { findings }: Analysis): boolean {
  const counts = new Map<RuleId, number>();
  for (const { rule } of before) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return findings.some(({ rule }) => {
    const left = (counts.get(rule) ?? 0) - 1;
    counts.set(rule, left);
    return left < 0 && !acceptable.has(rule);
  });
}
