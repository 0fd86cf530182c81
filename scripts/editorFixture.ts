import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startLocalAzure, type LocalAzure } from "../test/azure/localAzure.ts";
import { demo, seedDemo } from "../test/azure/seed.ts";
import { seedHostileTags, writeTryout } from "../test/vscode/tryout.ts";
import { checkoutPath } from "./checkoutPath.ts";

/** What an editor under test works on. All of it is new, and gone after `stop`. */
export interface EditorFixture {
  readonly azure: LocalAzure;
  /** A copy of demo/, free to be changed. */
  readonly folder: string;
  /** For whatever else the editor keeps. */
  readonly home: string;
  /** Leads Azure's host names to the local Azure, and holds its credential. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the local Azure with the demo's vaults, and copies the demo. */
export async function startEditorFixture(): Promise<EditorFixture> {
  // A temporary folder may be a link, and editors show where it leads.
  const home = await realpath(await mkdtemp(path.join(tmpdir(), "keyline-editor-")));
  const folder = path.join(home, "demo");
  await cp(path.join(checkoutPath, "demo"), folder, { recursive: true });
  await writeTryout(folder);
  const azure = await startLocalAzure();
  seedDemo(azure);
  seedHostileTags(azure);
  return {
    azure,
    folder,
    home,
    env: { ...azure.env(), ...demoCredential },
    stop: async () => {
      await azure.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The environment's credential, as keyline.credential "environment" reads it. */
const demoCredential: Readonly<Record<string, string>> = {
  AZURE_TENANT_ID: demo.tenant,
  AZURE_CLIENT_ID: demo.clientId,
  AZURE_CLIENT_SECRET: demo.clientSecret,
};
