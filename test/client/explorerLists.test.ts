import { describe, expect, test } from "vitest";
import { compareVaults } from "../../client/src/explorer/compareVaults.ts";
import type { ExplorerListsContext } from "../../client/src/explorer/explorerLists.ts";
import { registerExplorerLists } from "../../client/src/explorer/explorerLists.ts";
import { secretsCsv, secretsMarkdown } from "../../client/src/explorer/exportSecrets.ts";
import type { SecretAttributes } from "../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { uses } from "./connectorRow.ts";
import { forbidden, now, told, vaultItem } from "./entityScene.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";

const dev: VaultTarget = { name: "shop-dev", cloud: "public" };
const prod: VaultTarget = { name: "shop-prod", cloud: "usgov" };
const listed = (...value: SecretAttributes[]): Outcome<readonly SecretAttributes[]> => ({ ok: true, value });
const secret = (name: string, more: Partial<SecretAttributes> = {}): SecretAttributes => ({ name, enabled: true, updated: now, ...more });

interface Options extends FakeAnswers {
  readonly lists?: Readonly<Record<string, Outcome<readonly SecretAttributes[]>>>;
  readonly vaults?: readonly VaultTarget[];
  readonly trusted?: boolean;
  readonly refuses?: string;
  readonly complete?: boolean;
  readonly file?: string;
  readonly failWrites?: boolean;
}

async function run(command: "keyline.compareVaults" | "keyline.exportSecrets", options: Options, argument?: unknown) {
  const dialogs = createFakeDialogs(options);
  const asked: string[] = [];
  const shown: string[] = [];
  const written = new Map<string, string>();
  const context: ExplorerListsContext = {
    source: {
      vaultOf: (item) => (item === vaultItem ? dev : undefined),
      vaults: () => Promise.resolve((options.vaults ?? [dev, prod]).map((vault) => ({ vault, connector: "Shop $(x)" }))),
      secrets: (vault) => {
        asked.push(vault.name);
        return Promise.resolve(options.lists?.[vault.name] ?? listed(secret("db")));
      },
      allUses: () => {
        asked.push("uses");
        return Promise.resolve({ of: (vault, name) => ({ vault, name, references: uses(2), entities: [] }), answered: true, reading: false, complete: options.complete ?? true });
      },
    },
    dialogs,
    isTrusted: () => options.trusted ?? true,
    approve: (vault) => Promise.resolve(vault.name !== options.refuses),
    files: {
      pick: (_title, name) => Promise.resolve(options.file ?? `file:///w/${name}`),
      write: (uri, text) => {
        if (options.failWrites === true) return Promise.resolve(false);
        written.set(uri, text);
        return Promise.resolve(true);
      },
      showMarkdown: (text) => {
        shown.push(text);
        return Promise.resolve();
      },
    },
    now: () => now,
  };
  const actions = new Map<string, (item: unknown) => Promise<void> | void>();
  registerExplorerLists((id, action) => void actions.set(id, action), context);
  await actions.get(command)?.(argument);
  return { dialogs, asked, shown, written };
}

