import type { DeletedEntry, DeletedSecret, JsonShape, SecretAttributes, SecretVersion, UnknownReason } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import type { FaultCause } from "./faultCause.ts";

/** An answer, or the reason why there is none. Nothing here throws but a programming error. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  /** `cause` says more than `reason`, where it is known. */
  | { readonly ok: false; readonly reason: UnknownReason; readonly cause?: FaultCause };

/**
 * Reading a Key Vault's names and attributes.
 * Invariant: no type here can carry a secret's value. `jsonShape` reads one inside the adapter, keeps the key names
 * and drops it.
 * Every call has its own deadline, retries what is worth retrying and ends within 30 s, or at once when `signal` fires.
 */
export interface VaultApi {
  /**
   * All secrets, in pages. `onPage` is given each page's new secrets as it comes. Succeeds only when the last page
   * has come.
   */
  listSecrets(vault: VaultTarget, onPage: (secrets: readonly SecretAttributes[]) => void, signal: AbortSignal): Promise<Outcome<readonly SecretAttributes[]>>;
  /** All versions of one secret, newest first; empty when the vault holds no such secret. */
  listVersions(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<readonly SecretVersion[]>>;
  /** All deleted secrets, in pages as `listSecrets` gives them. Many may list secrets and not the deleted ones. */
  listDeleted(vault: VaultTarget, onPage: (entries: readonly DeletedEntry[]) => void, signal: AbortSignal): Promise<Outcome<readonly DeletedEntry[]>>;
  /** Whether a secret of that name waits in the vault's deleted secrets. */
  deletedSecret(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<DeletedSecret>>;
  /** The key names of a secret's JSON value; the latest version's where `version` is undefined. */
  jsonShape(vault: VaultTarget, name: string, version: string | undefined, signal: AbortSignal): Promise<Outcome<JsonShape>>;
}
