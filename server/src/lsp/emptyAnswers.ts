import type { CompletionList, DocumentDiagnosticReport } from "vscode-languageserver/node";

/** Answered for a document that is not open, and where a handler breaks. */
export const noCompletion: CompletionList = { isIncomplete: false, items: [] };
export const noDiagnostics: DocumentDiagnosticReport = { kind: "full", items: [] };
