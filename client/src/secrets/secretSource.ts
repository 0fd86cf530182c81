import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { DeletedEntry, SecretAttributes, SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { SecretUse } from "../../../server/src/protocol/messages.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";

/** Which secret, version or JSON key of a vault a command is about. */
export interface SecretSubject {
  readonly vault: VaultTarget;
  readonly name: string;
  readonly version?: string;
  /** The names of nested JSON keys, outermost first. */
  readonly jsonKeys?: readonly string[];
}

/** A vault that commands offer, with how it is known. */
export interface KnownVault {
  readonly vault: VaultTarget;
  /** As "Shop dev vault · account.shop_dev_kv"; absent for a vault that was added by hand. */
  readonly connector?: string;
}

/** The places of the workspace that lead to a secret. */
export interface SecretUses {
  readonly references: readonly SecretUse[];
  /** `secret:` entities whose value is kept there. */
  readonly entities: readonly SecretUse[];
  /** False where there may be more that are not listed. */
  readonly complete: boolean;
}

/** The secrets of the vaults that the explorer shows. */
export interface SecretSource {
  /**
   * What an item of our own tree stands for. Undefined for anything else: another extension may run a command with any
   * argument.
   */
  subjectOf(argument: unknown): SecretSubject | undefined;
  /** The vault of a vault's item, or of anything below it. */
  vaultOf(argument: unknown): VaultTarget | undefined;
  /** Vaults of connectors and added ones, each once. */
  vaults(): Promise<readonly KnownVault[]>;
  /** Reads the vault where its list is not fresh; pages are shown by the caller's progress. */
  secrets(vault: VaultTarget, signal: AbortSignal): Promise<Outcome<readonly SecretAttributes[]>>;
  /** Newest first; empty where there is no such secret. Always asked anew. */
  versions(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<readonly SecretVersion[]>>;
  /** The vault's deleted secrets. Always asked anew. */
  deleted(vault: VaultTarget, signal: AbortSignal): Promise<Outcome<readonly DeletedEntry[]>>;
  uses(vault: VaultTarget, name: string): Promise<SecretUses>;
  /** What was known of the vault is old: something has been written. */
  changed(vault: VaultTarget): void;
}
