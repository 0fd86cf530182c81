import { describe, expect, test } from "vitest";
import { codeOffers } from "../../client/src/editor/codeOffers.ts";
import { copiedText, createCopiedSecrets } from "../../client/src/editor/copiedSecrets.ts";
import { draggedText, readDragged } from "../../client/src/editor/draggedSecret.ts";
import { tellDropped, transferEdits } from "../../client/src/editor/transferEdits.ts";
import { secretPortalUrl } from "../../client/src/connectors/vaultPortalUrl.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { ReferenceAt } from "../../server/src/protocol/messages.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { connectorRow, rangeAt, secretRow, shopVault, tenant, untold } from "./connectorRow.ts";
import { choice, editorScene } from "./editorScene.ts";
import { item, told, versionHex } from "./entityScene.ts";
import { enter } from "./scriptedPrompts.ts";

const reference: ReferenceAt = { range: rangeAt(3, 4, 10), text: "account.db", vault: shopVault, name: "db" };
const text = "a: <+secrets.getV¦alue>\n";

describe("from a reference to its secret", () => {
  test("it is revealed with version and key", async () => {
    const scene = editorScene({ text, reference: { ...reference, version: versionHex, jsonKey: "a.b" } });
    await scene.command("keyline.revealSecretInExplorer");
    expect(scene.positions).toEqual([{ line: 0, character: 17 }]);
    expect(scene.revealed).toEqual([{ vault: shopVault, name: "db", version: versionHex, jsonKeys: ["a", "b"] }]);
    expect(told(scene.dialogs)).toBeUndefined();
  });

  test("what the explorer does not show is not called missing", async () => {
    const scene = editorScene({ text, reference, revealed: false });
    await scene.command("keyline.revealSecretInExplorer");
    expect(told(scene.dialogs)).toBe("The explorer does not show db of the vault shop-kv: it may be missing, or the vault is not read yet. Run Keyline: Refresh Vault Facts, or create it.");
  });

  test("the portal opens at the secret, letter by letter", async () => {
    const scene = editorScene({ text, reference, subject: { vault: { name: "Other-KV", cloud: "usgov" }, name: "x", version: versionHex } });
    await scene.command("keyline.openSecretInPortal");
    await scene.command("keyline.openSecretInPortal", item);
    expect(scene.dialogs.opened).toEqual([
      `https://portal.azure.com/#@${tenant}/asset/Microsoft_Azure_KeyVault/Secret/https://shop-kv.vault.azure.net/secrets/db`,
      `https://portal.azure.us/#asset/Microsoft_Azure_KeyVault/Secret/https://other-kv.vault.usgovcloudapi.net/secrets/x/${versionHex}`,
    ]);
  });

  test.each([...vectors.strings, "a_b", "../x"])("no name leaves its place in the portal's address: %j", async (name) => {
    expect(secretPortalUrl(shopVault, { name }, emptyDirectory)).toBeUndefined();
    expect(secretPortalUrl({ ...shopVault, name }, { name: "db" }, emptyDirectory)).toBeUndefined();
    const scene = editorScene({ text, reference: { ...reference, name } });
    await scene.command("keyline.openSecretInPortal");
    expect(scene.dialogs.opened).toEqual([]);
    expect(told(scene.dialogs)).toMatch(/^No secret of a Key Vault can be called [^\r\n]*, so the portal has no page for it\. Correct the reference\.$/);
  });

  test("the tenant is Resource Manager's, where it has told one, and never another text", () => {
    const vault = { name: "shop-kv", cloud: "china", tenant: "evil.example" } as const;
    expect(secretPortalUrl(vault, { name: "db" }, emptyDirectory)).toBe("https://portal.azure.cn/#asset/Microsoft_Azure_KeyVault/Secret/https://shop-kv.vault.azure.cn/secrets/db");
  });

  test.each([
    ["without YAML", {}, "Put the cursor on a reference to a secret in a YAML file first."],
    ["beside a reference", { text }, "No reference to a secret stands at the cursor."],
    ["without a server", { text, serverStopped: true }, "The language server does not answer. Run Keyline: Restart Language Server."],
    ["where the chain ends", { text, reference: { range: reference.range, text: "own" } }, "It cannot be told where own leads: no file tells which Key Vault keeps it. Its hover says where the chain ends."],
    ["where no file defines it", { text, reference: { range: reference.range, text: "own", unknownIdentifier: { level: "project", identifier: "own" } } }, "It cannot be told where own leads: no file that was read defines that secret. Run Keyline: Create Missing Secret."],
  ] as const)("%s it says what to do", async (_what, options, words) => {
    const scene = editorScene(options);
    await scene.command("keyline.revealSecretInExplorer");
    expect(told(scene.dialogs)).toBe(words);
    expect(scene.revealed).toEqual([]);
  });
});

