import { describe, expect, test } from "vitest";
import { connectorCommands } from "../../client/src/connectors/connectorCommands.ts";
import type { ConnectorFiles } from "../../client/src/connectors/connectorFiles.ts";
import { createConnectorStore } from "../../client/src/connectors/connectorStore.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import { connectorRow, folder, rangeAt, untold, uses } from "./connectorRow.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import { memoryFiles } from "./memoryFiles.ts";

interface SceneOptions extends FakeAnswers {
  readonly rows?: readonly ConnectorRow[];
  readonly texts?: Record<string, string>;
  readonly trusted?: boolean | (() => boolean);
  readonly complete?: boolean;
  readonly settings?: { readonly accountIdentifier?: unknown; readonly baseUrl?: unknown };
  readonly stored?: unknown;
  /** Runs when the dialog of a deletion is shown. */
  readonly whileAsked?: (scene: { rows: readonly ConnectorRow[]; texts: Record<string, string> }) => void;
}

const yaml = "connector:\n  identifier: kv\n  type: AzureKeyVault\n";

function scene(options: SceneOptions) {
  const world = { rows: options.rows ?? [connectorRow()], texts: options.texts ?? { [`${folder}/.harness/kv.yaml`]: yaml } };
  const fake = createFakeDialogs(options);
  const dialogs: typeof fake = {
    ...fake,
    decide: (message, detail, buttons) => {
      options.whileAsked?.(world);
      return fake.decide(message, detail, buttons);
    },
  };
  const done: string[] = [];
  const files: ConnectorFiles = {
    show: (uri, range) => {
      done.push(`show ${uri} ${String(range.start.line)}:${String(range.start.character)}`);
      return Promise.resolve(uri in world.texts || uri.endsWith("keyline.jsonc"));
    },
    read: (uri) => {
      const text = world.texts[uri];
      if (text === undefined) return Promise.resolve(undefined);
      return Promise.resolve({
        text,
        offsetAt: ({ line, character }) => text.split("\n").slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character,
        replace: (start, end, replacement) => {
          world.texts[uri] = text.slice(0, start) + replacement + text.slice(end);
          done.push(`replace ${uri}`);
          return Promise.resolve(true);
        },
        deleteFile: () => {
          delete world.texts[uri];
          done.push(`delete ${uri}`);
          return Promise.resolve(true);
        },
        restoreFile: () => {
          if (uri in world.texts) return Promise.resolve(false);
          world.texts[uri] = text;
          return Promise.resolve(true);
        },
      });
    },
  };
  const store = createConnectorStore({ request: () => Promise.resolve({ connectors: world.rows, complete: options.complete ?? true, reading: false }) });
  const workspaceFiles = memoryFiles();
  const memento = createFakeStore(options.stored === undefined ? {} : { "keyline.harnessAccount": options.stored });
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  connectorCommands({
    store,
    dialogs,
    files,
    workspaceFiles,
    isTrusted: () => (typeof options.trusted === "function" ? options.trusted() : (options.trusted ?? true)),
    harness: { harnessSettings: () => options.settings ?? {}, store: memento },
    directory: () => emptyDirectory,
    vaultOf: () => undefined,
  })((id, action) => actions.set(id, action));
  const item = (row: ConnectorRow): object => {
    const object = {};
    store.mark(object, row);
    return object;
  };
  const run = async (id: string, argument?: unknown): Promise<unknown> => actions.get(`keyline.${id}`)?.(argument);
  return { run, item, dialogs: fake, done, world, memento, configs: workspaceFiles.texts, ids: [...actions.keys()] };
}

const told = ({ dialogs }: ReturnType<typeof scene>): readonly string[] => dialogs.shown.filter(({ kind }) => kind === "tell").map(({ text }) => text);

