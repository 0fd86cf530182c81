import type { Disposable } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { DirectoryParams, DocumentStateParams, FactsParams, TrustParams, WantsParams } from "../../../server/src/protocol/messages.ts";
import { directoryMessage, documentStateMessage, factsMessage, trustMessage, wantsMessage } from "../../../server/src/protocol/messages.ts";
import type { FactsSource } from "../../../server/src/vault/factsSource.ts";
import type { AzureDirectorySource } from "../azure/azureDirectory.ts";
import { createDirectoryProvider } from "./directoryProvider.ts";
import type { DocumentStates } from "./documentStates.ts";
import { createFactsProvider } from "./factsProvider.ts";

export interface LanguageServerService extends Disposable {
  /** Tells the server that the workspace has become trusted. A server that starts later is told at its start. */
  trusted(): void;
}

/** Keyline's own messages: wants in, facts and directory out, document states in. Lives through restarts of the server. */
export function serveLanguageServer(client: LanguageClient, source: FactsSource, azure: AzureDirectorySource, states: DocumentStates): LanguageServerService {
  const facts = createFactsProvider(source, (params) => {
    send<FactsParams>(client, factsMessage, params);
  });
  const directory = createDirectoryProvider(azure, (params) => {
    send<DirectoryParams>(client, directoryMessage, params);
  });
  const subscriptions: readonly Disposable[] = [
    client.onNotification(wantsMessage, (params: WantsParams) => {
      states.putWants(params.wants);
      facts.want(params);
      directory.want(params);
    }),
    client.onNotification(documentStateMessage, (params: DocumentStateParams) => {
      states.put(params);
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        facts.serverStarted();
        directory.serverStarted();
      } else states.clear();
    }),
  ];
  return {
    trusted: () => {
      send<TrustParams>(client, trustMessage, { trusted: true });
    },
    dispose: () => {
      facts.dispose();
      directory.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** A message to a server that does not run is dropped: everything is sent again when one starts. */
function send<P>(client: LanguageClient, message: string, params: P): void {
  if (client.state !== State.Running) return;
  client.sendNotification(message, params).catch(() => undefined);
}
