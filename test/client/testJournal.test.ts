import { describe, expect, test } from "vitest";
import { tellInterruptedTests } from "../../client/src/connectors/tellInterruptedTests.ts";
import { testConnection } from "../../client/src/connectors/testConnection.ts";
import { createTestJournal } from "../../client/src/connectors/testJournal.ts";
import type { WriteStep } from "../../server/src/vault/vaultTestApi.ts";
import { ManualClock } from "../vault/manualClock.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { FakeVaultScript } from "./fakeVaultTests.ts";
import { createFakeVaultTests } from "./fakeVaultTests.ts";
import { shop, testScene, treeItem } from "./testScene.ts";

const journalKey = "keyline.testJournal";
const id = "0123456789abcdef0123456789abcdef";
const name = "harness-test-0123456789abcdef";

function storedRun(run: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, vault: { ...shop }, name, step: "write", session: "gone", at: new ManualClock().now() - 120_000, ...run };
}

async function tellFrom(entries: unknown, options: Parameters<typeof testScene>[0] = {}) {
  const scene = await testScene({ store: createFakeStore({ [journalKey]: entries }), ...options });
  const stop = tellInterruptedTests(scene.context);
  await scene.clock.advance(0);
  return { ...scene, stop };
}

describe("a run that was interrupted", () => {
  test("is told once, with the vault, the secret and two buttons; nothing is called", async () => {
    const { dialogs, tests, store, context } = await tellFrom([storedRun()]);
    expect(dialogs.shown).toEqual([
      { kind: "offer", text: `A connection test of the vault shop-vault was interrupted. The secret ${name} may still be there.`, choices: ["Remove…", "Later"] },
    ]);
    expect(tests.requests).toEqual([]);
    const again = await testScene({ store });
    tellInterruptedTests(again.context);
    expect(again.dialogs.shown).toEqual([]);
    expect(context.journal.interrupted()).toEqual({ runs: [] });
  });

  test("several of one vault are one notification", async () => {
    const runs = ["1", "2", "3", "4", "5"].map((digit) => storedRun({ id: digit.repeat(32), name: `harness-test-${digit.repeat(16)}` }));
    const { dialogs } = await tellFrom(runs);
    expect(dialogs.shown.map(({ text }) => text)).toEqual([
      "5 connection tests of the vault shop-vault were interrupted. The secrets harness-test-1111111111111111, harness-test-2222222222222222, harness-test-3333333333333333 and 2 more may still be there.",
    ]);
  });

  test("of an unapproved vault waits, and so does every one without trust", async () => {
    const unapproved = await tellFrom([storedRun({ vault: { name: "other-vault", cloud: "public" } })]);
    const restricted = await tellFrom([storedRun()], { trusted: () => false });
    expect([...unapproved.dialogs.shown, ...restricted.dialogs.shown]).toEqual([]);
    expect([unapproved.clock.timers, restricted.clock.timers]).toEqual([0, 0]);
    expect(restricted.context.journal.interrupted().runs).toHaveLength(1);
  });

  test("Remove… looks in that vault and asks", async () => {
    const { tests, dialogs, clock } = await tellFrom([storedRun()], { offer: "Remove…", tests: createFakeVaultTests({}, new Map([[name, "living"]])), pickMany: [name], decide: "Remove" });
    await clock.advance(0);
    expect(tests.requests).toEqual(["list shop-vault", `remove shop-vault ${name}`]);
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["offer", "progress", "pickMany", "decide", "progress", "tell"]);
  });

  test("that had come to its end is not told", async () => {
    expect((await tellFrom([storedRun({ step: "done" })])).dialogs.shown).toEqual([]);
  });

  test.each([
    { content: "no list" },
    { content: [null, 7, "x", []] },
    { content: [storedRun({ name: "production-password" })] },
    { content: [storedRun({ id: "../../x" })] },
    { content: [storedRun({ step: "rm" })] },
    { content: [storedRun({ vault: { name: "https://evil.example", cloud: "public" } })] },
    { content: [storedRun({ vault: null })] },
    { content: [storedRun({ at: "now" })] },
    { content: [storedRun({ session: 7 })] },
  ])("is read only where it is whole (%#)", async ({ content }) => {
    const { dialogs, context } = await tellFrom(content);
    expect(dialogs.shown).toEqual([]);
    expect(context.journal.interrupted()).toEqual({ runs: [] });
    const run = context.journal.open({ id, vault: shop, name });
    await run.step("write");
    await run.end();
  });
});

