import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const checkout = resolve(import.meta.dirname, "../..");

export interface BuiltBundles {
  /** Absolute paths of dist/server.js and dist/cli.js, in a folder of their own. */
  readonly server: string;
  readonly cli: string;
  remove(): Promise<void>;
}

/** The bundles as they ship, built from the source as it is now. */
export async function builtBundles(): Promise<BuiltBundles> {
  const folder = await mkdtemp(join(tmpdir(), "keyline-bundles-"));
  await promisify(execFile)(process.execPath, ["esbuild.mjs", folder], { cwd: checkout });
  return { server: join(folder, "server.js"), cli: join(folder, "cli.js"), remove: () => rm(folder, { recursive: true, force: true }) };
}
