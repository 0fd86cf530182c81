/**
 * Every layer rule, compiler option and lint rule that ARCHITECTURE.md promises is shown to bite: a copy of the source
 * gets one violation of each, and the tool that holds the rule must name it.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const checkout = path.resolve(import.meta.dirname, "../..");
let copy = "";

/** Violations of the dependency graph: rule, file, text. */
const imports: readonly (readonly [string, string, string])[] = [
  ["core-is-pure", "server/src/core/planted.ts", `import { nodeFiles } from "../host/clock.ts";\nexport const planted = nodeFiles;\n`],
  ["core-is-pure", "server/src/core/plantedPackage.ts", `import * as yaml from "yaml";\nexport const planted = yaml;\n`],
  ["protocol-knows-only-the-model", "server/src/protocol/planted.ts", `import { analyze } from "../core/analyze.ts";\nexport const planted = analyze;\n`],
  ["azure-only-in-its-adapter", "server/src/vault/planted.ts", `import { SecretClient } from "@azure/keyvault-secrets";\nexport const planted = SecretClient;\n`],
  ["azure-adapter-only-from-composition-roots", "server/src/lsp/plantedAdapter.ts", `import * as adapter from "../vault/azure/azureVaultApi.ts";\nexport const planted = adapter;\n`],
  ["vscode-only-in-client", "server/src/lsp/plantedVscode.ts", `import * as vscode from "vscode";\nexport const planted = vscode;\n`],
  ["transport-only-in-lsp", "server/src/workspace/plantedTransport.ts", `import * as transport from "vscode-languageserver/node";\nexport const planted = transport;\n`],
  ["lsp-not-to-cli", "server/src/lsp/plantedCli.ts", `import { runCli } from "../cli/runCli.ts";\nexport const planted = runCli;\n`],
  ["cli-not-to-lsp", "server/src/cli/planted.ts", `import * as session from "../lsp/session.ts";\nexport const planted = session;\n`],
  ["layers-point-down", "server/src/host/planted.ts", `import { runCli } from "../cli/runCli.ts";\nexport const planted = runCli;\n`],
  ["client-sees-little-of-the-server", "client/src/planted.ts", `import { analyze } from "../../server/src/core/analyze.ts";\nexport const planted = analyze;\n`],
  ["server-not-to-client", "server/src/lsp/plantedClient.ts", `import * as client from "../../../client/src/commands.ts";\nexport const planted = client;\n`],
  ["client-not-to-tests", "client/src/plantedTest.ts", `import * as seed from "../../test/azure/seed.ts";\nexport const planted = seed;\n`],
  ["features-stand-alone", "server/src/core/features/planted.ts", `import { hover } from "./hover.ts";\nexport const planted = hover;\n`],
  ["no-cycles", "server/src/core/model/plantedA.ts", `import { b } from "./plantedB.ts";\nexport const a = (): unknown => b;\n`],
  ["resolvable", "server/src/core/model/plantedLost.ts", `import { nothing } from "./nowhere.ts";\nexport const planted = nothing;\n`],
];

/** What the core's compiler options must refuse. */
const ambient: readonly (readonly [string, string])[] = [
  ["node", `import { readFileSync } from "node:fs";\nexport const planted = readFileSync;\n`],
  ["process", "export const planted = process.pid;\n"],
  ["console", "export const planted = (): void => { console.log(1); };\n"],
  ["setTimeout", "export const planted = setTimeout(() => undefined, 1);\n"],
  ["fetch", `export const planted = fetch("https://example.com");\n`],
  ["URL", `export const planted = new URL("https://example.com");\n`],
];

