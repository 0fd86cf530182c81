import type { SecretEntity } from "./entities.ts";
import type { Reference } from "./reference.ts";
import type { Analysis } from "./snapshot.ts";
import type { Span } from "./span.ts";
import { spanContains } from "./span.ts";

/** The reference under the cursor; of nested ones the innermost. */
export function referenceAt({ references }: Analysis, offset: number): Reference | undefined {
  let innermost: Reference | undefined;
  for (const reference of references) {
    if (spanContains(reference.span, offset) && (innermost === undefined || length(reference) < length(innermost))) innermost = reference;
  }
  return innermost;
}

/** The reference that lies inside that span; references are looked up by halves, as there may be many. */
export function referenceIn({ references }: Analysis, span: Span): Reference | undefined {
  let low = 0;
  let high = references.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle]?.span.start ?? Infinity) < span.start) low = middle + 1;
    else high = middle;
  }
  const found = references[low];
  return found !== undefined && found.span.end <= span.end ? found : undefined;
}

/** The secret that the file defines whose own path in its secret manager is under the cursor. */
export function secretPathAt({ entities }: Analysis, offset: number): (SecretEntity & { readonly pathSpan: Span }) | undefined {
  for (const entity of entities) {
    if (entity.kind === "secret" && entity.pathSpan !== undefined && spanContains(entity.pathSpan, offset)) return { ...entity, pathSpan: entity.pathSpan };
  }
  return undefined;
}

/** The secret that the file defines whose own path, identifier or (where it is kept under that) Name is under the cursor, with the span of it. */
export function secretEntityAt(analysis: Analysis, offset: number): { readonly secret: SecretEntity; readonly span: Span } | undefined {
  const withPath = secretPathAt(analysis, offset);
  if (withPath !== undefined) return { secret: withPath, span: withPath.pathSpan };
  for (const entity of analysis.entities) {
    if (entity.kind !== "secret") continue;
    const spans = entity.valueType === "Inline" && entity.nameSpan !== undefined ? [entity.origin.identifierSpan, entity.nameSpan] : [entity.origin.identifierSpan];
    const span = spans.find((each) => spanContains(each, offset));
    if (span !== undefined) return { secret: entity, span };
  }
  return undefined;
}

function length({ span }: Reference): number {
  return span.end - span.start;
}
