import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { checkoutPath } from "./checkoutPath.ts";
import { runProgram } from "./runProgram.ts";

/** Writes dist/*.js and gives one hash over all of them: the same source gives the same hash. Throws when a bundle fails. */
export async function buildBundles(): Promise<string> {
  await runProgram(process.execPath, ["esbuild.mjs"], { cwd: checkoutPath });
  const dist = path.join(checkoutPath, "dist");
  const hash = createHash("sha256");
  for (const name of (await readdir(dist)).sort()) {
    hash.update(`${name}\0`).update(await readFile(path.join(dist, name)));
  }
  return hash.digest("hex");
}
