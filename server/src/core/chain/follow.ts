/** Follows one reference along its chain, as far as the workspace and the facts tell. */
import { identifierFromName } from "../model/identifiers.ts";
import { documentScope } from "../model/documentScope.ts";
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import { secretManagerTypes } from "../model/entities.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { Part, Reference, SecretUri } from "../model/reference.ts";
import { isScheme, schemes } from "../model/reference.ts";
import type { FileScope, Scope, ScopeLevel } from "../model/scope.ts";
import { scopeKey, scopeWords } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isSecretName } from "../model/vaultTarget.ts";
import { nearestFew } from "../model/nearest.ts";
import { readReference } from "../syntax/referenceText.ts";
import { readVaultPath } from "../syntax/vaultPath.ts";
import type { Anchors, Chain } from "./chain.ts";
import { builtInManager, findConnector, findPathConnector, findSecret } from "./lookUp.ts";
import { checkInVault } from "./vaultCheck.ts";

/** The scope of the YAML document that a reference stands in. */
export function scopeOf(snapshot: Snapshot, documentIndex: number): FileScope {
  const document = snapshot.analysis.documents[documentIndex];
  if (document === undefined) return { level: "unknown" };
  return documentScope(document, snapshot.analysis.pathScope, snapshot.workspace.config);
}

export function followReference(snapshot: Snapshot, reference: Reference): Chain {
  if (snapshot.analysis.tooLarge) return { findings: [], unverified: "file-too-large" };
  if (reference.broken) return { findings: [] };
  if (reference.substituted !== undefined) return followSubstituted(snapshot, reference, reference.substituted);
  if (reference.dynamic) return { findings: [], unverified: "dynamic" };
  if (reference.uri !== undefined) return followUri(snapshot, reference, reference.uri);
  if (reference.identifier === undefined) return { findings: [] };
  return followIdentifier(snapshot, reference, reference.identifier);
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
  const chain = followReference(snapshot, { ...rest, ...parts, dynamic: false });
  return { ...chain, findings: chain.findings.map(here) };
}

function followIdentifier(snapshot: Snapshot, reference: Reference, identifier: Part): Chain {
  const { workspace } = snapshot;
  const fileScope = scopeOf(snapshot, reference.document);
  const { scope, secret } = findSecret(workspace, reference.scope, identifier.text, fileScope);
  if (scope === undefined) return { findings: [], unverified: "unknown-scope" };
  if (secret !== undefined) return { scope, ...followSecret(snapshot, secret, identifier) };
  if (!workspace.isComplete(scope)) return { scope, findings: [], unverified: "unknown-identifier" };
  return { scope, findings: [unknownSecret(snapshot, reference, identifier, scope, fileScope)] };
}

/** The one finding for an identifier that its scope, known completely, does not hold: the most telling that applies. */
function unknownSecret(snapshot: Snapshot, reference: Reference, identifier: Part, scope: Scope, fileScope: FileScope): Finding {
  const { workspace } = snapshot;
  const { text, span } = identifier;
  const shown = shownText(text);
  const byName = workspace.secretOfName(scope, text) ?? workspace.secret(scope, identifierFromName(text));
  if (byName !== undefined) {
    return newFinding("name-used-as-identifier", span, `"${shown}" is a Name; the secret's identifier is "${byName.identifier}". Write the identifier`, {
      fixes: [replaceFix(`Write "${byName.identifier}"`, span, byName.identifier)],
    });
  }
  const elsewhere = accessibleScopes(fileScope).filter((other) => scopeKey(other) !== scopeKey(scope) && workspace.secret(other, text) !== undefined);
  if (elsewhere.length > 0) {
    const target = reference.scopePrefix === undefined ? { start: span.start, end: span.start } : { start: reference.scopePrefix.span.start, end: span.start };
    const places = elsewhere.map(scopeWords).join(" and in ");
    const prefix = prefixOf(elsewhere[0]?.level ?? "account");
    return newFinding("secret-in-other-scope", reference.argument.span, `Secret "${shown}" is in ${places}, not in ${scopeWords(scope)}. Write "${prefix}${shown}"`, {
      fixes: elsewhere.map((other, index) => replaceFix(`Write "${prefixOf(other.level)}${shown}"`, target, prefixOf(other.level), index === 0)),
    });
  }
  const near = workspace.nearestSecrets(scope, text);
  const advice = near[0] === undefined ? "Create it, or write the identifier of another" : `Did you mean "${near[0]}"?`;
  return newFinding("secret-not-found", span, `No secret has the identifier "${shown}" in ${scopeWords(scope)}. ${advice}`, {
    fixes: near.map((candidate, index) => replaceFix(`Change to "${candidate}"`, span, candidate, index === 0)),
  });
}

function prefixOf(level: ScopeLevel): string {
  return level === "project" ? "" : `${level}.`;
}

/** The scopes whose secrets a file of that scope may use, its own first. */
export function accessibleScopes(scope: FileScope): readonly Scope[] {
  const account: Scope = { level: "account" };
  switch (scope.level) {
    case "unknown":
    case "account":
      return [account];
    case "org":
      return [scope, account];
    case "project":
      return [scope, { level: "org", org: scope.org }, account];
  }
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
  return followManager(snapshot, secret, anchors, true);
}

