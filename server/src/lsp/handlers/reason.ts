import { reasonAt } from "../../core/index.ts";
import type { ReasonParams, ReasonResult } from "../../protocol/messages.ts";
import type { Session } from "../session.ts";

export function reasonHandler(session: Session, { textDocument: { uri }, position }: ReasonParams): ReasonResult {
  const document = session.document(uri);
  const snapshot = session.snapshot(uri);
  const reason = document === undefined || snapshot === undefined ? undefined : reasonAt(snapshot, document.offsetAt(position));
  return reason === undefined ? null : { reason };
}
