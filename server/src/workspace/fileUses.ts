import type { Analysis, ReferenceUse, Span } from "../core/index.ts";
import { referenceUses } from "../core/index.ts";
import type { DocumentHead, PathScope } from "../core/model/documentScope.ts";
import type { TextRange } from "../core/model/textRange.ts";

/** Where a span of one text stands in lines, in the units that the client has asked for. */
export type Locate = (span: Span) => TextRange;

/** A reference as it is kept of a file that nobody has open. */
export interface PlacedUse extends Omit<ReferenceUse, "span"> {
  readonly range: TextRange;
}

/** The references of one file with what decides their scope. Plain data: neither the text nor its tree. */
export interface FileUses {
  readonly uri: string;
  readonly path: PathScope;
  readonly documents: readonly DocumentHead[];
  readonly references: readonly PlacedUse[];
}

/** Undefined for a text that is too long to be read for its structure. */
export function fileUses(analysis: Analysis, locate: Locate): FileUses | undefined {
  if (analysis.tooLarge) return undefined;
  const { uri, pathScope } = analysis;
  const references = referenceUses(analysis).map(({ span, ...use }) => ({ ...use, range: locate(span) }));
  if (references.length === 0) return { uri, path: pathScope, documents: [], references: [] };
  const documents = analysis.documents.map(({ span: _span, ...head }) => head);
  // A piece of a string keeps the whole string in memory; a copy keeps only itself.
  return JSON.parse(JSON.stringify({ uri, path: pathScope, documents, references })) as FileUses;
}
