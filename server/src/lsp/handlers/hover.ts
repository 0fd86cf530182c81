import type { Hover, HoverParams } from "vscode-languageserver/node";
import { hover } from "../../core/index.ts";
import type { Session } from "../session.ts";

export function hoverHandler(session: Session, params: HoverParams): Hover | null {
  const { uri } = params.textDocument;
  const document = session.document(uri);
  const snapshot = session.snapshot(uri);
  if (document === undefined || snapshot === undefined) return null;
  const found = hover(snapshot, document.offsetAt(params.position), session.client.hoverFormat);
  if (found === undefined) return null;
  return { contents: { kind: session.client.hoverFormat, value: found.text }, range: document.rangeOf(found.span) };
}
