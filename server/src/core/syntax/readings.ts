/** Keeps what the scalars of a text have told, so that after a keystroke only the scalar that it changed is read anew. */
import type { Finding } from "../model/finding.ts";
import type { Part, Reference, SecretUri, VaultPath } from "../model/reference.ts";
import type { Span } from "../model/span.ts";

/** What one scalar or comment tells, as spans of the file. */
export interface Reading {
  readonly references: readonly Reference[];
  readonly findings: readonly Finding[];
}

/** Where a reading was made. */
export interface Place {
  readonly start: number;
  /** Index into the file's YAML documents. */
  readonly document: number;
}

interface Kept extends Reading, Place {
  readonly key: string;
}

/** A longer text is read anew each time: keeping what it tells would cost more than it spares. */
const maxKeptLength = 20_000;

/** The readings of the last version of one document. Two texts of equal keys tell the same, apart from where they stand. */
export class Readings {
  #last: ReadonlyMap<string, Kept> = new Map();
  #current = new Map<string, Kept>();

  /** The reading of an equal text of the last version, moved here. */
  find(key: string, place: Place): Reading | undefined {
    const kept = this.#last.get(key);
    if (kept === undefined) return undefined;
    const moved = kept.start === place.start && kept.document === place.document ? kept : { ...movedReading(kept, place.start - kept.start, place.document), ...place, key: kept.key };
    this.#current.set(moved.key, moved);
    return moved;
  }

  keep(key: string, place: Place, reading: Reading): void {
    if (key.length > maxKeptLength) return;
    // A piece of a string keeps the whole text in memory that it was taken from; a copy keeps only itself.
    const own = JSON.parse(JSON.stringify({ key, ...reading })) as Reading & { readonly key: string };
    this.#current.set(own.key, { ...own, ...place });
  }

  /** The version is read: what it did not hold is forgotten. */
  endVersion(): void {
    this.#last = this.#current;
    this.#current = new Map();
  }
}

function movedReading({ references, findings }: Reading, by: number, document: number): Reading {
  const span = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const part = (moved: Part): Part => ({ text: moved.text, span: span(moved.span) });
  return {
    references: references.map((reference) => ({
      ...reference,
      document,
      span: span(reference.span),
      argument: part(reference.argument),
      ...(reference.scopePrefix === undefined ? {} : { scopePrefix: part(reference.scopePrefix) }),
      ...(reference.identifier === undefined ? {} : { identifier: part(reference.identifier) }),
      ...(reference.uri === undefined ? {} : { uri: movedUri(reference.uri, part) }),
    })),
    findings: findings.map((finding) => ({
      ...finding,
      span: span(finding.span),
      fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: span(edit.span) })) })),
    })),
  };
}

function movedUri({ scheme, connector, path, vaultPath }: SecretUri, part: (moved: Part) => Part): SecretUri {
  return { scheme: part(scheme), connector: part(connector), path: part(path), ...(vaultPath === undefined ? {} : { vaultPath: movedPath(vaultPath, part) }) };
}

function movedPath({ name, key, version }: VaultPath, part: (moved: Part) => Part): VaultPath {
  return { name: part(name), ...(key === undefined ? {} : { key: part(key) }), ...(version === undefined ? {} : { version: part(version) }) };
}