describe("the missing secret", () => {
  test("is created with vault and name filled in, at the place that a quick fix passes", async () => {
    const scene = editorScene({ text, reference });
    await scene.command("keyline.createMissingSecret", { uri: "file:///w/p.yaml", line: 7, character: 2 });
    expect(scene.positions).toEqual([{ line: 7, character: 2 }]);
    expect(scene.drafts).toEqual([{ vault: shopVault, name: "db" }]);
  });

  test.each([null, 1, "x", {}, { uri: "x" }, { uri: 1, line: 1, character: 1 }, { uri: "x", line: -1, character: 0 }, { uri: "x", line: 0.5, character: 0 }, { uri: "x", line: Number.NaN, character: 0 }])("of the argument %j nothing is taken", async (argument) => {
    const scene = editorScene({ text, reference });
    await scene.command("keyline.createMissingSecret", argument);
    expect(scene.positions).toEqual([{ line: 0, character: 17 }]);
  });

  test.each([
    [{ version: versionHex }, `The reference names a version, and a new secret has none but its own. Remove /${versionHex} from it.`],
    [{ jsonKey: "user" }, "The reference names the JSON key user: the secret's value must be a JSON object that has it."],
    [{}, undefined],
  ])("of a reference with %j says what else is to be done", async (more, words) => {
    const scene = editorScene({ text, reference: { ...reference, ...more } });
    await scene.command("keyline.createMissingSecret");
    expect(told(scene.dialogs)).toBe(words);
    const left = editorScene({ text, reference: { ...reference, ...more }, created: null });
    await left.command("keyline.createMissingSecret");
    expect(told(left.dialogs)).toBeUndefined();
  });

  test("that was given another name leaves the reference to be corrected", async () => {
    const scene = editorScene({ text, reference: { ...reference, version: versionHex }, created: { vault: shopVault, name: "db-2" } });
    await scene.command("keyline.createMissingSecret");
    expect(told(scene.dialogs)).toBe("The secret is called db-2, and the reference still names db. Correct the reference.");
  });

  const unknown: ReferenceAt = { range: reference.range, text: "org.own", unknownIdentifier: { level: "org", identifier: "own" } };

  test("whose identifier no file defines is written as an entity of that level and identifier", async () => {
    const scene = editorScene({ text, reference: unknown, pick: "Reference an existing secret of a vault…", acts: ["db-password", "Latest", "The whole", "default", enter, enter, "Go on without", "Write"] });
    await scene.command("keyline.createMissingSecret");
    expect([...scene.written]).toEqual([["file:///w/.harness/orgs/default/secrets/own.yaml", expect.stringContaining("  identifier: own\n")]]);
    expect(scene.dialogs.shown[0]?.text).toBe("No file that was read defines the secret org.own");
    expect(scene.drafts).toEqual([]);
  });

  test("can be created in a vault first", async () => {
    const scene = editorScene({ text, reference: unknown, pick: "Create the secret in a vault first…", acts: ["Latest", "The whole", "default", enter, enter, "Go on without", "Write"] });
    await scene.command("keyline.createMissingSecret");
    expect(scene.drafts).toEqual([{}]);
    expect([...scene.written.values()][0]).toContain("  identifier: own\n");
    expect([...scene.written.values()][0]).toContain("    value: db\n");
  });

  test("is left alone where the person leaves, and in Restricted Mode", async () => {
    for (const options of [{}, { pick: "Create the secret in a vault first…", created: null }, { pick: "Reference an existing secret of a vault…" }, { trusted: false }]) {
      const scene = editorScene({ text, reference: unknown, ...options });
      await scene.command("keyline.createMissingSecret");
      expect(scene.written.size).toBe(0);
    }
  });
});

