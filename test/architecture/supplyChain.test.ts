/** What is installed and what ships is pinned, known and small (threat T41). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { readonly packages: Readonly<Record<string, LockedPackage>> };
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly scripts: Readonly<Record<string, string>>;
};
const installed = Object.entries(lock.packages).filter(([name]) => name !== "");

test("every dependency is pinned to one version", () => {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test("the lockfile holds a sha512 for each package and no address", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, entry]) => entry.integrity?.startsWith("sha512-") !== true).map(([name]) => name)).toEqual([]);
  expect(installed.filter(([, entry]) => entry.resolved !== undefined).map(([name]) => name)).toEqual([]);
});

test("no package but Node itself may run a script when it is installed", () => {
  const allowed = Object.entries(manifest.allowScripts).filter(([, allows]) => allows).map(([name]) => name);
  expect(allowed).toEqual(["node"]);
  const withScript = installed.filter(([, entry]) => entry.hasInstallScript === true).map(([name]) => name.replace(/^node_modules\//, ""));
  for (const name of withScript) expect(manifest.allowScripts, name).toHaveProperty([name]);
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

test("few packages are needed at run time", () => {
  const runtime = installed.filter(([, entry]) => entry.dev !== true && entry.optional !== true);
  expect(runtime.length).toBeLessThanOrEqual(65);
});

test("one version of the protocol's types serves client and server", () => {
  const versions = installed.filter(([name]) => name.endsWith("node_modules/vscode-languageserver-types")).map(([, entry]) => entry.version);
  expect(versions).toEqual([manifest.dependencies["vscode-languageserver-types"]]);
});
