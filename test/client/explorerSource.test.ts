import { expect, test } from "vitest";
import { createAddedVaults } from "../../client/src/explorer/addedVaults.ts";
import { createDeletedLists } from "../../client/src/explorer/deletedLists.ts";
import type { ExplorerSource } from "../../client/src/explorer/explorerSource.ts";
import { createExplorerSource } from "../../client/src/explorer/explorerSource.ts";
import { createServerAnswer } from "../../client/src/language/serverAnswer.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { silentLog } from "../../server/src/host/log.ts";
import type { ConnectorRow, SecretUsesResult } from "../../server/src/protocol/messages.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import type { UnknownReason } from "../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { FakeVault, VaultTable } from "../support/fakeVault.ts";
import { fakeVault } from "../support/fakeVault.ts";
import { connectorRow, shopVault, untold } from "./connectorRow.ts";
import { secret, useRow, usesResult } from "./explorerScene.ts";
import { createFakeStore } from "./fakeStore.ts";

interface Scene {
  readonly source: ExplorerSource;
  readonly api: FakeVault;
}

async function scene(options: { readonly rows?: readonly ConnectorRow[]; readonly added?: readonly (string | VaultTarget)[]; readonly table?: VaultTable; readonly uses?: SecretUsesResult | readonly (SecretUsesResult | "no answer")[]; readonly gate?: UnknownReason } = {}): Promise<Scene> {
  const rows = options.rows ?? [connectorRow()];
  const api = fakeVault(options.table ?? { "shop-kv": [secret("db")] });
  const added = createAddedVaults(createFakeStore());
  for (const one of options.added ?? []) await added.add(typeof one === "string" ? { name: one, cloud: "public" } : one);
  const index = createVaultIndex({ api, clock: systemClock, log: silentLog, gate: () => options.gate });
  const answers = options.uses === undefined ? [] : "complete" in options.uses ? [options.uses] : [...options.uses];
  const nextUses = (): Promise<SecretUsesResult> => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer === undefined || answer === "no answer" ? Promise.reject(new Error("stopped")) : Promise.resolve(answer);
  };
  const source = createExplorerSource({
    connectors: { rows: () => rows, load: () => Promise.resolve(rows) },
    added,
    index,
    api,
    deleted: createDeletedLists(api, () => true, Date.now),
    uses: createServerAnswer(nextUses),
  });
  return { source, api };
}

const signal = new AbortController().signal;

test("each vault stands once, with its connectors' names; a connector that names the tenant counts", async () => {
  const { tenant: _tenant, ...noTenant } = shopVault;
  const { vault: _vault, ...images } = connectorRow({ identifier: "images", type: "DockerRegistry" });
  const rows = [connectorRow({ vault: { ...noTenant, name: "Shop-KV" } }), connectorRow({ identifier: "second", scope: { level: "org", org: "default" } }), images];
  const { source } = await scene({ rows, added: ["added-kv", "shop-kv"] });
  const expected = [{ vault: { name: "added-kv", cloud: "public" } }, { vault: shopVault, connector: "account.kv, org.second" }];
  expect([source.vaultsNow(), await source.vaults()]).toEqual([expected, expected]);
});

test("a vault's connector whose scope is not told stands there without a prefix", async () => {
  const { source } = await scene({ rows: [connectorRow({ scope: untold })] });
  expect(source.vaultsNow()).toEqual([{ vault: shopVault, connector: "kv (scope not told)" }]);
});

test("the tenant that a person has added a vault with holds where no connector names one", async () => {
  const { tenant: _tenant, ...noTenant } = shopVault;
  const { source } = await scene({ rows: [connectorRow({ vault: noTenant })], added: [shopVault] });
  expect(source.vaultsNow()).toEqual([{ vault: shopVault, connector: "account.kv" }]);
});

test("an item of another's making stands for nothing", async () => {
  const { source } = await scene();
  const item = {};
  source.mark(item, { vault: shopVault, subject: { vault: shopVault, name: "db" } });
  expect([source.subjectOf(item), source.vaultOf(item)]).toEqual([{ vault: shopVault, name: "db" }, shopVault]);
  for (const hostile of [undefined, null, "db", 7, { vault: shopVault, subject: { vault: shopVault, name: "db" } }, [item]]) expect([source.subjectOf(hostile), source.vaultOf(hostile)]).toEqual([undefined, undefined]);
});

test("a list is read where it is not fresh, and once", async () => {
  const { source, api } = await scene();
  expect(await source.secrets(shopVault, signal)).toEqual({ ok: true, value: [secret("db")] });
  await source.secrets(shopVault, signal);
  expect(api.requests).toEqual(["list shop-kv"]);
});

test.each(["forbidden", "unreachable", "throttled"] as const)("a vault that answers %s has no list, not an empty one", async (reason) => {
  const { source } = await scene({ table: { "shop-kv": reason } });
  expect(await source.secrets(shopVault, signal)).toEqual({ ok: false, reason });
});

test("a vault that is not approved is not asked", async () => {
  const { source, api } = await scene({ gate: "not-approved" });
  expect([await source.secrets(shopVault, signal), api.requests]).toEqual([{ ok: false, reason: "not-approved" }, []]);
});

test("uses are asked anew, and are not complete where the server does not run", async () => {
  const { source } = await scene({ uses: usesResult([useRow("DB", 2, 1)]) });
  const found = await source.uses(shopVault, "db");
  expect([found.references.length, found.entities.length, found.complete]).toEqual([2, 1, true]);
  expect(await source.uses(shopVault, "other")).toEqual({ references: [], entities: [], complete: true });
  expect(await (await scene()).source.uses(shopVault, "db")).toEqual({ references: [], entities: [], complete: false });
});

test("uses of an earlier answer are not complete where the server does not answer any more", async () => {
  const { source } = await scene({ uses: [usesResult([]), "no answer"] });
  expect((await source.uses(shopVault, "db")).complete).toBe(true);
  expect((await source.uses(shopVault, "db")).complete).toBe(false);
});

test("a list that the person does not wait for is cancelled, not the one of before", async () => {
  const { source } = await scene();
  await source.secrets(shopVault, signal);
  const controller = new AbortController();
  source.changed(shopVault);
  controller.abort();
  expect(await source.secrets(shopVault, controller.signal)).toEqual({ ok: false, reason: "loading", cause: "cancelled" });
});

test("after a change, a list that cannot be read again is not the one of before", async () => {
  const table: Record<string, VaultTable[string]> = { "shop-kv": [secret("db")] };
  const { source } = await scene({ table });
  await source.secrets(shopVault, signal);
  table["shop-kv"] = "throttled";
  source.changed(shopVault);
  expect(await source.secrets(shopVault, signal)).toEqual({ ok: false, reason: "throttled" });
});
