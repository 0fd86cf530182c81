import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../server/src/cli/arguments.ts";
import { usage } from "../../server/src/cli/usage.ts";
import { version } from "../../server/src/version.ts";
import { cliRun } from "../support/cliRun.ts";
import { tempFolder } from "../support/tempFolder.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };

const checkDefaults = {
  kind: "check",
  paths: [],
  format: "text",
  offline: false,
  failOn: "error",
  forceExclude: false, requireVerified: false,
  vaults: [],
  credential: "azure-cli",
  readJsonKeys: false,
};

function read(words: string): unknown {
  return readArguments(words.split(" "));
}

function wrongWords(words: readonly string[]): string {
  const command = readArguments(words);
  return command.kind === "wrong" ? command.message : `not wrong but ${command.kind}`;
}

describe("what is understood", () => {
  test.each([
    ["check", {}],
    ["check a.yaml b", { paths: ["a.yaml", "b"] }],
    ["check --format json", { format: "json" }],
    ["check --format=text", {}],
    ["check --offline", { offline: true }],
    ["check --fail-on error", {}],
    ["check --fail-on warning", { failOn: "warning" }],
    ["check --fail-on=info", { failOn: "info" }],
    ["check --fail-on never", { failOn: "never" }],
    ["check --config a/keyline.jsonc", { config: "a/keyline.jsonc" }],
    ["check --config=a=b.jsonc", { config: "a=b.jsonc" }],
    ["check --force-exclude", { forceExclude: true }],
    ["check --require-verified", { requireVerified: true }],
    ["check --vault shop-kv", { vaults: ["shop-kv"] }],
    ["check --vault shop-kv --vault=Other-KV", { vaults: ["shop-kv", "Other-KV"] }],
    ["check --credential environment", { credential: "environment" }],
    ["check --credential=azure-cli", {}],
    ["check --read-json-keys", { readJsonKeys: true }],
    ["check a --offline b", { paths: ["a", "b"], offline: true }],
    ["check -- --offline", { paths: ["--offline"] }],
    ["check --offline -- --help a", { paths: ["--help", "a"], offline: true }],
    ["check -- --", { paths: ["--"] }],
  ])("%s", (words, expected) => {
    expect(read(words)).toEqual({ ...checkDefaults, ...expected });
  });

  test.each([
    ["--help", { kind: "help" }],
    ["-h", { kind: "help" }],
    ["check --help", { kind: "help" }],
    ["references a -h", { kind: "help" }],
    ["nonsense --help", { kind: "help" }],
    ["--version", { kind: "version" }],
    ["references", { kind: "references", paths: [] }],
    ["references a b --format json", { kind: "references", paths: ["a", "b"] }],
    ["lsp --stdio", { kind: "lsp" }],
    // As the Language Server Protocol lets a client say when the server shall end.
    ["lsp --stdio --clientProcessId=42", { kind: "lsp" }],
  ])("%s", (words, expected) => {
    expect(read(words)).toEqual(expected);
  });
});