describe("from the tree and from the palette", () => {
  test("copy the identifier, and the reference as the scope wants it", async () => {
    const made = scene({ pick: "Shop vault" });
    await made.run("copyConnectorIdentifier", made.item(connectorRow()));
    await made.run("copyConnectorReference", made.item(connectorRow()));
    await made.run("copyConnectorReference", made.item(connectorRow({ scope: { level: "project", org: "a", project: "b" } })));
    expect([made.dialogs.copied, made.dialogs.shown]).toEqual([["kv", "account.kv", "kv"], []]);
    await made.run("copyConnectorIdentifier");
    expect([made.dialogs.copied.at(-1), made.dialogs.shown[0]?.kind]).toEqual(["kv", "pick"]);
  });

  test("an identifier that breaks the rules is not copied", async () => {
    const made = scene({});
    for (const identifier of ["a\nrm -rf x", "a\u202eb", "$(x)", "", "[x](command:y)"]) await made.run("copyConnectorReference", made.item(connectorRow({ identifier, scope: untold })));
    expect([made.dialogs.copied, told(made).length, made.dialogs.shown.length]).toEqual([[], 5, 5]);
  });

  test("the reference of one whose scope is not told is copied with the prefix that the person tells", async () => {
    const written = scene({ pick: ["Account", "Write It to keyline.jsonc"] });
    await written.run("copyConnectorReference", written.item(connectorRow({ scope: untold })));
    expect([written.dialogs.copied, [...written.configs]]).toEqual([["account.kv"], [[`${folder}/keyline.jsonc`, expect.stringContaining(".harness/kv.yaml")]]]);
    const once = scene({ pick: ["Another…", "Only This Time"], input: "org:default" });
    await once.run("copyConnectorReference", once.item(connectorRow({ scope: untold })));
    expect([once.dialogs.copied, once.configs.size]).toEqual([["org.kv"], 0]);
    const left = scene({ pick: [] });
    await left.run("copyConnectorReference", left.item(connectorRow({ scope: untold })));
    expect([left.dialogs.copied, left.configs.size]).toEqual([[], 0]);
  });

  test("the identifier alone needs no scope", async () => {
    const made = scene({});
    await made.run("copyConnectorIdentifier", made.item(connectorRow({ scope: untold })));
    expect([made.dialogs.copied, made.dialogs.shown]).toEqual([["kv"], []]);
  });

  test("reveal opens the file at the identifier, and says where it cannot", async () => {
    const made = scene({});
    await made.run("revealConnector", made.item(connectorRow()));
    expect(made.done).toEqual([`show ${folder}/.harness/kv.yaml 1:14`]);
    await made.run("revealConnector", made.item(connectorRow({ uri: `${folder}/gone.yaml` })));
    expect(told(made)).toEqual(["The connector's file cannot be opened. It may have been moved or deleted."]);
  });

  test("the portal opens with the list where Resource Manager has not told of the vault", async () => {
    const made = scene({ pick: "Shop vault" });
    await made.run("openVaultInPortal");
    expect([made.dialogs.opened[0], told(made)]).toEqual(["https://portal.azure.com/#view/HubsExtension/BrowseResource/resourceType/Microsoft.KeyVault%2Fvaults", ["The portal opens with the list of your vaults. Filter it for shop-kv."]]);
  });

  test("without any connector each says so, and does nothing", async () => {
    for (const id of ["revealConnector", "copyConnectorIdentifier", "copyConnectorReference", "openVaultInPortal", "openConnectorInHarness", "deleteConnector"]) {
      const made = scene({ rows: [] });
      await made.run(id);
      expect([made.dialogs.shown.map(({ kind }) => kind), made.done, made.dialogs.opened, made.dialogs.copied]).toEqual([["tell"], [], [], []]);
    }
  });

  test("a list to pick from shows hostile names as text", async () => {
    const made = scene({ rows: [connectorRow({ name: "$(error) a\u202e" })] });
    await made.run("copyConnectorIdentifier");
    expect(made.dialogs.shown[0]?.choices).toEqual(["\\$(error) a\\u202e"]);
  });
});

test("T28: no argument of another extension is a connector, or a consent; nothing is answered", async () => {
  const row = connectorRow();
  const hostile = [row, { row }, { ...row, decide: "Delete" }, [row], "kv", 7, null, { key: row.key, decide: "Delete" }, new Proxy({}, { get: () => row })];
  const made = scene({ decide: "Cancel" });
  for (const argument of hostile) {
    for (const id of made.ids) expect(await made.run(id.replace("keyline.", ""), argument)).toBeUndefined();
  }
  expect([made.done, made.dialogs.copied, made.dialogs.opened]).toEqual([[], [], []]);
  expect(new Set(made.dialogs.shown.map(({ kind }) => kind))).toEqual(new Set(["pick"]));
});

