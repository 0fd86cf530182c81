import { emptyDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { DirectoryParams, WantsParams } from "../../../server/src/protocol/messages.ts";
import type { AzureDirectorySource } from "../azure/azureDirectory.ts";

/** Tells the language server what Resource Manager has told. */
export interface DirectoryProvider {
  /** The server's `keyline/wants`. */
  want(params: WantsParams): void;
  /** A server has started that knows nothing. */
  serverStarted(): void;
  dispose(): void;
}

/** Sends the directory when it has changed since it was sent last; an empty one is what a server begins with. */
export function createDirectoryProvider(source: Pick<AzureDirectorySource, "want" | "directory" | "onDidChange">, send: (params: DirectoryParams) => void): DirectoryProvider {
  let sent: AzureDirectory = emptyDirectory;

  function sendChange(): void {
    const directory = source.directory();
    if (directory === sent) return;
    sent = directory;
    send({ directory });
  }

  const stop = source.onDidChange(sendChange);
  return {
    want: ({ directoryOf }) => {
      source.want(directoryOf ?? []);
    },
    serverStarted: () => {
      sent = emptyDirectory;
      sendChange();
    },
    dispose: () => {
      stop();
    },
  };
}
