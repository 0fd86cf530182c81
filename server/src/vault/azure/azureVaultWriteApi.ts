import { AsyncLocalStorage } from "node:async_hooks";
import type { SecretProperties } from "@azure/keyvault-secrets";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion } from "../../core/model/vaultTarget.ts";
import type { FaultCause } from "../faultCause.ts";
import type { Outcome } from "../vaultApi.ts";
import type { AttributeChange, DeleteResult, DeletionEnd, ExpectedVersion, NewVersion, PurgeResult, RecoverResult, SetResult, UpdateResult, VaultWriteApi } from "../vaultWriteApi.ts";
import { maxValueBytes } from "../vaultWriteApi.ts";
import type { AzureVaultApiOptions } from "./azureVaultApi.ts";
import { untilAborted } from "./deadline.ts";
import { freshLines } from "./freshLines.ts";
import { GuardedCalls } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { millisecondsOf } from "./secretFacts.ts";
import type { SecretGround, VersionBody } from "./secretWrites.ts";
import { bodyOf, change, deletedOrHidden, isBusy, lookTwice, purgeDeleted, putVersion, secondsOf, versionsOf, waitForDeletion, waitLimitMs, waitUntil, warmUp } from "./secretWrites.ts";
import type { VaultFault } from "./vaultFault.ts";
import { isSecretNotFound, ownFault } from "./vaultFault.ts";

const refused = { ok: false, reason: "service-error", cause: "service-error" } as const;
const runTag = "keyline-run";
const runPattern = /^[0-9A-Za-z-]{1,64}$/;
const maxContentType = 255;
const maxTags = 15;
const maxTagText = 256;
/** The end of the year 9999: the last date that has a form. */
const latestDate = 253_402_300_799_000;
/** Longer than facts are fresh and clocks may differ: what was made before it was there when the person decided. */
const settledAfterMs = 600_000;

/** Changing secrets, each operation on a client of its own. Whoever asks for one lists it in the log; here it is noted for those who look closer. */
export function createVaultWriteApi(options: AzureVaultApiOptions): VaultWriteApi {
  const { clock, log } = options;
  const attempts = new AsyncLocalStorage<Attempt>();
  const calls = new GuardedCalls({ ...options, attempts });
  const lines = freshLines(options, attempts);

  const operate = async <T extends { readonly kind: string } | undefined>(
    verb: string,
    vault: VaultTarget,
    name: string,
    signal: AbortSignal,
    work: (ground: SecretGround) => Promise<T>,
  ): Promise<Outcome<T>> => {
    if (!isSecretName(name)) return refused;
    const line = lines(vault);
    if (line === undefined) return { ok: false, reason: "bad-vault-name" };
    const outcome = await calls.operate(`${verb} ${name} in`, line, signal, (operation) => work({ name, calls, operation, clock }));
    if (outcome.ok) log.debug(`${verb} ${name} in ${vault.name}: ${outcome.value?.kind ?? "done"}`);
    return outcome;
  };

  return {
    set: async (vault, name, version, expected, run, signal) => {
      if (!isWritable(version) || !runPattern.test(run) || (expected !== "none" && !isSecretVersion(expected))) return refused;
      return operate("setSecret", vault, name, signal, (ground) => setVersion(ground, version, expected, run));
    },
    update: async (vault, name, version, attributes, signal) => {
      if (!isSecretVersion(version) || !areAllowed(attributes) || Object.keys(bodyOf(versionBody(attributes))).length === 0) return refused;
      return operate("updateSecret", vault, name, signal, (ground) => updateVersion(ground, version, attributes));
    },
    delete: (vault, name, signal) => operate("deleteSecret", vault, name, signal, deleteSecret),
    waitDeleted: (vault, name, signal) => operate("waitDeleted", vault, name, signal, deletionEnd),
    recover: (vault, name, signal) => operate("recoverSecret", vault, name, signal, recoverSecret),
    purge: (vault, name, signal) => operate("purgeSecret", vault, name, signal, purgeSecret),
    useValue: async (vault, name, version, use, signal) => {
      if (version !== undefined && !isSecretVersion(version)) return refused;
      return operate("readValue", vault, name, signal, async (ground) => {
        await untilAborted(Promise.resolve(use(await valueOf(ground, version))), signal);
        return undefined;
      });
    },
  };
}

