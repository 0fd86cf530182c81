import type { VaultFacts, VaultWant } from "../core/index.ts";
import { Facts } from "../core/index.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";
import type { FactsParams, WantsParams } from "../protocol/messages.ts";
import type { FactsSource } from "../vault/factsSource.ts";

/** Facts that the client serves: wants go out, facts come in. This process opens no socket. */
export class ClientFacts implements FactsSource {
  readonly #sendWants: (params: WantsParams) => void;
  readonly #vaults = new Map<string, VaultFacts>();
  readonly #listeners = new Set<() => void>();
  #facts = Facts.none;

  constructor(sendWants: (params: WantsParams) => void) {
    this.#sendWants = sendWants;
  }

  want(wants: readonly VaultWant[], directoryOf: readonly VaultTarget[] = []): void {
    this.#sendWants({ wants, directoryOf });
  }

  facts(): Facts {
    return this.#facts;
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the client now knows of the vaults named; others keep what was said of them. */
  receive(params: FactsParams): void {
    for (const vault of params.vaults.filter(isVaultFacts)) this.#vaults.set(vaultKey(vault.vault), vault);
    this.#facts = new Facts([...this.#vaults.values()], "loading");
    for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    this.#listeners.clear();
    this.#vaults.clear();
  }
}

/** The sender is our own client; this keeps a message of another version from breaking every later look-up. */
function isVaultFacts(sent: VaultFacts | null | undefined): sent is VaultFacts {
  const lists = [sent?.versions, sent?.deleted, sent?.jsonShapes];
  return typeof sent?.vault?.name === "string" && typeof sent.listing?.state === "string" && lists.every(Array.isArray);
}
