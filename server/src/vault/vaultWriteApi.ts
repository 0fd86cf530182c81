import type { VaultTarget } from "../core/model/vaultTarget.ts";
import type { FaultCause } from "./faultCause.ts";
import type { Outcome } from "./vaultApi.ts";

/** A version to be written. Its value goes to the vault and nowhere else: no answer, error or log holds it. */
export interface NewVersion {
  /** At most `maxValueBytes` of UTF-8. */
  readonly value: string;
  /** At most 255 characters. */
  readonly contentType?: string;
  /** At most 15, each name and value at most 256 characters. */
  readonly tags?: readonly (readonly [string, string])[];
  /** Epoch milliseconds; the vault keeps whole seconds. */
  readonly expires?: number;
  readonly notBefore?: number;
  readonly enabled: boolean;
}

/** What changes of a version. What is absent stays as it is: Key Vault cannot take a date back. */
export interface AttributeChange {
  readonly contentType?: string;
  /** Replaces all tags. */
  readonly tags?: readonly (readonly [string, string])[];
  readonly expires?: number;
  readonly notBefore?: number;
  readonly enabled?: boolean;
}

/** 25 KB (Key Vault documentation: "maximum size of 25 KB"), counted in bytes of UTF-8. */
export const maxValueBytes = 25_600;

/** Which version was the latest when the person decided: `none` where there was no such secret. */
export type ExpectedVersion = string;

export type SetResult =
  /** `contested`: somebody else has written a version at the same time, and may have made the latest one. */
  | { readonly kind: "written"; readonly version: string; readonly contested?: true }
  /**
   * Another version than the expected one is the latest, or it cannot be told because two were made within one second
   * less than 10 minutes ago. Nothing was sent.
   */
  | { readonly kind: "changed" }
  /** The name waits among the deleted secrets, or is being deleted. Nothing was written. */
  | { readonly kind: "deleted" }
  /** Nobody can say whether it was written. */
  | { readonly kind: "unknown"; readonly cause: FaultCause };

export type UpdateResult = { readonly kind: "updated" } | { readonly kind: "absent" } | { readonly kind: "unknown"; readonly cause: FaultCause };

/** `accepted`: the vault has begun; see `waitDeleted`. */
export type DeleteResult = { readonly kind: "accepted" } | { readonly kind: "absent" } | { readonly kind: "unknown"; readonly cause: FaultCause };

/** `pending`: not finished within the limit. */
export type DeletionEnd = { readonly kind: "deleted"; readonly scheduledPurge?: number; readonly recoveryLevel?: string } | { readonly kind: "pending" };

/** `exists`: a living secret has that name. `pending`: accepted, and not readable yet within the limit, or not for the caller. */
export type RecoverResult = { readonly kind: "recovered" } | { readonly kind: "absent" } | { readonly kind: "exists" } | { readonly kind: "pending" };

/** `protected`: only the vault itself purges it, on that date. `pending`: the deletion has not ended within the limit. */
export type PurgeResult = { readonly kind: "purged" } | { readonly kind: "absent" } | { readonly kind: "protected"; readonly scheduledPurge?: number } | { readonly kind: "pending" };

/**
 * Changing a vault's secrets. Whether the person has agreed is the caller's matter.
 *
 * Each request that changes something is sent once; after an answer that leaves it open, the vault is read, and what
 * cannot be told is `unknown`. Every call is on a client of its own that has read first, so that no value is sent to
 * whoever answers. A right that reading needs is needed here too: without it nothing is sent where it decides.
 * When `signal` fires, a call ends at once: with `cancelled` where nothing was sent, else as `unknown`. Only of `recover`
 * and `purge`, which may be asked for again, a failure says nothing of whether they were done.
 * A name, a date or a size that Key Vault cannot take is refused before any request. Never throws.
 */
export interface VaultWriteApi {
  /** Needs the right to list. `run` (1 to 64 letters, digits, hyphens) is written as the tag `keyline-run`, by which an open answer is settled; with 15 other tags there is no room for it. */
  set(vault: VaultTarget, name: string, version: NewVersion, expected: ExpectedVersion, run: string, signal: AbortSignal): Promise<Outcome<SetResult>>;
  update(vault: VaultTarget, name: string, version: string, change: AttributeChange, signal: AbortSignal): Promise<Outcome<UpdateResult>>;
  delete(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<DeleteResult>>;
  /** Looks every 2 to 8 seconds, for 2 minutes. */
  waitDeleted(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<DeletionEnd>>;
  recover(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<RecoverResult>>;
  purge(vault: VaultTarget, name: string, signal: AbortSignal): Promise<Outcome<PurgeResult>>;
  /** Reads a value and hands it to `use`, in no other way. The latest version's where `version` is undefined. */
  useValue(vault: VaultTarget, name: string, version: string | undefined, use: (value: string) => PromiseLike<void>, signal: AbortSignal): Promise<Outcome<undefined>>;
}
