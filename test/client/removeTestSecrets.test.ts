import { describe, expect, test } from "vitest";
import { restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import { removeTestSecrets } from "../../client/src/connectors/removeTestSecrets.ts";
import { testConnection } from "../../client/src/connectors/testConnection.ts";
import type { LeftOver } from "../../server/src/vault/vaultTestApi.ts";
import { createFakeVaultTests } from "./fakeVaultTests.ts";
import type { SceneOptions } from "./testScene.ts";
import { connectorRow, shop, tenant, testScene, treeItem } from "./testScene.ts";

const [one, two, three] = ["1", "2", "3"].map((digit) => `harness-test-${digit.repeat(16)}`) as [string, string, string];

function leftOver(name: string, deleted = false): LeftOver {
  return { name, run: "0".repeat(32), deleted };
}

async function remove(options: SceneOptions = {}, argument: unknown = treeItem) {
  const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one), leftOver(two, true), leftOver(three)] }, decide: "Remove", ...options });
  await removeTestSecrets(scene.context, argument);
  return scene;
}

describe("Remove Left-over Test Secrets", () => {
  test("lists them with their state, asks in a modal that names vault and secrets, and removes the chosen ones", async () => {
    const { dialogs, tests, end, logged } = await remove({ pickMany: [one, two] });
    expect(dialogs.shown[1]).toEqual({ kind: "pickMany", text: "Remove which test secrets of the vault shop-vault?", choices: [`${one} not deleted`, `${two} deleted, not purged`, `${three} not deleted`] });
    const modal = dialogs.shown[2];
    expect(modal?.text).toContain("Remove 2 test secrets from the vault shop-vault?");
    expect(modal?.text).toContain(`Vault: shop-vault\nCloud: Azure\nTenant: ${tenant}`);
    expect(modal?.text).toContain(`${one}: not deleted\n${two}: deleted, not purged`);
    expect(modal?.text).not.toContain(three);
    expect(tests.requests).toEqual(["list shop-vault", `remove shop-vault ${one}`, `remove shop-vault ${two}`]);
    expect(dialogs.reported).toEqual([one, two]);
    expect(end().text).toBe("Vault shop-vault: 2 test secrets removed.");
    expect(logged).toEqual([
      "Left-over test secrets: vault shop-vault, 3 found.",
      `Left-over test secret, delete: vault shop-vault, secret ${one}.`,
      `Left-over test secret, ended: vault shop-vault, secret ${one}, removed.`,
      `Left-over test secret, purge: vault shop-vault, secret ${two}.`,
      `Left-over test secret, ended: vault shop-vault, secret ${two}, removed.`,
    ]);
  });

  test("Enter does not remove: the modal's first button goes back to the list", async () => {
    const { dialogs } = await remove({ pickMany: [one] });
    expect(dialogs.shown.find(({ kind }) => kind === "decide")?.choices).toEqual(["Choose Again", "Remove"]);
  });

  test.each([
    ["the list is left", { decide: "Remove" }],
    ["nothing is chosen", { pickMany: [] }],
    ["the modal is left", { pickMany: [one], decide: "Cancel" }],
  ])("removes nothing where %s", async (_what, options) => {
    const { tests, dialogs } = await remove(options);
    expect(tests.requests).toEqual(["list shop-vault"]);
    expect(dialogs.shown.filter(({ kind }) => kind === "tell")).toEqual([]);
  });

  test("Choose Again shows the list again", async () => {
    const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one)] }, pickMany: [one] });
    const answers = ["Choose Again", undefined];
    const dialogs = { ...scene.context.dialogs, decide: <T extends string>(_message: string, _detail: string, buttons: readonly T[]) => Promise.resolve(buttons.find((button) => button === answers.shift())) };
    await removeTestSecrets({ ...scene.context, dialogs }, treeItem);
    expect(scene.dialogs.shown.filter(({ kind }) => kind === "pickMany")).toHaveLength(2);
    expect(scene.tests.requests).toEqual(["list shop-vault"]);
  });

  test("never offers a name that no write test makes", async () => {
    const names = ["production-password", "harness-test-1", `${one}0`, one.toUpperCase(), "harness-test-zzzzzzzzzzzzzzzz", "harnessAzureVaultValidation", `${one}\nx`];
    const { dialogs, tests, end } = await remove({ leftOvers: { ok: true, value: names.map((name) => leftOver(name)) }, pickMany: names });
    expect(dialogs.shown.filter(({ kind }) => kind === "pickMany")).toEqual([]);
    expect(tests.requests).toEqual(["list shop-vault"]);
    expect(end().text).toBe("The vault shop-vault holds no left-over test secret.");
  });

  test("says what was not removed, and why", async () => {
    const { end } = await remove({
      pickMany: [one, two, three],
      remove: {
        [one]: { ok: true, value: { cleanUp: { step: "delete", cause: "rbac" } } },
        [two]: { ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } },
        [three]: { ok: false, reason: "unreachable", cause: "unreachable" },
      },
    });
    expect(end().text).toBe(
      `Vault shop-vault: 0 of 3 test secrets removed. ${one}: not deleted. The identity has no role on the vault that lets it delete secrets. Ask for the role Key Vault Secrets Officer on the vault, or have the secret deleted by somebody who has it.` +
        ` ${two}: deleted, and kept until its retention ends. The vault has purge protection. ${three}: No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again.`,
    );
  });

  test("lists at most 20 at once, and says so", async () => {
    const names = Array.from({ length: 30 }, (_each, index) => `harness-test-${index.toString(16).padStart(16, "0")}`);
    const { dialogs, tests, end } = await remove({ leftOvers: { ok: true, value: names.map((name) => leftOver(name)) }, pickMany: names, remove: Object.fromEntries(names.map((name) => [name, { ok: true, value: { cleanUp: { step: "delete", cause: "rbac" } } }])) });
    expect(dialogs.shown.find(({ kind }) => kind === "pickMany")?.text).toContain("(the first 20 of 30)");
    expect(tests.requests).toHaveLength(21);
    expect(end().text).toContain("and 17 more: not deleted.");
    expect(end().text.length).toBeLessThan(1000);
  });

  test("cancelling stops before the next one", async () => {
    const controller = new AbortController();
    const { tests, end } = await remove({
      pickMany: [one, two, three],
      signal: (title) => (title.startsWith("Removing") ? controller.signal : new AbortController().signal),
      point: (label) => {
        if (label.startsWith("before remove")) controller.abort();
        return Promise.resolve();
      },
    });
    expect(tests.requests).toEqual(["list shop-vault", `remove shop-vault ${one}`]);
    expect(end().text).toBe("Vault shop-vault: 1 of 3 test secrets removed. You cancelled before the other 2.");
  });

  test("a listing that fails is explained; one that is cancelled ends in silence", async () => {
    const failed = await remove({ leftOvers: { ok: false, reason: "forbidden", cause: "access-policy" } });
    expect(failed.end().text).toBe("Vault shop-vault: its secrets cannot be listed. The vault's access policies do not let this identity list secrets. Ask for the secret permission list, and for get to read values and look up deleted secrets.");
    const cancelled = await remove({ cancel: true });
    expect(cancelled.dialogs.shown.map(({ kind }) => kind)).toEqual(["progress"]);
  });
});

