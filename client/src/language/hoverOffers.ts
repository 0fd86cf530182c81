import type { Disposable, HoverProvider } from "vscode";
import { Hover, languages, MarkdownString, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { ReasonParams, ReasonResult } from "../../../server/src/protocol/messages.ts";
import { reasonMessage } from "../../../server/src/protocol/messages.ts";
import { hoverOffer } from "./hoverOffer.ts";
import { yamlSelector } from "./languageClient.ts";

/**
 * Adds to the hover of a reference that is not verified the command that mends it. The server's own hover holds text
 * of others and is never trusted; this part holds a word of ours, and may run the one command that it names.
 */
export function registerHoverOffers(client: LanguageClient): Disposable {
  const provider: HoverProvider = {
    provideHover: async (document, position, token) => {
      if (client.state !== State.Running) return undefined;
      const params: ReasonParams = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      const answer = await client.sendRequest<ReasonResult>(reasonMessage, params, token).catch(() => null);
      const offer = hoverOffer(answer?.reason, workspace.isTrusted);
      if (offer === undefined) return undefined;
      const words = new MarkdownString(`[${offer.title}](command:${offer.command})`);
      words.isTrusted = { enabledCommands: [offer.command] };
      return new Hover(words);
    },
  };
  return languages.registerHoverProvider(yamlSelector(), provider);
}
