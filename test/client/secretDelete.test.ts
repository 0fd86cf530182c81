/** Deleting, recovering and purging (T35): no request without a yes, and none twice. */
import { describe, expect, test } from "vitest";
import { createTurns } from "../../client/src/runs/turns.ts";
import { registerSecretCommands } from "../../client/src/secrets/secretCommands.ts";
import type { SecretCommandsContext } from "../../client/src/secrets/secretCommandsContext.ts";
import { fakeVersion } from "./fakeVaultWrites.ts";
import type { SecretSceneOptions } from "./secretScene.ts";
import { canary, db, dbItem, deletedDb, secretScene, shop, useOf, vaultItem } from "./secretScene.ts";

async function run(command: string, options: SecretSceneOptions = {}, argument: unknown = dbItem) {
  const scene = await secretScene(options);
  expect(await scene.run(command, argument)).toBeUndefined();
  return scene;
}

/** Runs a command with something of the scene replaced. */
async function runWith(context: SecretCommandsContext, command: string, argument: unknown): Promise<void> {
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerSecretCommands((id, action) => actions.set(id, action), context);
  await actions.get(command)?.(argument);
}

const many = { references: Array.from({ length: 12 }, (_, line) => useOf(line)), entities: [useOf(1, { uri: "file:///w/db.yaml" })], complete: false };