describe("which vault", () => {
  test("without a tree item, one of the approved ones", async () => {
    const other = { name: "other-vault", cloud: "usgov" } as const;
    const { dialogs, tests } = await remove({ approved: [shop, other], pick: "other-vault" }, null);
    expect(dialogs.shown[0]).toEqual({ kind: "pick", text: "Remove left-over test secrets of which vault?", choices: ["shop-vault", "other-vault"] });
    expect(tests.requests).toEqual(["list other-vault"]);
  });

  test("none is approved, or the connector names none: says so and calls nothing", async () => {
    const none = await remove({ approved: [] }, null);
    expect(none.dialogs.shown).toEqual([{ kind: "tell", text: "No vault is approved, so Keyline has written no test secret.", choices: [] }]);
    const misnamed = await remove({ row: connectorRow({ vault: { name: "a--b", cloud: "public" } }) });
    expect(misnamed.end().text).toContain("names no valid vault");
    expect([...none.tests.requests, ...misnamed.tests.requests]).toEqual([]);
  });

  test("an unapproved one is approved first, or nothing is asked of it", async () => {
    const { dialogs, tests } = await remove({ approved: [], confirm: false });
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["confirm"]);
    expect(tests.requests).toEqual([]);
  });
});

describe("consent", () => {
  test("in Restricted Mode the handler refuses", async () => {
    const { dialogs, tests } = await remove({ trusted: () => false, pickMany: [one] });
    expect(dialogs.shown).toEqual([{ kind: "tell", text: restrictedMessage, choices: [] }]);
    expect(tests.requests).toEqual([]);
  });

  test("removes nothing where the approval was withdrawn while the modal was open", async () => {
    const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one)] }, pickMany: [one], decide: "Remove" });
    const decide = scene.dialogs.decide.bind(scene.dialogs);
    const dialogs = {
      ...scene.context.dialogs,
      decide: async <T extends string>(message: string, detail: string, buttons: readonly T[]) => {
        await scene.approvals.withdraw(shop);
        return decide(message, detail, buttons);
      },
    };
    await removeTestSecrets({ ...scene.context, dialogs }, treeItem);
    expect(scene.tests.requests).toEqual(["list shop-vault"]);
  });

  test.each([{ argument: { vault: shop, names: ["production-password"], confirmed: true } }, { argument: "shop-vault" }, { argument: [one] }, { argument: null }])("a made-up argument (%#) chooses nothing", async ({ argument }) => {
    const { tests, dialogs } = await remove({ pickMany: [one] }, argument);
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["pick"]);
    expect(tests.requests).toEqual([]);
  });

  test("two clicks are one removal", async () => {
    const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one)] }, pickMany: [one], decide: "Remove" });
    await Promise.all([removeTestSecrets(scene.context, treeItem), removeTestSecrets(scene.context, treeItem)]);
    expect(scene.tests.requests).toEqual(["list shop-vault", `remove shop-vault ${one}`]);
  });
});

