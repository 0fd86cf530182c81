import { expect, test } from "vitest";
import { createDocumentStates } from "../../client/src/language/documentStates.ts";
import type { VaultWant } from "../../server/src/core/model/facts.ts";
import type { DocumentStateParams } from "../../server/src/protocol/messages.ts";

const tenant = "11111111-2222-3333-4444-555555555555";

function state(uri: string, vaults: DocumentStateParams["vaults"]): DocumentStateParams {
  return { uri, references: 1, verified: 0, findings: 0, notVerified: {}, vaults };
}

function want(name: string, jsonOf: VaultWant["jsonOf"] = []): VaultWant {
  return { vault: { name, cloud: "public" }, listing: true, versionsOf: [], deletedOf: [], jsonOf };
}

test("the active file's vaults come first, each vault and tenant once", () => {
  const states = createDocumentStates();
  states.put(state("file:///a.yaml", [{ name: "vault-a", cloud: "public", state: "known" }]));
  states.put(state("file:///b.yaml", [{ name: "vault-b", cloud: "usgov", tenant, state: "loading" }, { name: "Vault-A", cloud: "public", state: "known" }]));
  states.putWants([want("vault-c"), want("vault-a")]);
  expect(states.vaults("file:///b.yaml")).toEqual([
    { name: "vault-b", cloud: "usgov", tenant },
    { name: "Vault-A", cloud: "public" },
    { name: "vault-c", cloud: "public" },
  ]);
  expect(states.vaults(undefined).map((vault) => vault.name)).toEqual(["vault-a", "vault-b", "vault-c"]);
});

test("the same vault with two tenants is offered twice", () => {
  const states = createDocumentStates();
  states.put(state("file:///a.yaml", [{ name: "vault-a", cloud: "public", state: "wrong-tenant" }, { name: "vault-a", cloud: "public", tenant, state: "wrong-tenant" }]));
  expect(states.vaults(undefined)).toHaveLength(2);
});

test("names that no vault can have are not offered", () => {
  const states = createDocumentStates();
  const bad = [
    { name: "evil.example#", cloud: "public", state: "bad-vault-name" },
    { name: "vault-a", cloud: "mars", state: "bad-vault-name" },
    { name: "vault-a", cloud: "public", tenant: "--debug", state: "bad-vault-name" },
  ];
  states.put(state("file:///a.yaml", bad));
  expect(states.vaults("file:///a.yaml")).toEqual([]);
});

test("JSON keys: only vaults where a reference names one", () => {
  const states = createDocumentStates();
  states.putWants([want("vault-a"), want("vault-b", [{ name: "db" }])]);
  expect(states.vaultsWithJsonKeys()).toEqual([{ name: "vault-b", cloud: "public" }]);
});

test("a closed document and a restarted server are forgotten, and listeners hear of it", () => {
  const states = createDocumentStates();
  let changes = 0;
  const stop = states.onDidChange(() => {
    changes += 1;
  });
  states.put(state("file:///a.yaml", []));
  states.forget("file:///a.yaml");
  states.forget("file:///a.yaml");
  expect(states.get("file:///a.yaml")).toBeUndefined();
  expect(changes).toBe(2);
  states.put(state("file:///b.yaml", [{ name: "vault-b", cloud: "public", state: "known" }]));
  states.putWants([want("vault-c")]);
  states.clear();
  expect(states.get("file:///b.yaml")).toBeUndefined();
  expect(states.vaults(undefined)).toEqual([]);
  expect(changes).toBe(4);
  stop();
  states.clear();
  expect(changes).toBe(4);
});
