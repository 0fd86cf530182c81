import { spawn } from "node:child_process";
import path from "node:path";
import { startLocalAzure } from "../test/azure/localAzure.ts";
import { demo, seedDemo } from "../test/azure/seed.ts";
import { buildBundles } from "./buildBundles.ts";
import { checkoutPath } from "./checkoutPath.ts";
import { openEditor } from "./openEditor.ts";
import { packageExtension } from "./package.ts";

const demoPath = path.join(checkoutPath, "demo");

/** The check of the demo ends with this code: it has findings. */
const hasFindings = 1;

/**
 * The main job without an Azure account: starts the local Azure with the demo's vaults, prints the check of demo/, made in that folder, then
 * opens VS Code on it with the extension. `--check` stops after the print.
 */
async function start(): Promise<void> {
  const checkOnly = process.argv.includes("--check");
  const azure = await startLocalAzure();
  try {
    seedDemo(azure);
    const env = { ...azure.env(), AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret };
    await buildBundles();
    console.log("\n$ cd demo && keyline check . --credential environment --read-json-keys\n");
    const code = await checkDemo(env);
    if (code !== hasFindings) throw new Error(`The check of demo/ ended with exit code ${String(code)}; it should end with ${hasFindings}, for the mistakes that are planted there.`);
    if (checkOnly) return;
    const { vsix } = await packageExtension();
    console.log("\nVS Code opens on demo/. Open .harness/orgs/default/projects/shop/pipelines/deploy-shop.yaml, then run");
    console.log('"Keyline: Approve a Vault" (or click {} in the status bar): no vault is asked before.\n');
    await openEditor({ folder: demoPath, vsix, env, settings: { "keyline.credential": "environment" } });
  } finally {
    await azure.stop();
  }
}

function checkDemo(env: Readonly<Record<string, string>>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const cli = path.join(checkoutPath, "dist", "cli.js");
    const child = spawn(process.execPath, [cli, "check", ".", "--credential", "environment", "--read-json-keys"], {
      // The keyline.jsonc at or above the working directory is the one that counts.
      cwd: demoPath,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    child.once("error", reject);
    child.once("close", resolve);
  });
}

await start();
