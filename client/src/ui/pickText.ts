import { shownText } from "../../../server/src/core/model/shownText.ts";

/** Foreign text within a list to pick from, in which VS Code would turn `$(name)` into an icon. */
export function pickText(text: string, limit?: number): string {
  return shownText(text, limit).replaceAll("$(", "\\$(");
}