async function setVersion(ground: SecretGround, version: NewVersion, expected: ExpectedVersion, run: string): Promise<SetResult> {
  const before = await versionsOf(ground);
  if (!isLatest(before, expected, ground.clock.now())) return { kind: "changed" };
  const known = new Set(before.map((one) => one.version));
  const tags = (version.tags ?? []).filter(([name]) => name.toLowerCase() !== runTag);
  const marked = tags.length < maxTags;
  const isOwn = (one: SecretProperties): boolean => !known.has(one.version) && one.tags?.[runTag] === run;
  const body = { ...versionBody(version), value: version.value, tags: Object.fromEntries(marked ? [...tags, [runTag, run]] : tags) };
  const put = await putVersion(ground, body, marked ? isOwn : undefined);
  if (put.kind === "written") return { kind: "written", version: put.version, ...(await contest(ground, known, put.version)) };
  if (put.kind === "unknown") return { kind: "unknown", cause: causeOf(put.fault) };
  const { status, code } = put.fault.fault;
  if (status === 409 && (code === "ObjectIsDeletedButRecoverable" || code === "ObjectIsBeingDeleted")) return { kind: "deleted" };
  throw put.fault;
}

/**
 * Whether the version that the person has seen as the latest is so still. The vault promises no order, and its times
 * are whole seconds: where several versions share the last one, nobody can tell which the person has seen, until they
 * are so old that it must have been all of them.
 */
function isLatest(versions: readonly SecretProperties[], expected: ExpectedVersion, now: number): boolean {
  if (versions.length === 0) return expected === "none";
  const newest = Math.max(...versions.map(createdOf));
  const last = versions.filter((version) => createdOf(version) === newest);
  return last.some(({ version }) => version?.toLowerCase() === expected.toLowerCase()) && (last.length === 1 || newest < now - settledAfterMs);
}

/** Between the look at the versions and the write, somebody else may have written: Key Vault has no condition for it. */
async function contest(ground: SecretGround, known: ReadonlySet<string | undefined>, own: string): Promise<{ readonly contested?: true }> {
  try {
    const others = (await versionsOf(ground)).filter(({ version }) => !known.has(version) && version !== own);
    return others.length === 0 ? {} : { contested: true };
  } catch {
    return {};
  }
}

async function updateVersion(ground: SecretGround, version: string, attributes: AttributeChange): Promise<UpdateResult> {
  await warmUp(ground);
  const wanted = versionBody(attributes);
  const done = await change(ground, { method: "PATCH", path: `/secrets/${ground.name}/${version}` }, bodyOf(wanted));
  if (done.done) return { kind: "updated" };
  if (isSecretNotFound(done.fault)) return { kind: "absent" };
  if (!done.open) throw done.fault;
  const found = await lookTwice(ground, async () => (await versionsOf(ground)).find((one) => one.version?.toLowerCase() === version.toLowerCase() && holds(one, wanted)));
  if (found === undefined) return { kind: "unknown", cause: causeOf(done.fault) };
  if (found === "absent") throw done.fault;
  return { kind: "updated" };
}

async function deleteSecret(ground: SecretGround): Promise<DeleteResult> {
  await warmUp(ground);
  const done = await change(ground, { method: "DELETE", path: `/secrets/${ground.name}` });
  if (done.done || isBusy(done.fault)) return { kind: "accepted" };
  if (isSecretNotFound(done.fault)) return { kind: "absent" };
  if (!done.open) throw done.fault;
  const found = await lookTwice(ground, async () => {
    const deleted = await deletedOrHidden(ground);
    // While it is being deleted it is neither here nor there.
    return typeof deleted === "object" || (await versionsOf(ground)).length === 0 ? ground : undefined;
  });
  if (found === undefined) return { kind: "unknown", cause: causeOf(done.fault) };
  if (found === "absent") throw done.fault;
  return { kind: "accepted" };
}

async function deletionEnd(ground: SecretGround): Promise<DeletionEnd> {
  const deleted = await waitForDeletion(ground, ground.clock.monotonic() + waitLimitMs);
  if (deleted === undefined) return { kind: "pending" };
  const { scheduledPurge, recoveryLevel } = deleted;
  return { kind: "deleted", ...(scheduledPurge === undefined ? {} : { scheduledPurge }), ...(recoveryLevel === undefined ? {} : { recoveryLevel }) };
}

