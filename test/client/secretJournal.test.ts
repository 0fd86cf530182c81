/** What a crash or a reload leaves of a change (R13): not done, done, or reported. */
import { describe, expect, test } from "vitest";
import { registerSecretCommands } from "../../client/src/secrets/secretCommands.ts";
import type { SecretOperation } from "../../client/src/secrets/secretJournal.ts";
import { tellInterruptedSecrets } from "../../client/src/secrets/tellInterruptedSecrets.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import { ManualClock } from "../vault/manualClock.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { FakeSecret } from "./fakeVaultWrites.ts";
import { createFakeVaultWrites, fakeVersion } from "./fakeVaultWrites.ts";
import type { SecretSceneOptions } from "./secretScene.ts";
import { canary, db, dbItem, deletedDb, secretScene, shop, vaultItem } from "./secretScene.ts";

const journalKey = "keyline.secretJournal";
const id = "0123456789abcdef0123456789abcdef";

function storedRun(run: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, vault: { ...shop }, name: "db", step: "delete", session: "gone", at: new ManualClock().now() - 120_000, ...run };
}

async function tellFrom(entries: unknown, options: SecretSceneOptions = {}) {
  const scene = await secretScene({ store: createFakeStore({ [journalKey]: entries }), ...options });
  const stop = tellInterruptedSecrets(scene.context);
  await scene.clock.advance(0);
  return { ...scene, stop };
}

describe("a change that was interrupted", () => {
  test("is told once with what to do; nothing is called", async () => {
    const { dialogs, store, writes } = await tellFrom([storedRun()], { script: { before: () => Promise.reject(new Error("called")) } });
    expect(dialogs.shown).toEqual([
      { kind: "offer", text: "Unfinished: a change of a secret in the vault shop-vault, db (delete). Nobody has seen how it ended. Look in the vault before you do it again.", choices: ["Look in Vault", "Later"] },
    ]);
    expect(writes.requests).toEqual([]);
    const again = await secretScene({ store });
    tellInterruptedSecrets(again.context);
    expect(again.dialogs.shown).toEqual([]);
  });

  test("several of one vault are one notification", async () => {
    const { dialogs } = await tellFrom(["1", "2", "3", "4", "5"].map((digit) => storedRun({ id: digit.repeat(32), name: `s-${digit}`, step: "create" })));
    expect(dialogs.shown.map(({ text }) => text)).toEqual([
      "Unfinished: 5 changes of secrets in the vault shop-vault, s-1 (create), s-2 (create), s-3 (create) and 2 more. Nobody has seen how they ended. Look in the vault before you do them again.",
    ]);
  });

  test("waits without trust and without the vault's approval", async () => {
    expect((await tellFrom([storedRun()], { trusted: () => false })).dialogs.shown).toEqual([]);
    expect((await tellFrom([storedRun()], { approved: [] })).dialogs.shown).toEqual([]);
  });

  test.each([{ content: [storedRun({ name: "../x" })] }, { content: [storedRun({ step: "rm" })] }, { content: [storedRun({ id: "x" })] }, { content: "no list" }])("is read only where it is whole (%#)", async ({ content }) => {
    expect((await tellFrom(content)).dialogs.shown).toEqual([]);
  });

  const living: FakeSecret = { name: "db", versions: [fakeVersion(2, canary, { tags: [["keyline-run", id]] }), fakeVersion(1, "x")] };
  const overtaken: FakeSecret = { name: "db", versions: [fakeVersion(3, "theirs"), ...living.versions] };
  const ends: readonly (readonly [SecretOperation, readonly FakeSecret[], string])[] = [
    ["create", [living], "db is written: its latest version is the one of this change."],
    ["new version", [{ ...db, versions: [fakeVersion(2, canary, { tags: Array.from({ length: 15 }, (_, index) => [`t${String(index)}`, ""] as const) })] }], "db exists with 1 version, the latest of 2026-11-01 00:00:02 UTC; one may be that of this change, which cannot be told. See it in the explorer."],
    ["create", [db], "db exists with 2 versions, the latest of 2026-11-01 00:00:02 UTC; none is the one of this change."],
    ["create", [], "db does not exist, and is not among the deleted secrets."],
    ["create", [deletedDb], "db is deleted, and purged by the vault on 2027-01-30 UTC."],
    ["new version", [living], "db is written: its latest version is the one of this change."],
    ["new version", [overtaken], "db is written: its version 00000000 is the one of this change, and newer ones have come since."],
    ["edit", [db], "db exists, and its latest version is enabled. See its version in the explorer for the rest."],
    ["disable", [{ name: "db", versions: [fakeVersion(1, "x", { enabled: false })] }], "db exists, and its latest version is disabled. See its version in the explorer for the rest."],
    ["delete", [db], "db is not deleted."],
    ["delete", [deletedDb], "db is deleted, and purged by the vault on 2027-01-30 UTC."],
    ["recover", [db], "db is recovered."],
    ["recover", [deletedDb], "db is deleted, and purged by the vault on 2027-01-30 UTC."],
    ["purge", [], "db is purged."],
    ["purge", [deletedDb], "db is deleted, and purged by the vault on 2027-01-30 UTC."],
    ["purge", [db], "db is not deleted, so nothing was purged."],
  ];
  test.each(ends)("%s is looked up in the vault, told and settled (%#)", async (step, secrets, words) => {
    const { end, clock, store, writes, everything } = await tellFrom([storedRun({ step })], { secrets, offer: "Look in Vault" });
    await clock.advance(0);
    expect(end().text).toBe(`Vault shop-vault: ${words}`);
    expect(store.content[journalKey]).toEqual([]);
    expect(writes.requests).toEqual([]);
    expect(everything()).not.toContain("canary");
  });

  test("says what cannot be listed, and what cannot be read stays in the journal", async () => {
    const noDeleted = await tellFrom([storedRun({ step: "purge" })], { secrets: [], offer: "Look in Vault", script: { fail: { deleted: "forbidden" } } });
    await noDeleted.clock.advance(0);
    expect(noDeleted.end().text).toBe("Vault shop-vault: db is not there; whether it waits among the deleted secrets cannot be listed.");
    const offline = await tellFrom([storedRun()], { offer: "Look in Vault", script: { fail: { versions: "unreachable" } } });
    await offline.clock.advance(0);
    expect(offline.end().text).toContain("it cannot be told how the changes ended. No connection from this machine came about in time.");
    expect(offline.store.content[journalKey]).toHaveLength(1);
  });

  test("of many are told five, and the others are named", async () => {
    const runs = Array.from({ length: 7 }, (_, index) => storedRun({ id: String(index).repeat(32), name: `s-${String(index)}` }));
    const { end, clock } = await tellFrom(runs, { offer: "Look in Vault" });
    await clock.advance(0);
    expect(end().text).toMatch(/^Vault shop-vault: s-0 does not exist, .* s-4 does not exist, and is not among the deleted secrets\. Look at the other 2 in the explorer\.$/);
  });
});

