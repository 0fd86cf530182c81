import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { offerReference } from "../../client/src/editor/offerReference.ts";
import { selectedLiteral } from "../../client/src/editor/selectedLiteral.ts";
import { connectorRow, shopVault, untold } from "./connectorRow.ts";
import type { EditorOptions } from "./editorScene.ts";
import { choice, editorScene, marked } from "./editorScene.ts";
import { told } from "./entityScene.ts";
import { enter } from "./scriptedPrompts.ts";

function literal(text: string) {
  const { text: plain, start, end } = marked(text);
  const found = selectedLiteral(plain, start, end);
  return "problem" in found ? found.problem : [found.value, plain.slice(found.start, found.end)];
}

const selectWhole = "Select a whole value first: the text behind the colon or the dash, with or without its quotes, or all lines of a block.";

describe("a selected value", () => {
  test.each(["a: ¦|\n  one\n  two\n¦b: c\n", "a: ¦|+\n\n  one\n\n\n¦b: c\n", "a: ¦|2\n    one\n   two\n¦", "a: ¦>-\n  one\n  two\n¦", "a: ¦'x\n\n  y '¦\n"])("leaves the same text where a reference that stands for it takes its place: %j", (text) => {
    const { text: plain, start, end } = marked(text);
    const found = selectedLiteral(plain, start, end);
    if ("problem" in found) throw new Error(found.problem);
    const replaced = plain.slice(0, found.start) + "REFERENCE" + plain.slice(found.end);
    const valueOf = (yaml: string): string => String((parse(yaml) as { readonly a: unknown }).a);
    expect(valueOf(replaced).replace("REFERENCE", found.value)).toBe(valueOf(plain));
  });

  test.each<[string, string, string, string]>([
    ["plain", "a: ¦one two¦ # note\n", "one two", "one two"],
    ["plain, with blanks around", "a:¦ one two ¦# note\n", "one two", "one two"],
    ["a number, as it is written", "a: ¦0017¦\n", "0017", "0017"],
    ["single quoted", "a: ¦'it''s'¦\n", "it's", "it''s"],
    ["the inside of quotes", "a: '¦it''s¦'\n", "it's", "it''s"],
    ["double quoted, with escapes", 'a: ¦"x\\ty\\u0041\\\\"¦\n', "x\tyA\\", "x\\ty\\u0041\\\\"],
    ["quoted over two lines", 'a: ¦"x\n  y"¦\n', "x y", "x\n  y"],
    ["plain over two lines", "a: ¦x\n  y¦\nb: c\n", "x y", "x\n  y"],
    ["a literal block", "a: ¦|\n  one\n  two\n¦b: c\n", "one\ntwo", "one\n  two"],
    ["a literal block without its header", "a: |\n  ¦one\n  two¦\nb: c\n", "one\ntwo", "one\n  two"],
    ["a literal block without a last line end", "a: |-\n¦  one\n  two\n¦b: c\n", "one\ntwo", "one\n  two"],
    ["a folded block", "a: ¦>-\n  one\n  two¦\n", "one two", "one\n  two"],
    ["an item of a list", "a:\n  - ¦one¦\n", "one", "one"],
    ["in a flow", "a: {b: ¦one¦, c: [two]}\n", "one", "one"],
    ["in the second document", "a: 1\n---\nb: ¦one¦\n", "one", "one"],
    ["with Windows line ends", "a: |\r\n  ¦one\r\n  two¦\r\nb: c\r\n", "one\ntwo", "one\r\n  two"],
    ["with an anchor", "a: &x ¦one¦\nb: *x\n", "one", "one"],
  ])("%s", (_what, text, value, held) => {
    expect(literal(text)).toEqual([value, held]);
  });

  test.each<[string, string, string]>([
    ["a part of a value", "a: one ¦two¦\n", selectWhole],
    ["more than a value", "¦a: one¦\n", selectWhole],
    ["nothing", "a: o¦ne\n", selectWhole],
    ["blanks", "a:¦ ¦one\n", selectWhole],
    ["a part of a block", "a: |\n  ¦one¦\n  two\n", selectWhole],
    ["a key", "¦a¦: one\n", "A key is no value. Select the text behind its colon."],
    ["a key in quotes", "'¦a¦': one\n", "A key is no value. Select the text behind its colon."],
    ["a comment", "a: one # ¦two¦\n", "A comment is no value. Select a whole value."],
    ["an alias", "a: &x one\nb: ¦*x¦\n", selectWhole],
    ["an expression", 'a: ¦<+secrets.getValue("db")>¦\n', "The value holds an expression already, so there is nothing to move. Select a value that is written out."],
    ["a value with an expression in it", "a: ¦'x <+env.name> y'¦\n", "The value holds an expression already, so there is nothing to move. Select a value that is written out."],
    ["a broken file", "a: [¦one¦\nb: ]: c\n", "The file is not valid YAML there, so it cannot be told which value is selected. Mend it first."],
    ["an empty value", "a: ¦''¦\n", "The value is empty."],
    ["deep nesting", `a: ¦one¦\nb: ${"[".repeat(1000)}`, "The file is too large or too deeply nested to find the value in it. Create the secret first, and insert its reference then."],
    ["a very long file", `a: ¦one¦\nb: ${"x".repeat(500_000)}`, "The file is too large or too deeply nested to find the value in it. Create the secret first, and insert its reference then."],
  ])("is none where it is %s", (_what, text, problem) => {
    expect(literal(text)).toBe(problem);
  });
});

