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
      textDocumentSync: { openClose: true, change: incremental },
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
