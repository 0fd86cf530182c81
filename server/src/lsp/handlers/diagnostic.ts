import type { DocumentDiagnosticParams, DocumentDiagnosticReport } from "vscode-languageserver/node";
import type { DiagnosticsPublisher } from "../diagnosticsPublisher.ts";
import { noDiagnostics } from "../emptyAnswers.ts";

/** A pull is answered from what is known now; when more is known the client is told to ask again. */
export function diagnosticHandler(publisher: DiagnosticsPublisher, params: DocumentDiagnosticParams): DocumentDiagnosticReport {
  const report = publisher.pulled(params.textDocument.uri);
  if (report === undefined) return noDiagnostics;
  const { resultId } = report;
  if (params.previousResultId === resultId) return { kind: "unchanged", resultId };
  return { kind: "full", resultId, items: [...report.items] };
}
