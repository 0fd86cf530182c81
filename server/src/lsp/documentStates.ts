import type { Verification } from "../core/index.ts";
import { verification } from "../core/index.ts";
import type { DocumentStateParams } from "../protocol/messages.ts";
import type { Session } from "./session.ts";

/** Tells our own client how far each open document is verified, each time that changes. */
export class DocumentStates {
  readonly #session: Session;
  readonly #send: (params: DocumentStateParams) => void;
  readonly #sent = new Map<string, string>();

  constructor(session: Session, send: (params: DocumentStateParams) => void) {
    this.#session = session;
    this.#send = send;
  }

  update(): void {
    if (this.#session.client.keyline.clientFacts !== true) return;
    for (const { uri } of this.#session.documents()) {
      const snapshot = this.#session.snapshot(uri);
      if (snapshot === undefined) continue;
      const state = documentState(uri, verification(snapshot), this.#session.findings(uri).length);
      const written = JSON.stringify(state);
      if (this.#sent.get(uri) === written) continue;
      this.#sent.set(uri, written);
      this.#send(state);
    }
  }

  closed(uri: string): void {
    this.#sent.delete(uri);
  }
}

/** The path in a secret's own file is one more thing to verify, and counts as a reference here. */
function documentState(uri: string, { references, secrets, vaults }: Verification, findings: number): DocumentStateParams {
  const notVerified: Record<string, number> = {};
  for (const [reason, count] of [...references.notVerified, ...secrets.notVerified]) notVerified[reason] = (notVerified[reason] ?? 0) + count;
  return {
    uri,
    references: references.count + secrets.count,
    verified: references.verified + secrets.verified,
    findings,
    notVerified,
    vaults: vaults.map(({ vault, state }) => ({ ...vault, state })),
  };
}
