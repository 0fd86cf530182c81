import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";

/** A hover in Markdown whose foreign text is escaped; no links but to our own rule pages. */
export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What is known along the chain of the reference at `offset`. */
export function hover(_snapshot: Snapshot, _offset: number): Hover | undefined {
  return undefined;
}
