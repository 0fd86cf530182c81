import type { VaultTarget } from "../core/model/vaultTarget.ts";
import type { FaultCause } from "./faultCause.ts";
import type { Outcome } from "./vaultApi.ts";

/** What a read test has seen. */
export interface ReadTest {
  /** The tenant that the vault named. */
  readonly tenant: string;
  /** True where the vault holds at least one secret that may be listed. */
  readonly holdsSecrets: boolean;
  /** Whether a listed secret's recoveryLevel shows purge protection; undefined where none is listed. */
  readonly purgeProtected?: boolean;
}

/** A secret that a write test has made and that is still there. */
export interface LeftOver {
  readonly name: string;
  /** The id of the run that made it. */
  readonly run: string;
  /** True where it is deleted already and waits to be purged. */
  readonly deleted: boolean;
}

/**
 * The steps of a write test, told before each is begun so that a crash leaves a trace of it. `done` comes last, when
 * nothing is left that could still be removed: not where deleting or purging has failed, but in a vault with purge
 * protection, where the deleted secret stays until its retention ends.
 */
export type WriteStep = "write" | "delete" | "purge" | "done";

export interface WriteTest {
  /** Absent where the step succeeded. With `cleanUp` beside it, nobody could say whether the secret was written. */
  readonly write?: FaultCause;
  /** Set where the secret was written but could not be deleted, or is deleted and could not be purged. */
  readonly cleanUp?: { readonly step: "delete" | "purge"; readonly cause: FaultCause };
}

/**
 * The two steps of Test Connection. The write test makes a secret of a random name (`harness-test-` and 16 hexadecimal
 * digits) with one hour's expiry and the tags `createdBy=keyline` and `run`, deletes it, and purges it where allowed.
 * Never throws.
 */
export interface VaultTestApi {
  read(vault: VaultTarget, signal: AbortSignal): Promise<Outcome<ReadTest>>;
  /**
   * From the step `write` on, `signal` stops nothing: what may be written is removed again. `onStep` is awaited, and
   * nothing is written where the first call of it fails. `run.id`: 1 to 64 letters, digits and hyphens.
   */
  write(vault: VaultTarget, run: { readonly id: string; readonly name: string }, onStep: (step: WriteStep) => PromiseLike<void>, signal: AbortSignal): Promise<Outcome<WriteTest>>;
  /** Secrets of earlier write tests, found by their tag and name, living and deleted. */
  leftOvers(vault: VaultTarget, signal: AbortSignal): Promise<Outcome<readonly LeftOver[]>>;
  /**
   * Deletes and, where allowed, purges a left-over. Refuses any name that no write test makes before any request, and
   * any secret without the tag before it changes anything. Succeeds where there is no such secret.
   */
  remove(vault: VaultTarget, leftOver: LeftOver, signal: AbortSignal): Promise<Outcome<WriteTest>>;
}

const namePattern = /^harness-test-[0-9a-f]{16}$/;

/** Whether a write test makes secrets of that name. */
export function isTestSecretName(name: unknown): name is string {
  return typeof name === "string" && namePattern.test(name);
}
