/** What is kept of a file's references to tell which connectors and vault secrets they use: no text of the file, no tree. */
import { findConnector, findPathConnector, findSecret, firstFound } from "./chain/lookUp.ts";
import type { PathParts, SecretPlace } from "./chain/secretPlace.ts";
import { placeOfPath, placeOfSecret } from "./chain/secretPlace.ts";
import type { ConnectorEntity } from "./model/entities.ts";
import type { Reference, VaultPath } from "./model/reference.ts";
import type { FileScope, ScopeLevel } from "./model/scope.ts";
import type { Analysis } from "./model/snapshot.ts";
import type { Span } from "./model/span.ts";
import type { WorkspaceModel } from "./model/workspaceModel.ts";
import { readReference } from "./syntax/referenceText.ts";

/** A reference that names a secret by its identifier, or a connector by a path. */
export interface ReferenceUse {
  /** What stands between the quotes, cut where it is long. */
  readonly text: string;
  readonly span: Span;
  /** Index into the file's YAML documents. */
  readonly document: number;
  readonly level: ScopeLevel;
  readonly secret?: string;
  readonly connector?: string;
  /** Of a path into a Key Vault, its key cut where it is long. */
  readonly path?: PathParts;
}

type Target = Pick<ReferenceUse, "level" | "secret" | "connector" | "path">;

/** Longer references exist only in files that were made to be hostile. */
const maxTextLength = 300;

/** In order of position. What the text alone cannot resolve, or gets wrong, uses no connector that is known. */
export function referenceUses(analysis: Analysis): readonly ReferenceUse[] {
  return analysis.references.flatMap((reference) => {
    const target = targetOf(reference);
    if (target === undefined) return [];
    const { text, span } = reference.argument;
    return [{ text: text.slice(0, maxTextLength), span, document: reference.document, ...target }];
  });
}

/** The connector that a reference in a document of scope `from` leads to, itself or through its secret. */
export function usedConnector(workspace: WorkspaceModel, use: Omit<ReferenceUse, "span" | "document">, from: FileScope): ConnectorEntity | undefined {
  const { level, connector, secret: identifier } = use;
  if (connector !== undefined) return firstFound(from, (scope) => findPathConnector(workspace, level, connector, scope).connector);
  const secret = identifier === undefined ? undefined : firstFound(from, (scope) => findSecret(workspace, level, identifier, scope).secret);
  const written = secret?.connector;
  return secret === undefined || written === undefined ? undefined : firstFound(secret.scope, (scope) => findConnector(workspace, written, scope).connector);
}

/** The secret of a Key Vault that a reference in a document of scope `from` leads to, itself or through its Harness secret. */
export function usedSecret(workspace: WorkspaceModel, { level, secret, connector, path }: Target, from: FileScope): SecretPlace | undefined {
  if (connector !== undefined) return path === undefined ? undefined : placeOfPath(workspace, level, connector, path, from);
  const found = secret === undefined ? undefined : firstFound(from, (scope) => findSecret(workspace, level, secret, scope).secret);
  return found === undefined ? undefined : placeOfSecret(workspace, found);
}

function targetOf(reference: Reference): Target | undefined {
  if (reference.broken) return undefined;
  // The reference stands at the variable, and means what the variable holds.
  if (reference.substituted !== undefined) {
    const read = readReference(reference.substituted.value, () => reference.argument.span.start, false);
    return read.broken ? undefined : partsOf(read);
  }
  return reference.dynamic ? undefined : partsOf(reference);
}

function partsOf({ scope, identifier, uri }: Pick<Reference, "scope" | "identifier" | "uri">): Target | undefined {
  if (scope === undefined) return undefined;
  if (uri !== undefined) return { level: scope, connector: uri.connector.text, ...(uri.vaultPath === undefined ? {} : { path: pathParts(uri.vaultPath) }) };
  return identifier === undefined ? undefined : { level: scope, secret: identifier.text };
}

function pathParts({ name, key, version }: VaultPath): PathParts {
  return { name: name.text, ...(key === undefined ? {} : { key: key.text.slice(0, maxTextLength) }), ...(version === undefined ? {} : { version: version.text }) };
}
