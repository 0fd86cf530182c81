import type { KnownVault, SecretSource, SecretSubject, SecretUses } from "../../client/src/secrets/secretSource.ts";
import type { DeletedEntry, SecretAttributes } from "../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { DeleteResult, NewVersion, PurgeResult, RecoverResult, SetResult, UpdateResult, VaultWriteApi } from "../../server/src/vault/vaultWriteApi.ts";
import { maxValueBytes } from "../../server/src/vault/vaultWriteApi.ts";

export interface FakeVersion extends NewVersion {
  readonly version: string;
  readonly created: number;
  readonly updated: number;
}

export interface FakeSecret {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly FakeVersion[];
  readonly managed?: boolean;
  readonly deleted?: { readonly scheduledPurge: number; readonly recoveryLevel: string };
}

type Operation = "set" | "update" | "delete" | "waitDeleted" | "recover" | "purge" | "useValue" | "versions" | "secrets" | "deleted";

export interface FakeWritesScript {
  /** Calls that do not succeed, with nothing done. */
  readonly fail?: Partial<Record<Operation, FaultCause>>;
  /** Writes whose end nobody can say; `written` tells whether the vault has done it. */
  readonly unknown?: { readonly operation: "set" | "update" | "delete"; readonly written: boolean };
  /** Operations that the vault takes and does not finish in time. */
  readonly pending?: readonly ("waitDeleted" | "recover" | "purge")[];
  readonly purgeProtected?: boolean;
  /** Called before each request, by its name. A place for somebody else's change, or a crash. */
  readonly before?: (request: string) => Promise<void> | void;
  readonly after?: (request: string) => Promise<void> | void;
  readonly uses?: SecretUses;
}

export interface FakeVaultWrites extends VaultWriteApi {
  /** Each request that changes something or reads a value, as `PUT shop-vault db`: no value is in it. */
  readonly requests: string[];
  readonly secrets: Map<string, FakeSecret>;
  /** What the tree's commands read: the same vault. `items` are the items of the tree. */
  source(known: readonly KnownVault[], items?: ReadonlyMap<unknown, SecretSubject>, vaults?: ReadonlyMap<unknown, VaultTarget>): SecretSource;
}

/** When everything in a fake vault begins. */
export const fakeNow = Date.UTC(2026, 10, 1);
const scheduledPurge = fakeNow + 90 * 86_400_000;

/** A version of a fake vault: the counter is its 32 digits. */
export function fakeVersion(counter: number, value: string, more: Partial<FakeVersion> = {}): FakeVersion {
  const at = fakeNow + counter * 1000;
  return { version: counter.toString(16).padStart(32, "0"), value, enabled: true, created: at, updated: at, ...more };
}

