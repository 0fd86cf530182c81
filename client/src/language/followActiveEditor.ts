import { Disposable, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { DocumentStateParams } from "../../../server/src/protocol/messages.ts";
import type { DocumentStates } from "./documentStates.ts";
import { stateWords, stoppedWords } from "./stateWords.ts";
import { createStatusItem } from "./statusItem.ts";

export interface ActiveEditor {
  /** As the server writes it. */
  activeUri(): string | undefined;
  readonly activeState: () => DocumentStateParams | undefined;
  dispose(): void;
}

/** Keeps the language status item in step with the active editor. */
export function followActiveEditor(client: LanguageClient, states: DocumentStates): ActiveEditor {
  const item = createStatusItem();
  const uriOf = (uri: Parameters<typeof client.code2ProtocolConverter.asUri>[0]): string => client.code2ProtocolConverter.asUri(uri);

  function activeUri(): string | undefined {
    const document = window.activeTextEditor?.document;
    return document === undefined ? undefined : uriOf(document.uri);
  }

  function activeState(): DocumentStateParams | undefined {
    return states.get(activeUri());
  }

  function update(): void {
    if (client.state === State.Stopped || client.state === State.StartFailed) {
      item.show(stoppedWords);
      return;
    }
    const state = activeState();
    item.show(state === undefined ? undefined : stateWords(state, workspace.isTrusted));
  }

  const subscription = Disposable.from(
    item,
    window.onDidChangeActiveTextEditor(update),
    workspace.onDidCloseTextDocument((document) => {
      states.forget(uriOf(document.uri));
    }),
    workspace.onDidGrantWorkspaceTrust(update),
    client.onDidChangeState(update),
    new Disposable(states.onDidChange(update)),
  );
  return {
    activeUri,
    activeState,
    dispose: () => {
      subscription.dispose();
    },
  };
}