describe("what is copied", () => {
  const subject = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: ["a", "b"] };

  test("can be read anywhere, and is known again where it is pasted", async () => {
    const scene = editorScene({ subject });
    await scene.command("keyline.copySecret", item);
    expect(scene.dialogs.copied).toEqual([`shop-kv/cfg/${versionHex}#a.b`]);
    expect(scene.context.copied.subjectOf(` shop-kv/cfg/${versionHex}#a.b\n`, [])).toEqual(subject);
    expect(createCopiedSecrets().subjectOf(copiedText(subject), [shopVault])).toEqual(subject);
    expect(createCopiedSecrets().subjectOf("SHOP-KV/cfg", [shopVault])).toEqual({ vault: shopVault, name: "cfg" });
  });

  test.each(["", "cfg", "other-kv/cfg", "shop-kv/c_f", "shop-kv/cfg/05", "shop-kv/cfg#a/b", "shop-kv/cfg#", "shop-kv/cfg more", "https://shop-kv/cfg", ...vectors.strings])("the text %j is none", (one) => {
    expect(createCopiedSecrets().subjectOf(one, [shopVault])).toBeUndefined();
  });

  test("is told apart from what people paste otherwise, before any vault is looked up", async () => {
    const copied = createCopiedSecrets();
    expect(["", "cfg", "one: two", "https://shop-kv/cfg", "a sentence of words", "<+secrets.getValue(\"x\")>"].filter((text) => copied.couldMean(text))).toEqual([]);
    copied.put("<+secrets.getValue(\"x\")>", subject);
    expect(["shop-kv/cfg", "<+secrets.getValue(\"x\")>\n"].map((text) => [copied.couldMean(text), copied.isOwn(text)])).toEqual([[true, false], [true, true]]);
  });

  test("of two clouds it cannot be told which is meant", () => {
    expect(createCopiedSecrets().subjectOf("shop-kv/cfg", [shopVault, { name: "shop-kv", cloud: "usgov" }])).toBeUndefined();
  });

  test("as a reference is an expression by a path, of the connector that is picked", async () => {
    const one = editorScene({ subject: { vault: shopVault, name: "cfg", jsonKeys: ["a"] } });
    await one.command("keyline.copySecretReference", item);
    expect(one.dialogs.copied).toEqual(['<+secrets.getValue("account.azurevault://kv/cfg#a")>']);
    const rows = [connectorRow(), connectorRow({ key: "p", identifier: "own", scope: { level: "project", org: "o", project: "p" } })];
    const two = editorScene({ rows, subject: { vault: shopVault, name: "cfg" }, pick: '<+secrets.getValue("azurevault://own/cfg")>' });
    await two.command("keyline.copySecretReference", item);
    expect(two.dialogs.copied).toEqual(['<+secrets.getValue("azurevault://own/cfg")>']);
    const left = editorScene({ rows, subject: { vault: shopVault, name: "cfg" } });
    await left.command("keyline.copySecretReference", item);
    expect(left.dialogs.copied).toEqual([]);
  });

  test("as a reference through a connector whose scope is not told has the prefix that the person tells", async () => {
    const one = { vault: shopVault, name: "cfg" };
    const only = editorScene({ rows: [connectorRow({ scope: untold })], subject: one, pick: ["Account", "Write It to keyline.jsonc"] });
    await only.command("keyline.copySecretReference", item);
    expect([only.dialogs.copied, only.configs.size]).toEqual([['<+secrets.getValue("account.azurevault://kv/cfg")>'], 1]);
    const rows = [connectorRow({ scope: untold, identifier: "some" }), connectorRow()];
    const several = editorScene({ rows, subject: one, pick: ["A path through the connector some…", "Another…", "Only This Time"], input: "project:default/shop" });
    await several.command("keyline.copySecretReference", item);
    expect(several.dialogs.shown[0]?.choices).toEqual(['<+secrets.getValue("account.azurevault://kv/cfg")>', "A path through the connector some…"]);
    expect([several.dialogs.copied, several.configs.size]).toEqual([['<+secrets.getValue("azurevault://some/cfg")>'], 0]);
    const left = editorScene({ rows: rows.slice(0, 1), subject: one, pick: [] });
    await left.command("keyline.copySecretReference", item);
    expect([left.dialogs.copied, left.configs.size]).toEqual([[], 0]);
  });

  test.each([
    [{ vault: shopVault, name: "cfg", jsonKeys: ["a", "b"] }, [connectorRow({ scope: untold })], "A path cannot name this JSON key, or no connector that is known leads to the vault, so there is no expression for cfg yet. Run Keyline: Reference an Existing Secret."],
    [{ vault: shopVault, name: "cfg", jsonKeys: ['a"b'] }, [connectorRow()], "A path cannot name this JSON key, or no connector that is known leads to the vault, so there is no expression for cfg yet. Run Keyline: Reference an Existing Secret."],
    [{ vault: shopVault, name: "cfg" }, [], "No connector that is known leads to the vault shop-kv, so there is no expression for cfg yet. Run Keyline: Reference an Existing Secret."],
  ])("as a reference is nothing where no path leads there: %j", async (one, rows, words) => {
    const scene = editorScene({ subject: one, rows });
    await scene.command("keyline.copySecretReference", item);
    expect([scene.dialogs.copied, told(scene.dialogs)]).toEqual([[], words]);
  });

  test.each(vectors.strings)("is nothing under a name that no vault can have made: %j", async (name) => {
    const scene = editorScene({ subject: { vault: shopVault, name } });
    await scene.command("keyline.copySecret", item);
    await scene.command("keyline.copySecretReference", item);
    expect(scene.dialogs.copied).toEqual([]);
    expect(scene.dialogs.shown).toHaveLength(2);
  });

  test("is of the tree's own items alone", async () => {
    for (const id of ["keyline.copySecret", "keyline.copySecretReference"]) {
      const scene = editorScene({ subject });
      await scene.command(id, { vault: shopVault, name: "db" });
      expect([scene.dialogs.copied, told(scene.dialogs)]).toEqual([[], "Choose a secret in the vault explorer first."]);
    }
  });
});

