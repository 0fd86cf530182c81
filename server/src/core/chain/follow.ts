/** Follows one reference along its chain, as far as the workspace and the facts tell. */
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import { secretManagerTypes } from "../model/entities.ts";
import type { Finding, Fix } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { Part, Reference, SecretUri } from "../model/reference.ts";
import { isScheme, schemes } from "../model/reference.ts";
import type { FileScope } from "../model/scope.ts";
import { possibleScopes, unresolvedReason } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isSecretName } from "../model/vaultTarget.ts";
import { readReference } from "../syntax/referenceText.ts";
import { readVaultPath } from "../syntax/vaultPath.ts";
import type { Anchors, Chain } from "./chain.ts";
import { builtInManager, findConnector, findPathConnector, findSecret } from "./lookUp.ts";
import type { ConnectorPlace } from "./scopeFindings.ts";
import { connectorNotFound, scopeMismatch, secretNotFound } from "./scopeFindings.ts";
import { withShellVariable } from "./shellVariable.ts";
import { checkInVault } from "./vaultCheck.ts";

/** The scope of the YAML document that a reference stands in. */
export function scopeOf({ analysis, workspace }: Snapshot, documentIndex: number): FileScope {
  const document = analysis.documents[documentIndex];
  return document === undefined ? { level: "unknown", reason: "unknown-scope" } : workspace.documentScope(analysis.uri, document, analysis.pathScope);
}

export function followReference(snapshot: Snapshot, reference: Reference): Chain {
  const chain = followWritten(snapshot, reference);
  return reference.shellVariable === undefined ? chain : withShellVariable(snapshot, reference, reference.shellVariable, chain);
}

/** Takes what is written as it stands. */
function followWritten(snapshot: Snapshot, reference: Reference): Chain {
  if (snapshot.analysis.tooLarge) return { findings: [], unverified: "file-too-large" };
  if (reference.broken) return { findings: [] };
  if (reference.substituted !== undefined) return followSubstituted(snapshot, reference, reference.substituted);
  if (reference.dynamic) return { findings: [], unverified: "dynamic" };
  const { uri, identifier } = reference;
  if (uri !== undefined) return inEachScope(scopeOf(snapshot, reference.document), (from) => followUri(snapshot, reference, uri, from));
  if (identifier === undefined) return { findings: [] };
  return inEachScope(scopeOf(snapshot, reference.document), (from) => followIdentifier(snapshot, reference, identifier, from));
}

/**
 * Follows a chain in each scope that a file may have. What is wrong is told only where something is wrong in all of them: then
 * the chain of the narrowest scope counts, else that of the narrowest in which nothing is wrong.
 */
function inEachScope(scope: FileScope, follow: (from: FileScope) => Chain): Chain {
  const chains = possibleScopes(scope).map(follow);
  const right = chains.find((chain) => !isWrong(chain));
  const [narrowest, ...others] = chains;
  if (right !== undefined || narrowest === undefined) return right ?? { findings: [] };
  return others.length === 0 ? narrowest : { ...narrowest, findings: narrowest.findings.map((finding) => withoutGuesses(finding, others)) };
}

/** No fix writes a prefix that is right in one of the scopes alone. */
function withoutGuesses(finding: Finding, others: readonly Chain[]): Finding {
  const isCertain = (fix: Fix): boolean => !writesPrefix(fix) || others.every(({ findings }) => findings.some(({ fixes }) => fixes.some((other) => JSON.stringify(other.edits) === JSON.stringify(fix.edits))));
  return { ...finding, fixes: finding.fixes.filter(isCertain) };
}

function writesPrefix({ edits }: Fix): boolean {
  return edits.some(({ newText }) => /^(?:(?:account|org)\.?)?$/.test(newText));
}

function isWrong({ findings }: Chain): boolean {
  return findings.some(({ severity, rule }) => severity === "error" || severity === "warning" || rule === "scope-mismatch");
}

/** A variable whose value stands in the same file: its value is followed, findings stay at the variable. */
function followSubstituted(snapshot: Snapshot, reference: Reference, substituted: { readonly variable: string; readonly value: string }): Chain {
  const { span } = reference.argument;
  const read = readReference(substituted.value, () => span.start, false);
  const lead = `${shownText(substituted.variable)} is "${shownText(substituted.value)}". `;
  const here = (finding: Finding): Finding => ({ ...finding, span, message: lead + finding.message, fixes: [] });
  if (read.broken) return { findings: read.findings.filter((finding) => finding.severity === "error").map(here) };
  const { findings: _findings, broken: _broken, ...parts } = read;
  const { substituted: _substituted, ...rest } = reference;
  const chain = followWritten(snapshot, { ...rest, ...parts, dynamic: false });
  return { ...chain, findings: chain.findings.map(here) };
}

