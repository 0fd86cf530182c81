import type { VaultFacts } from "../../../server/src/core/model/facts.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { FactsParams, WantsParams } from "../../../server/src/protocol/messages.ts";
import type { FactsSource } from "../../../server/src/vault/factsSource.ts";

/** Answers the language server's wants with facts. */
export interface FactsProvider {
  /** The server's `keyline/wants`. */
  want(params: WantsParams): void;
  /** A server has started that knows nothing: it is sent everything again. */
  serverStarted(): void;
  dispose(): void;
}

/**
 * Serves `source` to the server. A vault is sent only when its facts have changed since they were sent last:
 * facts are immutable, so that the same object means the same facts.
 */
export function createFactsProvider(source: FactsSource, send: (params: FactsParams) => void): FactsProvider {
  const sent = new Map<string, VaultFacts>();

  function sendChanges(): void {
    const changed = source.facts().vaults().filter((facts) => sent.get(vaultKey(facts.vault)) !== facts);
    if (changed.length === 0) return;
    for (const facts of changed) sent.set(vaultKey(facts.vault), facts);
    send({ vaults: changed });
  }

  const stop = source.onDidChange(sendChanges);
  return {
    want: ({ wants }) => {
      source.want(wants);
      sendChanges();
    },
    serverStarted: () => {
      sent.clear();
      sendChanges();
    },
    dispose: () => {
      stop();
    },
  };
}
