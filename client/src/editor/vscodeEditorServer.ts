import type { LanguageClient } from "vscode-languageclient/node";
import { State } from "vscode-languageclient/node";
import { referenceAtMessage, secretEntitiesMessage, secretTextMessage } from "../../../server/src/protocol/messages.ts";
import type { ReferenceAtResult, SecretEntitiesResult, SecretEntityRow, SecretTextResult } from "../../../server/src/protocol/messages.ts";
import type { EditorServer } from "./editorServer.ts";

/** The server that runs now. */
export function editorServerOf(client: LanguageClient): EditorServer {
  return {
    referenceAt: (params) => asked<ReferenceAtResult>(client, referenceAtMessage, params),
    secretText: (params) => asked<SecretTextResult>(client, secretTextMessage, params),
  };
}

/** The `secret:` entities of the workspace; none where the server does not answer. */
export async function secretEntitiesOf(client: LanguageClient): Promise<readonly SecretEntityRow[]> {
  return (await asked<SecretEntitiesResult>(client, secretEntitiesMessage, {}))?.entities ?? [];
}

async function asked<T>(client: LanguageClient, message: string, params: object): Promise<T | undefined> {
  if (client.state !== State.Running) return undefined;
  return client.sendRequest<T>(message, params).catch(() => undefined);
}
