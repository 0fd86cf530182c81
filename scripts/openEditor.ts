import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isExecutable } from "./isExecutable.ts";
import { runProgram } from "./runProgram.ts";
import { ensureVscodeServer, installVsix, startVscodeServer } from "./vscodeServer.ts";

export interface OpenEditorOptions {
  readonly folder: string;
  readonly vsix: string;
  /** Added to the editor's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Opens VS Code with the extension: the desktop's `code` where there is one, else a server in the browser. The user's
 * own settings and extensions are neither seen nor changed. Settles when the editor is closed or Ctrl-C is pressed.
 */
export async function openEditor(options: OpenEditorOptions): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "keyline-start-"));
  try {
    const code = findDesktopCode();
    await (code === undefined ? openServer(options, home) : openDesktop(code, options, home));
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openDesktop(code: string, options: OpenEditorOptions, home: string): Promise<void> {
  const userDataDir = path.join(home, "user-data");
  await mkdir(path.join(userDataDir, "User"), { recursive: true });
  await writeFile(path.join(userDataDir, "User", "settings.json"), JSON.stringify(options.settings, undefined, 2));
  const profile = ["--user-data-dir", userDataDir, "--extensions-dir", path.join(home, "extensions")];
  await runProgram(code, [...profile, "--install-extension", options.vsix]);
  console.log(`VS Code opens ${options.folder}. Close its window, or press Ctrl-C here, to end.`);
  const child = spawn(code, [...profile, "--new-window", "--wait", "--disable-workspace-trust", options.folder], {
    env: { ...process.env, ...options.env },
    stdio: "ignore",
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", reject);
  });
  await Promise.race([closed, interrupted()]);
  child.kill();
}

async function openServer(options: OpenEditorOptions, home: string): Promise<void> {
  const vscodeServer = await ensureVscodeServer();
  const extensionsDir = path.join(home, "extensions");
  const serverDataDir = path.join(home, "server-data");
  await mkdir(serverDataDir);
  await installVsix(vscodeServer, options.vsix, extensionsDir, serverDataDir);
  const { folder, env, settings } = options;
  const server = await startVscodeServer({ folder, extensionsDir, serverDataDir, env, settings, trust: true, smokeTestDriver: false });
  try {
    console.log(`VS Code is ready. Open this address in a browser:\n\n    ${server.url}\n\nPress Ctrl-C here to end.`);
    const endedByItself = await Promise.race([server.ended.then(() => true), interrupted().then(() => false)]);
    if (endedByItself) {
      throw new Error(`The VS Code server ended by itself. Its log is ${server.logFile}.`);
    }
  } finally {
    await server.stop();
  }
}

/**
 * The path of a `code` that opens a window on this desktop. Inside a remote VS Code's terminal, `code` only sends a
 * message to that window; and without a display there is nothing to open.
 */
export function findDesktopCode(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string | undefined {
  const hasDisplay = platform !== "linux" || Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
  const isRemote = Boolean(env["VSCODE_IPC_HOOK_CLI"]) || Boolean(env["WSL_DISTRO_NAME"]) || Boolean(env["SSH_CONNECTION"]);
  // Windows' `code` is a batch file, which cannot be started without a shell; the browser serves there.
  if (!hasDisplay || isRemote || platform === "win32" || process.getuid?.() === 0) {
    return undefined;
  }
  return (env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, "code"))
    .find((candidate) => isExecutable(candidate) && !realpathSync(candidate).includes("remote-cli"));
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve());
    }
  });
}
