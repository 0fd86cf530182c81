import type { DeletedEntry, SecretAttributes, UnknownReason } from "../../server/src/core/model/facts.ts";
import type { VaultApi } from "../../server/src/vault/vaultApi.ts";

/** What each vault, by its name, holds; or the reason why it does not answer. */
export type VaultTable = Readonly<Record<string, readonly SecretAttributes[] | UnknownReason>>;

export interface FakeVault extends VaultApi {
  /** What was asked, in order: `list shop-kv`, `versions shop-kv/db`, `list deleted shop-kv`. */
  readonly requests: string[];
}

/** A VaultApi over a literal table. Each secret has one version; each value is `{"user": …}`; `deleted` is by vault. */
export function fakeVault(table: VaultTable, deleted: Readonly<Record<string, readonly DeletedEntry[]>> = {}): FakeVault {
  const requests: string[] = [];
  const look = (vault: string): readonly SecretAttributes[] | UnknownReason => table[vault] ?? "vault-not-found";
  return {
    requests,
    listSecrets: (vault, onPage) => {
      requests.push(`list ${vault.name}`);
      const found = look(vault.name);
      if (typeof found === "string") return Promise.resolve({ ok: false, reason: found });
      onPage(found);
      return Promise.resolve({ ok: true, value: found });
    },
    listVersions: (vault, name) => {
      requests.push(`versions ${vault.name}/${name}`);
      const found = look(vault.name);
      if (typeof found === "string") return Promise.resolve({ ok: false, reason: found });
      const secret = found.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
      return Promise.resolve({ ok: true, value: secret === undefined ? [] : [{ ...secret, version: "0123456789abcdef0123456789abcdef" }] });
    },
    listDeleted: (vault, onPage) => {
      requests.push(`list deleted ${vault.name}`);
      const found = look(vault.name);
      if (typeof found === "string") return Promise.resolve({ ok: false, reason: found });
      const entries = deleted[vault.name] ?? [];
      onPage(entries);
      return Promise.resolve({ ok: true, value: entries });
    },
    deletedSecret: (vault, name) => {
      requests.push(`deleted ${vault.name}/${name}`);
      const entry = deleted[vault.name]?.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (entry === undefined) return Promise.resolve({ ok: true, value: { state: "absent" } });
      const { deletedOn, scheduledPurge } = entry;
      return Promise.resolve({ ok: true, value: { state: "deleted", ...(deletedOn === undefined ? {} : { deletedOn }), ...(scheduledPurge === undefined ? {} : { scheduledPurge }) } });
    },
    jsonShape: (vault, name) => {
      requests.push(`json ${vault.name}/${name}`);
      return Promise.resolve({ ok: true, value: { kind: "json", keys: [{ name: "user" }] } });
    },
  };
}
