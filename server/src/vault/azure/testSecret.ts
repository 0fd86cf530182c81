import type { SecretClient, SecretProperties } from "@azure/keyvault-secrets";
import type { Clock } from "../../host/clock.ts";
import { isTestSecretName } from "../vaultTestApi.ts";
import type { FaultCause } from "../faultCause.ts";
import type { WriteStep, WriteTest } from "../vaultTestApi.ts";
import type { GuardedCalls, Operation } from "./guardedCalls.ts";
import { VaultFault, faultOf, isSecretNotFound } from "./vaultFault.ts";
import { pause } from "./withRetries.ts";

/** Not a secret at all: whoever reads it learns what it is. */
const testValue = "keyline connection test";
const lifeMs = 3_600_000;
const createdBy = "keyline";
const readBackAfterMs = 2000;
const firstPollMs = 2000;
const longestPollMs = 8000;
const deletionLimitMs = 120_000;

/** The secret of one write test, and what its steps work with. None of them listens to a person's cancelling. */
export interface TestSecret {
  readonly name: string;
  /** The id of the run that makes it. */
  readonly run: string;
  readonly calls: GuardedCalls;
  /** With a signal of its own. */
  readonly operation: Operation<SecretClient>;
  readonly clock: Clock;
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

/** A read, alone on its client: a client that has not seen the challenge may send a value to whoever answers. */
export async function warmUp(calls: GuardedCalls, operation: Operation<SecretClient>): Promise<void> {
  try {
    await calls.pages(operation, "/secrets", 1, (client) => client.listPropertiesOfSecrets()).next();
  } catch (error) {
    // The vault has named itself, and knows the caller: only the right to list is missing, which writing needs not.
    const { status, cause } = faultOf(error);
    if (status === 403 && (cause === "rbac" || cause === "access-policy")) return;
    throw error;
  }
}

/** Writes the secret once. After an answer that leaves it open, the versions tell. */
export async function writeTestSecret(secret: TestSecret): Promise<Written> {
  const { name, run, calls, operation, clock } = secret;
  try {
    const recoveryLevel = await calls.request({ ...operation, tries: 1 }, { method: "PUT", path: `/secrets/${name}` }, async (client) => {
      const { properties } = await client.setSecret(name, testValue, {
        expiresOn: new Date(clock.now() + lifeMs),
        contentType: "text/plain",
        tags: { createdBy, run },
      });
      return properties.recoveryLevel;
    });
    return { written: true, recoveryLevel };
  } catch (error) {
    const fault = faultOf(error);
    const refusal = fault.cause ?? "service-error";
    if (isRefusal(fault.status)) return { written: false, refusal };
    const found = await readBack(secret);
    if (found === undefined) return { written: undefined, refusal };
    return found === "absent" ? { written: false, refusal } : { written: true, recoveryLevel: found.recoveryLevel };
  }
}

/** Deletes the secret, waits until that is done, and purges it where the vault allows it. Says what is left. */
export async function removeTestSecret(secret: TestSecret, { written, recoveryLevel }: Pick<Written, "written" | "recoveryLevel">): Promise<WriteTest["cleanUp"]> {
  let step: "delete" | "purge" = "delete";
  try {
    const found = await deleteSecret(secret);
    step = "purge";
    const endsAt = secret.clock.monotonic() + deletionLimitMs;
    // Where nothing may have been written, one look is enough.
    const deleted = await waitForDeletion(secret, found || written === true ? endsAt : 0);
    if (deleted === undefined) return found || written === true ? { step, cause: "deletion-pending" } : undefined;
    return await purge(secret, deleted.recoveryLevel ?? recoveryLevel, endsAt);
  } catch (error) {
    return { step, cause: faultOf(error).cause ?? "service-error" };
  }
}

/** Purges a secret that is deleted already. */
export async function purgeTestSecret(secret: TestSecret, recoveryLevel: string | undefined): Promise<WriteTest["cleanUp"]> {
  try {
    return await purge(secret, recoveryLevel, secret.clock.monotonic() + deletionLimitMs);
  } catch (error) {
    return { step: "purge", cause: faultOf(error).cause ?? "service-error" };
  }
}

/** The versions of a secret; empty where there is none. Throws a VaultFault. */
export async function versionsOf({ calls, operation, name }: Pick<TestSecret, "calls" | "operation" | "name">): Promise<readonly SecretProperties[]> {
  const all: SecretProperties[] = [];
  try {
    for await (const page of calls.pages(operation, `/secrets/${name}/versions`, undefined, (client) => client.listPropertiesOfSecretVersions(name))) all.push(...page);
  } catch (error) {
    if (!isSecretNotFound(error)) throw error;
  }
  return all;
}

/** The attributes of a deleted secret; undefined where there is none. Throws a VaultFault. */
export async function deletedPropertiesOf({ calls, operation, name }: Pick<TestSecret, "calls" | "operation" | "name">): Promise<SecretProperties | undefined> {
  try {
    return await calls.request(operation, { method: "GET", path: `/deletedsecrets/${name}` }, async (client) => (await client.getDeletedSecret(name)).properties);
  } catch (error) {
    if (isSecretNotFound(error)) return undefined;
    throw error;
  }
}

/** An answer that says that nothing was done; a time-out in the service does not. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

/** The version that this run has made, looked for twice: a slow write may still land. Undefined where nobody can say. */
async function readBack(secret: TestSecret): Promise<SecretProperties | "absent" | undefined> {
  try {
    for (let look = 0; look < 2; look++) {
      if (look > 0) await pause(secret.clock, readBackAfterMs, secret.operation.signal);
      const own = (await versionsOf(secret)).find((version) => version.tags?.["run"] === secret.run);
      if (own !== undefined) return own;
    }
    return "absent";
  } catch {
    return undefined;
  }
}

/** False where the vault holds no such secret. Another try after an open answer meets its own trace, and knows it. */
async function deleteSecret(secret: TestSecret): Promise<boolean> {
  const { name, calls, operation } = secret;
  try {
    await onceMoreSignedIn(secret, () =>
      calls.request(operation, { method: "DELETE", path: `/secrets/${name}` }, async (client, attempt) => {
        try {
          await client.beginDeleteSecret(name);
        } catch (error) {
          // The SDK's poller asks for the deleted secret at once and then by its own clock; the gate refuses that, and
          // we ask by ours.
          if (!attempt.done) throw error;
        }
      }),
    );
    return true;
  } catch (error) {
    if (isSecretNotFound(error)) return false;
    if (isBusy(error)) return true;
    throw error;
  }
}

/** What is known of the deleted secret; undefined where it is not there when the time is over. */
async function waitForDeletion(secret: TestSecret, endsAt: number): Promise<{ readonly recoveryLevel?: string | undefined } | undefined> {
  const { clock, operation } = secret;
  for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 2, longestPollMs)) {
    try {
      const properties = await deletedPropertiesOf(secret);
      if (properties !== undefined) return properties;
    } catch (error) {
      // It is there, and the caller may not see it.
      if (faultOf(error).status === 403) return {};
      throw error;
    }
    if (clock.monotonic() + waitMs > endsAt) return undefined;
    await pause(clock, waitMs, operation.signal);
  }
}

