import { build } from "esbuild";
import path from "node:path";
import { checkoutPath } from "./checkoutPath.ts";

/** The test-only extension that gives VS Code a reason to run tests. */
export const testExtensionPath = path.join(checkoutPath, "test", "vscode", "testExtension");

/** Bundles the tests that run inside the extension host, and gives the path of the bundle. */
export async function buildHostTests(): Promise<string> {
  const outfile = path.join(checkoutPath, "out", "hostTests", "index.js");
  await build({
    absWorkingDir: checkoutPath,
    entryPoints: ["test/vscode/inHost/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    logLevel: "warning",
  });
  return outfile;
}