describe("open in Harness", () => {
  const url = "https://app.harness.io/ng/account/abcDEF123/all/settings/connectors/kv";

  test("asks once for the account, explains, remembers it, and offers another the next time", async () => {
    const made = scene({ input: ["abcDEF123", "https://app3.harness.io/ng/account/other456/all"], offer: "Another Account…" });
    await made.run("openConnectorInHarness", made.item(connectorRow()));
    expect([made.dialogs.opened, made.memento.content, made.dialogs.shown.length]).toEqual([[url], { "keyline.harnessAccount": "https://app.harness.io/ng/account/abcDEF123" }, 1]);
    expect(made.dialogs.shown[0]?.text).toContain("It is no secret");
    await made.run("openConnectorInHarness", made.item(connectorRow()));
    expect(made.dialogs.opened.slice(1)).toEqual([url, "https://app3.harness.io/ng/account/other456/all/settings/connectors/kv"]);
    expect(made.memento.content).toEqual({ "keyline.harnessAccount": "https://app3.harness.io/ng/account/other456" });
  });

  test("takes what is set for Harness's own extension, and asks nothing", async () => {
    const made = scene({ settings: { accountIdentifier: " abcDEF123 ", baseUrl: "https://harness.corp.example/gateway" }, stored: "https://app.harness.io/ng/account/other456" });
    await made.run("openConnectorInHarness", made.item(connectorRow()));
    expect([made.dialogs.opened, made.dialogs.shown]).toEqual([["https://harness.corp.example/ng/account/abcDEF123/all/settings/connectors/kv"], []]);
  });

  test.each([
    ["an address without TLS", { accountIdentifier: "abcDEF123", baseUrl: "http://harness.corp.example" }],
    ["no address", { accountIdentifier: "abcDEF123", baseUrl: "javascript:alert(1)" }],
    ["no text", { accountIdentifier: "abcDEF123", baseUrl: { evil: true } }],
  ])("a base URL that is %s gives way to Harness's own", async (_, settings) => {
    const made = scene({ settings });
    await made.run("openConnectorInHarness", made.item(connectorRow()));
    expect(made.dialogs.opened).toEqual([url]);
  });

  test("what the store holds is taken only where it is an address of Harness", async () => {
    for (const stored of ["https://evil.example/ng/account/abcDEF123", 7, { account: "abcDEF123" }, "a b"]) {
      const made = scene({ stored });
      await made.run("openConnectorInHarness", made.item(connectorRow()));
      expect([made.dialogs.opened, made.dialogs.shown.map(({ kind }) => kind)]).toEqual([[], ["input"]]);
    }
  });

  test("a wrong entry is told, and leaving the box opens and remembers nothing", async () => {
    const made = scene({ input: "https://evil.example/account/abcDEF123" });
    await made.run("openConnectorInHarness", made.item(connectorRow()));
    expect(made.dialogs.shown[0]?.text).toContain("Enter an account ID");
    expect([made.dialogs.opened, made.memento.content]).toEqual([[], {}]);
  });

  test("asks for the scope where it is not told; Esc opens nothing", async () => {
    const options = { settings: { accountIdentifier: "abcDEF123" } };
    const made = scene({ ...options, pick: ["Another…", "Only This Time"], input: "org:default" });
    await made.run("openConnectorInHarness", made.item(connectorRow({ scope: untold })));
    expect(made.dialogs.opened).toEqual(["https://app.harness.io/ng/account/abcDEF123/all/orgs/default/settings/connectors/kv"]);
    const left = scene({ ...options, pick: [] });
    await left.run("openConnectorInHarness", left.item(connectorRow({ scope: untold })));
    expect([left.dialogs.opened, left.dialogs.shown.length]).toEqual([[], 1]);
  });
});

