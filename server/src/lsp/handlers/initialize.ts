import type { InitializeResult } from "vscode-languageserver/node";
import { CodeActionKind, TextDocumentSyncKind } from "vscode-languageserver/node";
import type { ClientOptions } from "../clientOptions.ts";

export function initializeResult(client: ClientOptions, version: string): InitializeResult {
  return {
    serverInfo: { name: "keyline", version },
    capabilities: {
      positionEncoding: client.positionEncoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
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