describe("the journal", () => {
  const entry = (name: string) => ({ id: name.slice(-1).repeat(32), vault: { ...shop }, name, step: "write", session: "gone", at: 0 });

  test("forgets what is removed and what is not there, and keeps what is", async () => {
    const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one), leftOver(two)] }, pickMany: [one], decide: "Remove" });
    await scene.store.update("keyline.testJournal", [entry(one), entry(two), entry(three), { ...entry(three), id: "9".repeat(32), vault: { name: "other-vault", cloud: "public" } }]);
    await removeTestSecrets(scene.context, treeItem);
    expect(scene.store.content["keyline.testJournal"]).toMatchObject([{ name: two }, { vault: { name: "other-vault" } }]);
  });

  test("keeps the secret of a test that another window carries out out of the list", async () => {
    const scene = await testScene({ leftOvers: { ok: true, value: [leftOver(one), leftOver(two)] }, pickMany: [one, two], decide: "Remove" });
    await scene.store.update("keyline.testJournal", [{ ...entry(one), at: scene.clock.now() }]);
    await removeTestSecrets(scene.context, treeItem);
    expect(scene.tests.requests).toEqual(["list shop-vault", `remove shop-vault ${two}`]);
    expect(scene.store.content["keyline.testJournal"]).toHaveLength(1);
    const alone = await testScene({ leftOvers: { ok: true, value: [leftOver(one)] }, store: scene.store, clock: scene.clock });
    await removeTestSecrets(alone.context, treeItem);
    expect(alone.end().text).toBe("The vault shop-vault holds no left-over test secret but those of a test that is running.");
  });
});

test("a test and a removal of one vault do not run at the same time", async () => {
  const tests = createFakeVaultTests();
  const scene = await testScene({ tests, confirm: true });
  await Promise.all([testConnection(scene.context, treeItem), removeTestSecrets(scene.context, treeItem)]);
  // The removal knows its vault first.
  expect(tests.requests).toEqual(["list shop-vault"]);
  expect(scene.dialogs.shown.map(({ text }) => text)).toContain("The vault shop-vault is being tested or cleaned up already. Wait until that has ended.");
});
