import type { Facts, VaultWant } from "../core/model/facts.ts";

/** Where facts about vaults come from: a VaultIndex in this process, or the extension host over the protocol. */
export interface FactsSource {
  /** All that is needed from now on; replaces what was wanted before, and is kept fresh until it is replaced. */
  want(wants: readonly VaultWant[]): void;
  /** What is known now. */
  facts(): Facts;
  /** Called after facts have changed. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
  dispose(): void;
}
