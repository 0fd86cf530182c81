/** Copying and revealing values (T16, T22): only on command, only where it belongs, and only for a while. */
import { describe, expect, test } from "vitest";
import { createCopiedValue } from "../../client/src/secrets/copiedValue.ts";
import { ManualClock } from "../vault/manualClock.ts";
import { createFakeStore } from "./fakeStore.ts";
import { fakeVersion } from "./fakeVaultWrites.ts";
import type { SecretSceneOptions } from "./secretScene.ts";
import { canary, db, dbItem, deletedDb, oldVersionItem, secretScene } from "./secretScene.ts";

async function run(command: string, options: SecretSceneOptions = {}, argument: unknown = dbItem) {
  const scene = await secretScene(options);
  expect(await scene.run(command, argument)).toBeUndefined();
  return scene;
}

/** A reveal whose box is still open. */
async function reveal(options: SecretSceneOptions = {}, argument: unknown = dbItem) {
  const scene = await secretScene({ confirm: true, ...options });
  const ended = scene.run("keyline.revealSecretValue", argument);
  await scene.clock.advance(0);
  return { ...scene, ended };
}

describe("copying", () => {
  test("asks, says what happens, and puts the value on the clipboard alone", async () => {
    const { clipboard, dialogs, end, everything, logged } = await run("keyline.copySecretValue", { confirm: true });
    expect(dialogs.shown[0]).toEqual({
      kind: "confirm",
      text: `Copy the value of the secret db in the vault shop-vault?
Vault: shop-vault
Cloud: Azure
Tenant: 11111111-2222-3333-4444-555555555555

The clipboard is cleared after 30 seconds, if nothing else was copied meanwhile. Programs that keep a history of the clipboard keep it longer.
The vault's log will show the reading.`,
      choices: ["Copy"],
    });
    expect(clipboard.text).toBe(canary);
    expect(end().text).toBe("The value of the secret db of the vault shop-vault is on the clipboard for 30 seconds.");
    expect(everything()).not.toContain("canary");
    expect(logged).toEqual(["Secret, copy value: vault shop-vault, secret db, read."]);
  });

  test("of a version copies that one, byte for byte", async () => {
    const secrets = [{ ...db, versions: [fakeVersion(2, "new"), fakeVersion(1, "a\r\nb\n")] }];
    const { clipboard, dialogs } = await run("keyline.copySecretValue", { confirm: true, secrets }, oldVersionItem);
    expect(clipboard.text).toBe("a\r\nb\n");
    expect(dialogs.shown[0]?.text).toContain("Copy the value of version 00000000 of the secret db in the vault shop-vault?");
  });

  test("without a yes reads nothing", async () => {
    const { writes, clipboard } = await run("keyline.copySecretValue");
    expect([writes.requests, clipboard.written]).toEqual([[], []]);
  });

  test("asks nothing where keyline.confirmReveal is off", async () => {
    const { dialogs, clipboard } = await run("keyline.copySecretValue", { confirmReveal: false });
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress", "tell"]);
    expect(clipboard.text).toBe(canary);
  });

  test.each([["remote", "VS Code is connected to a remote machine: the value goes to the clipboard of your own machine."], ["browser", "VS Code runs in a browser: the value goes to the browser's clipboard. The browser may keep Keyline from clearing it; clear it yourself then."]] as const)("says where the clipboard is: %s", async (place, words) => {
    expect((await run("keyline.copySecretValue", { place })).dialogs.shown[0]?.text).toContain(words);
  });

  test("that the system refuses says so", async () => {
    const scene = await secretScene({ confirm: true });
    const store = { get: () => undefined, update: () => Promise.reject(new Error("disk full")) };
    scene.context.copied.copy = () => store.update();
    await scene.run("keyline.copySecretValue", dbItem);
    expect(scene.end().text).toBe("The value could not be put on the clipboard: VS Code, the browser or the system refused it.");
    expect(scene.clipboard.written).toEqual([]);
  });
});