describe("deleting", () => {
  test("names vault, secret, versions and what breaks; the first button keeps it", async () => {
    const { dialogs } = await run("keyline.deleteSecret", { script: { uses: many } });
    expect(dialogs.shown.find(({ kind }) => kind === "decide")).toEqual({
      kind: "decide",
      text: `Delete the secret db from the vault shop-vault?
Vault: shop-vault
Cloud: Azure
Tenant: 11111111-2222-3333-4444-555555555555
Secret: db, with all its 2 versions

1 secret of Harness kept in it breaks:
• account.db (db.yaml:2)
12 references break:
${Array.from({ length: 10 }, (_, line) => `• account.db (deploy.yaml:${String(line + 1)})`).join("\n")}
• and 2 more
Not all files of the workspace are read, so there may be more.
References that a pipeline puts together when it runs, and what Harness alone holds, cannot be seen from here.

The vault keeps it among the deleted secrets until its retention ends. Until then it can be recovered, and its name stays taken.`,
      choices: ["Keep It", "Delete"],
    });
  });

  test("is sent once, followed beside other work, and its end is told with the date", async () => {
    const { writes, dialogs, end, logged, store, clock } = await run("keyline.deleteSecret", { decide: "Delete" });
    expect(writes.requests).toEqual(["DELETE shop-vault db"]);
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress", "decide", "progress", "progress", "background", "offer"]);
    expect(dialogs.shown.find(({ kind }) => kind === "decide")?.text).toContain("No file of this workspace refers to it.");
    expect(end()).toEqual({ kind: "offer", text: "The secret db of the vault shop-vault is deleted. It can be recovered until 2027-01-30 UTC, when the vault purges it.", choices: ["Recover"] });
    expect(logged).toEqual(["Secret, delete: vault shop-vault, secret db, accepted.", "Secret, delete, followed: vault shop-vault, secret db, deleted."]);
    expect(store.content["keyline.secretJournal"]).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test.each([undefined, "Keep It"])("answered with %s sends nothing", async (decide) => {
    const { writes, store } = await run("keyline.deleteSecret", decide === undefined ? {} : { decide });
    expect(writes.requests).toEqual([]);
    expect(store.content["keyline.secretJournal"]).toBeUndefined();
  });

  test("clicked twice is one modal and one request", async () => {
    const scene = await secretScene({ decide: "Delete" });
    await Promise.all([scene.run("keyline.deleteSecret", dbItem), scene.run("keyline.deleteSecret", dbItem)]);
    expect(scene.writes.requests).toEqual(["DELETE shop-vault db"]);
    expect(scene.dialogs.shown.filter(({ kind }) => kind === "decide")).toHaveLength(1);
    expect(scene.dialogs.shown.map(({ text }) => text)).toContain("The secret db of the vault shop-vault is being changed already. Wait until that has ended.");
  });

  test("leaves the secret to other changes once it has ended, whatever happens to its notification", async () => {
    const scene = await secretScene({ decide: "Delete" });
    const dialogs = { ...scene.dialogs, offer: () => new Promise<undefined>(() => undefined) };
    const turns = createTurns();
    void runWith({ ...scene.context, dialogs, turns }, "keyline.deleteSecret", dbItem);
    await scene.clock.advance(0);
    expect(scene.writes.requests).toEqual(["DELETE shop-vault db"]);
    expect(turns.take("public/shop-vault/db")).toBeDefined();
  });

  test.each(["a version", "a reference"])("is given up where %s has come while the modal was open", async (what) => {
    const scene = await secretScene({ decide: "Delete" });
    let uses = many;
    const dialogs = { ...scene.dialogs, decide: <T extends string>(message: string, detail: string, buttons: readonly T[]) => {
      if (what === "a version") scene.writes.secrets.set("db", { ...db, versions: [fakeVersion(9, "new"), ...db.versions] });
      else uses = { ...many, references: [...many.references, useOf(40)] };
      return scene.dialogs.decide(message, detail, buttons);
    } };
    await runWith({ ...scene.context, dialogs, source: { ...scene.context.source, uses: () => Promise.resolve(uses) } }, "keyline.deleteSecret", dbItem);
    expect(scene.writes.requests).toEqual([]);
    expect(scene.end().text).toBe("The secret db of the vault shop-vault, or what refers to it, has changed meanwhile. Nothing was deleted. Run Delete again to see what there is now.");
  });

  test("calls no vault whose approval went while the modal was open", async () => {
    const scene = await secretScene({ decide: "Delete" });
    const dialogs = { ...scene.dialogs, decide: async <T extends string>(message: string, detail: string, buttons: readonly T[]) => {
      await scene.context.approvals.withdraw(shop);
      return scene.dialogs.decide(message, detail, buttons);
    } };
    await runWith({ ...scene.context, dialogs }, "keyline.deleteSecret", dbItem);
    expect(scene.writes.requests).toEqual([]);
    expect(scene.end().text).toBe("The vault shop-vault is not approved any more, so nothing was done.");
  });

  test("can be taken back from the notification", async () => {
    const { writes, end } = await run("keyline.deleteSecret", { decide: "Delete", offer: "Recover" });
    expect(writes.requests).toEqual(["DELETE shop-vault db", "recover shop-vault db"]);
    expect(end().text).toBe("The secret db of the vault shop-vault is recovered.");
    expect(writes.secrets.get("db")).toEqual(db);
  });

  test.each([
    [{ pending: ["waitDeleted"] as const }, "The vault shop-vault has taken the deletion of the secret db, and has not finished it yet. It goes on by itself: look among the deleted secrets in a few minutes."],
    [{ fail: { waitDeleted: "access-policy" } as const }, "Vault shop-vault: the deletion of the secret db has begun, but its end cannot be seen. The vault's access policies do not let this identity list secrets. Ask for the secret permission list, and for get to read values and look up deleted secrets."],
    [{ fail: { delete: "rbac" } as const }, "Vault shop-vault: the secret db was not deleted. The identity has no role on the vault that lets it delete secrets. Ask for the role Key Vault Secrets Officer on the vault, or have the secret deleted by somebody who has it."],
    [{ fail: { delete: "unreachable" } as const }, "Vault shop-vault: the secret db was not deleted. No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again."],
    [{ fail: { delete: "throttled" } as const }, "Vault shop-vault: the secret db was not deleted. Azure answers that the vault gets too many requests. Wait a minute, then try again."],
  ])("that does not end well says so (%#)", async (script, words) => {
    const { writes, end, store } = await run("keyline.deleteSecret", { decide: "Delete", script });
    expect(end().text).toBe(words);
    expect(writes.requests).toEqual(["DELETE shop-vault db"]);
    expect(store.content["keyline.secretJournal"]).toEqual([]);
  });

  test("of a secret that goes in the last moment says so", async () => {
    const scene = await secretScene({ decide: "Delete", script: { before: (request) => { if (request.startsWith("DELETE")) scene.writes.secrets.clear(); } } });
    await scene.run("keyline.deleteSecret", dbItem);
    expect(scene.end().text).toBe("The secret db of the vault shop-vault does not exist any more. Nothing was deleted.");
  });

  test.each([true, false])("whose end nobody knows (deleted: %s) is not repeated, and can be looked at", async (written) => {
    const { writes, end, dialogs } = await run("keyline.deleteSecret", { decide: "Delete", offer: "Look in Vault", script: { unknown: { operation: "delete", written } } });
    expect(writes.requests).toEqual(["DELETE shop-vault db"]);
    expect(dialogs.shown.find(({ kind }) => kind === "offer")?.text).toContain("nobody can say whether the secret db was deleted.");
    expect(end().text).toBe(`Vault shop-vault: db is ${written ? "deleted, and purged by the vault on 2027-01-30 UTC." : "not deleted."}`);
  });

  test("of a secret with one version says so", async () => {
    const { dialogs } = await run("keyline.deleteSecret", { secrets: [{ name: "db", versions: [fakeVersion(1, canary)] }] });
    expect(dialogs.shown.find(({ kind }) => kind === "decide")?.text).toContain("Secret: db, with its only version\n");
  });
});

describe("recovering", () => {
  test("asks, then brings it back", async () => {
    const { writes, end, dialogs } = await run("keyline.recoverSecret", { secrets: [deletedDb], confirm: true });
    expect(dialogs.shown[0]?.text).toContain("Recover the secret db in the vault shop-vault?\nVault: shop-vault");
    expect(writes.requests).toEqual(["recover shop-vault db"]);
    expect(end().text).toBe("The secret db of the vault shop-vault is recovered.");
  });

  test("picks among the deleted secrets, and sends nothing without a yes", async () => {
    const { writes, dialogs } = await run("keyline.recoverSecret", { secrets: [deletedDb], pick: "db" }, vaultItem);
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress", "pick", "confirm"]);
    expect(writes.requests).toEqual([]);
    expect((await run("keyline.recoverSecret", {}, vaultItem)).end().text).toBe("The vault shop-vault has no deleted secret.");
  });

  test.each([
    [{ secrets: [] }, "The secret db of the vault shop-vault is not among the deleted secrets. It may be purged, or recovered by somebody else."],
    [{ secrets: [db] }, "The secret db of the vault shop-vault exists, so there is nothing to recover."],
    [{ secrets: [deletedDb], script: { pending: ["recover"] as const } }, "The secret db of the vault shop-vault is being recovered. The vault shop-vault has not finished yet: look again in a minute."],
    [{ secrets: [deletedDb], script: { fail: { recover: "rbac" } as const } }, "Vault shop-vault: the secret db was not recovered. The identity has no role on the vault that lets it recover deleted secrets. Ask for the role Key Vault Secrets Officer on the vault, or have the secret recovered by somebody who has it."],
    [{ secrets: [deletedDb], script: { fail: { recover: "access-policy" } as const } }, "Vault shop-vault: the secret db was not recovered. The vault's access policies do not let this identity recover deleted secrets. Ask for the secret permission recover, or have the secret recovered by somebody who has it."],
    [{ secrets: [deletedDb], script: { fail: { recover: "unreachable" } as const } }, "Vault shop-vault: it is not known whether the secret db is recovered. No connection from this machine came about in time. It does no harm to run it again."],
    [{ secrets: [deletedDb], signal: (title: string) => (title.startsWith("Recovering") ? AbortSignal.abort() : new AbortController().signal) }, "Vault shop-vault: it is not known whether the secret db is recovered. You cancelled. It does no harm to run it again."],
  ])("that does not work says why (%#)", async (options, words) => {
    expect((await run("keyline.recoverSecret", { ...options, confirm: true })).end().text).toBe(words);
  });
});

describe("purging", () => {
  test("needs the secret's name", async () => {
    const { writes, end, dialogs } = await run("keyline.purgeSecret", { secrets: [deletedDb], input: "db" });
    expect(dialogs.shown.find(({ kind }) => kind === "input")?.text).toBe("Purge the secret db of the vault shop-vault\nIt is gone for ever then, with all its versions. Type its name to purge it: db");
    expect(writes.requests).toEqual(["purge shop-vault db"]);
    expect(end().text).toBe("The secret db of the vault shop-vault is purged. Its name is free again.");
  });

  test.each([["a wrong name", "dbx"], ["another case", "DB"], ["Enter alone", ""], ["Esc", undefined]])("%s sends nothing", async (_what, input) => {
    const { writes, store } = await run("keyline.purgeSecret", { secrets: [deletedDb], ...(input === undefined ? {} : { input }) });
    expect(writes.requests).toEqual([]);
    expect(store.content["keyline.secretJournal"]).toBeUndefined();
  });

  test("is not asked for where the vault has purge protection: the date is told", async () => {
    const secrets = [{ ...db, deleted: { scheduledPurge: Date.UTC(2027, 0, 30, 12), recoveryLevel: "Recoverable" } }];
    const { writes, end, dialogs } = await run("keyline.purgeSecret", { secrets, input: "db" });
    expect(writes.requests).toEqual([]);
    expect(dialogs.shown.some(({ kind }) => kind === "input")).toBe(false);
    expect(end().text).toBe("The secret db of the vault shop-vault cannot be purged: the vault has purge protection, and nobody can take that back. The vault purges the secret itself on 2027-01-30 12:00 UTC. Until then its name stays taken; it can be recovered.");
  });

  test.each([
    [{ secrets: [deletedDb], script: { purgeProtected: true } }, /has purge protection.*on 2027-01-30 UTC/],
    [{ secrets: [deletedDb], script: { pending: ["purge"] as const } }, /is still being deleted, so it is not purged yet. Try again in a minute\.$/],
    [{ secrets: [db] }, /is not among the deleted secrets\. It may be purged, or recovered by somebody else\.$/],
    [{ secrets: [deletedDb], script: { fail: { purge: "rbac" } as const } }, /was not purged\. The identity has no role on the vault that lets it purge deleted secrets\. Ask for the role Key Vault Secrets Officer/],
    [{ secrets: [deletedDb], script: { fail: { purge: "service-error" } as const } }, /^Vault shop-vault: it is not known whether the secret db is purged\. .* It does no harm to run it again\.$/],
    [{ secrets: [deletedDb], script: { fail: { deleted: "forbidden" } as const } }, /^Vault shop-vault: its deleted secrets cannot be listed, so nothing was purged\. Azure refuses this/],
  ])("that does not work says why (%#)", async (options, words) => {
    expect((await run("keyline.purgeSecret", { ...options, input: "db" })).end().text).toMatch(words);
  });

  test("of a secret that somebody else recovers meanwhile says so", async () => {
    const scene = await secretScene({ secrets: [deletedDb], input: "db", script: { before: (request) => { if (request.startsWith("purge")) scene.writes.secrets.set("db", db); } } });
    await scene.run("keyline.purgeSecret", dbItem);
    expect(scene.end().text).toContain("is not among the deleted secrets.");
    expect(scene.writes.secrets.get("db")).toEqual(db);
  });
});

describe("another extension's argument (T28)", () => {
  const hostile: readonly unknown[] = [undefined, null, {}, { vault: shop, name: "db", confirmed: true }, ["db"], "db", { item: "db" }, () => true];
  const commands = ["createSecret", "newSecretVersion", "editSecretAttributes", "enableSecret", "disableSecret", "copySecretValue", "revealSecretValue", "deleteSecret", "recoverSecret", "purgeSecret"];

  test.each(commands)("%s takes nothing from it, returns undefined, and writes nothing without a person's yes", async (command) => {
    for (const argument of hostile) {
      for (const secrets of [[db], [deletedDb]]) {
        const { writes, clipboard, revealed } = await run(`keyline.${command}`, { secrets, pick: "db", pickMany: ["Tags"], acts: [] }, argument);
        expect(writes.requests).toEqual([]);
        expect(clipboard.written).toEqual([]);
        expect(revealed).toEqual([]);
      }
    }
  });
});
