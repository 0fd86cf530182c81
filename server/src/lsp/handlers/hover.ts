import type { Hover, HoverParams } from "vscode-languageserver/node";
import { MarkupKind } from "vscode-languageserver/node";
import { hover } from "../../core/index.ts";
import type { Session } from "../session.ts";

export function hoverHandler(session: Session, params: HoverParams): Hover | null {
  const { uri } = params.textDocument;
  const document = session.document(uri);
  const snapshot = session.snapshot(uri);
  if (document === undefined || snapshot === undefined) return null;
  const found = hover(snapshot, document.offsetAt(params.position));
  if (found === undefined) return null;
  const kind = session.client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: found.markdown }, range: document.rangeOf(found.span) };
}
