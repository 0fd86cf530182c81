import { describe, expect, test } from "vitest";
import { cliRun } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference, wrongScope } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

const bad = `<+secrets.getValue("acount.x")>`;

/** The report's lines on one file with this text. */
async function lines(text: string, options: { readonly colours?: boolean } = {}): Promise<readonly string[]> {
  const run = await cliRun(await tempFolder({ "p.yaml": text }), ["check", "--offline"], options);
  return run.out.split("\n");
}

/** What stands above the carets, by columns of a terminal in which every character that is not told otherwise takes one. */
async function excerpt(line: string): Promise<{ readonly source: string; readonly carets: string }> {
  const [, source = "", carets = ""] = await lines(`run: |\n  ${line}\n`);
  return { source, carets };
}

test("a finding is file:line:col, one-based, its severity, rule and message, the source line and carets under the part at fault", async () => {
  expect(await lines(pipelineText(wrongScope))).toEqual([
    `p.yaml:15:48: error[invalid-scope-prefix] "acount" is no scope. Write id, org.id or account.id`,
    `                      echo <+secrets.getValue("acount.token")>`,
    `                                               ^~~~~~`,
    "1 error in 1 reference, 1 file.",
    "",
  ]);
});

test("findings stand in the order of files, then of places", async () => {
  const folder = await tempFolder({ "b.yaml": pipelineText(wrongScope), "a.yaml": `run: |\n  ${bad}\n  ${bad} ${bad}\n` });
  const { out } = await cliRun(folder, ["check", "--offline"]);
  expect(out.split("\n").flatMap((line) => /^\S+:\d+:\d+/.exec(line) ?? [])).toEqual(["a.yaml:2:23", "a.yaml:3:23", "a.yaml:3:55", "b.yaml:15:48"]);
});

test.each([
  ["\n", "p.yaml:3:23"],
  ["\r\n", "p.yaml:3:23"],
])("ends of lines %j", async (end, place) => {
  const [first, source] = await lines(["run: |", "  x", `  ${bad}`, ""].join(end));
  expect(first).toMatch(new RegExp(`^${place}: `));
  expect(source).toBe(`  ${bad}`);
});

test("a byte order mark takes no column", async () => {
  const [first, source] = await lines(`\ufeffrun: ${bad}\n`);
  expect(first).toMatch(/^p\.yaml:1:26: /);
  expect(source).toBe(`run: ${bad}`);
});

describe("carets stand under the part at fault", () => {
  const under = (before: string): string => " ".repeat(`  ${before}<+secrets.getValue("`.length);

  test.each([
    ["plain", "echo ", under("echo ")],
    ["a tab stands above a tab", "a\tb", "   \t" + " ".repeat(`b<+secrets.getValue("`.length)],
    ["a wide character takes two columns", "語", under("xx")],
    ["so does a Hangul syllable and a full-width letter", "한Ａ", under("xxxx")],
    ["so does an emoji outside the basic plane", "😀", under("xx")],
    ["so does an emoji inside it", "✅⭐⌚", under("xxxxxx")],
    ["a symbol that is narrow in a terminal takes one", "✓→é", under("xxx")],
    ["a combining mark takes none", "e\u0301", under("x")],
    ["an emoji's variation selector takes none", "⭐\ufe0f", under("xx")],
    ["a control character is shown as one replacement", "\u0001", under("x")],
  ])("%s", async (_, before, blanks) => {
    const { carets } = await excerpt(`${before}${bad}`);
    expect(carets).toBe(`${blanks}^~~~~~`);
  });

  test("and are as wide as it is", async () => {
    const { carets } = await excerpt(`<+secrets.getValue("語x.a")>`);
    expect(carets).toBe(`${under("")}^~~`);
  });
});

