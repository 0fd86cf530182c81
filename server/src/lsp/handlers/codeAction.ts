import type { CodeAction, CodeActionParams } from "vscode-languageserver/node";
import { CodeActionKind } from "vscode-languageserver-types";
import type { Session } from "../session.ts";
import { toCodeAction } from "../toProtocol.ts";

/** The fixes of the findings that the range touches, each with its edit inside. */
export function codeActionHandler(session: Session, params: CodeActionParams): CodeAction[] {
  const { uri } = params.textDocument;
  const document = session.document(uri);
  if (document === undefined || !wantsQuickFixes(params.context.only)) return [];
  const start = document.offsetAt(params.range.start);
  const end = document.offsetAt(params.range.end);
  return session
    .findings(uri)
    .filter((finding) => finding.span.start <= end && start <= finding.span.end)
    .flatMap((finding) => finding.fixes.map((fix) => toCodeAction(fix, finding, document, session.client.versionedEdits)));
}

/** A kind asks for itself and for all kinds below it; the empty kind asks for all. */
function wantsQuickFixes(only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((kind) => kind === "" || kind === CodeActionKind.QuickFix);
}
