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

function documentState(uri: string, verified: Verification, findings: number): DocumentStateParams {
  return {
    uri,
    references: verified.references,
    verified: verified.verified,
    findings,
    notVerified: Object.fromEntries(verified.notVerified),
    vaults: verified.vaults.map(({ vault, state }) => ({ ...vault, state })),
  };
}