const history = "The value stays in the file's Git history, where everyone with the repository can read it: make a new one where it is used, and write it as a new version.";

async function move(options: EditorOptions) {
  const scene = editorScene({ text: 'password: ¦"plain\\u0041"¦ # x\n', choices: [({ range }) => [choice(range, "<+secrets.getValue('account.db')>")]], ...options });
  await scene.command("keyline.moveToVault");
  return scene;
}

describe("Move to Key Vault Secret", () => {
  test("creates a secret of the decoded value, and puts the chosen reference within the quotes", async () => {
    const { text, drafts, dialogs, asked } = await move({ pick: "Insert <+secrets.getValue('account.db')>" });
    expect(drafts).toEqual([{ value: "plainA" }]);
    expect(asked[0]).toEqual({ textDocument: { uri: "file:///w/p.yaml" }, range: { start: { line: 0, character: 11 }, end: { line: 0, character: 22 } }, vault: shopVault, name: "db" });
    expect(text()).toBe("password: \"<+secrets.getValue('account.db')>\" # x\n");
    expect(told(dialogs)).toBe(`db is in the vault shop-kv. Its reference stands in the file. ${history}`);
  });

  test("replaces nothing where the text has changed meanwhile, and says so", async () => {
    const { text, dialogs } = await move({ pick: "Insert <+secrets.getValue('account.db')>", meanwhile: (edit) => { edit("other: text\n"); } });
    expect(text()).toBe("other: text\n");
    expect(told(dialogs)).toBe("db is in the vault shop-kv. The file has changed meanwhile, or cannot be written, so nothing was replaced: the value still stands in it. Select it again, and paste a reference in its place.");
  });

  test("offers no reference that would leave a part of the value in the file", async () => {
    const { dialogs } = await move({ choices: [({ range }) => [choice({ ...range, start: { ...range.start, character: range.start.character + 1 } }, "x")]] });
    expect(dialogs.shown.find(({ kind }) => kind === "pick")?.choices).toEqual(["Write a secret in YAML…", 'Copy <+secrets.getValue("account.azurevault://kv/db")>']);
  });

  test("can end with a copied reference, and says that the value still stands there", async () => {
    const { dialogs, text } = await move({ pick: 'Copy <+secrets.getValue("account.azurevault://kv/db")>' });
    expect(dialogs.copied).toEqual(['<+secrets.getValue("account.azurevault://kv/db")>']);
    expect(text()).toContain("plain");
    expect(told(dialogs)).toBe("db is in the vault shop-kv. The reference is on the clipboard, and the value still stands in the file: replace it yourself.");
  });

  test("writes the entity first where that is chosen, then inserts the reference through it", async () => {
    const { text, written, calls } = await move({
      pick: "Write a secret in YAML…",
      choices: [() => [], ({ range }) => [choice(range, "path", { through: "connector", identifier: "account.kv" }), choice(range, "<+secrets.getValue('account.db')>")]],
      acts: ["Latest", "The whole", "Account", enter, enter, "Go on without", "Write"],
    });
    expect([...written.values()][0]).toContain("value: db\n");
    expect(text()).toBe("password: \"<+secrets.getValue('account.db')>\" # x\n");
    expect(calls.at(-1)).toBe("show the editor");
  });

  test("puts the new reference on the clipboard where the file does not see the entity", async () => {
    const { dialogs, text } = await move({ pick: "Write a secret in YAML…", choices: [() => []], acts: ["Latest", "The whole", "Account", enter, enter, "Go on without", "Write"] });
    expect(dialogs.copied).toEqual(['<+secrets.getValue("account.db")>']);
    expect(dialogs.shown.some(({ text: words }) => words.startsWith("The file does not see the new secret from its scope, or the server does not know it yet"))).toBe(true);
    expect(text()).toContain("plain");
  });

  describe("through a connector whose scope is not told", () => {
    const untoldPath = { rows: [connectorRow({ scope: untold })], pick: ["A path through the connector kv…", "Account", "Write It to keyline.jsonc"] } as const;
    const path = '<+secrets.getValue("account.azurevault://kv/db")>';

    test("asks for it, and inserts what the server says then", async () => {
      const choices: EditorOptions["choices"] = [() => [], ({ range }) => [choice(range, "entity"), choice(range, "path", { through: "connector", identifier: "account.kv" })]];
      const { text, dialogs, configs, asked } = await move({ ...untoldPath, choices });
      expect([text(), asked.length, dialogs.copied]).toEqual(['password: "path" # x\n', 2, []]);
      expect([...configs]).toEqual([["file:///work/shop/keyline.jsonc", expect.stringContaining('"scope": "account"')]]);
      expect(told(dialogs)).toBe(`db is in the vault shop-kv. Its reference stands in the file. ${history}`);
    });

    test("copies the reference where the server does not know the scope", async () => {
      const { text, dialogs, configs } = await move({ ...untoldPath, pick: [...untoldPath.pick.slice(0, 2), "Only This Time"], choices: [() => []] });
      expect([text().includes("plain"), dialogs.copied, configs.size]).toEqual([true, [path], 0]);
      expect(dialogs.shown.some(({ text: words }) => words.startsWith("The file does not see the connector from its scope, or the server does not know its scope, so nothing was inserted."))).toBe(true);
    });

    test("writes and copies nothing where the person leaves the question", async () => {
      for (const pick of [untoldPath.pick.slice(0, 1), untoldPath.pick.slice(0, 2)]) {
        const { text, dialogs, configs } = await move({ ...untoldPath, pick, choices: [() => []] });
        expect([text().includes("plain"), dialogs.copied, configs.size]).toEqual([true, [], 0]);
        expect(told(dialogs)).toBe("db is in the vault shop-kv. Nothing was replaced: the value still stands in the file.");
      }
    });
  });

  test("says that nothing was replaced where no reference was chosen", async () => {
    const { dialogs, text } = await move({});
    expect(told(dialogs)).toBe("db is in the vault shop-kv. Nothing was replaced: the value still stands in the file.");
    expect(text()).toContain("plain");
  });

  test("shows the value nowhere, and asks nobody about it", async () => {
    const { dialogs, asked, prompts, written } = await move({ pick: "Write a secret in YAML…", acts: ["Latest", "The whole", "Account", enter, enter, "Go on without", "Write"] });
    expect(JSON.stringify([dialogs.shown, dialogs.copied, asked, prompts.asked, [...written]])).not.toContain("plain");
  });

  test.each<[string, EditorOptions, string | undefined]>([
    ["in Restricted Mode", { trusted: false }, "Keyline changes no file in Restricted Mode. Trust this workspace first."],
    ["of a part of a value", { text: "a: one ¦two¦\n" }, selectWhole],
  ])("does nothing %s", async (_what, options, words) => {
    const { drafts, dialogs } = await move(options);
    expect(drafts).toEqual([]);
    expect(told(dialogs)).toBe(words);
  });

  test("does nothing without a YAML editor, and stops where no secret was created", async () => {
    const none = editorScene({});
    await none.command("keyline.moveToVault");
    expect(told(none.dialogs)).toBe("Select a value in a YAML file first.");
    const left = await move({ created: null });
    expect([left.asked, told(left.dialogs)]).toEqual([[], undefined]);
  });
});

