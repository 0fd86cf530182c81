import type { VaultWant } from "./facts.ts";
import type { Span } from "./span.ts";

export type CompletionKind = "functor" | "scope" | "secret" | "scheme" | "connector" | "vault-secret" | "json-key" | "version" | "field" | "value" | "vault" | "subscription";

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Beside the label: the Name, the connector, an age. */
  readonly detail?: string;
  /** What is replaced, and by what. */
  readonly span: Span;
  readonly newText: string;
  /** Where the cursor goes, as an index into `newText`; its end where absent. */
  readonly cursor?: number;
  /** What the client matches the typed text against. */
  readonly filterText: string;
  readonly sortText: string;
  /** True where there is more to complete at the cursor's new place. */
  readonly again?: boolean;
  /** Opaque: given back to `completionDocumentation`. */
  readonly data?: string;
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  /** True while facts are loading, or where more match than are listed: the client should ask again on the next keystroke. */
  readonly incomplete: boolean;
  /** What would have to be known to say more. */
  readonly wants: readonly VaultWant[];
}

export const noItems: CompletionList = { items: [], incomplete: false, wants: [] };

/** More names than this are not sent at once. */
export const maxNames = 500;
/** The longest label, in characters: the longest Key Vault name fits. */
export const maxLabel = 130;