function followManager(snapshot: Snapshot, secret: SecretEntity, anchors: Anchors, inOwnFile: boolean): Chain {
  if (secret.type === "SSHKey" || secret.type === "WinRmCredentials") return { findings: [] };
  if (secret.connector === undefined) return { findings: [], unverified: "unknown-identifier" };
  const found = findConnector(snapshot.workspace, secret.connector, secret.scope);
  if (found.identifier === builtInManager) return { builtIn: true, findings: [] };
  if (found.mismatch !== undefined) {
    if (!inOwnFile) return { findings: [], unverified: "unknown-scope" };
    const { start } = anchors.connector;
    const prefix = { start, end: start + "org".length };
    return { findings: [newFinding("scope-mismatch", prefix, found.mismatch, { fixes: [replaceFix('Write "account."', prefix, "account")] })] };
  }
  if (found.scope === undefined) return { findings: [], unverified: "unknown-scope" };
  if (found.connector === undefined) {
    if (!snapshot.workspace.isComplete(found.scope)) return { findings: [], unverified: "unknown-identifier" };
    return { findings: [connectorNotFound(snapshot, found.identifier, found.scope, anchors, inOwnFile)] };
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
    if (name === undefined) return { connector, findings: [], unverified: "unknown-identifier" };
    if (!isSecretName(name)) {
      const message = `An inline secret's Name becomes the name of the Key Vault secret, and none can be named "${shownText(name)}": letters, digits and hyphens, at most 127. Change the Name`;
      return inOwnFile && secret.valueType === "Inline" ? { connector, findings: [newFinding("akv-secret-name", secret.nameSpan ?? anchors.identifier, message)] } : { connector, findings: [] };
    }
    if (connector.vault === undefined) return { connector, findings: [], unverified: "bad-vault-name" };
    const chain = { connector, vault: connector.vault, name };
    if (inOwnFile || secret.type === "SecretFile") return { ...chain, findings: [] };
    return { ...chain, ...checkInVault(snapshot, { vault: connector.vault, name }, anchors) };
  }
  if (secret.path === undefined) return { connector, findings: [], unverified: "unknown-identifier" };
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

function followUri(snapshot: Snapshot, reference: Reference, uri: SecretUri): Chain {
  const { scope, connector } = findPathConnector(snapshot.workspace, reference.scope, uri.connector.text, scopeOf(snapshot, reference.document));
  if (scope === undefined) return { findings: [], unverified: "unknown-scope" };
  const at = reference.argument.span;
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
    if (!snapshot.workspace.isComplete(scope)) return { scope, findings: [], unverified: "unknown-identifier" };
    return { scope, findings: [connectorNotFound(snapshot, uri.connector.text, scope, anchors, true)] };
  }
  const expected = isScheme(uri.scheme.text) ? schemes[uri.scheme.text] : undefined;
  if (connector.type !== expected) {
    const isManager = secretManagerTypes.includes(connector.type);
    const message = `Connector "${shownText(connector.identifier)}" is of type ${shownText(connector.type)}, and ${uri.scheme.text} needs ${expected ?? "a secret manager"}. Write a connector of that type${isManager ? ", or the scheme of this one" : ""}`;
    return { scope, connector, findings: [newFinding("connector-not-secret-manager", anchors.connector, message)] };
  }
  if (connector.type !== "AzureKeyVault" || path === undefined) return { scope, connector, findings: [], unverified: "other-secret-manager" };
  if (connector.vault === undefined) return { scope, connector, findings: [], unverified: "bad-vault-name" };
  const subject = subjectOf(connector.vault, path);
  return { scope, connector, ...subject, ...checkInVault(snapshot, subject, anchors) };
}

function subjectOf(vault: NonNullable<ConnectorEntity["vault"]>, path: { readonly name: Part; readonly key?: Part; readonly version?: Part }) {
  return {
    vault,
    name: path.name.text,
    ...(path.key === undefined ? {} : { key: path.key.text }),
    ...(path.version === undefined ? {} : { version: path.version.text }),
  };
}

function connectorNotFound(snapshot: Snapshot, identifier: string, scope: Scope, anchors: Anchors, editable: boolean): Finding {
  const near = nearestFew(identifier, snapshot.workspace.connectorsIn(scope).map((connector) => connector.identifier), 3);
  const advice = near[0] === undefined ? "Create it, or write the identifier of another" : `Did you mean "${near[0]}"?`;
  const { start, end } = anchors.connector;
  const dot = snapshot.analysis.text.slice(start, end).indexOf(".");
  const span = editable ? { start: start + dot + 1, end } : anchors.connector;
  const fixes = editable ? near.map((candidate, index) => replaceFix(`Change to "${candidate}"`, span, candidate, index === 0)) : [];
  return newFinding("connector-not-found", span, `${anchors.lead}No connector has the identifier "${shownText(identifier)}" in ${scopeWords(scope)}. ${advice}`, { fixes });
}

function notSecretManager(connector: ConnectorEntity, anchors: Anchors): Finding {
  return newFinding("connector-not-secret-manager", anchors.connector, `${anchors.lead}Connector "${shownText(connector.identifier)}" is of type ${shownText(connector.type)} and keeps no secrets. Write the identifier of a secret manager`);
}