/** The extension host dies at one point: whatever it has sent has arrived, nothing that it would do later happens. */
function mortal(dieAt: number) {
  const labels: string[] = [];
  let tellDeath: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  const never = new Promise<never>(() => undefined);
  const point = (label: string): Promise<void> => {
    if (labels.length > dieAt) return never;
    labels.push(label);
    if (labels.length <= dieAt) return Promise.resolve();
    tellDeath();
    return never;
  };
  return { labels, point, death, isDead: () => labels.length > dieAt };
}

interface Case extends SecretSceneOptions {
  readonly command: string;
  readonly argument: unknown;
  /** What the vault has been asked for at the end of a whole run. */
  readonly request: string;
}

const dates = ["", ""];
const cases: readonly Case[] = [
  { command: "createSecret", argument: vaultItem, secrets: [], acts: ["db", "Type", canary, "", "", ...dates, "Enabled", "Create"], request: "PUT shop-vault db" },
  { command: "newSecretVersion", argument: dbItem, secrets: [db], acts: ["Type", canary, ...dates, "Write"], request: "PUT shop-vault db" },
  { command: "editSecretAttributes", argument: dbItem, secrets: [db], pickMany: ["Content type"], acts: ["x", "Save"], request: "PATCH shop-vault db" },
  { command: "disableSecret", argument: dbItem, secrets: [db], decide: "Disable", request: "PATCH shop-vault db" },
  { command: "deleteSecret", argument: dbItem, secrets: [db], decide: "Delete", request: "DELETE shop-vault db" },
  { command: "recoverSecret", argument: dbItem, secrets: [deletedDb], confirm: true, request: "recover shop-vault db" },
  { command: "purgeSecret", argument: dbItem, secrets: [deletedDb], input: "db", request: "purge shop-vault db" },
];

