import type { InitializeResult } from "vscode-languageserver/node";
import { CodeActionKind } from "vscode-languageserver-types";
import type { ClientOptions } from "../clientOptions.ts";

/** The protocol's TextDocumentSyncKind.Incremental. */
const incremental = 2;

export function initializeResult(client: ClientOptions, version: string): InitializeResult {
  return {
    serverInfo: { name: "keyline", version },
    capabilities: {
      positionEncoding: client.positionEncoding,
      // A save is of use only where the client does not tell what changes on disk.
      textDocumentSync: { openClose: true, change: incremental, ...(client.watchedFilesRegistration ? {} : { save: true }) },
      completionProvider: { resolveProvider: true, triggerCharacters: ["<", "+", ".", "(", '"', "'", "/", "#"] },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...(client.diagnostics === "pull"
        ? { diagnosticProvider: { identifier: "keyline", interFileDependencies: true, workspaceDiagnostics: false } }
        : {}),
    },
  };
}