describe("what is dragged", () => {
  const subject = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: ["a"] };

  test("is known again, by names alone", () => {
    expect(JSON.parse(draggedText(subject))).toEqual({ vault: "shop-kv", cloud: "public", tenant, name: "cfg", version: versionHex, jsonKeys: ["a"] });
    expect(readDragged(draggedText(subject), [shopVault])).toEqual(subject);
    expect(readDragged(draggedText({ vault: shopVault, name: "cfg" }), [shopVault])).toEqual({ vault: shopVault, name: "cfg" });
  });

  test.each<[string, unknown]>([
    ["no object", null],
    ["a vault that is not known", { vault: "evil-kv", cloud: "public", name: "a" }],
    ["another cloud", { vault: "shop-kv", cloud: "usgov", name: "a" }],
    ["a name that is none", { vault: "shop-kv", cloud: "public", name: "$(x)" }],
    ["a version that is none", { vault: "shop-kv", cloud: "public", name: "a", version: "05" }],
    ["keys that are none", { vault: "shop-kv", cloud: "public", name: "a", jsonKeys: ["a/b"] }],
    ["a key with a dot, which a path would take for two", { vault: "shop-kv", cloud: "public", name: "a", jsonKeys: ["a.b"] }],
    ["keys without number", { vault: "shop-kv", cloud: "public", name: "a", jsonKeys: [] }],
  ])("is nothing where it is %s", (_what, dragged) => {
    expect(readDragged(JSON.stringify(dragged), [shopVault])).toBeUndefined();
    expect(readDragged("{", [shopVault])).toBeUndefined();
  });

  const cfg = { vault: shopVault, name: "cfg" };

  test("becomes the first choice, and the others are offered", async () => {
    const at = rangeAt(1, 4, 0);
    const wide = rangeAt(1, 2, 8);
    const scene = editorScene({ choices: [() => [choice(at, "one"), choice(wide, "two", { through: "connector", identifier: "account.kv\u202e" })]] });
    expect(await transferEdits(scene.context, { ...cfg, jsonKeys: ["a", "b"] }, "file:///w/p.yaml", at)).toEqual([
      { title: "Refer through the secret account.db", insertText: "one" },
      { title: "Refer by a path through the connector account.kv\\u202e", insertText: "", replace: { range: wide, text: "two" } },
    ]);
    expect(scene.asked).toEqual([{ textDocument: { uri: "file:///w/p.yaml" }, range: at, vault: shopVault, name: "cfg", jsonKey: "a.b" }]);
  });

  test("over a selection never changes one place twice", async () => {
    const selection = rangeAt(1, 4, 3);
    const two = editorScene({ choices: [() => [choice(rangeAt(1, 2, 8), "two"), choice(selection, "one")]] });
    expect(await transferEdits(two.context, cfg, "file:///w/p.yaml", selection)).toEqual([{ title: "Refer through the secret account.db", insertText: "one" }]);
    const one = editorScene({ choices: [() => [choice(rangeAt(1, 2, 8), "two")]] });
    expect(await transferEdits(one.context, cfg, "file:///w/p.yaml", selection)).toBe("no-place");
  });

  test.each([
    [{ serverStopped: true }, "no-server", "The language server does not answer, so nothing was inserted. Run Keyline: Restart Language Server."],
    [{ choices: [null] }, "no-place", "No reference to a secret can stand there. Drop it on a value, or inside an expression's quotes, of a Harness file."],
    [{ choices: [() => []] }, "no-way", "Nothing in the workspace leads to cfg of the vault shop-kv from this file. Write a secret that refers to it, then put it there again."],
  ] as const)("says why nothing was inserted: %j", async (options, why, words) => {
    const scene = editorScene(options);
    const edits = await transferEdits(scene.context, cfg, "file:///w/p.yaml", rangeAt(1, 4, 0));
    expect(edits).toBe(why);
    await tellDropped(scene.context, cfg, why);
    expect(scene.dialogs.shown.map(({ text: told }) => told)).toEqual([words]);
  });

  test("offers to write the entity where nothing leads there", async () => {
    const scene = editorScene({ offer: "Write a Secret in YAML…", acts: ["Latest", "The whole", "Account", enter, enter, "Go on without", "Write"] });
    await tellDropped(scene.context, cfg, "no-way");
    expect([...scene.written.values()][0]).toContain("value: cfg\n");
  });
});