describe("delete", () => {
  const uri = `${folder}/.harness/kv.yaml`;

  test("names the connector and what would break, ten of each and the rest counted; Delete is not what Enter presses", async () => {
    const row = connectorRow({ secrets: uses(2), references: uses(23) });
    const made = scene({ rows: [row], decide: "Cancel" });
    await made.run("deleteConnector", made.item(row));
    const [question] = made.dialogs.shown;
    expect(question?.choices).toEqual(["Show in YAML", "Delete"]);
    const lines = question?.text.split("\n") ?? [];
    expect(lines[0]).toBe('Delete the connector "Shop vault" from .harness/kv.yaml?');
    expect(lines[1]).toBe("Its identifier is account.kv. Nothing is deleted in Harness or in Azure, and the change can be undone.");
    expect(lines).toContain("2 secrets kept in it break:");
    expect(lines).toContain("23 references break:");
    expect(lines).toContain("• account.s9 (p.yaml:10)");
    expect(lines).toContain("• and 13 more");
    expect(lines.filter((line) => line.startsWith("•"))).toHaveLength(13);
    expect([made.done, made.world.texts[uri]]).toEqual([[], yaml]);
  });

  test("invents no prefix for one whose scope is not told", async () => {
    const row = connectorRow({ scope: untold });
    const made = scene({ rows: [row], decide: "Cancel" });
    await made.run("deleteConnector", made.item(row));
    expect(made.dialogs.shown[0]?.text).toContain("Its identifier is kv (scope not told). Nothing is deleted");
  });

  test("Show in YAML opens the file and deletes nothing", async () => {
    const made = scene({ decide: "Show in YAML" });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect([made.done, made.world.texts[uri]]).toEqual([[`show ${uri} 1:14`], yaml]);
  });

  test("what nothing uses is said so; what is not read yet, and what is not searched, too", async () => {
    const words = async (options: SceneOptions): Promise<string> => {
      const made = scene(options);
      await made.run("deleteConnector", made.item(made.world.rows[0] ?? connectorRow()));
      return made.dialogs.shown[0]?.text ?? "";
    };
    expect(await words({})).toContain("No file of this workspace uses it.");
    expect(await words({ complete: false })).toContain("Not all files of the workspace are read");
    expect(await words({ rows: [connectorRow({ type: "DockerRegistry" })] })).toContain("does not look for what refers to a connector that keeps no secrets");
  });

  test("the file goes where it holds nothing else, and Undo makes it again", async () => {
    const made = scene({ decide: "Delete" });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect([made.done, made.world.texts]).toEqual([[`delete ${uri}`], {}]);
    expect(made.dialogs.shown.at(-1)).toEqual({ kind: "offer", text: ".harness/kv.yaml is deleted: it held nothing but the connector.", choices: ["Undo"] });
    const undone = scene({ decide: "Delete", offer: "Undo" });
    await undone.run("deleteConnector", undone.item(connectorRow()));
    expect([undone.world.texts, told(undone)]).toEqual([{ [uri]: yaml }, []]);
  });

  test("of several documents only its own goes, and the file is shown", async () => {
    const made = scene({ decide: "Delete", texts: { [uri]: `${yaml}---\nsecret:\n  identifier: db\n` } });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect([made.done, made.world.texts[uri]]).toEqual([[`replace ${uri}`, `show ${uri} 1:14`], "---\nsecret:\n  identifier: db\n"]);
    expect(told(made)[0]).toContain("Save the file to keep that, or undo it");
  });

  test("of keyline.jsonc nothing is removed: it is opened at the entry", async () => {
    const row = connectorRow({ uri: `${folder}/keyline.jsonc`, range: rangeAt(3, 20, 2) });
    const made = scene({ rows: [row], decide: "Delete" });
    await made.run("deleteConnector", made.item(row));
    expect([made.done, made.dialogs.shown.map(({ kind }) => kind)]).toEqual([[`show ${folder}/keyline.jsonc 3:20`], ["tell"]]);
  });

  test("in Restricted Mode nothing is asked and nothing done, also where trust goes while it is asked", async () => {
    const made = scene({ trusted: false, decide: "Delete" });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect([made.done, made.dialogs.shown.map(({ kind }) => kind), told(made)[0]]).toEqual([[], ["tell"], expect.stringContaining("Restricted Mode")]);
    let trusted = true;
    const later = scene({ trusted: () => trusted, decide: "Delete", whileAsked: () => (trusted = false) });
    await later.run("deleteConnector", later.item(connectorRow()));
    expect([later.done, told(later).length]).toEqual([[], 1]);
  });

  test.each<[string, SceneOptions["whileAsked"]]>([
    ["its entity is gone", (world) => (world.rows = [])],
    ["its file is gone", (world) => (world.texts = {})],
    ["another text stands there", (world) => (world.texts[uri] = yaml.replace("kv", "other"))],
    ["it stands in another file now", (world) => (world.rows = [connectorRow({ uri: `${folder}/moved.yaml` })])],
  ])("says so and changes nothing where %s after the consent", async (_, whileAsked) => {
    const made = scene({ decide: "Delete", ...(whileAsked === undefined ? {} : { whileAsked }) });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect([made.done, told(made)]).toEqual([[], ["The connector is not in its file any more. Nothing was changed."]]);
  });

  test("what has moved within its file while it was asked is removed where it is now", async () => {
    const moved = `secret:\n  identifier: db\n---\n${yaml}`;
    const made = scene({
      decide: "Delete",
      whileAsked: (world) => {
        world.texts[uri] = moved;
        world.rows = [connectorRow({ range: rangeAt(4, 14, 2) })];
      },
    });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect(made.world.texts[uri]).toBe("secret:\n  identifier: db\n");
  });

  test("a tree that shows what is gone already says so before it asks", async () => {
    const made = scene({ rows: [], decide: "Delete" });
    await made.run("deleteConnector", made.item(connectorRow()));
    expect(made.dialogs.shown.map(({ kind }) => kind)).toEqual(["tell"]);
  });
});
