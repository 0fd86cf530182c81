import type { Reference } from "./reference.ts";
import type { Analysis } from "./snapshot.ts";
import { spanContains } from "./span.ts";

/** The reference under the cursor; of nested ones the innermost. */
export function referenceAt({ references }: Analysis, offset: number): Reference | undefined {
  let innermost: Reference | undefined;
  for (const reference of references) {
    if (spanContains(reference.span, offset) && (innermost === undefined || length(reference) < length(innermost))) innermost = reference;
  }
  return innermost;
}

function length({ span }: Reference): number {
  return span.end - span.start;
}