async function recoverSecret(ground: SecretGround): Promise<RecoverResult> {
  const { name, clock, operation } = ground;
  if ((await deletedOrHidden(ground)) === undefined) return { kind: (await versionsOf(ground)).length > 0 ? "exists" : "absent" };
  const endsAt = clock.monotonic() + waitLimitMs;
  const done = await change(ground, { method: "POST", path: `/deletedsecrets/${name}/recover` });
  if (!done.done) {
    if (isSecretNotFound(done.fault)) return { kind: "absent" };
    if (!done.open) throw done.fault;
    // It has begun once the deleted secret is no longer there.
    const begun = await lookTwice(ground, async () => ((await deletedOrHidden(ground)) === undefined ? ground : undefined));
    if (begun === undefined || begun === "absent") throw done.fault;
  }
  try {
    const found = await waitUntil(ground, endsAt, async () => ((await versionsOf(ground)).length > 0 ? ground : undefined));
    return { kind: found === undefined ? "pending" : "recovered" };
  } catch (error) {
    // The vault has begun, whether the caller may see the end of it or not.
    if (operation.signal.aborted) throw error;
    return { kind: "pending" };
  }
}

async function purgeSecret(ground: SecretGround): Promise<PurgeResult> {
  const { clock } = ground;
  const deleted = await deletedOrHidden(ground);
  if (deleted === undefined) return { kind: "absent" };
  const scheduledPurge = deleted === "hidden" ? undefined : millisecondsOf(deleted.scheduledPurgeDate);
  const kept: PurgeResult = { kind: "protected", ...(scheduledPurge === undefined ? {} : { scheduledPurge }) };
  // Where the caller may not see it, the vault alone can say whether it is protected.
  if (deleted !== "hidden" && deleted.recoveryLevel?.includes("Purgeable") !== true) return kept;
  const done = await purgeDeleted(ground, clock.monotonic() + waitLimitMs);
  if (done === "pending") return { kind: "pending" };
  if (done.done) return { kind: "purged" };
  if (isSecretNotFound(done.fault)) return { kind: "absent" };
  if (done.fault.fault.cause === "purge-protection") return kept;
  if (!done.open) throw done.fault;
  const gone = await lookTwice(ground, async () => ((await deletedOrHidden(ground)) === undefined ? ground : undefined));
  if (gone === undefined || gone === "absent") throw done.fault;
  return { kind: "purged" };
}

async function valueOf({ calls, operation, name }: SecretGround, version: string | undefined): Promise<string> {
  const path = version === undefined ? `/secrets/${name}` : `/secrets/${name}/${version}`;
  return calls.request(operation, { method: "GET", path }, async (client) => {
    const { value } = await client.secrets.getSecret(name, version === undefined ? {} : { version });
    if (value === undefined) throw ownFault("NoValue");
    return value;
  });
}

function isWritable(version: NewVersion): boolean {
  return Buffer.byteLength(version.value) <= maxValueBytes && areAllowed(version);
}

function areAllowed({ contentType = "", tags = [], expires, notBefore }: AttributeChange): boolean {
  const names = new Set(tags.map(([name]) => name));
  return (
    contentType.length <= maxContentType &&
    tags.length <= maxTags &&
    names.size === tags.length &&
    tags.every(([name, value]) => name !== "" && name.length <= maxTagText && value.length <= maxTagText) &&
    [expires, notBefore].every((date) => date === undefined || (date >= 0 && date <= latestDate))
  );
}

function versionBody({ contentType, tags, expires, notBefore, enabled }: AttributeChange): Omit<VersionBody, "value"> {
  return { contentType, tags: tags === undefined ? undefined : Object.fromEntries(tags), expires, notBefore, enabled };
}

/** Whether a version is as it was to become. */
function holds(version: SecretProperties, { contentType, tags, expires, notBefore, enabled }: Omit<VersionBody, "value">): boolean {
  return (
    (contentType === undefined || contentType === (version.contentType ?? "")) &&
    (tags === undefined || sameTags(tags, version.tags ?? {})) &&
    (expires === undefined || isSameSecond(expires, version.expiresOn)) &&
    (notBefore === undefined || isSameSecond(notBefore, version.notBefore)) &&
    (enabled === undefined || enabled === (version.enabled !== false))
  );
}

function sameTags(wanted: Readonly<Record<string, string>>, found: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(wanted);
  return names.length === Object.keys(found).length && names.every((name) => Object.hasOwn(found, name) && found[name] === wanted[name]);
}

function isSameSecond(wanted: number, found: Date | undefined): boolean {
  const foundMs = millisecondsOf(found);
  return foundMs !== undefined && secondsOf(wanted) === secondsOf(foundMs);
}

function createdOf(version: SecretProperties): number {
  return millisecondsOf(version.createdOn) ?? 0;
}

function causeOf({ fault }: VaultFault): FaultCause {
  return fault.cause ?? "service-error";
}