describe("where what leads to the secret does not tell its scope", () => {
  const cfg = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: ["a"] };
  const kv = connectorRow({ scope: untold });
  const db = secretRow({ scope: untold });
  const leading = { uri: db.uri, range: rangeAt(1, 2, 2), text: "db", version: versionHex, jsonKey: "a" };
  const drop = async (options: Parameters<typeof editorScene>[0], subject: Parameters<typeof tellDropped>[1] = cfg) => {
    const scene = editorScene({ rows: [kv], ...options });
    await tellDropped(scene.context, subject, "no-way");
    return scene;
  };

  test("says so, with the two ways to help", async () => {
    const { dialogs } = await drop({});
    expect(dialogs.shown).toEqual([{ kind: "offer", text: "No reference to cfg of the vault shop-kv is known for this file: the connector kv leads there, but its file does not say its scope. Tell it, then put the secret there again.", choices: ["Tell the Scope…", "Write a Secret in YAML…"] }]);
    const several = await drop({ known: [db], entities: [leading] });
    expect(several.dialogs.shown[0]?.text).toContain("the secret db, the connector kv lead there, but their files do not say their scopes. Tell one, then put the secret there again.");
    const many = await drop({ rows: ["a", "b", "c", "d", "e"].map((identifier) => connectorRow({ scope: untold, identifier })) });
    expect(many.dialogs.shown[0]?.text).toContain("the connector a, the connector b, the connector c, 2 more lead there");
  });

  test("writes the entry, and leaves the drop to be made again", async () => {
    const { dialogs, configs } = await drop({ offer: "Tell the Scope…", pick: ["Account", "Write It to keyline.jsonc"] });
    expect([...configs]).toEqual([["file:///work/shop/keyline.jsonc", expect.stringContaining(".harness/kv.yaml")]]);
    expect([told(dialogs), dialogs.copied]).toEqual(["keyline.jsonc says now in which scope kv lives. Put cfg there again.", []]);
  });

  test("copies the reference where the scope is told for this time", async () => {
    const pick = ["Whose scope?", "Account", "Only This Time"];
    const path = await drop({ offer: "Tell the Scope…", pick: pick.slice(1) });
    expect([path.dialogs.copied, path.configs.size, told(path.dialogs)]).toEqual([[`<+secrets.getValue("account.azurevault://kv/cfg#a/${versionHex}")>`], 0, "The reference is on the clipboard."]);
    const entity = await drop({ known: [db], entities: [leading], offer: "Tell the Scope…", pick: ["db", ...pick.slice(1)] });
    expect([entity.dialogs.copied, entity.dialogs.shown[1]]).toEqual([['<+secrets.getValue("account.db")>'], { kind: "pick", text: "Whose scope?", choices: ["db", "kv"] }]);
    expect(entity.context.copied.isOwn('<+secrets.getValue("account.db")>')).toBe(true);
  });

  test("writes and copies nothing where the person leaves", async () => {
    for (const options of [{}, { offer: "Tell the Scope…", pick: [] }, { offer: "Tell the Scope…", pick: ["Account"] }, { known: [db], entities: [leading], offer: "Tell the Scope…", pick: [] }]) {
      const { dialogs, configs, written } = await drop(options);
      expect([dialogs.copied, configs.size, written.size, told(dialogs)]).toEqual([[], 0, 0, undefined]);
    }
  });

  test("can be helped by an entity of its own as well", async () => {
    const { written } = await drop({ offer: "Write a Secret in YAML…", pick: ["Account", "Only This Time"], acts: ["Account", enter, enter, "Go on without", "Write"] });
    expect([...written.values()][0]).toContain("secretManagerIdentifier: account.kv\n");
  });

  test.each<[string, Parameters<typeof editorScene>[0], Parameters<typeof tellDropped>[1]]>([
    ["a connector of known scope", { rows: [connectorRow()] }, cfg],
    ["a connector of another vault", { rows: [connectorRow({ scope: untold, vault: { name: "other-kv", cloud: "public" } })] }, cfg],
    ["a key that no path can name", {}, { ...cfg, jsonKeys: ["a", "b"] }],
    ["an entity of another version", { rows: [], known: [db], entities: [leading] }, { vault: shopVault, name: "cfg", jsonKeys: ["a"] }],
    ["an entity of another key", { rows: [], known: [db], entities: [leading] }, { vault: shopVault, name: "cfg", version: versionHex }],
    ["an entity of known scope", { rows: [], known: [{ ...db, scope: { level: "account" } }], entities: [leading] }, cfg],
    ["a file, which no expression reads from a vault", { rows: [], known: [{ ...db, type: "SecretFile" }], entities: [leading] }, cfg],
  ])("is not said of %s", async (_what, options, subject) => {
    const { dialogs } = await drop(options, subject);
    expect(dialogs.shown[0]).toMatchObject({ text: expect.stringContaining("Nothing in the workspace leads to cfg") as unknown, choices: ["Write a Secret in YAML…"] });
  });
});