/** A vault in memory that keeps the contract of `VaultWriteApi`. One vault, whatever it is called. */
export function createFakeVaultWrites(script: FakeWritesScript = {}, given: readonly FakeSecret[] = []): FakeVaultWrites {
  const secrets = new Map(given.map((secret) => [secret.name.toLowerCase(), secret]));
  const requests: string[] = [];
  let counter = 1000;
  const recoveryLevel = script.purgeProtected === true ? "Recoverable" : "Recoverable+Purgeable";

  async function request<T>(operation: Operation, verb: string, vault: VaultTarget, name: string, signal: AbortSignal, work: () => Outcome<T>): Promise<Outcome<T>> {
    const text = [verb, vault.name, ...(name === "" ? [] : [name])].join(" ");
    await script.before?.(text);
    if (signal.aborted) return { ok: false, reason: "loading", cause: "cancelled" };
    if (!reads.has(operation)) requests.push(text);
    const cause = script.fail?.[operation];
    const outcome: Outcome<T> = cause === undefined ? work() : { ok: false, reason: "service-error", cause };
    await script.after?.(text);
    return outcome;
  }
  const isPending = (operation: "waitDeleted" | "recover" | "purge"): boolean => script.pending?.includes(operation) === true;
  const living = (name: string): FakeSecret | undefined => {
    const found = secrets.get(name.toLowerCase());
    return found?.deleted === undefined ? found : undefined;
  };
  const put = (secret: FakeSecret): void => {
    secrets.set(secret.name.toLowerCase(), secret);
  };
  /** The answer to a write: lost on its way where the script says so. */
  const answer = <T>(operation: "set" | "update" | "delete", value: T, write: () => void): Outcome<T | { readonly kind: "unknown"; readonly cause: FaultCause }> => {
    const lost = script.unknown?.operation === operation;
    if (!lost || script.unknown.written) write();
    return lost ? { ok: true, value: { kind: "unknown", cause: "unreachable" } } : { ok: true, value };
  };

  return {
    requests,
    secrets,
    set: (vault, name, version, expected, run, signal) =>
      request<SetResult>("set", "PUT", vault, name, signal, () => {
        const found = secrets.get(name.toLowerCase());
        if (Buffer.byteLength(version.value) > maxValueBytes) throw new Error("The caller checks the size");
        if (found?.deleted !== undefined) return { ok: true, value: { kind: "deleted" } };
        if ((found?.versions[0]?.version ?? "none") !== expected) return { ok: true, value: { kind: "changed" } };
        const made = fakeVersion(++counter, version.value, { ...version, tags: [...(version.tags ?? []), ["keyline-run", run]] });
        return answer("set", { kind: "written" as const, version: made.version }, () => {
          put({ name, versions: [made, ...(found?.versions ?? [])] });
        });
      }),
    update: (vault, name, version, change, signal) =>
      request<UpdateResult>("update", "PATCH", vault, name, signal, () => {
        const found = living(name);
        const before = found?.versions.find((one) => one.version === version);
        if (found === undefined || before === undefined) return { ok: true, value: { kind: "absent" } };
        return answer("update", { kind: "updated" as const }, () => {
          put({ ...found, versions: found.versions.map((one) => (one === before ? { ...one, ...change, updated: fakeNow + ++counter * 1000 } : one)) });
        });
      }),
    delete: (vault, name, signal) =>
      request<DeleteResult>("delete", "DELETE", vault, name, signal, () => {
        const found = living(name);
        if (found === undefined) return { ok: true, value: { kind: "absent" } };
        return answer("delete", { kind: "accepted" as const }, () => {
          put({ ...found, deleted: { scheduledPurge, recoveryLevel } });
        });
      }),
    waitDeleted: (vault, name, signal) => request("waitDeleted", "wait", vault, name, signal, () => ({ ok: true, value: isPending("waitDeleted") ? { kind: "pending" } : { kind: "deleted", scheduledPurge, recoveryLevel } })),
    recover: (vault, name, signal) =>
      request<RecoverResult>("recover", "recover", vault, name, signal, () => {
        const found = secrets.get(name.toLowerCase());
        if (found === undefined) return { ok: true, value: { kind: "absent" } };
        if (found.deleted === undefined) return { ok: true, value: { kind: "exists" } };
        const { deleted: _deleted, ...recovered } = found;
        if (!isPending("recover")) put(recovered);
        return { ok: true, value: { kind: isPending("recover") ? "pending" : "recovered" } };
      }),
    purge: (vault, name, signal) =>
      request<PurgeResult>("purge", "purge", vault, name, signal, () => {
        const found = secrets.get(name.toLowerCase());
        if (found?.deleted === undefined) return { ok: true, value: { kind: "absent" } };
        if (script.purgeProtected === true) return { ok: true, value: { kind: "protected", scheduledPurge } };
        if (isPending("purge")) return { ok: true, value: { kind: "pending" } };
        secrets.delete(name.toLowerCase());
        return { ok: true, value: { kind: "purged" } };
      }),
    useValue: async (vault, name, version, use, signal) => {
      let value: string | undefined;
      const outcome = await request("useValue", "GET", vault, name, signal, () => {
        const found = living(name)?.versions.find((one) => version === undefined || one.version === version);
        if (found?.enabled !== true) return { ok: false, reason: "service-error", cause: found === undefined ? "secret-not-found" : "secret-disabled" };
        value = found.value;
        return { ok: true, value: undefined };
      });
      if (outcome.ok && value !== undefined) await use(value);
      return outcome;
    },
    source: (known, items = new Map(), vaults = new Map()) => ({
      subjectOf: (argument) => items.get(argument),
      vaultOf: (argument) => vaults.get(argument) ?? items.get(argument)?.vault,
      vaults: () => Promise.resolve(known),
      secrets: (vault, signal) => request("secrets", "list", vault, "", signal, () => ({ ok: true, value: [...secrets.values()].filter(({ deleted }) => deleted === undefined).map(attributesOf) })),
      versions: (vault, name, signal) => request("versions", "versions", vault, name, signal, () => ({ ok: true, value: (living(name)?.versions ?? []).map(({ value: _value, ...version }) => ({ ...version, ...(living(name)?.managed === true ? { managed: true } : {}) })) })),
      deleted: (vault, signal) =>
        request("deleted", "list deleted", vault, "", signal, () => ({
          ok: true,
          value: [...secrets.values()].flatMap(({ name, deleted }): readonly DeletedEntry[] => (deleted === undefined ? [] : [{ name, ...deleted }])),
        })),
      uses: () => Promise.resolve(script.uses ?? { references: [], entities: [], complete: true }),
      changed: () => undefined,
    }),
  };
}

const reads: ReadonlySet<Operation> = new Set(["waitDeleted", "versions", "secrets", "deleted"]);

function attributesOf({ name, versions, managed }: FakeSecret): SecretAttributes {
  const [latest] = versions;
  if (latest === undefined) throw new Error(`The secret ${name} has no version`);
  const { value: _value, version: _version, ...attributes } = latest;
  return { name, ...attributes, ...(managed === undefined ? {} : { managed }) };
}
