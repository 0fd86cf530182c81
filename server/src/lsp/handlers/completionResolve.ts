import type { CompletionItem } from "vscode-languageserver/node";
import { completionDocumentation } from "../../core/index.ts";
import type { Session } from "../session.ts";

/** The item carries all that is needed: its document and the core's own word for it. */
export function completionResolveHandler(session: Session, item: CompletionItem): CompletionItem {
  const data = item.data as { readonly uri?: unknown; readonly item?: unknown } | null | undefined;
  if (typeof data?.uri !== "string" || typeof data.item !== "string") return item;
  const snapshot = session.snapshot(data.uri);
  const kind = session.client.documentationFormat;
  const value = snapshot === undefined ? undefined : completionDocumentation(snapshot, data.item, kind);
  return value === undefined ? item : { ...item, documentation: { kind, value } };
}