describe("code actions", () => {
  const start = { line: 1, character: 2 };
  const offers = (more: Partial<Parameters<typeof codeOffers>[0]>) => codeOffers({ isTrusted: true, diagnostics: [], selected: "", ...more }).map(({ title, kind, at }) => [title, kind, at]);

  test("mend a missing secret where the finding is", () => {
    const diagnostics = [{ source: "keyline", code: "vault-secret-not-found", start }, { source: "keyline", code: "secret-not-found", start }, { source: "other", code: "vault-secret-not-found", start }, { source: "keyline", code: "bad-uri", start }];
    expect(offers({ diagnostics })).toEqual([
      ["Create the missing secret in the vault…", "quickfix", start],
      ["Write the missing secret as YAML…", "quickfix", start],
    ]);
    expect(codeOffers({ isTrusted: true, diagnostics, selected: "" }).map(({ mends }) => mends)).toEqual([0, 1]);
  });

  test("move what is selected, unless it is an expression or a comment", () => {
    expect(offers({ selected: " one " })).toEqual([["Move to Key Vault secret…", "refactor.extract", undefined]]);
    for (const selected of ["", " \n", '<+secrets.getValue("a")>', "# note", "x".repeat(200_001)]) expect(offers({ selected })).toEqual([]);
  });

  test("are none in Restricted Mode", () => {
    expect(offers({ isTrusted: false, selected: "one", diagnostics: [{ source: "keyline", code: "secret-not-found", start }] })).toEqual([]);
  });
});
