import { Disposable } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { ConnectorsResult } from "../../../server/src/protocol/messages.ts";
import { connectorsChangedMessage, connectorsMessage } from "../../../server/src/protocol/messages.ts";
import type { ConnectorStore } from "./connectorStore.ts";
import { createConnectorStore } from "./connectorStore.ts";

/** The connectors that the language server tells of. Lives through restarts of the server. */
export function connectorsOfServer(client: LanguageClient): { readonly store: ConnectorStore; readonly subscription: Disposable } {
  const store = createConnectorStore({
    request: () => (client.state === State.Running ? client.sendRequest<ConnectorsResult>(connectorsMessage, {}) : Promise.reject(new Error("The language server does not run"))),
  });
  const subscription = Disposable.from(
    client.onNotification(connectorsChangedMessage, () => {
      store.outdated();
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) store.serverStarted();
      if (newState === State.Stopped || newState === State.StartFailed) store.serverStopped();
    }),
  );
  return { store, subscription };
}