test("characters that a terminal would obey are replaced, in the source line too", async () => {
  const hostile = "\u001b[31m\u0007\u0008\u009b\u202e\u2066\u200f\u061c\u200b";
  const { source } = await excerpt(`${hostile}${bad}`);
  expect(source).toBe(`  \ufffd[31m${"\ufffd".repeat(8)}${bad}`);
  const folder = await tempFolder({ "a\u001b[2J\n\u202eb.yaml": `run: ${bad}\n` });
  const { out } = await cliRun(folder, ["check", "--offline"]);
  expect(out.split("\n")[0]).toMatch(/^a\\u001b\[2J\\u000a\\u202eb\.yaml:1:26: error/);
});

test("a message's foreign parts cannot forge a line", async () => {
  const folder = await tempFolder({ "p.yaml": `run: "<+secrets.getValue('acc\\u001b[1m\\nfile:1:1: error.x')>"\n` });
  const { out } = await cliRun(folder, ["check", "--offline"]);
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(out.split("\n").filter((line) => line.startsWith("file:"))).toEqual([]);
});

describe("a long line is cut to the neighbourhood of the finding", () => {
  const columns = (text: string): number => [...text].length;

  test.each([
    ["at its start", 0, 1000],
    ["in its middle", 1000, 1000],
    ["at its end", 1000, 0],
  ])("%s", async (_, before, after) => {
    const { source, carets } = await excerpt(`${"a".repeat(before)} ${bad} ${"b".repeat(after)}`);
    expect(columns(source)).toBeLessThanOrEqual(162);
    expect(source.slice(carets.indexOf("^"), carets.length)).toBe("acount");
    expect(source.startsWith("…")).toBe(before > 0);
    expect(source.endsWith("…")).toBe(after > 0);
  });

  test("never through a character", async () => {
    for (let shift = 0; shift < 4; shift++) {
      const { source } = await excerpt(`${"x".repeat(shift)}${"😀".repeat(500)} ${bad} ${"😀".repeat(500)}`);
      expect(source).not.toMatch(/\p{Surrogate}/u);
      expect(source).toContain("acount");
    }
  });

  test("and a part at fault that is longer ends with it", async () => {
    const { source, carets } = await excerpt(`<+secrets.getValue("${"q".repeat(1000)}.x")>`);
    expect(columns(carets)).toBeLessThanOrEqual(columns(source));
    expect(columns(source)).toBeLessThanOrEqual(162);
  });
});

describe("colour", () => {
  test("on a terminal only", async () => {
    const escape = "\u001b[";
    const plain = await lines(pipelineText(wrongScope));
    const coloured = await lines(pipelineText(wrongScope), { colours: true });
    expect(plain.join("\n")).not.toContain(escape);
    expect(coloured[0]).toContain(`${escape}31merror[invalid-scope-prefix]${escape}0m`);
    expect(coloured[2]).toBe(`${escape}32m${plain[2] ?? ""}${escape}0m`);
    expect(coloured.join("\n").replace(/\u001b\[\d+m/g, "")).toBe(plain.join("\n"));
  });

  test("never in JSON", async () => {
    const folder = await tempFolder({ "p.yaml": pipelineText(wrongScope) });
    const [plain, coloured] = [await cliRun(folder, ["check", "--offline", "--format", "json"]), await cliRun(folder, ["check", "--offline", "--format", "json"], { colours: true })];
    expect(coloured.out).toBe(plain.out);
  });
});

describe("the summary", () => {
  test("counts by severity, in words that fit the number", async () => {
    const rules = `{ "rules": { "singular-secret": "warning", "missing-plus": "info", "smart-quotes": "hint" } }`;
    const text = `run: |\n  ${bad}\n  ${bad}\n  <+secret.getValue("a")>\n  <secrets.getValue("a")>\n  <+secrets.getValue(“a”)>\n`;
    const { out } = await cliRun(await tempFolder({ "keyline.jsonc": rules, "p.yaml": text, "q.yaml": "" }), ["check", "--offline"]);
    expect(out).toMatch(/\n2 errors, 1 warning, 1 info, 1 hint in \d references, 2 files\.\n$/);
  });

  test("has one line for each reason why something is not verified, with what to do about it", async () => {
    const folder = await tempFolder({
      "p.yaml": pipelineText(`${vaultReference("a")}; ${vaultReference("b")}; ${vaultReference("c", "unknown")}; echo <+secrets.getValue("x_<+stage.name>")>`),
      "kv.yaml": connectorText(),
    });
    const { out, code } = await cliRun(folder, ["check"], { vaults: { "shop-kv": "forbidden" } });
    expect(out.split("\n")).toEqual([
      "1 reference not verified: The reference is put together while the pipeline runs. Nothing to do.",
      "2 references not verified: Your account may not list the vault's secrets. Ask for the role Key Vault Reader, or the list permission in the access policy.",
      "1 reference not verified: No file of the workspace defines the connector that the reference leads to. Add its YAML or list it in keyline.jsonc; list its scope under complete to have unknown identifiers reported. It is in p.yaml.",
      "No findings in 4 references, 2 files.",
      "",
    ]);
    expect(code).toBe(0);
  });

  test.each([
    [1, "They are in 1.yaml."],
    [3, "They are in 1.yaml, 2.yaml and 3.yaml."],
    [4, "They are in 1.yaml, 2.yaml, 3.yaml and 1 more file."],
    [6, "They are in 1.yaml, 2.yaml, 3.yaml and 3 more files."],
  ])("names the files where it is for them to change something: %d", async (count, words) => {
    const text = pipelineText(`${vaultReference("a", "unknown")} ${vaultReference("b", "unknown")}`);
    const folder = await tempFolder(Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index + 1}.yaml`, text])));
    expect((await cliRun(folder, ["check", "--offline"])).out).toContain(` to have unknown identifiers reported. ${words}\n`);
  });
});
