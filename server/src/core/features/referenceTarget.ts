/** Which secret of which vault the reference under the cursor leads to, as far as the workspace tells. */
import type { Chain } from "../chain/chain.ts";
import { followEntity, followReference } from "../chain/follow.ts";
import type { SecretEntity } from "../model/entities.ts";
import type { Reference } from "../model/reference.ts";
import { referenceAt, secretEntityAt } from "../model/referenceAt.ts";
import type { ScopeLevel } from "../model/scope.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { readReference } from "../syntax/referenceText.ts";

export interface ReferenceTarget {
  /** Of the whole reference. */
  readonly span: Span;
  /** The argument, or the path or identifier of a secret in its own file. */
  readonly text: string;
  readonly vault?: VaultTarget;
  readonly name?: string;
  readonly version?: string;
  readonly key?: string;
  /** The Harness secret on the way. */
  readonly secret?: SecretEntity;
  /** An identifier that no file defines. */
  readonly unknownIdentifier?: { readonly level: ScopeLevel; readonly identifier: string };
}

/** Undefined where there is no reference. What the vault holds does not matter: a name that it lacks is told too. */
export function referenceTarget(snapshot: Snapshot, offset: number): ReferenceTarget | undefined {
  const { analysis } = snapshot;
  const reference = referenceAt(analysis, offset);
  if (reference !== undefined) {
    const chain = followReference(snapshot, reference);
    return { span: reference.span, text: reference.argument.text, ...targetOf(chain), ...written(reference, chain) };
  }
  const found = secretEntityAt(analysis, offset);
  if (found === undefined) return undefined;
  const { secret, span } = found;
  return { span, text: analysis.text.slice(span.start, span.end), ...targetOf(followEntity(snapshot, secret) ?? { findings: [] }), secret };
}

function targetOf({ vault, connector, name, version, key, secret }: Chain): Omit<ReferenceTarget, "span" | "text"> {
  const opened = vault ?? connector?.vault;
  return {
    ...(opened === undefined ? {} : { vault: opened }),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(key === undefined ? {} : { key }),
    ...(secret === undefined ? {} : { secret }),
  };
}

/** What the text itself names where the chain breaks before the vault. */
function written(reference: Reference, { scope, secret }: Chain): Partial<ReferenceTarget> {
  if (reference.broken || secret !== undefined) return {};
  const meant = reference.substituted === undefined ? reference : readReference(reference.substituted.value, () => reference.argument.span.start, false);
  if (meant.uri === undefined) return meant.identifier === undefined || scope === undefined ? {} : { unknownIdentifier: { level: scope.level, identifier: meant.identifier.text } };
  const path = meant.uri.vaultPath;
  if (path === undefined) return {};
  return { name: path.name.text, ...(path.version === undefined ? {} : { version: path.version.text }), ...(path.key === undefined ? {} : { key: path.key.text }) };
}
