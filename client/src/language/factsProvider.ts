import type { SecretVersion, VaultFacts } from "../../../server/src/core/model/facts.ts";
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
 * facts are immutable, so that the same object means the same facts. While the pages of a listing come in, it is sent
 * when it has grown by half, so that 400 pages cost about three whole listings.
 */
export function createFactsProvider(source: FactsSource, send: (params: FactsParams) => void): FactsProvider {
  const sent = new Map<string, VaultFacts>();

  function sendChanges(): void {
    const changed = source.facts().vaults().filter((facts) => isNews(facts, sent.get(vaultKey(facts.vault))));
    if (changed.length === 0) return;
    for (const facts of changed) sent.set(vaultKey(facts.vault), facts);
    send({ vaults: changed.map(forServer) });
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

/** Content types and tags of versions are for the explorer: the server shows no more of a version than its state and dates. */
function forServer(facts: VaultFacts): VaultFacts {
  if (facts.versions.length === 0) return facts;
  return { ...facts, versions: facts.versions.map(([name, fact]) => [name, fact.state === "known" ? { ...fact, value: fact.value.map(withoutLabels) } : fact]) };
}

function withoutLabels({ contentType: _type, tags: _tags, managed: _managed, recoveryLevel: _level, ...version }: SecretVersion): SecretVersion {
  return version;
}

function isNews(facts: VaultFacts, sent: VaultFacts | undefined): boolean {
  if (facts === sent) return false;
  const [now, before] = [partOf(facts), sent === undefined ? undefined : partOf(sent)];
  if (now === undefined || before === undefined || sent === undefined) return true;
  const onlyLonger =
    facts.vault.tenant === sent.vault.tenant && facts.versions === sent.versions && facts.deleted === sent.deleted && facts.jsonShapes === sent.jsonShapes;
  return !onlyLonger || now >= before * 1.5;
}

/** How many secrets of a listing have come; undefined where it is whole, has failed, or nothing is known. */
function partOf({ listing }: VaultFacts): number | undefined {
  return listing.state === "known" && listing.stale === undefined && !listing.value.complete ? listing.value.secrets.length : undefined;
}
