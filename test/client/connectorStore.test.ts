import { expect, test } from "vitest";
import type { ConnectorStore } from "../../client/src/connectors/connectorStore.ts";
import { createConnectorStore } from "../../client/src/connectors/connectorStore.ts";
import { viewBadge, viewContext, viewMessage } from "../../client/src/connectors/viewState.ts";
import type { ConnectorsResult } from "../../server/src/protocol/messages.ts";
import { connectorRow } from "./connectorRow.ts";

interface Server {
  readonly store: ConnectorStore;
  /** Questions that wait for an answer, in their order. */
  readonly asked: { readonly answer: (result: ConnectorsResult) => Promise<void>; readonly fail: () => Promise<void> }[];
}

function server(): Server {
  const asked: Server["asked"] = [];
  const settle = (): Promise<void> => new Promise(setImmediate);
  const store = createConnectorStore({
    request: () =>
      new Promise((resolve, reject) => {
        asked.push({
          answer: (result) => {
            resolve(result);
            return settle();
          },
          fail: () => {
            reject(new Error("stopped"));
            return settle();
          },
        });
      }),
  });
  return { store, asked };
}

function result(identifier: string, other: Partial<ConnectorsResult> = {}): ConnectorsResult {
  return { connectors: [connectorRow({ identifier })], complete: true, reading: false, ...other };
}

test("nothing is asked for before the tree is on the screen, and nothing again while nothing is old", async () => {
  const { store, asked } = server();
  store.outdated();
  store.serverStarted();
  expect(asked).toHaveLength(0);
  store.setVisible("tree", true);
  expect(asked).toHaveLength(1);
  await asked[0]?.answer(result("kv"));
  store.setVisible("tree", false);
  store.setVisible("tree", true);
  expect([asked.length, store.rows().map(({ identifier }) => identifier)]).toEqual([1, ["kv"]]);
  store.setVisible("tree", false);
  store.outdated();
  expect(asked).toHaveLength(1);
  store.setVisible("tree", true);
  expect(asked).toHaveLength(2);
});

test("what becomes old while it is asked for is asked for once more, however often it is said", async () => {
  const { store, asked } = server();
  store.setVisible("tree", true);
  store.outdated();
  store.outdated();
  expect(asked).toHaveLength(1);
  await asked[0]?.answer(result("old"));
  expect(asked).toHaveLength(2);
  await asked[1]?.answer(result("new"));
  expect([asked.length, store.rows()[0]?.identifier]).toEqual([2, "new"]);
});

test("a command's own question is always asked anew, and a late answer does not undo a newer one", async () => {
  const { store, asked } = server();
  const first = store.load();
  const second = store.load();
  await asked[1]?.answer(result("newer"));
  await asked[0]?.answer(result("older"));
  expect([(await first)[0]?.identifier, (await second)[0]?.identifier, store.rows()[0]?.identifier]).toEqual(["older", "newer", "newer"]);
});

test("a server that has stopped has no rows, whatever it still answers; a new one is asked at once", async () => {
  const { store, asked } = server();
  store.setVisible("tree", true);
  await asked[0]?.answer(result("kv"));
  store.outdated();
  store.serverStopped();
  await asked[1]?.answer(result("late"));
  expect(store.known()).toEqual({ rows: [], answered: false, reading: false, complete: false, stopped: true });
  store.outdated();
  expect(asked).toHaveLength(2);
  store.serverStarted();
  expect(asked).toHaveLength(3);
  await asked[2]?.answer(result("again"));
  expect(store.rows()[0]?.identifier).toBe("again");
});

test("a question that fails keeps what was known and is not repeated by itself", async () => {
  const { store, asked } = server();
  store.setVisible("tree", true);
  await asked[0]?.answer(result("kv"));
  store.outdated();
  await asked[1]?.fail();
  expect([asked.length, store.rows().length]).toEqual([2, 1]);
  store.setVisible("tree", true);
  expect(asked).toHaveLength(3);
});

test("T28: only our own objects stand for a connector", () => {
  const { store } = server();
  const row = connectorRow();
  const ours = { any: "thing" };
  store.mark(ours, row);
  expect(store.of(ours)).toBe(row);
  for (const hostile of [undefined, null, "kv", 7, row, { ...ours }, { row }, [ours], structuredClone(row), () => row]) expect(store.of(hostile)).toBeUndefined();
});

test("what the view says in every condition", () => {
  const known = { rows: [], answered: true, reading: false, complete: true, stopped: false };
  const listed = { ...known, rows: [connectorRow()] };
  const trusted = { trusted: true, virtual: false };
  expect(viewContext({ ...known, answered: false }, false)).toBe("loading");
  expect(viewContext({ ...known, reading: true, complete: false }, false)).toBe("loading");
  expect(viewContext(known, false)).toBe("none");
  expect(viewContext({ ...known, complete: false }, true)).toBe("virtual");
  expect(viewContext({ ...known, stopped: true }, false)).toBe("stopped");
  expect(viewContext({ ...listed, reading: true }, true)).toBe("listed");
  expect(viewMessage(listed, trusted)).toBeUndefined();
  expect(viewMessage({ ...listed, reading: true, complete: false }, trusted)).toContain("still being read");
  expect(viewMessage({ ...known, reading: true, complete: false }, trusted)).toBeUndefined();
  expect(viewMessage({ ...listed, complete: false }, trusted)).toContain("cannot be read");
  expect(viewMessage({ ...known, complete: false }, trusted)).toContain("cannot be read");
  expect(viewMessage({ ...listed, complete: false }, { trusted: false, virtual: false })).toContain("Restricted Mode");
  expect(viewMessage({ ...listed, complete: false }, { trusted: true, virtual: true })).toContain("Virtual workspace");
  expect(viewMessage({ ...known, complete: false }, { trusted: false, virtual: true })).toBeUndefined();
  expect(viewMessage({ ...listed, stopped: true, complete: false }, trusted)).toBeUndefined();
});

test("the badge counts what fails, and nothing else", () => {
  const rows = ["failing", "failing", "waiting", "not-approved", "verified", "untested"].map((kind) => connectorRow({ identifier: kind }));
  const state = ({ identifier }: { readonly identifier: string }) => ({ kind: identifier as "failing", short: "", detail: "" });
  expect(viewBadge(rows, state)).toEqual({ value: 2, tooltip: "2 connectors failing" });
  expect(viewBadge(rows.slice(1, 2), state)).toEqual({ value: 1, tooltip: "1 connector failing" });
  expect(viewBadge(rows.slice(2), state)).toBeUndefined();
});
