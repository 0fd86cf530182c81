import { mkdir } from "node:fs/promises";
import path from "node:path";
import { startEditorFixture, type EditorFixture } from "./editorFixture.ts";
import { quietSettings } from "./quietSettings.ts";
import { ensureVscodeServer, installVsix, startVscodeServer, type RunningVscodeServer } from "./vscodeServer.ts";

export interface EditorSession extends EditorFixture {
  readonly server: RunningVscodeServer;
}

export interface EditorSessionOptions {
  readonly vsix: string;
  /** False opens the folder in Restricted Mode, until somebody trusts it. */
  readonly trust: boolean;
  /** True where a page runs tests in the extension host. It hides notifications, so a person's tests leave it out. */
  readonly runsHostTests?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Installs the extension into a new VS Code server, and starts that on a copy of demo/, beside the local Azure. */
export async function startEditorSession(options: EditorSessionOptions): Promise<EditorSession> {
  const vscodeServer = await ensureVscodeServer();
  const fixture = await startEditorFixture();
  try {
    const extensionsDir = path.join(fixture.home, "extensions");
    const serverDataDir = path.join(fixture.home, "server-data");
    await mkdir(serverDataDir);
    await installVsix(vscodeServer, options.vsix, extensionsDir, serverDataDir);
    const server = await startVscodeServer({
      folder: fixture.folder,
      extensionsDir,
      serverDataDir,
      env: { ...fixture.env, ...options.env },
      trust: options.trust,
      smokeTestDriver: options.runsHostTests ?? false,
      settings: quietSettings,
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      await fixture.stop();
    };
    return { ...fixture, server, stop };
  } catch (error) {
    await fixture.stop();
    throw error;
  }
}
