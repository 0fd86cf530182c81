import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startLocalAzure, type LocalAzure } from "../test/azure/localAzure.ts";
import { demoCredential, seedDemo } from "../test/azure/seed.ts";
import { checkoutPath } from "./checkoutPath.ts";
import { packageExtension } from "./package.ts";
import { ensureVscodeServer, installVsix, startVscodeServer, type RunningVscodeServer } from "./vscodeServer.ts";

/** Settings of a window in which only Keyline shall speak. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "chat.disableAIFeatures": true,
  "editor.hover.delay": 100,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "keyline.credential": "environment",
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export interface EditorSession {
  readonly azure: LocalAzure;
  readonly server: RunningVscodeServer;
  /** A copy of demo/, free to be changed. */
  readonly folder: string;
  /** A new folder of this session, removed at its end. */
  readonly home: string;
  stop(): Promise<void>;
}

/**
 * Packages the extension, installs it into a new VS Code server, and starts that on a copy of demo/, with the local
 * Azure behind the real host names and no credential but the local Azure's.
 */
export async function startEditorSession(options: { readonly trust: boolean; readonly env?: Readonly<Record<string, string>> }): Promise<EditorSession> {
  const home = await mkdtemp(path.join(tmpdir(), "keyline-editor-"));
  const stops: (() => Promise<unknown>)[] = [() => rm(home, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) {
      await one();
    }
  };
  try {
    const [vscodeServer, { vsix }] = await Promise.all([ensureVscodeServer(), packageExtension()]);
    const folder = path.join(home, "demo");
    const extensionsDir = path.join(home, "extensions");
    const serverDataDir = path.join(home, "server-data");
    await mkdir(serverDataDir);
    await cp(path.join(checkoutPath, "demo"), folder, { recursive: true });
    await installVsix(vscodeServer, vsix, extensionsDir, serverDataDir);
    const azure = await startLocalAzure();
    stops.push(() => azure.stop());
    await seedDemo(azure);
    const server = await startVscodeServer({
      folder,
      extensionsDir,
      serverDataDir,
      env: { ...azure.env(), ...demoCredential, ...options.env },
      trust: options.trust,
      smokeTestDriver: true,
      settings: quietSettings,
    });
    stops.push(() => server.stop());
    return { azure, server, folder, home, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
