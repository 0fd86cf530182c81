/** What a drop or a paste inserts. */
import type { ProtocolRange, SecretTextChoice } from "../../../server/src/protocol/messages.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";

export interface TransferEdit {
  readonly title: string;
  /** What stands in the place of the selection. */
  readonly insertText: string;
  /** Set where more than the selection is replaced: `insertText` is empty then. */
  readonly replace?: { readonly range: ProtocolRange; readonly text: string };
}

/** The first is inserted, the others are offered. `at` is what VS Code replaces by itself. */
export function transferEdits(choices: readonly SecretTextChoice[], at: ProtocolRange): readonly TransferEdit[] {
  return choices.flatMap(({ range, text, through, identifier }) => {
    const title = through === "entity" ? `Refer through the secret ${shownText(identifier)}` : `Refer by a path through the connector ${shownText(identifier)}`;
    if (isSame(range, at)) return [{ title, insertText: text }];
    // Two edits of one place would spoil each other.
    return isSame(at, { start: at.start, end: at.start }) ? [{ title, insertText: "", replace: { range, text } }] : [];
  });
}

function isSame(one: ProtocolRange, other: ProtocolRange): boolean {
  return one.start.line === other.start.line && one.start.character === other.start.character && one.end.line === other.end.line && one.end.character === other.end.character;
}
