/**
 * What changing a secret is made of. A change is one request, on a client that has read first; after an answer that
 * leaves it open, the vault is read to settle it. Everything here throws VaultFaults alone.
 */
import type { DeletedSecret, SecretProperties } from "@azure/keyvault-secrets";
import type { Clock } from "../../host/clock.ts";
import { isSecretVersion } from "../../core/model/vaultTarget.ts";
import type { GuardedCalls, Operation } from "./guardedCalls.ts";
import type { Attempt, Call } from "./guardedHttpClient.ts";
import { millisecondsOf } from "./secretFacts.ts";
import type { VaultClient } from "./vaultConnection.ts";
import { VaultFault, faultOf, isSecretNotFound, neverConnected, ownFault, readProperty } from "./vaultFault.ts";
import { pause } from "./withRetries.ts";

const lookAgainAfterMs = 2000;
const firstPollMs = 2000;
const longestPollMs = 8000;
/** How long a deletion, a recovery or a purge is waited for. */
export const waitLimitMs = 120_000;

/** One secret, and what its requests are made with. */
export interface SecretGround {
  readonly name: string;
  readonly calls: GuardedCalls;
  readonly operation: Operation<VaultClient>;
  readonly clock: Clock;
}

/** A version as Key Vault's PUT takes it. Dates are epoch milliseconds. */
export interface VersionBody {
  readonly value: string;
  readonly contentType?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly expires?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly enabled?: boolean | undefined;
}

/** How a change ended: with an answer, or with a fault. `open`: the vault may have done it all the same. */
export type Change = { readonly done: true; readonly answer: unknown } | { readonly done: false; readonly fault: VaultFault; readonly open: boolean };

export type Put =
  | { readonly kind: "written"; readonly version: string; readonly recoveryLevel?: string | undefined }
  | { readonly kind: "refused" | "unknown"; readonly fault: VaultFault };

/** The operation as it goes on when the person cancels. */
export function unstoppable(operation: Operation<VaultClient>): Operation<VaultClient> {
  return { ...operation, signal: new AbortController().signal };
}

/** A read, alone on its client: a client that has not seen the challenge may send a value to whoever answers. */
export async function warmUp({ calls, operation }: Pick<SecretGround, "calls" | "operation">): Promise<void> {
  try {
    await calls.pages(operation, "/secrets", 1, (client) => client.secrets.listPropertiesOfSecrets()).next();
  } catch (error) {
    // The vault has named itself, and knows the caller: only the right to list is missing, which writing needs not.
    const { status, cause } = faultOf(error);
    if (status === 403 && (cause === "rbac" || cause === "access-policy")) return;
    throw error;
  }
}

/** Sends a change; up to `tries` times only where doing it twice is as good as once. */
export async function change(ground: SecretGround, call: Call, body?: object, tries = 1): Promise<Change> {
  const { calls, operation } = ground;
  let last: Attempt | undefined;
  try {
    const answer = await onceMoreSignedIn(ground, () =>
      calls.request({ ...operation, tries, renewed: true }, call, (client, attempt) => {
        last = attempt;
        return client.send(attempt, body);
      }),
    );
    return { done: true, answer };
  } catch (error) {
    const fault = error instanceof VaultFault ? error : ownFault("Unexpected");
    return { done: false, fault, open: last?.sent === true && leavesOpen(fault) };
  }
}

/** Writes a version. `isOwn` knows it among the versions again; without it an open answer stays so. */
export async function putVersion(ground: SecretGround, version: VersionBody, isOwn?: (version: SecretProperties) => boolean): Promise<Put> {
  const done = await change(ground, { method: "PUT", path: `/secrets/${ground.name}` }, { value: version.value, ...bodyOf(version) });
  if (done.done) {
    const made = String(readProperty(done.answer, "id")).split("/").at(-1);
    const level = readProperty(readProperty(done.answer, "attributes"), "recoveryLevel");
    if (made !== undefined && isSecretVersion(made)) return { kind: "written", version: made, recoveryLevel: typeof level === "string" ? level : undefined };
  } else if (!done.open) {
    return { kind: "refused", fault: done.fault };
  }
  const fault = done.done ? ownFault("BrokenAnswer") : done.fault;
  if (isOwn === undefined) return { kind: "unknown", fault };
  const found = await lookTwice(ground, async () => (await versionsOf(ground)).find(isOwn));
  if (found === undefined) return { kind: "unknown", fault };
  if (found === "absent") return { kind: "refused", fault };
  return found.version === undefined ? { kind: "unknown", fault } : { kind: "written", version: found.version, recoveryLevel: found.recoveryLevel };
}

