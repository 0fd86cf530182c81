import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { cachePath } from "./checkoutPath.ts";
import { runNpm } from "./runNpm.ts";
import { runProgram } from "./runProgram.ts";

/** The npm package that carries VS Code's own server; its version is 3 ahead of VS Code's: this is VS Code 1.139.1. */
const codeServerVersion = "4.139.1";
const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;

export interface VscodeServer {
  readonly serverMain: string;
}

export interface VscodeServerOptions {
  /** Where the window's address points to; none opens an empty window. */
  readonly folder?: string;
  readonly extensionsDir: string;
  readonly serverDataDir: string;
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** True takes every folder as trusted, false asks as VS Code does. */
  readonly trust: boolean;
  /** Lets a page run extension tests and read editors' state. Only for tests. */
  readonly smokeTestDriver: boolean;
  /** Settings of the whole machine, as in a settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface RunningVscodeServer {
  readonly port: number;
  /** Opens `folder` in a browser. */
  readonly url: string;
  readonly logFile: string;
  /** Settles when the server has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Gives a VS Code server, installing it into the cache on first use. */
export async function ensureVscodeServer(): Promise<VscodeServer> {
  const home = path.join(cachePath, "vscode-server");
  const vscodeHome = path.join(home, "node_modules", "code-server", "lib", "vscode");
  const serverMain = path.join(vscodeHome, "out", "server-main.js");
  const marker = path.join(home, `installed-${codeServerVersion}`);
  if (existsSync(marker) && existsSync(serverMain)) {
    return { serverMain };
  }
  console.log(`Installing the VS Code server (npm package code-server ${codeServerVersion}) into ${home}, about 15 seconds ...`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, "package.json"), `${JSON.stringify({ private: true }, undefined, 2)}\n`);
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund"];
  await runNpm(["install", `code-server@${codeServerVersion}`, "--save-exact", ...quietly], home);
  await runNpm(["install", "--omit=dev", ...quietly], vscodeHome);
  await writeFile(marker, "");
  return { serverMain };
}

/** Installs a .vsix into `extensionsDir`, as the command of VS Code does. */
export async function installVsix(server: VscodeServer, vsix: string, extensionsDir: string, serverDataDir: string): Promise<void> {
  await runProgram(process.execPath, [
    server.serverMain,
    "--install-extension",
    vsix,
    "--extensions-dir",
    extensionsDir,
    "--server-data-dir",
    serverDataDir,
    "--accept-server-license-terms",
    "--disable-telemetry",
  ]);
}

/** Starts a VS Code server on a free port of 127.0.0.1 and waits until it answers. Throws when it does not start. */
export async function startVscodeServer(options: VscodeServerOptions): Promise<RunningVscodeServer> {
  const { serverMain } = await ensureVscodeServer();
  await writeMachineSettings(options.serverDataDir, options.settings ?? {});
  const logFile = path.join(options.serverDataDir, "server.log");
  const child = spawn(process.execPath, [serverMain, ...serverArguments(options)], {
    env: serverEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const port = await listeningPort(child, logFile);
  const folder = options.folder === undefined ? "" : `?folder=${encodeURI(options.folder)}`;
  return {
    port,
    url: `http://127.0.0.1:${port}/${folder}`,
    logFile,
    ended,
    stop: () => stopChild(child, ended),
  };
}

function serverArguments(options: VscodeServerOptions): string[] {
  return [
    "--host",
    "127.0.0.1",
    // Port 0: the system picks a free one, and the server's first line names it.
    "--port",
    "0",
    "--without-connection-token",
    "--accept-server-license-terms",
    "--disable-telemetry",
    // A login shell's variables would take the place of those that a test hands over.
    "--force-disable-user-env",
    "--server-data-dir",
    options.serverDataDir,
    "--extensions-dir",
    options.extensionsDir,
    ...(options.trust ? ["--disable-workspace-trust"] : []),
    ...(options.smokeTestDriver ? ["--enable-smoke-test-driver"] : []),
  ];
}

/** A terminal inside an editor has variables that would make this server believe that it belongs to that editor. */
function serverEnvironment(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/.test(name));
  return { ...Object.fromEntries(own), ...added };
}

async function writeMachineSettings(serverDataDir: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = path.join(serverDataDir, "data", "Machine");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
}

function listeningPort(child: ChildProcess, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const fail = (why: string): void => {
      reject(new Error(`The VS Code server ${why}. Its log is ${logFile}.\n${printed.slice(-2_000)}`));
    };
    const timer = setTimeout(() => {
      child.kill();
      fail(`did not start within ${startTimeoutMs / 1000} s`);
    }, startTimeoutMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      fail(`could not be started: ${error.message}`);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${String(code)}`);
    });
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString("utf8");
      const listening = /Extension host agent listening on (\d+)/.exec(printed);
      if (listening !== null) {
        clearTimeout(timer);
        child.stdout?.off("data", onData);
        resolve(Number(listening[1]));
      }
    };
    child.stdout?.on("data", onData);
  });
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
