import type { SecretProperties } from "@azure/keyvault-secrets";
import { isTestSecretName } from "../vaultTestApi.ts";
import type { FaultCause } from "../faultCause.ts";
import type { WriteStep, WriteTest } from "../vaultTestApi.ts";
import type { SecretGround } from "./secretWrites.ts";
import { change, isBusy, purgeDeleted, putVersion, waitForDeletion, waitLimitMs } from "./secretWrites.ts";
import { faultOf, isSecretNotFound } from "./vaultFault.ts";

/** Not a secret at all: whoever reads it learns what it is. */
const testValue = "keyline connection test";
const lifeMs = 3_600_000;
const createdBy = "keyline";

/** The secret of one write test, and what its steps work with. None of them listens to a person's cancelling. */
export interface TestSecret extends SecretGround {
  /** The id of the run that makes it. */
  readonly run: string;
  readonly onStep: (step: WriteStep) => PromiseLike<void>;
}

/** `written`: undefined where nobody can say. */
export interface Written {
  readonly written: boolean | undefined;
  readonly refusal?: FaultCause;
  readonly recoveryLevel?: string | undefined;
}

/** The run that has made a secret; undefined where no write test has. */
export function runOfTestSecret(name: string, tags: SecretProperties["tags"]): string | undefined {
  if (!isTestSecretName(name) || tags?.["createdBy"] !== createdBy) return undefined;
  const run: unknown = tags["run"];
  return typeof run === "string" ? run : "";
}

/** Writes the secret once. */
export async function writeTestSecret(secret: TestSecret): Promise<Written> {
  const { run, clock } = secret;
  const version = { value: testValue, contentType: "text/plain", tags: { createdBy, run }, expires: clock.now() + lifeMs };
  const put = await putVersion(secret, version, ({ tags }) => tags?.["run"] === run);
  if (put.kind === "written") return { written: true, recoveryLevel: put.recoveryLevel };
  return { written: put.kind === "refused" ? false : undefined, refusal: causeOf(put.fault) };
}

/** Deletes the secret, waits until that is done, and purges it where the vault allows it. Says what is left. */
export async function removeTestSecret(secret: TestSecret, { written, recoveryLevel }: Pick<Written, "written" | "recoveryLevel">): Promise<WriteTest["cleanUp"]> {
  let step: "delete" | "purge" = "delete";
  try {
    const found = await deleteSecret(secret);
    step = "purge";
    const endsAt = secret.clock.monotonic() + waitLimitMs;
    // Where nothing may have been written, one look is enough.
    const deleted = await waitForDeletion(secret, found || written === true ? endsAt : 0);
    if (deleted === undefined) return found || written === true ? { step, cause: "deletion-pending" } : undefined;
    return await purge(secret, deleted.recoveryLevel ?? recoveryLevel, endsAt);
  } catch (error) {
    return { step, cause: causeOf(error) };
  }
}

/** Purges a secret that is deleted already. */
export async function purgeTestSecret(secret: TestSecret, recoveryLevel: string | undefined): Promise<WriteTest["cleanUp"]> {
  try {
    return await purge(secret, recoveryLevel, secret.clock.monotonic() + waitLimitMs);
  } catch (error) {
    return { step: "purge", cause: causeOf(error) };
  }
}

/** False where the vault holds no such secret. Another try after an open answer meets its own trace, and knows it. */
async function deleteSecret(secret: TestSecret): Promise<boolean> {
  const done = await change(secret, { method: "DELETE", path: `/secrets/${secret.name}` }, undefined, secret.operation.tries);
  if (done.done || isBusy(done.fault)) return true;
  if (isSecretNotFound(done.fault)) return false;
  throw done.fault;
}

async function purge(secret: TestSecret, recoveryLevel: string | undefined, endsAt: number): Promise<WriteTest["cleanUp"]> {
  if (recoveryLevel !== undefined && !recoveryLevel.includes("Purgeable")) return { step: "purge", cause: "purge-protection" };
  await tell(secret, "purge");
  const done = await purgeDeleted(secret, endsAt, secret.operation.tries);
  if (done === "pending") return { step: "purge", cause: "deletion-pending" };
  if (!done.done && !isSecretNotFound(done.fault)) throw done.fault;
  return undefined;
}

function causeOf(error: unknown): FaultCause {
  return faultOf(error).cause ?? "service-error";
}

/** What the listener does is its own affair: cleaning up goes on. */
export async function tell({ onStep }: Pick<TestSecret, "onStep">, step: WriteStep): Promise<void> {
  try {
    await onStep(step);
  } catch {
    return;
  }
}