describe("two vaults", () => {
  test("are compared by names, whatever their letters, with states and dates", () => {
    const text = compareVaults(
      { vault: dev, listed: listed(secret("a"), secret("Both"), secret("off", { enabled: false }), secret("old", { expires: now })) },
      { vault: prod, listed: listed(secret("both"), secret("off"), secret("old", { expires: now + 1 }), secret("z", { notBefore: now + 1 })) },
      now,
    );
    expect(text.split("\n")).toEqual([
      "# shop-dev and shop-prod", "",
      "Names, states and dates of the latest versions, as the vaults listed them. No value was read.", "",
      "## Only in shop-dev (1 secret)", "", "| Secret | shop-dev | shop-prod |", "|---|---|---|", "| a | enabled, updated 2026-11-24 | not there |", "",
      "## Only in shop-prod (1 secret)", "", "| Secret | shop-dev | shop-prod |", "|---|---|---|", "| z | not there | not valid yet, updated 2026-11-24 |", "",
      "## In both, in another state (2 secrets)", "", "| Secret | shop-dev | shop-prod |", "|---|---|---|",
      "| off | disabled, updated 2026-11-24 | enabled, updated 2026-11-24 |",
      "| old | expired, updated 2026-11-24, expires 2026-11-24 | enabled, updated 2026-11-24, expires 2026-11-24 |", "",
      "## In both, in the same state (1 secret)", "", "| Secret | shop-dev | shop-prod |", "|---|---|---|", "| Both | enabled, updated 2026-11-24 | enabled, updated 2026-11-24 |", "",
    ]);
  });

  test("one of which could not be read are not said to lack anything", () => {
    const text = compareVaults({ vault: dev, listed: forbidden }, { vault: prod, listed: listed(secret("db")) }, now);
    expect(text).toContain("**It is unknown what shop-dev holds**, so nothing is said to be missing from it. The identity has no role on the vault that lets it list secrets\\.");
    expect(text).toContain("| db | unknown | enabled, updated 2026-11-24 |");
    expect(text).not.toMatch(/Only in|not there|shop-dev lacks/);
    expect(compareVaults({ vault: dev, listed: forbidden }, { vault: prod, listed: { ok: false, reason: "throttled" } }, now)).toContain("## What was listed\n\nNothing.");
  });

  test("that hold nothing are said to hold nothing, and two of one name are told apart", () => {
    const text = compareVaults({ vault: dev, listed: listed() }, { vault: { ...dev, cloud: "china" }, listed: listed() }, now);
    expect(text).toContain("## Only in shop-dev (public) (0 secrets)\n\nNone.");
  });

  test.each(vectors.strings)("whose names are hostile stay text: %j", (name) => {
    const text = compareVaults({ vault: dev, listed: listed(secret(name)) }, { vault: prod, listed: listed() }, now);
    const row = text.split("\n").find((line) => line.endsWith("| not there |")) ?? "";
    expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
    expect(row).not.toMatch(/(?<!\\)[[\]<>`!]|[\u0000-\u001f]/);
  });

  test("are picked, read in turn and shown as a document", async () => {
    const { shown, asked, dialogs } = await run("keyline.compareVaults", { pick: ["shop-dev", "shop-prod"], lists: { "shop-prod": listed() } });
    expect(asked).toEqual(["shop-dev", "shop-prod"]);
    expect(shown[0]).toContain("## Only in shop-dev (1 secret)");
    expect(dialogs.reported).toEqual(["shop-dev", "shop-prod"]);
    expect(dialogs.shown[1]?.choices).toEqual(["shop-prod"]);
  });

  test.each<[string, Options, string | undefined]>([
    ["cancelled", { pick: "shop-prod", cancel: true }, "You cancelled the comparison."],
    ["left", {}, undefined],
    ["refused", { pick: "shop-prod", refuses: "shop-prod" }, undefined],
    ["asked for in Restricted Mode", { trusted: false }, "Keyline calls no vault in Restricted Mode. Trust this workspace first."],
    ["asked for with one vault", { vaults: [dev] }, "No vault is known yet but shop-dev. Open the folder whose connectors name another one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar."],
  ])("that is %s shows nothing", async (_what, options, words) => {
    const { shown, dialogs } = await run("keyline.compareVaults", options, vaultItem);
    expect(shown).toEqual([]);
    expect(told(dialogs)).toBe(words);
  });
});

describe("the export", () => {
  const rich = secret("cfg", { created: now, expires: now, contentType: 'a "b", c', tags: [["team", "shop"], ["urgent", ""]] });

  test("as CSV is what RFC 4180 says", async () => {
    const { written, dialogs } = await run("keyline.exportSecrets", { pick: "CSV", lists: { "shop-dev": listed(secret("z"), rich) } }, vaultItem);
    expect([...written]).toEqual([["file:///w/shop-dev-secrets.csv", [
      "Name,State,Created,Updated,Expires,Content type,Tags,References in this workspace",
      'cfg,expired,2026-11-24,2026-11-24,2026-11-24,"a ""b"", c",team=shop; urgent,2',
      "z,enabled,,2026-11-24,,,,2",
      "",
    ].join("\r\n")]]);
    expect(told(dialogs)).toBe("shop-dev-secrets.csv is written, with 2 secrets of shop-dev. It holds names and tags, no values.");
  });

  test("as Markdown is a table", async () => {
    const { written } = await run("keyline.exportSecrets", { pick: ["shop-dev", "Markdown"], complete: false });
    expect([...written.values()][0]).toContain("| db | enabled |  | 2026-11-24 |  |  |  | 2 or more |");
  });

  test("says that references are unknown where none is known and not all files are read", () => {
    expect(secretsCsv([{ ...secret("a"), references: 0, complete: false }], now)).toContain(",unknown\r\n");
    expect(secretsCsv([{ ...secret("a"), references: 0, complete: true }], now)).toContain(",0\r\n");
  });

  test.each([..."=+-@".split("").map((sign) => `${sign}1+1`), "\t=1", "\r=1", "＝1+1", ...vectors.strings])("makes a formula harmless and stays on one line: %j", (text) => {
    const one = { ...secret("a", { contentType: text, tags: [[text, ""]] }), references: 0, complete: true };
    const csv = secretsCsv([one], now);
    expect(csv.split("\r\n")).toHaveLength(3);
    for (const cell of (csv.split("\r\n")[1] ?? "").split(",")) expect(cell).not.toMatch(/^"?[=+\-@\t\r＝＋－＠]/);
    const row = secretsMarkdown("v", [one], now).split("\n")[4] ?? "";
    expect(row.split(/(?<!\\)\|/)).toHaveLength(10);
    expect(row).not.toMatch(/(?<!\\)[[\]<>`!]|[\u0000-\u001f]/);
  });

  test("asks once for the uses of all secrets", async () => {
    const { asked } = await run("keyline.exportSecrets", { pick: "CSV", lists: { "shop-dev": listed(...Array.from({ length: 100 }, (_, index) => secret(`s${String(index)}`))) } }, vaultItem);
    expect(asked).toEqual(["shop-dev", "uses"]);
  });

  test("of 10,000 secrets", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...secret(`s${String(index)}`), references: 1, complete: true }));
    expect(secretsCsv(many, now).split("\r\n")).toHaveLength(10_002);
  });

  test.each<[string, Options, string | undefined]>([
    ["cannot be read", { pick: "CSV", lists: { "shop-dev": forbidden } }, "The list of shop-dev could not be read, so nothing was written. The identity has no role on the vault that lets it list secrets."],
    ["was cancelled", { pick: "CSV", cancel: true }, "You cancelled the export. Nothing was written."],
    ["cannot be written", { pick: "CSV", failWrites: true }, "shop-dev-secrets.csv could not be written. Choose another place."],
    ["is left", {}, undefined],
    ["is not approved", { refuses: "shop-dev" }, undefined],
    ["is asked for in Restricted Mode", { trusted: false }, "Keyline calls no vault in Restricted Mode. Trust this workspace first."],
  ])("that %s writes nothing", async (_what, options, words) => {
    const { written, dialogs } = await run("keyline.exportSecrets", options, vaultItem);
    expect(written.size).toBe(0);
    if (words === undefined) expect(told(dialogs)).toBeUndefined();
    else expect(told(dialogs)).toContain(words);
  });

  test("without a vault says where vaults come from", async () => {
    const { dialogs } = await run("keyline.exportSecrets", { vaults: [] });
    expect(told(dialogs)).toBe("No vault is known yet. Open the folder whose connectors name one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar.");
  });
});
