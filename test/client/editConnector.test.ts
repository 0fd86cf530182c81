/** Edit Connector and Set as Default, as a person uses them. */
import { describe, expect, test } from "vitest";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import { untold } from "./connectorRow.ts";
import { enter } from "./scriptedPrompts.ts";
import { clientId, item, rangeOf, row, run, sub, tenant } from "./wizardScene.ts";

test.each(["keyline.newConnector", "keyline.editConnector", "keyline.setDefaultConnector"] as const)("%s does nothing in Restricted Mode but say so", async (command) => {
  const { dialogs, prompts, written } = await run({ trusted: false, command, rows: [row("a")], argument: item, acts: [] });
  expect(dialogs.shown).toEqual([{ kind: "tell", text: "Keyline changes no file in Restricted Mode. Trust this workspace first.", choices: [] }]);
  expect([prompts.asked.length, written.size]).toEqual([0, 0]);
});

describe("Edit Connector", () => {
  const text = `connector:
  name: Shop
  identifier: shop # ours
  type: AzureKeyVault
  spec:
    clientId: ${clientId}
    tenantId: ${tenant}
    secretKey: account.azure_sp
    vaultName: shop-dev-kv
    subscription: ${sub}
`;
  const settings = { clientId, tenantId: tenant, secretKey: "account.azure_sp", vaultName: "shop-dev-kv", subscription: sub };
  const shop = row("shop", { range: rangeOf(text, "shop"), name: "Shop", scope: { level: "account" }, settings, vault: { name: "shop-dev-kv", cloud: "public", tenant }, secrets: [{ uri: "file:///w/s.yaml", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: "db" }] });
  const edit = { command: "keyline.editConnector", rows: [shop], argument: item, files: { [shop.uri]: text } } as const;

  test("opens the steps filled in, without scope and identifier, and changes what was changed", async () => {
    const { written, prompts } = await run({ ...edit, acts: ["Shop vault", enter, enter, enter, enter, enter, enter, enter, "Another", enter, "Do not", enter, "Keep", "Go on"] });
    expect(prompts.asked[0]?.value).toBe("Shop");
    expect(prompts.asked.some(({ prompt }) => /Scope|Identifier/.test(prompt))).toBe(false);
    expect(prompts.asked.some(({ notes }) => notes?.includes("Harness refuses another vault"))).toBe(true);
    expect(written.get(shop.uri)).toBe(text.replace("name: Shop", "name: Shop vault"));
  });

  test("of a file that does not say its scope offers keys that mean the same in any scope alone", async () => {
    const keys = ["account.azure_sp", "org.team_sp", "own_sp"].map((secretKey) => row(secretKey, { settings: { secretKey } }));
    const { prompts } = await run({ ...edit, rows: [{ ...shop, scope: untold }, ...keys], acts: [enter, enter, enter, enter, enter, enter, enter, enter] });
    expect(prompts.asked.at(-1)?.labels).toEqual(["account.azure_sp", "Another secret…"]);
  });

  test("to a delegate's identity takes the other fields away", async () => {
    const { written } = await run({ ...edit, acts: [enter, enter, enter, "Use the credentials", enter, enter, "System", "Purge", enter, "Keep", "Go on"] });
    const edited = written.get(shop.uri) ?? "";
    expect(edited).not.toMatch(/clientId|tenantId|secretKey/);
    expect(edited).toContain("    useManagedIdentity: true\n");
    expect(edited).toContain("    azureManagedIdentityType: SystemAssignedManagedIdentity\n");
    expect(edited).toContain("identifier: shop # ours");
    expect(edited).toContain("enablePurge: true");
  });

  test("says so where nothing was changed, where the connector is gone, and for keyline.jsonc", async () => {
    const same = await run({ ...edit, acts: [enter, enter, enter, enter, enter, enter, enter, enter, enter, enter, enter, "Keep", "Go on"] });
    expect(same.dialogs.shown.at(-1)?.text).toBe("Nothing was changed.");
    const gone = await run({ ...edit, files: {}, acts: ["Other", enter, enter, enter, enter, enter, enter, enter, enter, enter, enter, "Keep", "Go on"] });
    expect(gone.dialogs.shown.at(-1)?.text).toBe("The connector is not in its file any more. Nothing was changed.");
    const listed = await run({ ...edit, rows: [row("shop", { uri: "file:///w/keyline.jsonc" })], acts: [] });
    expect(listed.dialogs.shown.at(-1)?.text).toContain("keyline.jsonc");
  });

  test("T28: takes no connector from what another extension passes", async () => {
    const { written, prompts } = await run({ ...edit, argument: { uri: "file:///etc/passwd", row: shop }, acts: [] });
    expect([written.size, prompts.asked.length]).toEqual([0, 0]);
  });
});