async function runUntilDeath({ command, argument, request: _request, ...options }: Case, dieAt: number) {
  const { labels, point, death, isDead } = mortal(dieAt);
  const content: Record<string, unknown> = { "keyline.approvedVaults": [{ ...shop, jsonKeys: false }] };
  const memento = createFakeStore(content);
  const store = {
    ...memento,
    // VS Code's memento takes a change at once and says later that it is kept.
    update: async (key: string, value: unknown) => {
      await point(`before ${key}`);
      if (isDead()) return;
      await memento.update(key, value);
      await point(`after ${key}`);
    },
  };
  const writes = createFakeVaultWrites({ before: (text) => point(`before ${text}`), after: (text) => point(`after ${text}`) }, options.secrets);
  const scene = await secretScene({ ...options, store, writes, approved: [] });
  const told: string[] = [];
  const dialogs = {
    ...scene.dialogs,
    tell: (message: string) => {
      if (!isDead()) told.push(message);
    },
    offer: (message: string) => {
      if (!isDead()) told.push(message);
      return Promise.resolve(undefined);
    },
  };
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerSecretCommands((name, action) => actions.set(name, action), { ...scene.context, dialogs });
  await Promise.race([actions.get(`keyline.${command}`)?.(argument), death]);
  return { labels, content, writes, told };
}

describe.each(cases.map((one) => [one.command, one] as const))("%s killed at any point", async (_command, one) => {
  const whole = await runUntilDeath(one, Number.POSITIVE_INFINITY);

  test("passes six points and more when it is not, and leaves an empty journal", () => {
    expect(whole.labels.length).toBeGreaterThanOrEqual(6);
    expect(whole.writes.requests).toEqual([one.request]);
    expect(whole.content[journalKey]).toEqual([]);
    expect(whole.told).toHaveLength(1);
  });

  test.each(whole.labels.map((label, index) => [index, label] as const))("%i, %s: not done, done or reported", async (dieAt) => {
    const before = await runUntilDeath(one, dieAt);
    // A minute later VS Code starts again.
    const clock = new ManualClock();
    await clock.advance(61_000);
    const after = await secretScene({ store: createFakeStore(before.content), clock, writes: before.writes, approved: [] });
    tellInterruptedSecrets(after.context);
    const told = [...before.told, ...after.dialogs.shown.map(({ text }) => text)];
    const wasAsked = before.writes.requests.length > 0;
    // Whoever has changed something has said so; who says so has at least been about to.
    if (wasAsked) expect(told.length).toBeGreaterThan(0);
    for (const text of told) expect(text).toContain("db");
    if (told.length > 0) expect(before.labels.length).toBeGreaterThan(whole.labels.indexOf(`before ${journalKey}`));
    expect(JSON.stringify([before.content, told])).not.toContain("canary");
  });
});

describe("whatever goes wrong", () => {
  const causes: readonly FaultCause[] = ["not-signed-in", "credential-refused", "wrong-tenant", "clock", "dns", "unreachable", "proxy", "tls", "firewall", "private-endpoint", "rbac", "access-policy", "forbidden", "vault-not-found", "throttled", "service-error", "purge-protection", "deletion-pending", "secret-not-found", "secret-disabled"];
  const guidOrAddress = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|\d{1,3}(?:\.\d{1,3}){3}/i;

  test.each(causes)("%s: what failed, why and what to do is told, without an ID, an address or a value (T17, T18)", async (cause) => {
    const operations = { createSecret: "set", newSecretVersion: "set", editSecretAttributes: "update", disableSecret: "update", deleteSecret: "delete", recoverSecret: "recover", purgeSecret: "purge" } as const;
    for (const { command, argument, request: _request, ...options } of cases) {
      const operation = operations[command as keyof typeof operations];
      const scene = await secretScene({ ...options, script: { fail: { [operation]: cause } } });
      await scene.run(`keyline.${command}`, argument);
      expect(scene.end().text).toMatch(/^Vault shop-vault: .+\. .+\. .+\.$/);
      expect(scene.end().text.length).toBeLessThan(1000);
      for (const text of [...scene.dialogs.shown.filter(({ kind }) => kind === "tell" || kind === "offer").map(({ text: shown }) => shown), ...scene.logged]) expect(text).not.toMatch(guidOrAddress);
      expect(scene.everything()).not.toContain("canary");
      expect(scene.writes.requests).toHaveLength(1);
      expect(scene.store.content[journalKey]).toEqual([]);
      expect(scene.logged).toEqual([expect.stringMatching(new RegExp(`^Secret, [a-z ]+: vault shop-vault, secret db, ${cause}\\.$`))]);
    }
  });
});