/** What lint must refuse: rule, file, text. */
const words: readonly (readonly [string, string, string])[] = [
  ["no-restricted-syntax", "server/src/vault/plantedValue.ts", "export const planted = (client: { getSecret: () => string }): string => client.getSecret();\n"],
  ["no-restricted-syntax", "client/src/plantedTrusted.ts", "export function planted(markdown: { isTrusted: boolean }): void {\n  markdown.isTrusted = true;\n}\n"],
  ["no-restricted-syntax", "client/src/plantedDefault.ts", "export default 1;\n"],
  ["no-restricted-syntax", "server/src/core/plantedRegex.ts", "export const planted = /<\\+[^]*?>/;\n"],
  ["no-console", "server/src/host/plantedConsole.ts", "export const planted = (): void => {\n  console.log(1);\n};\n"],
  ["@typescript-eslint/no-floating-promises", "server/src/host/plantedPromise.ts", "export function planted(): void {\n  Promise.resolve(1);\n}\n"],
  ["@typescript-eslint/no-misused-promises", "server/src/host/plantedTruth.ts", "export function planted(promise: Promise<boolean>): number {\n  return promise ? 1 : 2;\n}\n"],
  ["@typescript-eslint/switch-exhaustiveness-check", "server/src/host/plantedSwitch.ts", `export function planted(kind: "a" | "b"): number | undefined {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return undefined;\n}\n`],
];

function plant(file: string, text: string): void {
  writeFileSync(path.join(copy, file), text);
}

function run(tool: string, ...toolArguments: readonly string[]): string {
  const result = spawnSync(process.execPath, [path.join(checkout, "node_modules", tool), ...toolArguments], { cwd: copy, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return result.stdout + result.stderr;
}

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), "keyline-planted-"));
  for (const folder of ["client", "server"]) cpSync(path.join(checkout, folder), path.join(copy, folder), { recursive: true });
  mkdirSync(path.join(copy, "test/azure"), { recursive: true });
  cpSync(path.join(checkout, "test/azure/seed.ts"), path.join(copy, "test/azure/seed.ts"));
  for (const file of ["package.json", "tsconfig.base.json", "eslint.config.mjs", ".dependency-cruiser.cjs"]) cpSync(path.join(checkout, file), path.join(copy, file));
  symlinkSync(path.join(checkout, "node_modules"), path.join(copy, "node_modules"), "junction");
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

describe("the graph of imports", () => {
  let printed = "";
  beforeAll(() => {
    for (const [, file, text] of imports) plant(file, text);
    plant("server/src/core/model/plantedB.ts", `import { a } from "./plantedA.ts";\nexport const b = (): unknown => a;\n`);
    printed = run("dependency-cruiser/bin/dependency-cruiser.mjs", "--output-type", "err", "client", "server");
    for (const [, file] of imports) rmSync(path.join(copy, file));
    rmSync(path.join(copy, "server/src/core/model/plantedB.ts"));
  }, 120_000);

  test.each(imports)("%s catches %s", (rule, file) => {
    const line = printed.split("\n").find((each) => each.includes(` ${rule}: `) && each.includes(file));
    expect(line, `${rule} says nothing of ${file}`).toBeDefined();
  });
});

test.each(ambient)("the core does not compile with %s", (name, text) => {
  plant("server/src/core/planted.ts", text);
  const printed = run("typescript/bin/tsc", "--noEmit", "--composite", "false", "--emitDeclarationOnly", "false", "-p", "server/src/core");
  rmSync(path.join(copy, "server/src/core/planted.ts"));
  expect(printed).toMatch(/server\/src\/core\/planted\.ts\(\d+,\d+\): error TS/);
  expect(printed).toContain(name);
}, 60_000);

test("the core does not bundle with a module of Node", () => {
  plant("server/src/core/planted.ts", `export { readFileSync } from "node:fs";\n`);
  const printed = run("esbuild/bin/esbuild", "server/src/core/planted.ts", "--bundle", "--platform=neutral");
  rmSync(path.join(copy, "server/src/core/planted.ts"));
  expect(printed).toContain(`Could not resolve "node:fs"`);
}, 60_000);

describe("lint", () => {
  let results: readonly { readonly filePath: string; readonly messages: readonly { readonly ruleId: string | null }[] }[] = [];
  beforeAll(() => {
    for (const [, file, text] of words) plant(file, text);
    results = JSON.parse(run("eslint/bin/eslint.js", "--format", "json", ...words.map(([, file]) => file)));
    for (const [, file] of words) rmSync(path.join(copy, file));
  }, 120_000);

  test.each(words)("%s catches %s", (rule, file) => {
    const found = results.find((result) => result.filePath.endsWith(file.split("/").at(-1) ?? ""));
    expect(found?.messages.map((message) => message.ruleId)).toContain(rule);
  });
});