describe("the offer after a secret was created", () => {
  const subject = { vault: shopVault, name: "cfg", jsonKeys: ["a", "b"] };

  test("inserts a direct path or a reference at the cursor", async () => {
    const scene = editorScene({ text: "a: ¦\n", pick: "Insert path", choices: [({ range }) => [choice(range, "path", { through: "connector", form: "path", identifier: "account.kv" })]] });
    await offerReference(scene.context, subject);
    expect(scene.text()).toBe("a: path\n");
    expect(scene.asked[0]).toMatchObject({ name: "cfg", jsonKey: "a.b" });
  });

  test("says what cannot be written as YAML, and offers no path for a nested key", async () => {
    const scene = editorScene({ text: "a: ¦\n", choices: [null] });
    await offerReference(scene.context, subject);
    expect(scene.dialogs.shown[0]?.choices).toEqual(["Write a secret in YAML…"]);
    expect(told(scene.dialogs)).toBeUndefined();
  });

  test("without an editor copies a path for each connector, or the new entity's reference", async () => {
    const rows = [connectorRow(), connectorRow({ key: "o", identifier: "org_kv", scope: { level: "org", org: "x" } })];
    const scene = editorScene({ rows, pick: 'Copy <+secrets.getValue("org.azurevault://org_kv/cfg#a")>' });
    await offerReference(scene.context, { ...subject, jsonKeys: ["a"] });
    expect(scene.dialogs.shown[0]?.choices).toHaveLength(3);
    expect(told(scene.dialogs)).toBe("The reference is on the clipboard.");
    const entity = editorScene({ pick: "Write a secret in YAML…", acts: ["Account", enter, enter, "Go on without", "Write"] });
    await offerReference(entity.context, subject);
    expect(entity.dialogs.copied).toEqual(['<+secrets.getValue("account.cfg_a_b")>']);
  });

  test("says that the server does not answer", async () => {
    const scene = editorScene({ text: "a: ¦\n", serverStopped: true });
    await offerReference(scene.context, subject);
    expect(told(scene.dialogs)).toBe("The language server does not answer, so nothing was inserted. Run Keyline: Restart Language Server.");
  });

  test("left at the entity's first box writes nothing", async () => {
    const scene = editorScene({ text: "a: ¦\n", pick: "Write a secret in YAML…", acts: [] });
    await offerReference(scene.context, subject);
    expect([scene.written.size, scene.text(), scene.dialogs.copied]).toEqual([0, "a: \n", []]);
  });
});
