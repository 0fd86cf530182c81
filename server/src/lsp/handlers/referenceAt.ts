import type { SecretEntity } from "../../core/index.ts";
import { referenceTarget } from "../../core/index.ts";
import type { ReferenceAt, ReferenceAtParams, ReferenceAtResult } from "../../protocol/messages.ts";
import { entityRanges } from "../entityRanges.ts";
import type { OpenDocument } from "../openDocument.ts";
import type { Session } from "../session.ts";

export function referenceAtHandler(session: Session, { textDocument: { uri }, position }: ReferenceAtParams): ReferenceAtResult {
  const document = session.document(uri);
  const snapshot = session.snapshot(uri);
  const found = document === undefined || snapshot === undefined ? undefined : referenceTarget(snapshot, document.offsetAt(position));
  if (document === undefined || found === undefined) return null;
  const { span, key, secret, ...said } = found;
  return {
    ...said,
    range: document.rangeOf(span),
    ...(key === undefined ? {} : { jsonKey: key }),
    ...(secret === undefined ? {} : { entity: entityOf(session, document, secret) }),
  };
}

function entityOf(session: Session, document: OpenDocument, { origin, identifier }: SecretEntity): NonNullable<ReferenceAt["entity"]> {
  const folder = session.folderOf(document.uri);
  const isHere = origin.uri === document.uri || folder === undefined;
  return { uri: origin.uri, identifier, range: isHere ? document.rangeOf(origin.identifierSpan) : entityRanges(folder, session.locator)({ origin }) };
}
