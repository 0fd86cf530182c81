import type { Disposable } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import type { DirectoryParams, DocumentStateParams, FactsParams, TrustParams, WantsParams } from "../../../server/src/protocol/messages.ts";
import { directoryMessage, documentStateMessage, factsMessage, trustMessage, wantsMessage } from "../../../server/src/protocol/messages.ts";
import type { FactsSource } from "../../../server/src/vault/factsSource.ts";
import type { AzureDirectoryCache } from "../azure/azureDirectory.ts";
import type { DocumentStates } from "./documentStates.ts";
import { createFactsProvider } from "./factsProvider.ts";

export interface LanguageServerService extends Disposable {
  /** Tells the server that the workspace has become trusted. A server that starts later is told at its start. */
  trusted(): void;
}

export interface LanguageServerServiceContext {
  readonly client: LanguageClient;
  readonly source: FactsSource;
  readonly states: DocumentStates;
  readonly directory: Pick<AzureDirectoryCache, "directory" | "want" | "onDidChange">;
}

/** Keyline's own messages: wants in, facts out, document states in. Lives through restarts of the server. */
export function serveLanguageServer({ client, source, states, directory }: LanguageServerServiceContext): LanguageServerService {
  const sendDirectory = (): void => {
    send<DirectoryParams>(client, directoryMessage, { directory: directory.directory() });
  };
  const stopDirectory = directory.onDidChange(sendDirectory);
  const facts = createFactsProvider(source, (params) => {
    send<FactsParams>(client, factsMessage, params);
  });
  const subscriptions: readonly Disposable[] = [
    client.onNotification(wantsMessage, (params: WantsParams) => {
      states.putWants(params.wants);
      facts.want(params);
      directory.want(params.directoryOf ?? []);
    }),
    client.onNotification(documentStateMessage, (params: DocumentStateParams) => {
      states.put(params);
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        facts.serverStarted();
        sendDirectory();
      } else states.clear();
    }),
  ];
  return {
    trusted: () => {
      send<TrustParams>(client, trustMessage, { trusted: true });
    },
    dispose: () => {
      facts.dispose();
      stopDirectory();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** A message to a server that does not run is dropped: everything is sent again when one starts. */
function send<P>(client: LanguageClient, message: string, params: P): void {
  if (client.state !== State.Running) return;
  client.sendNotification(message, params).catch(() => undefined);
}
