import { secretText } from "../../core/index.ts";
import type { SecretTextParams, SecretTextResult } from "../../protocol/messages.ts";
import type { Session } from "../session.ts";

export function secretTextHandler(session: Session, params: SecretTextParams): SecretTextResult {
  const { textDocument, range, vault, name, version, jsonKey } = params;
  const document = session.document(textDocument.uri);
  const snapshot = session.snapshot(textDocument.uri);
  if (document === undefined || snapshot === undefined) return null;
  // A client may name a range backwards.
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const target = { vault, name, ...(version === undefined ? {} : { version }), ...(jsonKey === undefined ? {} : { key: jsonKey }) };
  const choices = secretText(snapshot, { start: Math.min(from, to), end: Math.max(from, to) }, target);
  return choices === undefined ? null : { choices: choices.map(({ span, ...choice }) => ({ ...choice, range: document.rangeOf(span) })) };
}
