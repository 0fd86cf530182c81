import { describe, expect, test } from "vitest";
import { createAddedVaults } from "../../client/src/explorer/addedVaults.ts";
import type { DeletedLists } from "../../client/src/explorer/deletedLists.ts";
import { createDeletedLists } from "../../client/src/explorer/deletedLists.ts";
import { explorerBadge, explorerContextKey, explorerDescription, explorerMessage } from "../../client/src/explorer/explorerState.ts";
import { plainView } from "../../client/src/explorer/explorerView.ts";
import { explorerWants } from "../../client/src/explorer/explorerWants.ts";
import { createViewChoice } from "../../client/src/explorer/viewChoice.ts";
import type { DeletedEntry } from "../../server/src/core/model/facts.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import { shopVault } from "./connectorRow.ts";
import { dayMs, factsOf, now, secret, useRow, usesFrom, usesResult } from "./explorerScene.ts";
import { createFakeStore } from "./fakeStore.ts";

const vaults = [{ vault: shopVault, connector: "account.kv" }];
const other = { name: "other-kv", cloud: "usgov" } as const;

describe("the view", () => {
  const connectors = { rows: [], answered: true, reading: false, complete: true, stopped: false };

  test("says why it lists nothing", () => {
    expect([
      explorerContextKey(vaults, { ...connectors, stopped: true }),
      explorerContextKey([], { ...connectors, stopped: true }),
      explorerContextKey([], { ...connectors, answered: false }),
      explorerContextKey([], { ...connectors, reading: true }),
      explorerContextKey([], connectors),
    ]).toEqual(["listed", "stopped", "loading", "loading", "none"]);
  });

  test("names its filters, and what keeps the unused ones from being certain", () => {
    const unused = { ...plainView, unusedOnly: true };
    expect(explorerDescription({ ...unused, filter: "db" })).toBe("name: db, unused in this workspace");
    expect([
      explorerMessage(plainView, usesFrom("unknown"), false),
      explorerMessage(unused, usesFrom(usesResult([])), false),
      explorerMessage(unused, usesFrom("unknown"), false),
      explorerMessage(unused, usesFrom(usesResult([], { complete: false, reading: true })), false),
      explorerMessage(unused, usesFrom(usesResult([], { complete: false })), false),
    ]).toEqual([
      undefined,
      undefined,
      "What this workspace uses is not known yet, so every secret is shown.",
      "Files are still being read. Some of these may be used after all.",
      "Some files of the workspace cannot be read. Some of these may be used after all.",
    ]);
  });

  test("says that the vaults of connectors are missing where the server has stopped, and others are listed", () => {
    expect(explorerMessage(plainView, usesFrom("unknown"), true)).toBe("The language server has stopped, so the vaults of connectors are not listed. Run Keyline: Restart Language Server.");
  });

  test("counts what has expired, expires, or is disabled and in use", () => {
    const secrets = [secret("a", { expires: now - dayMs }), secret("b", { expires: now + dayMs }), secret("c", { enabled: false }), secret("d", { enabled: false }), secret("e")];
    const uses = usesFrom(usesResult([useRow("c", 1), useRow("e", 3)]));
    expect(explorerBadge(factsOf({ secrets }), vaults, uses, plainView, now)).toEqual({ value: 3, tooltip: "1 secret expired, 1 secret expiring, 1 disabled secret in use" });
    expect(explorerBadge(factsOf({ secrets: "offline" }), vaults, uses, plainView, now)).toBeUndefined();
  });
});

describe("what is asked of vaults", () => {
  const open = (name?: string, opens: "secrets" | "versions" | "keys" | "deleted" = "secrets", version?: string) => ({ vault: shopVault, opens, ...(name === undefined ? {} : { subject: { vault: shopVault, name, ...(version === undefined ? {} : { version }) } }) });

  test("is what is open: the list, versions, JSON keys", () => {
    expect(explorerWants([open(), open("a", "versions"), open("a", "keys", "v1")], vaults)).toEqual([
      { vault: shopVault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] },
      { vault: shopVault, listing: true, versionsOf: ["a"], deletedOf: [], jsonOf: [] },
      { vault: shopVault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [{ name: "a", version: "v1" }] },
    ]);
  });

  test("is nothing of lines below one that is closed", () => {
    expect(explorerWants([open("a", "versions"), open("a", "keys", "v1")], vaults)).toEqual([]);
    expect(explorerWants([open(), open("a", "keys", "v1"), open("b", "versions")], vaults).map(({ versionsOf, jsonOf }) => [versionsOf, jsonOf])).toEqual([[[], []], [["b"], []]]);
  });

  test("is nothing of a vault that is not shown any more, nor for its deleted secrets", () => {
    expect(explorerWants([{ vault: other, opens: "secrets" }, open(undefined, "deleted")], vaults)).toEqual([]);
  });
});

describe("added vaults", () => {
  test("are kept once each, and forgotten on request", async () => {
    const store = createFakeStore();
    const added = createAddedVaults(store);
    let changes = 0;
    added.onDidChange(() => (changes += 1));
    await added.add(shopVault);
    await added.add(other);
    await added.add({ ...shopVault, name: "SHOP-kv" });
    expect(createAddedVaults(store).list().map(({ name }) => name)).toEqual(["other-kv", "SHOP-kv"]);
    await added.remove(other);
    expect([added.list().map(({ name }) => name), changes]).toEqual([["SHOP-kv"], 4]);
  });

  test("of another hand are taken only where they are whole", () => {
    const store = createFakeStore({ "keyline.addedVaults": [null, "kv", { name: "https://evil.example", cloud: "public" }, { name: "ok-kv", cloud: "public" }, { name: "bad-tenant", cloud: "public", tenant: "--debug" }] });
    expect(createAddedVaults(store).list()).toEqual([{ name: "ok-kv", cloud: "public" }]);
  });
});

