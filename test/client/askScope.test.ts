import { describe, expect, test } from "vitest";
import type { ScopedRow } from "../../client/src/connectors/askScope.ts";
import { askScope, createScopeAsker } from "../../client/src/connectors/askScope.ts";
import type { FileScope } from "../../server/src/core/model/scope.ts";
import { readConfig } from "../../server/src/core/index.ts";
import { fileScopes } from "../../server/src/workspace/fileScopes.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { connectorRow, folder, untold } from "./connectorRow.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { memoryFiles } from "./memoryFiles.ts";

const config = `${folder}/keyline.jsonc`;
const path = ".harness/kv.yaml";
const row = connectorRow({ scope: untold });
const project = { level: "project", org: "default", project: "shop" } as const;

interface Options extends FakeAnswers {
  readonly config?: string;
  readonly trusted?: boolean;
  readonly row?: ScopedRow;
  readonly others?: readonly FileScope[];
}

async function ask(options: Options) {
  const dialogs = createFakeDialogs(options);
  const files = memoryFiles(options.config === undefined ? {} : { [config]: options.config });
  const answer = await askScope({ dialogs, files, isTrusted: () => options.trusted ?? true }, options.row ?? row, options.others ?? []);
  return { answer, dialogs, files, text: files.texts.get(config) };
}

function scopeIn(text: string | undefined): unknown {
  const read = readConfig(config, text ?? "");
  expect(read.problems).toEqual([]);
  return fileScopes(read.config.scopes)(path);
}