/** What PUT and PATCH take beside the value; what is absent is not sent. */
export function bodyOf({ contentType, tags, expires, notBefore, enabled }: Omit<VersionBody, "value">): object {
  const attributes = {
    ...(enabled === undefined ? {} : { enabled }),
    ...(notBefore === undefined ? {} : { nbf: secondsOf(notBefore) }),
    ...(expires === undefined ? {} : { exp: secondsOf(expires) }),
  };
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
}

export function secondsOf(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}

/** Purges a deleted secret, as soon as its deletion has ended. */
export async function purgeDeleted(ground: SecretGround, endsAt: number, tries = 1): Promise<Change | "pending"> {
  const { name, operation, clock } = ground;
  for (let waitMs = firstPollMs; ; waitMs = nextWaitMs(waitMs)) {
    const done = await change(ground, { method: "DELETE", path: `/deletedsecrets/${name}` }, undefined, tries);
    if (done.done || !isBusy(done.fault)) return done;
    if (clock.monotonic() + waitMs > endsAt) return "pending";
    await pause(clock, waitMs, operation.signal);
  }
}

/** What is known of the deleted secret; undefined where it is not there when the time is over. */
export async function waitForDeletion(ground: SecretGround, endsAt: number): Promise<{ readonly scheduledPurge?: number | undefined; readonly recoveryLevel?: string | undefined } | undefined> {
  return waitUntil(ground, endsAt, async () => {
    const deleted = await deletedOrHidden(ground);
    if (deleted === "hidden") return {};
    return deleted === undefined ? undefined : { scheduledPurge: millisecondsOf(deleted.scheduledPurgeDate), recoveryLevel: deleted.recoveryLevel };
  });
}

/** Looks at once and then every 2 to 8 seconds, until `look` finds something or the time is over. */
export async function waitUntil<T>({ clock, operation }: SecretGround, endsAt: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waitMs = firstPollMs; ; waitMs = nextWaitMs(waitMs)) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.monotonic() + waitMs > endsAt) return undefined;
    await pause(clock, waitMs, operation.signal);
  }
}

/** Looks twice: a slow change may still land. Undefined where nobody can say. */
export async function lookTwice<T extends object>({ clock, operation }: SecretGround, look: () => Promise<T | undefined>): Promise<T | "absent" | undefined> {
  try {
    const found = await look();
    if (found !== undefined) return found;
    await pause(clock, lookAgainAfterMs, operation.signal);
    return (await look()) ?? "absent";
  } catch {
    return undefined;
  }
}

/** The versions of a secret; empty where there is none. */
export async function versionsOf({ calls, operation, name }: SecretGround): Promise<readonly SecretProperties[]> {
  const all: SecretProperties[] = [];
  try {
    for await (const page of calls.pages(operation, `/secrets/${name}/versions`, undefined, (client) => client.secrets.listPropertiesOfSecretVersions(name))) all.push(...page);
  } catch (error) {
    if (!isSecretNotFound(error)) throw error;
  }
  return all;
}

/** The attributes of a deleted secret; undefined where there is none. */
export async function deletedPropertiesOf({ calls, operation, name }: SecretGround): Promise<DeletedSecret["properties"] | undefined> {
  try {
    return await calls.request(operation, { method: "GET", path: `/deletedsecrets/${name}` }, async (client) => (await client.secrets.getDeletedSecret(name)).properties);
  } catch (error) {
    if (isSecretNotFound(error)) return undefined;
    throw error;
  }
}

/** The same; `hidden` where the vault does not let the caller see it, as it answers once there is something to see. */
export async function deletedOrHidden(ground: SecretGround): Promise<DeletedSecret["properties"] | "hidden" | undefined> {
  try {
    return await deletedPropertiesOf(ground);
  } catch (error) {
    const { status, reason } = faultOf(error);
    if (status === 403 && reason === "forbidden") return "hidden";
    throw error;
  }
}

/** The secret is being deleted, by whomever. */
export function isBusy({ fault }: VaultFault): boolean {
  return fault.status === 409 && fault.code === "ObjectIsBeingDeleted";
}

/** After a refused token, once more with another: on a new client, which must see the challenge first. */
async function onceMoreSignedIn<T>(ground: SecretGround, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (faultOf(error).status !== 401) throw error;
    await warmUp(ground);
    return work();
  }
}

/** A refusal says that nothing was done; a time-out in the service does not, nor does an answer that broke off. */
function leavesOpen({ fault: { status, code } }: VaultFault): boolean {
  if (code !== undefined && (neverConnected.has(code) || code === "ProxyRefused")) return false;
  return status === undefined || status < 400 || status >= 500 || status === 408;
}

function nextWaitMs(waitMs: number): number {
  return Math.min(waitMs * 2, longestPollMs);
}