describe("the view's choice", () => {
  test("reads settings, and takes what is none of their values for not set", () => {
    const values: Record<string, unknown> = { "vaults.sort": "expiry", "vaults.group": "nonsense", "vaults.groupTag": 7, expiringDays: -1 };
    const choice = createViewChoice((name) => values[name]);
    expect(choice.now()).toEqual({ ...plainView, sort: "expiry" });
    values["vaults.group"] = "tag";
    values["expiringDays"] = 5;
    choice.settingsChanged();
    expect(choice.now()).toEqual({ ...plainView, sort: "expiry", group: "tag", expiringDays: 5 });
  });

  test("filters until all are shown again", () => {
    const choice = createViewChoice(() => undefined);
    let changes = 0;
    const stop = choice.onDidChange(() => (changes += 1));
    choice.filterBy("  db ");
    choice.showUnusedOnly(true);
    expect(choice.now()).toEqual({ ...plainView, filter: "db", unusedOnly: true });
    choice.clear();
    stop();
    choice.filterBy("x");
    expect([choice.now().unusedOnly, changes]).toEqual([false, 3]);
  });
});

describe("deleted lists", () => {
  interface Flight {
    readonly page: (secrets: readonly DeletedEntry[]) => void;
    readonly end: (outcome: Outcome<readonly DeletedEntry[]>) => Promise<void>;
    readonly signal: AbortSignal;
  }

  function scene(allowed = true): { readonly lists: DeletedLists; readonly flights: Flight[]; readonly clock: { now: number } } {
    const flights: Flight[] = [];
    const clock = { now };
    const lists = createDeletedLists(
      {
        listDeleted: (_vault, page, signal) =>
          new Promise((resolve) => {
            const end = async (outcome: Outcome<readonly DeletedEntry[]>): Promise<void> => {
              resolve(outcome);
              await new Promise(setImmediate);
            };
            flights.push({ page, end, signal });
          }),
      },
      () => allowed,
      () => clock.now,
    );
    return { lists, flights, clock };
  }

  test("are asked for once, shown as they come, and kept", async () => {
    const { lists, flights } = scene();
    expect(lists.known(shopVault)).toBeUndefined();
    lists.open(shopVault);
    lists.open(shopVault);
    flights[0]?.page([{ name: "a" }]);
    expect(lists.known(shopVault)).toEqual({ secrets: [{ name: "a" }], state: "reading" });
    await flights[0]?.end({ ok: true, value: [{ name: "a" }, { name: "b" }] });
    lists.open(shopVault);
    expect([flights.length, lists.known(shopVault)]).toEqual([1, { secrets: [{ name: "a" }, { name: "b" }], state: "complete" }]);
  });

  test("are read again where they are opened again, or have grown old while they were open", async () => {
    const { lists, flights, clock } = scene();
    lists.open(shopVault);
    await flights[0]?.end({ ok: true, value: [] });
    lists.close(shopVault);
    lists.open(shopVault);
    lists.open(shopVault);
    expect(flights).toHaveLength(2);
    await flights[1]?.end({ ok: true, value: [] });
    clock.now += 239_000;
    lists.open(shopVault);
    expect(flights).toHaveLength(2);
    clock.now += 1000;
    lists.open(shopVault);
    expect([flights.length, lists.known(shopVault)]).toEqual([3, { secrets: [], state: "reading" }]);
  });

  test("that could not be read are asked for again after two minutes", async () => {
    const { lists, flights, clock } = scene();
    lists.open(shopVault);
    await flights[0]?.end({ ok: false, reason: "unreachable" });
    lists.open(shopVault);
    expect(flights).toHaveLength(1);
    clock.now += 120_000;
    lists.open(shopVault);
    expect(flights).toHaveLength(2);
  });

  test("keep what has come where one fails", async () => {
    const { lists, flights } = scene();
    lists.open(shopVault);
    flights[0]?.page([{ name: "a" }]);
    await flights[0]?.end({ ok: false, reason: "throttled" });
    expect(lists.known(shopVault)).toEqual({ secrets: [{ name: "a" }], state: { failed: "throttled" } });
  });

  test("are read again after a change where they are open, and forgotten where not", async () => {
    const { lists, flights } = scene();
    lists.open(shopVault);
    await flights[0]?.end({ ok: true, value: [] });
    lists.changed(other);
    expect(flights).toHaveLength(1);
    lists.changed(shopVault);
    expect(flights).toHaveLength(2);
    lists.close(shopVault);
    lists.changed();
    expect([flights[1]?.signal.aborted, lists.known(shopVault)]).toEqual([true, undefined]);
    await flights[1]?.end({ ok: true, value: [{ name: "late" }] });
    expect(lists.known(shopVault)).toBeUndefined();
  });

  test("are not asked of a vault that may not be called", () => {
    const { lists, flights } = scene(false);
    lists.open(shopVault);
    expect([flights.length, lists.known(shopVault)]).toEqual([0, undefined]);
  });

  test("end with the window", () => {
    const { lists, flights } = scene();
    lists.open(shopVault);
    lists.dispose();
    expect(flights[0]?.signal.aborted).toBe(true);
  });
});