function followIdentifier(snapshot: Snapshot, reference: Reference, identifier: Part, from: FileScope): Chain {
  const { workspace } = snapshot;
  const mismatch = scopeMismatch(reference, from);
  if (mismatch !== undefined) return { findings: [mismatch], ...(mismatch.severity === "error" ? {} : { unverified: unresolvedReason(from) }) };
  const { scope, secret, several } = findSecret(workspace, reference.scope, identifier.text, from);
  const at = scope === undefined ? {} : { scope };
  if (secret !== undefined) return { ...at, ...followSecret(snapshot, secret, identifier) };
  if (several !== undefined) return { ...at, several, findings: [], unverified: "several-definitions" };
  if (scope === undefined) return { findings: [], unverified: unresolvedReason(from) };
  if (!workspace.isComplete(scope)) return { scope, findings: [], unverified: "unknown-identifier" };
  return { scope, findings: [secretNotFound(snapshot, reference, identifier, scope, from)] };
}

/** From a known secret on: its secret manager, then what it names there. `at` is where the identifier is used. */
function followSecret(snapshot: Snapshot, secret: SecretEntity, at: Part): Chain {
  const lead = `Secret "${shownText(secret.identifier)}": `;
  const anchors: Anchors = { identifier: at.span, connector: at.span, name: at.span, version: at.span, key: at.span, editable: false, lead };
  return { secret, ...followManager(snapshot, secret, anchors, false) };
}

/**
 * The chain of a secret entity in its own file, where its name, version and key can be mended.
 * Undefined for an entity with nothing to follow.
 */
export function followEntity(snapshot: Snapshot, secret: SecretEntity): Chain | undefined {
  const { pathSpan, connectorSpan, origin } = secret;
  if (secret.type !== "SecretText" && secret.type !== "SecretFile") return undefined;
  const path = pathSpan ?? secret.nameSpan ?? origin.identifierSpan;
  const anchors: Anchors = { identifier: origin.identifierSpan, connector: connectorSpan ?? origin.identifierSpan, name: path, version: path, key: path, editable: true, lead: "" };
  return followManager(snapshot, snapshot.workspace.place(secret), anchors, true);
}

function followManager(snapshot: Snapshot, secret: SecretEntity, anchors: Anchors, inOwnFile: boolean): Chain {
  if (secret.type === "SSHKey" || secret.type === "WinRmCredentials") return { findings: [] };
  const written = secret.connector;
  if (written === undefined) return { findings: [], unverified: "incomplete-secret" };
  return inEachScope(secret.scope, (from) => followManagerFrom(snapshot, secret, written, { from, anchors, inOwnFile }));
}

interface ManagerContext {
  /** A scope that the secret may have. */
  readonly from: FileScope;
  readonly anchors: Anchors;
  readonly inOwnFile: boolean;
}

function followManagerFrom(snapshot: Snapshot, secret: SecretEntity, written: string, { from, anchors, inOwnFile }: ManagerContext): Chain {
  const found = findConnector(snapshot.workspace, written, from);
  if (found.identifier === builtInManager) return { builtIn: true, findings: [] };
  const { start } = anchors.connector;
  if (found.mismatch !== undefined) {
    if (!inOwnFile) return { findings: [], unverified: "project-of-run" };
    const prefix = { start, end: start + "org".length };
    return { findings: [newFinding("scope-mismatch", prefix, found.mismatch, { fixes: [replaceFix('Write "account."', prefix, "account")] })] };
  }
  if (found.connector === undefined) {
    if (found.several !== undefined) return { several: found.several, findings: [], unverified: "several-definitions" };
    if (found.scope === undefined) return { findings: [], unverified: unresolvedReason(from) };
    if (!snapshot.workspace.isComplete(found.scope)) return { findings: [], unverified: "unknown-connector" };
    const place: ConnectorPlace = { anchors, editable: inOwnFile, ...(inOwnFile ? { prefix: { start, end: start + written.length - found.identifier.length } } : {}) };
    return { findings: [connectorNotFound(snapshot, found.identifier, found.scope, from, place)] };
  }
  const { connector } = found;
  if (!secretManagerTypes.includes(connector.type)) {
    return { connector, findings: [notSecretManager(connector, anchors)] };
  }
  if (connector.type !== "AzureKeyVault") return { connector, findings: [], unverified: "other-secret-manager" };
  return followIntoVault(snapshot, secret, connector, anchors, inOwnFile);
}

