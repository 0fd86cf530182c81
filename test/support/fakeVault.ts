import type { SecretAttributes, UnknownReason } from "../../server/src/core/model/facts.ts";
import type { VaultApi } from "../../server/src/vault/vaultApi.ts";

/** What each vault, by its name, holds; or the reason why it does not answer. */
export type VaultTable = Readonly<Record<string, readonly SecretAttributes[] | UnknownReason>>;

export interface FakeVault extends VaultApi {
  /** What was asked, in order: `list shop-kv`, `versions shop-kv/db`. */
  readonly requests: string[];
}

/** A VaultApi over a literal table. Each secret has one version; none is deleted; each value is `{"user": …}`. */
export function fakeVault(table: VaultTable): FakeVault {
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
    listDeleted: (vault) => {
      requests.push(`list deleted ${vault.name}`);
      const found = look(vault.name);
      return Promise.resolve(typeof found === "string" ? { ok: false, reason: found } : { ok: true, value: [] });
    },
    deletedSecret: (vault, name) => {
      requests.push(`deleted ${vault.name}/${name}`);
      return Promise.resolve({ ok: true, value: { state: "absent" } });
    },
    jsonShape: (vault, name) => {
      requests.push(`json ${vault.name}/${name}`);
      return Promise.resolve({ ok: true, value: { kind: "json", keys: [{ name: "user" }] } });
    },
  };
}
