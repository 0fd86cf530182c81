import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { buildBundles } from "./buildBundles.ts";
import { checkoutPath } from "./checkoutPath.ts";
import { runProgram } from "./runProgram.ts";
import { zipNames, type ZipEntry } from "./zipNames.ts";

/** All that ships. vsce renames three of the files, and writes the two at the top itself. */
const shippedFiles: readonly string[] = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/SECURITY.md",
  "extension/changelog.md",
  "extension/dist/adapter.js",
  "extension/dist/azure.js",
  "extension/dist/cli.js",
  "extension/dist/extension.js",
  "extension/dist/server.js",
  "extension/dist/session.js",
  "extension/media/icon.png",
  "extension/media/keyline.svg",
  "extension/package.json",
  "extension/readme.md",
  "extension/schemas/keyline.schema.json",
  "extension/syntaxes/harness-expressions.injection.tmLanguage.json",
];

export interface ExtensionPackage {
  readonly vsix: string;
  readonly entries: readonly ZipEntry[];
  /** Over dist/, as the package holds it. */
  readonly distHash: string;
}

/** Builds the bundles and packages them as keyline-<version>.vsix. Throws when other files would ship than those listed here. */
export async function packageExtension(): Promise<ExtensionPackage> {
  const distHash = await buildBundles();
  const manifest = JSON.parse(await readFile(path.join(checkoutPath, "package.json"), "utf8")) as { readonly version: string };
  const vsix = path.join(checkoutPath, `keyline-${manifest.version}.vsix`);
  await rm(vsix, { force: true });
  const vsce = path.join(path.dirname(createRequire(import.meta.url).resolve("@vscode/vsce/package.json")), "vsce");
  await runProgram(process.execPath, [vsce, "package", "--no-dependencies", "--out", vsix], { cwd: checkoutPath });
  const entries = zipNames(await readFile(vsix));
  const difference = shippedDifference(entries.map((entry) => entry.name));
  if (difference !== undefined) {
    await rm(vsix, { force: true });
    throw new Error(difference);
  }
  return { vsix, entries, distHash };
}

/** What ships and should not, or the other way round, in one text; undefined where the two lists are equal. */
export function shippedDifference(names: readonly string[]): string | undefined {
  const tooMany = names.filter((name) => !shippedFiles.includes(name));
  const missing = shippedFiles.filter((name) => !names.includes(name));
  if (tooMany.length === 0 && missing.length === 0) {
    return undefined;
  }
  const lines = [
    "The package differs from the list in scripts/package.ts. Mend .vscodeignore, or the list.",
    ...tooMany.map((name) => `  not in the list: ${name}`),
    ...missing.map((name) => `  not in the package: ${name}`),
  ];
  return lines.join("\n");
}

if (import.meta.main) {
  const built = await packageExtension();
  for (const { name, size } of built.entries) {
    console.log(`${String(size).padStart(9)}  ${name}`);
  }
  const bytes = (await readFile(built.vsix)).length;
  console.log(`${path.basename(built.vsix)}: ${(bytes / 1024 / 1024).toFixed(2)} MB, bundles ${built.distHash.slice(0, 12)}`);
}
