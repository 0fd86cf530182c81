import type { Facts, VaultWant } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";

/** Where facts about vaults come from: a VaultIndex in this process, or the extension host over the protocol. */
export interface FactsSource {
  /**
   * All that is needed from now on; replaces what was wanted before, and is kept fresh until it is replaced.
   * `directoryOf`: the vaults of which it is worth knowing what Resource Manager says.
   */
  want(wants: readonly VaultWant[], directoryOf?: readonly VaultTarget[]): void;
  /** What is known now. */
  facts(): Facts;
  /** Called after facts have changed. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
  dispose(): void;
}
