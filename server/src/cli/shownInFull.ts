import { shownText } from "../core/model/shownText.ts";

/** Foreign text made safe to print, and not shortened: a path or a message must be seen whole. */
export function shownInFull(text: string): string {
  return shownText(text, 4000);
}