function followIntoVault(snapshot: Snapshot, secret: SecretEntity, connector: ConnectorEntity, anchors: Anchors, inOwnFile: boolean): Chain {
  if (secret.valueType === "Inline" || secret.type === "SecretFile") {
    const { name } = secret;
    // The vault's name of it is the Name, which a placeholder or another file may give.
    if (name === undefined) return { connector, findings: [], unverified: "incomplete-secret" };
    if (!isSecretName(name)) {
      // Elsewhere there is nothing to ask the vault for, so nothing is verified.
      if (!inOwnFile) return { connector, findings: [], unverified: "impossible-name" };
      const message = `An inline secret's Name becomes the name of the Key Vault secret, and none can be named "${shownText(name)}": letters, digits and hyphens, at most 127. Change the Name`;
      return secret.valueType === "Inline" ? { connector, findings: [newFinding("akv-secret-name", secret.nameSpan ?? anchors.identifier, message)] } : { connector, findings: [] };
    }
    if (connector.vault === undefined) return { connector, findings: [], unverified: "bad-vault-name" };
    const chain = { connector, vault: connector.vault, name };
    // In its own file nothing is claimed: Harness puts it into the vault only when the secret is made.
    if (inOwnFile) return { ...chain, findings: [] };
    return { ...chain, ...checkInVault(snapshot, { vault: connector.vault, name }, anchors) };
  }
  if (secret.path === undefined) return { connector, findings: [], unverified: "incomplete-secret" };
  const base = secret.pathSpan?.start ?? 0;
  const read = readVaultPath(secret.path, (start, end) => ({ start: base + start, end: base + end }));
  const lead = anchors.lead;
  const findings = inOwnFile ? read.findings : read.findings.filter((finding) => finding.severity === "error").map((finding) => ({ ...finding, span: anchors.name, message: lead + finding.message, fixes: [] }));
  const { path } = read;
  if (read.broken || path === undefined) return { connector, ...(connector.vault === undefined ? {} : { vault: connector.vault }), findings };
  if (connector.vault === undefined) return { connector, findings, unverified: "bad-vault-name" };
  const subject = subjectOf(connector.vault, path);
  const spans = inOwnFile ? { name: path.name.span, version: path.version?.span ?? path.name.span, key: path.key?.span ?? path.name.span } : {};
  return { connector, ...subject, ...checkInVault(snapshot, subject, { ...anchors, ...spans }) };
}

function followUri(snapshot: Snapshot, reference: Reference, uri: SecretUri, from: FileScope): Chain {
  const { scope, connector, several } = findPathConnector(snapshot.workspace, reference.scope, uri.connector.text, from);
  const at = reference.argument.span;
  const lookedUp = scope === undefined ? {} : { scope };
  const path = uri.vaultPath;
  const anchors: Anchors = {
    identifier: at,
    connector: uri.connector.span,
    name: path?.name.span ?? at,
    version: path?.version?.span ?? at,
    key: path?.key?.span ?? at,
    editable: reference.substituted === undefined,
    lead: "",
  };
  if (connector === undefined) {
    if (several !== undefined) return { ...lookedUp, several, findings: [], unverified: "several-definitions" };
    if (scope === undefined) return { findings: [], unverified: unresolvedReason(from) };
    if (!snapshot.workspace.isComplete(scope)) return { scope, findings: [], unverified: "unknown-connector" };
    const prefix = { start: reference.argument.span.start, end: uri.scheme.span.start };
    const place: ConnectorPlace = { anchors, editable: true, ...(reference.substituted === undefined ? { prefix } : {}) };
    return { scope, findings: [connectorNotFound(snapshot, uri.connector.text, scope, from, place)] };
  }
  const expected = isScheme(uri.scheme.text) ? schemes[uri.scheme.text] : undefined;
  if (connector.type !== expected) {
    const isManager = secretManagerTypes.includes(connector.type);
    const message = `Connector "${shownText(connector.identifier)}" is of type ${shownText(connector.type)}, and ${uri.scheme.text} needs ${expected ?? "a secret manager"}. Write a connector of that type${isManager ? ", or the scheme of this one" : ""}`;
    return { ...lookedUp, connector, findings: [newFinding("connector-not-secret-manager", anchors.connector, message)] };
  }
  if (connector.type !== "AzureKeyVault" || path === undefined) return { ...lookedUp, connector, findings: [], unverified: "other-secret-manager" };
  if (connector.vault === undefined) return { ...lookedUp, connector, findings: [], unverified: "bad-vault-name" };
  const subject = subjectOf(connector.vault, path);
  return { ...lookedUp, connector, ...subject, ...checkInVault(snapshot, subject, anchors) };
}

function subjectOf(vault: NonNullable<ConnectorEntity["vault"]>, path: { readonly name: Part; readonly key?: Part; readonly version?: Part }) {
  return {
    vault,
    name: path.name.text,
    ...(path.key === undefined ? {} : { key: path.key.text }),
    ...(path.version === undefined ? {} : { version: path.version.text }),
  };
}

function notSecretManager(connector: ConnectorEntity, anchors: Anchors): Finding {
  return newFinding("connector-not-secret-manager", anchors.connector, `${anchors.lead}Connector "${shownText(connector.identifier)}" is of type ${shownText(connector.type)} and keeps no secrets. Write the identifier of a secret manager`);
}