async function purge(secret: TestSecret, recoveryLevel: string | undefined, endsAt: number): Promise<WriteTest["cleanUp"]> {
  const { name, calls, operation, clock } = secret;
  if (recoveryLevel !== undefined && !recoveryLevel.includes("Purgeable")) return { step: "purge", cause: "purge-protection" };
  await tell(secret, "purge");
  for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 2, longestPollMs)) {
    try {
      await onceMoreSignedIn(secret, () => calls.request(operation, { method: "DELETE", path: `/deletedsecrets/${name}` }, (client) => client.purgeDeletedSecret(name)));
      return undefined;
    } catch (error) {
      if (isSecretNotFound(error)) return undefined;
      if (!isBusy(error)) throw error;
      if (clock.monotonic() + waitMs > endsAt) return { step: "purge", cause: "deletion-pending" };
    }
    await pause(clock, waitMs, operation.signal);
  }
}

/** After a refused token, once more with another: on a new client, which must see the challenge first. */
async function onceMoreSignedIn<T>({ calls, operation }: TestSecret, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (faultOf(error).status !== 401) throw error;
    await warmUp(calls, operation);
    return work();
  }
}

/** What the listener does is its own affair: cleaning up goes on. */
export async function tell({ onStep }: Pick<TestSecret, "onStep">, step: WriteStep): Promise<void> {
  try {
    await onStep(step);
  } catch {
    return;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof VaultFault && error.fault.status === 409 && error.fault.code === "ObjectIsBeingDeleted";
}
