import type { CompletionList, DocumentDiagnosticReport } from "vscode-languageserver/node";
import type { ConnectorsResult, SecretUsesResult } from "../protocol/messages.ts";

/** Answered for a document that is not open, and where a handler breaks. */
export const noCompletion: CompletionList = { isIncomplete: false, items: [] };
export const noDiagnostics: DocumentDiagnosticReport = { kind: "full", items: [] };
export const noConnectors: ConnectorsResult = { connectors: [], complete: false, reading: false };
export const noSecretUses: SecretUsesResult = { secrets: [], complete: false, reading: false };
