import type { NotVerifiedReason } from "./model/reason.ts";

/** The words for a reason: what is the case, and what to do. */
export function reasonWords(reason: NotVerifiedReason): { readonly what: string; readonly remedy: string } {
  return { what: reason, remedy: "" };
}
