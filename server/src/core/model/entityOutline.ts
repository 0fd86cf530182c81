import type { Entity } from "./entities.ts";
import type { Span } from "./span.ts";

/** One key of a mapping, with its value. */
export interface OutlineField {
  readonly key: string;
  readonly keySpan: Span;
  /** The text of a scalar without the blanks around it, empty where nothing is written; absent for everything else. */
  readonly value?: string;
  /** The value, inside its quotes; for an empty one the place behind the colon. */
  readonly valueSpan: Span;
  readonly style: "empty" | "plain" | "single" | "double" | "block" | "collection" | "alias";
}

export interface OutlineMap {
  /** In order of position. A key that stands twice is here twice, and the last one counts. */
  readonly fields: readonly OutlineField[];
  /** The key that the mapping stands under. */
  readonly keySpan: Span;
  /** Where its text ends. */
  readonly end: number;
  /** The blanks before each key; absent where keys do not begin their lines, as in `{ }`. */
  readonly indent?: string;
  /** True where something else may put more into it: an alias, a merge key, lines of a template. */
  readonly open: boolean;
}

/** The keys of one connector or secret, each where it stands: for what is said of, and can be written into, its fields. */
export interface EntityOutline {
  readonly kind: "connector" | "secret";
  /** Index into `Analysis.documents`. */
  readonly document: number;
  /** The document's. */
  readonly span: Span;
  /** As written; absent where it is missing, empty or a placeholder. */
  readonly type?: string;
  readonly entity: OutlineMap;
  readonly spec?: OutlineMap;
  /** What it defines, where it has an identifier and a type. */
  readonly defines?: Entity;
}

/** The field of that name that counts. */
export function fieldOf(map: OutlineMap | undefined, key: string): OutlineField | undefined {
  return map?.fields.findLast((field) => field.key === key);
}

/** The outline around that place. Outlines are looked up by halves: a file may hold many documents. */
export function outlineAt(outlines: readonly EntityOutline[], offset: number): EntityOutline | undefined {
  let low = 0;
  let high = outlines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((outlines[middle]?.span.end ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  const found = outlines[low];
  return found !== undefined && found.span.start <= offset ? found : undefined;
}
