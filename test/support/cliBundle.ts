import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { checkoutPath } from "../../scripts/checkoutPath.ts";
import { runProgram } from "../../scripts/runProgram.ts";

export interface BundleRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliBundle {
  /** The folder of the bundles; cli.js is in it. */
  readonly folder: () => string;
  /** Runs cli.js as a process that sees of this machine what is given here. */
  readonly run: (workingDirectory: string, words: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<BundleRun>;
}

/** Builds the bundles as they are shipped, once for a test file, in a folder of their own. */
export function cliBundle(): CliBundle {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "keyline-bundle-"));
    await runProgram(process.execPath, ["esbuild.mjs", folder], { cwd: checkoutPath });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  return {
    folder: () => folder,
    run: (workingDirectory, words, environment = {}) =>
      new Promise((resolve, reject) => {
        const env = { PATH: process.env["PATH"] ?? "", ...environment };
        execFile(process.execPath, [join(folder, "cli.js"), ...words], { cwd: workingDirectory, env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
          if (error !== null && typeof error.code !== "number") reject(new Error(`${error.message}\n${err}`));
          else resolve({ code: error === null ? 0 : Number(error.code), out, err });
        });
      }),
  };
}
