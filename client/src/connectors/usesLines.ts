import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { ConnectorUse } from "../../../server/src/protocol/messages.ts";
import { counted } from "./counted.ts";
import { placeName, shortReference } from "./shownPlace.ts";

const maxListed = 10;

/** What else breaks, for a modal: how much, as "3 secrets kept in it break:", then at most 10 places. */
export function usesLines(noun: "secret" | "reference", which: string, uses: readonly ConnectorUse[]): readonly string[] {
  if (uses.length === 0) return [];
  const head = [counted(uses.length, noun), ...(which === "" ? [] : [which]), uses.length === 1 ? "breaks:" : "break:"].join(" ");
  const listed = uses.slice(0, maxListed).map((use) => `• ${shownText(shortReference(use.text), 40)} (${placeName(use)})`);
  return [head, ...listed, ...(uses.length > maxListed ? [`• and ${String(uses.length - maxListed)} more`] : [])];
}
