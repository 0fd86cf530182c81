import { IPCMessageReader, IPCMessageWriter, StreamMessageReader, StreamMessageWriter, createConnection } from "vscode-languageserver/node";
import type { Connection } from "vscode-languageserver/node";
import { bugCode } from "./host/bugCode.ts";
import { systemClock } from "./host/clock.ts";
import { nodeFiles } from "./host/nodeFiles.ts";
import { unsafeEnvironment } from "./host/unsafeEnvironment.ts";
import type { Log } from "./host/log.ts";
import type * as runningModule from "./lsp/running.ts";
import { serve } from "./lsp/server.ts";
import type { KeylineInitializationOptions } from "./protocol/messages.ts";
import { lazyVaultApi } from "./vault/lazyVaultApi.ts";
import type { VaultIndex } from "./vault/vaultIndex.ts";
import { createVaultIndex } from "./vault/vaultIndex.ts";
import { version } from "./version.ts";

main();

/** The language server as a process: over standard input and output, or over Node's own channel to its parent. No socket, no pipe. */
function main(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      process.stderr.write(`keyline: internal error (${bugCode(error)})\n`);
      process.exit(70);
    });
  }
  const unsafe = unsafeEnvironment(process.env);
  if (unsafe !== undefined) return refuse(unsafe);
  const connection = connect(process.argv);
  if (connection === undefined) return refuse("say how to talk: --stdio or --node-ipc");
  serve({
    connection,
    files: nodeFiles,
    clock: systemClock,
    version,
    standaloneFacts,
    // A bundle of its own, read by Node when this is called and not before: an import would be read at the start.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    loadRunning: () => (require("./lsp/running.ts") as typeof runningModule).startRunning,
  });
}

function connect(argv: readonly string[]): Connection | undefined {
  if (argv.includes("--node-ipc")) return createConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  if (!argv.includes("--stdio")) return undefined;
  process.stdin.on("end", () => process.exit(1));
  process.stdin.on("close", () => process.exit(1));
  return createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
}

/** Only for a client that asked for it: in VS Code the extension host owns the cloud, and this process opens no socket. */
function standaloneFacts(options: KeylineInitializationOptions, log: Log): VaultIndex {
  const { credential = "azure-cli", readJsonKeys = false } = options;
  const api = lazyVaultApi(async () => {
    const { openAzureVaultApi } = await import("./vault/azure/openAzureVaultApi.ts");
    return openAzureVaultApi({ credential, environment: process.env, clock: systemClock, log });
  });
  return createVaultIndex({ api, clock: systemClock, log, keysAllowed: () => readJsonKeys });
}

function refuse(why: string): void {
  process.stderr.write(`keyline: ${why}\n`);
  process.exitCode = 2;
}
