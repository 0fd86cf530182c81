import { shownText } from "../../../server/src/core/model/shownText.ts";

/** Foreign text within a notification, in which VS Code would turn `[words](address)` into a link, even to a command. */
export function noticeText(text: string, limit?: number): string {
  return shownText(text, limit).replaceAll("](", "] (");
}