describe("the question for a scope", () => {
  test("offers the account, and what keyline.jsonc and other rows name, each organization before its projects", async () => {
    const text = `{
      // Ours.
      "organization": "default", "project": "shop", "complete": ["org:pay"],
      "connectors": [{ "identifier": "x", "scope": "project:zeta/one" }], "secrets": [{ "scope": "account" }],
      "scopes": [{ "files": "a.yaml", "scope": "project:default/web" }],
    }`;
    const { dialogs } = await ask({ config: text, others: [{ level: "project", org: "default", project: "shop" }, { level: "org", org: "alpha" }, untold, { level: "unknown", reason: "unknown-scope", candidates: [{ level: "unknown", reason: "unknown-scope", org: "beta" }] }] });
    expect(dialogs.shown[0]).toEqual({
      kind: "pick",
      text: "In which scope does .harness/kv.yaml live?",
      choices: ["Account", "Organization alpha", "Organization beta", "Organization default", "Project default/shop", "Project default/web", "Organization pay", "Organization zeta", "Project zeta/one", "Another…"],
    });
  });

  test("offers what its own scope may be", async () => {
    const { dialogs } = await ask({ row: connectorRow({ scope: { ...untold, candidates: [project, { level: "org", org: "default" }, { level: "account" }] } }) });
    expect(dialogs.shown[0]?.choices).toEqual(["Account", "Organization default", "Project default/shop", "Another…"]);
  });

  test.each([["org:pay", { level: "org", org: "pay" }], [" project:pay/web ", { level: "project", org: "pay", project: "web" }]])("takes another that is typed: %j", async (input, scope) => {
    const { answer } = await ask({ pick: ["Another…", "Only This Time"], input });
    expect(answer).toEqual({ scope, isWritten: false });
  });

  test.each(["pay", "org:", "project:pay", "org:a-b", "project:a/b/c", "<+input>", ...vectors.strings])("refuses what is no scope: %j", async (input) => {
    const { answer, dialogs, files } = await ask({ pick: ["Another…", "Write It to keyline.jsonc"], input });
    expect([answer, files.changed]).toEqual([undefined, []]);
    expect(dialogs.shown.at(-1)?.text).toContain("Write org:<org> or project:<org>/<project>. An identifier has letters, digits, _ and $ only.");
  });

  test("writes the entry to keyline.jsonc of the row's folder, and keeps what it holds", async () => {
    const { answer, text, dialogs } = await ask({ pick: ["Project default/shop", "Write It to keyline.jsonc"], config: '{\n  // Ours.\n  "organization": "default",\n  "project": "shop"\n}\n' });
    expect(answer).toEqual({ scope: project, isWritten: true });
    expect([scopeIn(text), text?.includes("// Ours.")]).toEqual([project, true]);
    expect(dialogs.shown[1]).toEqual({ kind: "pick", text: ".harness/kv.yaml lives in project default/shop. Is keyline.jsonc to say so?", choices: ["Write It to keyline.jsonc", "Only This Time"] });
  });

  test("makes keyline.jsonc where there is none, for a file that server and client escape in two ways", async () => {
    const odd = connectorRow({ scope: untold, folder: "file:///c%3A/sh%20op", uri: "file:///c:/sh op/.harness/kv.yaml" });
    const { files } = await ask({ pick: ["Account", "Write It to keyline.jsonc"], row: odd });
    expect(scopeIn(files.texts.get("file:///c%3A/sh%20op/keyline.jsonc"))).toEqual({ level: "account" });
  });

  test("writes nothing for this time, nor where the person leaves either question", async () => {
    for (const [pick, answer] of [[["Account", "Only This Time"], { scope: { level: "account" }, isWritten: false }], [[], undefined], [["Account"], undefined], [["Another…"], undefined]] as const) {
      const made = await ask({ pick });
      expect([made.answer, made.files.changed]).toEqual([answer, []]);
    }
  });

  test("in Restricted Mode is one question alone", async () => {
    const { answer, dialogs, files } = await ask({ pick: ["Account", "Write It to keyline.jsonc"], trusted: false });
    expect([answer, dialogs.shown.length, files.changed]).toEqual([{ scope: { level: "account" }, isWritten: false }, 1, []]);
  });

  test("says what to add where keyline.jsonc cannot be changed", async () => {
    const { answer, dialogs, files } = await ask({ pick: ["Account", "Write It to keyline.jsonc"], config: "{ broken" });
    expect([answer, files.changed]).toEqual([{ scope: { level: "account" }, isWritten: false }, []]);
    expect(dialogs.shown.at(-1)).toMatchObject({ kind: "tell", text: 'keyline.jsonc could not be changed. Add { "files": ".harness/kv.yaml", "scope": "account" } to its scopes.' });
  });

  test("names a long path whole, in the question and in the entry", async () => {
    const long = `${".harness/connectors".repeat(6)}/kv.yaml`;
    const { dialogs } = await ask({ row: connectorRow({ scope: untold, uri: `${folder}/${long}` }), pick: ["Account", "Write It to keyline.jsonc"], config: "{ broken" });
    expect(dialogs.shown.map(({ text }) => text.includes(long))).toEqual([true, true, true]);
  });

  test("offers no entry for a file in which a placeholder stands: its text wins", async () => {
    const { answer, dialogs } = await ask({ row: connectorRow({ scope: { level: "unknown", reason: "scope-placeholder" } }), others: [project], pick: ["Organization default"] });
    expect([answer, dialogs.shown.map(({ choices }) => choices)]).toEqual([{ scope: { level: "org", org: "default" }, isWritten: false }, [["Organization default", "Project default/shop", "Another…"]]]);
  });

  test("offers projects alone for a file that names a project", async () => {
    const options = { row: connectorRow({ scope: { level: "unknown", reason: "organization-missing" } }), others: [project] } as const;
    const { answer, dialogs, text } = await ask({ ...options, pick: ["Project default/shop", "Write It to keyline.jsonc"] });
    expect([answer?.isWritten, dialogs.shown[0]?.choices, scopeIn(text)]).toEqual([true, ["Project default/shop", "Another…"], project]);
    const typed = await ask({ ...options, pick: "Another…", input: "org:pay" });
    expect([typed.answer, typed.dialogs.shown.at(-1)?.text]).toEqual([undefined, expect.stringContaining("The file names a project: write project:<org>/<project>.")]);
  });

  test.each(vectors.strings)("shows hostile names as text: %j", async (text) => {
    const { dialogs } = await ask({ row: connectorRow({ scope: untold, uri: `${folder}/${text}.yaml`, identifier: text }), others: [{ level: "org", org: text }], pick: ["Account"] });
    for (const { text: words, choices } of dialogs.shown) for (const one of [words, ...choices]) expect(one).not.toMatch(/(?<!\\)\$\(|[\u0000-\u001f\u202e]/);
  });
});

describe("a command", () => {
  const asker = (pick: readonly string[]) => {
    const dialogs = createFakeDialogs({ pick });
    return { dialogs, scopes: createScopeAsker({ dialogs, files: memoryFiles(), isTrusted: () => true }, []) };
  };

  test("asks nothing where the scope is known", async () => {
    const { dialogs, scopes } = asker([]);
    const known = connectorRow();
    expect([await scopes.told(known), dialogs.shown]).toEqual([known, []]);
  });

  test("asks once for a file, and for each file", async () => {
    const { dialogs, scopes } = asker(["Account", "Only This Time", "Account", "Only This Time"]);
    const rows = [row, connectorRow({ scope: untold, identifier: "other" }), connectorRow({ scope: untold, uri: `${folder}/b.yaml` }), row];
    for (const one of rows) expect(await scopes.told(one)).toEqual({ ...one, scope: { level: "account" } });
    expect(dialogs.shown.filter(({ text }) => text.startsWith("In which scope")).map(({ text }) => text)).toEqual(["In which scope does .harness/kv.yaml live?", "In which scope does b.yaml live?"]);
  });

  test("asks for each that says a part of its scope itself", async () => {
    const missing = { level: "unknown", reason: "organization-missing" } as const;
    const dialogs = createFakeDialogs({ pick: ["Project a/b", "Only This Time", "Project a/c", "Only This Time"] });
    const scopes = createScopeAsker({ dialogs, files: memoryFiles(), isTrusted: () => true }, [{ level: "project", org: "a", project: "b" }, { level: "project", org: "a", project: "c" }]);
    const told = [await scopes.told(connectorRow({ scope: missing })), await scopes.told(connectorRow({ scope: missing, identifier: "other" }))];
    expect(told.map((one) => one?.scope)).toEqual([{ level: "project", org: "a", project: "b" }, { level: "project", org: "a", project: "c" }]);
  });

  test("gets nothing where the person leaves", async () => {
    expect(await asker([]).scopes.told(row)).toBeUndefined();
  });
});
