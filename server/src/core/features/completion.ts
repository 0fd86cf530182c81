import type { VaultWant } from "../model/facts.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";

export type CompletionKind = "functor" | "scope" | "secret" | "scheme" | "connector" | "vault-secret" | "json-key" | "version";

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label: the Name, the connector, an age. */
  readonly detail?: string;
  /** What is replaced, and by what. */
  readonly span: Span;
  readonly newText: string;
  /** What the client matches the typed text against. */
  readonly filterText: string;
  readonly sortText: string;
  /** Where the cursor goes is the end of `newText`; true asks the client to complete again there. */
  readonly again?: boolean;
  /** Opaque: given back to `completionDocumentation`. */
  readonly data?: string;
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  /** True while facts are loading: the client should ask again on the next keystroke. */
  readonly incomplete: boolean;
  /** What would have to be known to say more. */
  readonly wants: readonly VaultWant[];
}

export function completion(_snapshot: Snapshot, _offset: number): CompletionList {
  return { items: [], incomplete: false, wants: [] };
}

/** The Markdown shown beside an item, made when the client asks for it. */
export function completionDocumentation(_snapshot: Snapshot, _data: string): string | undefined {
  return undefined;
}