describe("the clipboard", () => {
  const copied = (options: SecretSceneOptions = {}) => run("keyline.copySecretValue", { confirm: true, ...options });

  test("is cleared after 30 seconds, and no trace stays", async () => {
    const { clock, clipboard, store } = await copied();
    await clock.advance(29_000);
    expect(clipboard.text).toBe(canary);
    await clock.advance(1000);
    expect(clipboard.text).toBe("");
    expect(store.content["keyline.copiedValue"]).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  test.each(["another text", "x".repeat(30_000)])("is left alone where something else was copied (%#)", async (text) => {
    const { clock, clipboard } = await copied();
    clipboard.text = text;
    await clock.advance(30_000);
    expect(clipboard.text).toBe(text);
  });

  test("is cleared 30 seconds after the last of two copies", async () => {
    const scene = await copied();
    await scene.clock.advance(20_000);
    await scene.run("keyline.copySecretValue", dbItem);
    await scene.clock.advance(29_000);
    expect(scene.clipboard.text).toBe(canary);
    await scene.clock.advance(1000);
    expect(scene.clipboard.text).toBe("");
  });

  test("is cleared in its own time where it is copied while an earlier one is being cleared", async () => {
    const clock = new ManualClock();
    const board = { text: "" };
    let release: () => void = () => undefined;
    let waits: Promise<void> | undefined;
    const clipboard = {
      read: async () => {
        const { text } = board;
        await waits;
        return text;
      },
      write: (text: string) => {
        board.text = text;
        return Promise.resolve();
      },
      place: () => "local" as const,
    };
    let random = 0;
    const copied = createCopiedValue({ clipboard, clock, store: createFakeStore(), randomHex: (bytes) => String(++random).padStart(bytes * 2, "0") });
    await copied.copy("first");
    waits = new Promise((resolve) => (release = resolve));
    await clock.advance(30_000);
    await copied.copy("second");
    waits = undefined;
    release();
    await clock.advance(29_999);
    expect(board.text).toBe("second");
    await clock.advance(1);
    expect(board.text).toBe("");
  });

  test("is cleared at once when VS Code ends", async () => {
    const { clipboard, context, store, clock } = await copied();
    await context.copied.clearNow();
    expect(clipboard.text).toBe("");
    expect(store.content["keyline.copiedValue"]).toBeUndefined();
    expect(clock.timers).toBe(0);
    await context.copied.clearNow();
    expect(clipboard.written).toEqual([canary, ""]);
  });

  test.each([[10_000, 20_000], [29_999, 1], [3_600_000, 0], [-60_000, 30_000]])("is cleared after a reload: %i ms later, within %i ms", async (pausedMs, leftMs) => {
    const { store, clipboard } = await copied();
    const clock = new ManualClock();
    clock.shiftWall(pausedMs);
    const after = await secretScene({ store, clock, clipboard: clipboard.text });
    after.context.copied.resume();
    if (leftMs > 0) {
      await clock.advance(leftMs - 1);
      expect(after.clipboard.text).toBe(canary);
    }
    await clock.advance(1);
    expect(after.clipboard.text).toBe("");
    expect(store.content["keyline.copiedValue"]).toBeUndefined();
  });

  test("that may not be read is looked at again at the next start", async () => {
    const { clock, clipboard, store, context } = await copied();
    clipboard.readable = false;
    await clock.advance(30_000);
    expect(clipboard.text).toBe(canary);
    expect(store.content["keyline.copiedValue"]).toBeDefined();
    clipboard.readable = true;
    context.copied.resume();
    await clock.advance(0);
    expect(clipboard.text).toBe("");
  });

  test("leaves of the value a salted hash and a time in the store", async () => {
    const { store, clock } = await copied();
    expect(store.content["keyline.copiedValue"]).toEqual({ salt: expect.stringMatching(/^[0-9a-f]{32}$/), hash: expect.stringMatching(/^[0-9a-f]{64}$/), at: clock.now() });
    const again = await copied();
    expect(again.store.content["keyline.copiedValue"]).not.toMatchObject({ hash: (store.content["keyline.copiedValue"] as { hash: string }).hash });
  });

  test.each([undefined, null, 7, {}, { salt: 1, hash: "x", at: 0 }, { salt: "x", hash: "x", at: "now" }])("is not touched for what else the store holds (%#)", async (stored) => {
    const { context, clock, clipboard } = await secretScene({ store: createFakeStore({ "keyline.copiedValue": stored }), clipboard: "mine" });
    context.copied.resume();
    await clock.advance(60_000);
    expect([clipboard.text, clipboard.written]).toEqual(["mine", []]);
  });
});

describe("revealing", () => {
  test("asks, shows the value in its box alone, and hides it after 30 seconds", async () => {
    const { revealed, clock, ended, everything, dialogs, clipboard, logged } = await reveal();
    expect(dialogs.shown[0]?.text).toContain("Reveal the value of the secret db in the vault shop-vault?");
    expect(dialogs.shown[0]?.text).toContain("It is shown in a box that hides itself after 30 seconds.");
    expect(revealed).toEqual([{ title: "Value of the secret db in the vault shop-vault", prompt: "Hides itself after 30 seconds.", text: canary, isOpen: true }]);
    await clock.advance(29_000);
    expect(revealed[0]?.isOpen).toBe(true);
    await clock.advance(1000);
    expect(revealed[0]?.isOpen).toBe(false);
    await ended;
    expect(everything()).not.toContain("canary");
    expect([clipboard.written, clock.timers]).toEqual([[], 0]);
    expect(logged).toEqual(["Secret, reveal value: vault shop-vault, secret db, read."]);
  });

  test("says how many lines there are, shows where they end, and offers to copy the whole", async () => {
    const value = "-----\r\nline\nlast";
    const { revealed, clipboard, ended, dialogs } = await reveal({ secrets: [{ name: "db", versions: [fakeVersion(1, value)] }], inRevealBox: "copy" });
    await ended;
    expect(revealed[0]).toMatchObject({ prompt: "3 lines, ⏎ stands for the end of one: copy it to have it whole. Hides itself after 30 seconds.", text: "-----⏎line⏎last" });
    expect(clipboard.text).toBe(value);
    expect(dialogs.shown.filter(({ kind }) => kind === "confirm")).toHaveLength(2);
  });

  test("shows the beginning of a long value", async () => {
    const { revealed, clock } = await reveal({ secrets: [{ name: "db", versions: [fakeVersion(1, "x".repeat(25_000))] }] });
    expect(revealed[0]?.text).toHaveLength(2000);
    expect(revealed[0]?.prompt).toContain("The first 2,000 of 25,000 characters.");
    await clock.advance(30_000);
  });

  test("that the person closes leaves no timer behind", async () => {
    const { ended, clock } = await reveal({ inRevealBox: "hidden" });
    await ended;
    expect(clock.timers).toBe(0);
  });

  test("without a yes reads nothing; with keyline.confirmReveal off it does not ask", async () => {
    const refused = await run("keyline.revealSecretValue");
    expect([refused.writes.requests, refused.revealed]).toEqual([[], []]);
    const { dialogs, revealed } = await reveal({ confirmReveal: false, inRevealBox: "hidden" });
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress"]);
    expect(revealed).toHaveLength(1);
  });
});

describe.each(["keyline.copySecretValue", "keyline.revealSecretValue"])("%s that cannot be done", (command) => {
  test.each([
    [{ secrets: [{ name: "db", versions: [fakeVersion(1, canary, { enabled: false })] }] }, "Vault shop-vault: the value of the secret db cannot be read. This version of the secret is disabled, so that nobody can read its value. Enable it, or use another version."],
    [{ secrets: [] }, "Vault shop-vault: the value of the secret db cannot be read. Azure says that the vault holds no such secret or version. It may be deleted. Refresh the list, check the name and the version, or look for it among the deleted secrets."],
    [{ secrets: [deletedDb] }, "Vault shop-vault: the value of the secret db cannot be read. Azure says that the vault holds no such secret or version. It may be deleted. Refresh the list, check the name and the version, or look for it among the deleted secrets."],
    [{ script: { fail: { useValue: "rbac" } as const } }, "Vault shop-vault: the value of the secret db cannot be read. The identity has no role on the vault that lets it read a secret's value. Ask for the role Key Vault Secrets User on the vault. A new role can take minutes to work."],
    [{ script: { fail: { useValue: "access-policy" } as const } }, "Vault shop-vault: the value of the secret db cannot be read. The vault's access policies do not let this identity read a secret's value. Ask for the secret permission get."],
    [{ script: { fail: { useValue: "unreachable" } as const } }, "Vault shop-vault: the value of the secret db cannot be read. No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again."],
  ])("says why, and shows nothing (%#)", async (options, words) => {
    const { end, revealed, clipboard, everything } = await run(command, { confirm: true, ...options });
    expect(end().text).toBe(words);
    expect([revealed, clipboard.written]).toEqual([[], []]);
    expect(everything()).not.toContain("canary");
  });

  test("because it was cancelled says nothing", async () => {
    const { dialogs, revealed } = await run(command, { confirm: true, signal: () => AbortSignal.abort() });
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["confirm", "progress"]);
    expect(revealed).toEqual([]);
  });
});
