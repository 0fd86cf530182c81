import type { CompletionList, CompletionParams } from "vscode-languageserver/node";
import type { CompletionItem } from "../../core/index.ts";
import { completion } from "../../core/index.ts";
import { noCompletion } from "../emptyAnswers.ts";
import type { Session } from "../session.ts";
import { toCompletionItem } from "../toProtocol.ts";

/** More items make the answer slow to send and no easier to choose from; typing on narrows them. */
const maxItems = 500;

/** Answers from the facts at hand and never waits; what would be good to know is asked for beside it. */
export function completionHandler(session: Session, params: CompletionParams): CompletionList {
  const { uri } = params.textDocument;
  const document = session.document(uri);
  const snapshot = session.snapshot(uri);
  if (document === undefined || snapshot === undefined) return noCompletion;
  const offset = document.offsetAt(params.position);
  const list = completion(snapshot, offset);
  session.setCompletionWants(uri, list.wants);
  const items = list.items.length > maxItems ? fitting(list.items, snapshot.analysis.text, offset).slice(0, maxItems) : list.items;
  const { snippets, keyline } = session.client;
  const abilities = { askAgain: keyline.clientFacts === true, snippets };
  return {
    isIncomplete: list.incomplete || items.length < list.items.length,
    items: items.map((item) => toCompletionItem(item, document, abilities)),
  };
}

/** The items that hold the typed characters in their order, as clients match. */
function fitting(items: readonly CompletionItem[], text: string, offset: number): readonly CompletionItem[] {
  return items.filter((item) => {
    const typed = text.slice(item.span.start, offset).toLowerCase();
    const filter = item.filterText.toLowerCase();
    let at = -1;
    for (const character of typed) {
      at = filter.indexOf(character, at + 1);
      if (at < 0) return false;
    }
    return true;
  });
}
