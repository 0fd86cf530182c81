import { Disposable } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { ConnectorsResult, SecretUsesResult } from "../../../server/src/protocol/messages.ts";
import { connectorsChangedMessage, connectorsMessage, secretUsesMessage } from "../../../server/src/protocol/messages.ts";
import type { ConnectorStore } from "../connectors/connectorStore.ts";
import { createConnectorStore } from "../connectors/connectorStore.ts";
import type { ServerAnswer } from "./serverAnswer.ts";
import { createServerAnswer } from "./serverAnswer.ts";

/** What the language server tells of the whole workspace. Lives through restarts of the server. */
export interface WorkspaceAnswers {
  readonly connectors: ConnectorStore;
  readonly uses: ServerAnswer<SecretUsesResult>;
  readonly subscription: Disposable;
}

export function workspaceAnswers(client: LanguageClient): WorkspaceAnswers {
  const connectors = createConnectorStore({ request: () => ask<ConnectorsResult>(client, connectorsMessage) });
  const uses = createServerAnswer(() => ask<SecretUsesResult>(client, secretUsesMessage));
  const all = [connectors, uses];
  const subscription = Disposable.from(
    client.onNotification(connectorsChangedMessage, () => {
      for (const answer of all) answer.outdated();
    }),
    client.onDidChangeState(({ newState }) => {
      for (const answer of all) {
        if (newState === State.Running) answer.serverStarted();
        if (newState === State.Stopped || newState === State.StartFailed) answer.serverStopped();
      }
    }),
  );
  return { connectors, uses, subscription };
}

function ask<T>(client: LanguageClient, message: string): Promise<T> {
  return client.state === State.Running ? client.sendRequest<T>(message, {}) : Promise.reject(new Error("The language server does not run"));
}