describe("two windows", () => {
  /** A second window over the same store, at the same time. */
  async function secondWindow(step: WriteStep = "delete") {
    const clock = new ManualClock();
    const store = createFakeStore();
    const first = createTestJournal(store, clock, "first");
    const run = first.open({ id, vault: shop, name });
    await run.step(step);
    const scene = await testScene({ store, clock, session: "second" });
    return { ...scene, run, stop: tellInterruptedTests(scene.context) };
  }

  test("what a living window carries out is not told, however long it takes, and its secret counts as in use", async () => {
    const { clock, dialogs, run, context } = await secondWindow();
    await clock.advance(600_000);
    expect(dialogs.shown).toEqual([]);
    expect(context.journal.isRunning(shop, name)).toBe(true);
    expect(context.journal.isRunning(shop, "harness-test-ffffffffffffffff")).toBe(false);
    await run.end();
    await clock.advance(600_000);
    expect(dialogs.shown).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test("when that window falls silent, the other tells within a minute", async () => {
    const { clock, dialogs, run, context } = await secondWindow();
    await clock.advance(45_000);
    run.leave();
    await clock.advance(60_000);
    expect(dialogs.shown.map(({ text }) => text)).toEqual([`A connection test of the vault shop-vault was interrupted. The secret ${name} may still be there.`]);
    expect(context.journal.isRunning(shop, name)).toBe(false);
    await clock.advance(600_000);
    expect(dialogs.shown).toHaveLength(1);
  });

  test("a window that closes looks no more", async () => {
    const { clock, dialogs, run, stop } = await secondWindow();
    run.leave();
    stop();
    await clock.advance(600_000);
    expect(dialogs.shown).toEqual([]);
  });

  test("a clock that was set far back or ahead makes no dead run look alive", async () => {
    for (const at of [-86_400_000, 86_400_000]) {
      expect((await tellFrom([storedRun({ at: new ManualClock().now() + at })])).dialogs.shown).toHaveLength(1);
    }
  });

  test("an entry that another window overwrites comes back with the next beat", async () => {
    const { clock, store, context } = await secondWindow();
    await store.update(journalKey, []);
    expect(context.journal.isRunning(shop, name)).toBe(false);
    await clock.advance(10_000);
    expect(context.journal.isRunning(shop, name)).toBe(true);
  });

  test("each window keeps the other's runs", async () => {
    const clock = new ManualClock();
    const store = createFakeStore();
    const runs = ["first", "second"].map((session, index) => createTestJournal(store, clock, session).open({ id: String(index).repeat(32), vault: shop, name: `harness-test-${String(index).repeat(16)}` }));
    for (const run of runs) await run.step("write");
    expect(store.content[journalKey]).toHaveLength(2);
    await runs[0]?.end();
    expect(store.content[journalKey]).toMatchObject([{ id: "1".repeat(32) }]);
    await runs[1]?.end();
    expect(store.content[journalKey]).toEqual([]);
  });
});

test("a step that cannot be written down is not taken", async () => {
  const store = createFakeStore();
  const update = store.update.bind(store);
  const failing = { ...store, update: (key: string, value: unknown) => (key === journalKey ? Promise.reject(new Error("disk full")) : update(key, value)) };
  const scene = await testScene({ store: failing, confirm: true });
  await expect(testConnection(scene.context, treeItem)).rejects.toThrow();
  expect(scene.tests.requests).toEqual(["read shop-vault", "read shop-vault"]);
});

test("no more than 50 runs are kept", async () => {
  const store = createFakeStore();
  const journal = createTestJournal(store, new ManualClock(), "first");
  for (let run = 0; run < 60; run++) {
    await journal.open({ id: run.toString(16).padStart(32, "0"), vault: shop, name: `harness-test-${run.toString(16).padStart(16, "0")}` }).step("write");
  }
  expect(store.content[journalKey]).toHaveLength(50);
});

/**
 * The extension host dies at one point of a run: whatever it has sent has arrived, nothing that it would do later
 * happens. `die` counts the points: each change of the store and each request, before and after, and each dialog.
 */
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

async function runUntilDeath(dieAt: number, script: FakeVaultScript) {
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
  const tests = createFakeVaultTests({ ...script, point });
  const scene = await testScene({ store, tests, approved: [] });
  const dialogs = {
    ...scene.dialogs,
    confirm: async () => {
      await point("asking");
      return true;
    },
    offer: async (message: string, choices: readonly string[]) => {
      if (isDead()) return undefined;
      void scene.dialogs.offer(message, choices);
      await point("told");
      return undefined;
    },
  };
  await Promise.race([testConnection({ ...scene.context, dialogs }, treeItem), death]);
  return { labels, content, tests, shown: scene.dialogs.shown.filter(({ kind }) => kind === "offer") };
}

const scripts: readonly (readonly [string, FakeVaultScript])[] = [
  ["where all goes well", {}],
  ["where deleting is refused", { refuseCleanUp: { step: "delete", cause: "rbac" } }],
  ["where purging is refused", { refuseCleanUp: { step: "purge", cause: "access-policy" } }],
  ["where writing is refused", { refuseWrite: "rbac" }],
  ["where the answer to the deletion is lost", { loseAt: "delete" }],
];

describe.each(scripts)("killed at any point, %s", async (_where, script) => {
  const whole = await runUntilDeath(Number.POSITIVE_INFINITY, script);

  test("a whole run passes twelve points and more, and leaves an empty journal", () => {
    expect(whole.labels.length).toBeGreaterThanOrEqual(12);
    expect(whole.content[journalKey]).toEqual([]);
    expect(whole.shown).toHaveLength(1);
  });

  test.each(whole.labels.map((label, index) => [index, label] as const))("%i, %s: not done, done or reported", async (dieAt) => {
    const before = await runUntilDeath(dieAt, script);
    // A minute later VS Code starts again.
    const clock = new ManualClock();
    await clock.advance(61_000);
    const after = await testScene({ store: createFakeStore(before.content), clock, tests: createFakeVaultTests({}, before.tests.secrets), approved: [] });
    tellInterruptedTests(after.context);
    expect(after.tests.requests).toEqual([]);
    expect(after.dialogs.shown.length).toBeLessThanOrEqual(1);
    const [left] = before.tests.secrets.keys();
    const told = [...before.shown, ...after.dialogs.shown].map(({ text }) => text).join("\n");
    const wasWritten = script.refuseWrite === undefined && before.tests.requests.some((request) => request.startsWith("PUT"));
    if (left !== undefined) expect(told).toContain(left);
    else if (told === "") expect(wasWritten).toBe(before.tests.requests.some((request) => request.startsWith("purge")));
    else expect(before.labels.length).toBeGreaterThan(whole.labels.indexOf(`before ${journalKey}`));
  });
});