describe("Set as Default", () => {
  const yaml = (identifier: string, isDefault: string): string => `connector:\n  identifier: ${identifier}\n  type: AzureKeyVault\n  spec:\n    vaultName: ${identifier}-kv\n${isDefault}`;
  const off = "    default: true\n";
  const one = row("one", { range: rangeOf(yaml("one", ""), "one"), settings: { vaultName: "one-kv" } });
  const two = row("two", { range: rangeOf(yaml("two", off), "two"), settings: { vaultName: "two-kv", default: true } });
  const elsewhere = row("three", { settings: { default: true }, scope: { level: "account" } });
  const options = { command: "keyline.setDefaultConnector", rows: [one, two, elsewhere], argument: item, files: { [one.uri]: yaml("one", ""), [two.uri]: yaml("two", off) }, acts: [] } as const;

  test("changes both files after the question, in one edit", async () => {
    const { written, dialogs, edits } = await run({ ...options, confirm: true });
    expect(dialogs.shown[0]?.text).toContain("one.yaml: default: true\ntwo.yaml: default: false");
    expect([...written]).toEqual([[one.uri, yaml("one", "    default: true\n")], [two.uri, yaml("two", "    default: false\n")]]);
    expect(edits).toEqual([2]);
    expect((await run({ ...options, confirm: false })).edits).toEqual([]);
  });

  describe("where a file does not say its scope", () => {
    const kv = { ...one, scope: untold };
    const other = { ...two, scope: untold };

    test("takes the place of no default that may be of another scope, and says which", async () => {
      const { written, dialogs, configs } = await run({ ...options, rows: [kv, other], pick: ["Account", "Only This Time"], confirm: true });
      expect([...written.keys(), configs.size]).toEqual([one.uri, 0]);
      expect(dialogs.shown.find(({ kind }) => kind === "confirm")?.text).toContain("one.yaml: default: true\ntwo.yaml: left as it is. It has default: true too, and does not say its scope.");
      const known = await run({ ...options, rows: [one, other], confirm: true });
      expect([known.dialogs.shown.map(({ kind }) => kind), [...known.written.keys()]]).toEqual([["confirm", "tell"], [one.uri]]);
    });

    test("asks for the scope, writes it where that is chosen, and takes the place of the default there", async () => {
      const { written, configs, dialogs } = await run({ ...options, rows: [kv, two, elsewhere], pick: ["Project default/shop", "Write It to keyline.jsonc"], confirm: true });
      expect([[...written.keys()], [...configs]]).toEqual([[one.uri, two.uri], [["file:///w/keyline.jsonc", expect.stringContaining("project:default/shop")]]]);
      expect(dialogs.shown[0]?.text).toBe("In which scope does one.yaml live?");
    });

    test("finds the connector again, which the server tells of under another key once its scope is written", async () => {
      let rows: readonly ConnectorRow[] = [kv, two];
      const { written } = await run({ ...options, rows: () => rows, onConfig: () => { rows = [{ ...one, key: "told" }, two]; }, pick: ["Project default/shop", "Write It to keyline.jsonc"], confirm: true });
      expect([...written.keys()]).toEqual([one.uri, two.uri]);
    });

    test("counts two connectors of one file as of one scope, once it is told", async () => {
      const text = `${yaml("one", "")}---\n${yaml("two", off)}`;
      const rows = ["one", "two"].map((identifier) => row(identifier, { scope: untold, uri: "file:///w/both.yaml", range: rangeOf(text, identifier), settings: { vaultName: `${identifier}-kv`, ...(identifier === "two" ? { default: true } : {}) } }));
      const { written } = await run({ ...options, rows, files: { "file:///w/both.yaml": text }, pick: ["Account", "Only This Time"], confirm: true });
      expect(written.get("file:///w/both.yaml")).toBe(`${yaml("one", off)}---\n${yaml("two", "    default: false\n")}`);
    });

    test("asks nothing where there is no other default, and changes nothing where the person leaves", async () => {
      const alone = await run({ ...options, rows: [kv], confirm: true });
      expect([alone.dialogs.shown.map(({ kind }) => kind), [...alone.written.keys()]]).toEqual([["confirm", "tell"], [one.uri]]);
      const left = await run({ ...options, rows: [kv, other], pick: [], confirm: true });
      expect([left.written.size, left.configs.size, left.dialogs.shown.length]).toEqual([0, 0, 1]);
    });
  });

  test("changes two documents of one file", async () => {
    const text = `${yaml("one", "")}---\n${yaml("two", off)}`;
    const rows = ["one", "two"].map((identifier) => row(identifier, { uri: "file:///w/both.yaml", range: rangeOf(text, identifier), settings: { vaultName: `${identifier}-kv`, ...(identifier === "two" ? { default: true } : {}) } }));
    const { written, edits } = await run({ ...options, rows, files: { "file:///w/both.yaml": text }, confirm: true });
    expect(written.get("file:///w/both.yaml")).toBe(`${yaml("one", off)}---\n${yaml("two", "    default: false\n")}`);
    expect(edits).toEqual([1]);
  });

  test.each([
    ["cannot be changed safely", "connector: {identifier: two, type: AzureKeyVault, spec: {default: true}}\n", "is written in a way that Keyline does not change by itself. Nothing was changed."],
    ["has moved since the server read it", `# new\n${yaml("two", off)}`, "The connector is not in its file any more. Nothing was changed."],
  ])("changes neither file where one %s", async (_why, text, words) => {
    const moved = text.startsWith("#") ? two : { ...two, range: rangeOf(text, "two") };
    const { dialogs, edits, written } = await run({ ...options, rows: [one, moved], files: { [one.uri]: yaml("one", ""), [two.uri]: text }, confirm: true });
    expect([edits, written.size]).toEqual([[], 0]);
    expect(dialogs.shown.at(-1)?.text).toContain(words);
  });
});