describe("what is wrong", () => {
  test.each([
    [[], "say what to do: check, references or lsp"],
    [["chek"], "unknown command chek; did you mean check?"],
    [["Check"], "unknown command Check; did you mean check?"],
    [["reference"], "unknown command reference; did you mean references?"],
    [["pipeline.yaml"], "unknown command pipeline.yaml"],
    [["constructor"], "unknown command constructor"],
    [["__proto__"], "unknown command __proto__"],
    [["toString", "--stdio"], "unknown command toString"],
    [["--helpp"], "unknown flag --helpp; did you mean --help?"],
    [["--verison"], "unknown flag --verison; did you mean --version?"],
    [["-v"], "unknown flag -v"],
    [["--"], "unknown flag --"],
    [["--version", "check"], "--version stands alone"],
    [["check", "--ofline"], "unknown flag --ofline; did you mean --offline?"],
    [["check", "--Offline"], "unknown flag --Offline; did you mean --offline?"],
    [["check", "--stdio"], "unknown flag --stdio"],
    [["check", "-f"], "unknown flag -f"],
    [["check", "--constructor"], "unknown flag --constructor"],
    [["check", "--__proto__=1"], "unknown flag --__proto__"],
    [["check", "--format"], "--format needs a value. It takes text or json"],
    [["check", "--format="], "--format needs a value. It takes text or json"],
    [["check", "--format", "--offline"], "--format needs a value. It takes text or json"],
    [["check", "--format", "xml"], "--format cannot be xml. It takes text or json"],
    [["check", "--format=JSON"], "--format cannot be JSON. It takes text or json"],
    [["check", "--fail-on", "hint"], "--fail-on cannot be hint. It takes error, warning, info or never"],
    [["check", "--fail-on=errors"], "--fail-on cannot be errors. It takes error, warning, info or never"],
    [["check", "--credential", "vscode"], "--credential cannot be vscode. It takes azure-cli or environment"],
    [["check", "--config"], "--config needs a value"],
    [["check", "--config", ""], "--config needs a value"],
    [["check", "--vault"], "--vault needs a value"],
    [["check", "--offline=yes"], "--offline takes no value"],
    [["check", "--read-json-keys="], "--read-json-keys takes no value"],
    [["check", "--offline", "--offline"], "--offline is given twice"],
    [["check", "--format", "json", "--format", "json"], "--format is given twice"],
    [["check", "--config=a", "--config", "b"], "--config is given twice"],
    [["references", "--format", "text"], "--format cannot be text. It takes json"],
    [["references", "--offline"], "unknown flag --offline"],
    [["lsp"], "lsp needs --stdio"],
    [["lsp", "--stdio", "folder"], "lsp takes no path: folder"],
    [["lsp", "--stdio", "--", "folder"], "lsp takes no path: folder"],
    [["lsp", "--stido"], "unknown flag --stido; did you mean --stdio?"],
    [["lsp", "--stdio=1"], "--stdio takes no value"],
    [["check", ""], "a path is empty"],
    [["check", "--", ""], "a path is empty"],
  ])("%j", (words, message) => {
    expect(wrongWords(words)).toBe(message);
  });

  test.each(["https://shop-kv.vault.azure.net", "shop_kv", "shop-kv.vault.azure.net", "a", "shop--kv"])("--vault %s, which is no vault's name", (name) => {
    const words = `--vault cannot be ${name}: a vault's short name has 3 to 24 letters, digits and single hyphens`;
    expect(wrongWords(["check", "--vault", name])).toBe(words);
    expect(wrongWords(["check", `--vault=${name}`])).toBe(words);
  });
});

test("what is wrong goes to standard error with a way out, and the run ends with 2", async () => {
  const run = await cliRun(await tempFolder(), ["check", "--ofline"]);
  expect(run).toMatchObject({ code: 2, out: "", err: "keyline: unknown flag --ofline; did you mean --offline?\nRun keyline --help to see what there is.\n" });
});

test("a word that a terminal would obey is shown, not obeyed", async () => {
  const run = await cliRun(await tempFolder(), ["check", "--\u001b[2Jx"]);
  expect(run.err).toBe("keyline: unknown flag --\\u001b[2Jx\nRun keyline --help to see what there is.\n");
});

test("--help names every flag and exit code on standard output", async () => {
  const run = await cliRun(await tempFolder(), ["--help"]);
  expect(run).toMatchObject({ code: 0, out: usage, err: "" });
  const flags = ["--format", "--offline", "--fail-on", "--config", "--require-verified", "--vault", "--credential", "--read-json-keys", "--stdio", "--help", "--version"];
  for (const flag of flags) expect(run.out).toContain(` ${flag}`);
  expect(run.out.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

test("--version is the package's", async () => {
  expect(version).toBe(manifest.version);
  expect(await cliRun(await tempFolder(), ["--version"])).toMatchObject({ code: 0, out: `${manifest.version}\n`, err: "" });
});

test("lsp --stdio starts the language server and leaves the process to it", async () => {
  expect(await cliRun(await tempFolder(), ["lsp", "--stdio"])).toMatchObject({ code: undefined, startedLanguageServer: true, out: "", err: "" });
});
