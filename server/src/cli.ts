import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CliHost, OutputStream, VaultOptions } from "./cli/cliHost.ts";
import { runCli } from "./cli/runCli.ts";
import { bugCode } from "./host/bugCode.ts";
import { systemClock } from "./host/clock.ts";
import { silentLog } from "./host/log.ts";
import { nodeFiles } from "./host/nodeFiles.ts";
import { lazyVaultApi } from "./vault/lazyVaultApi.ts";
import { createVaultIndex } from "./vault/vaultIndex.ts";

void main();

/** The command line as a process. */
async function main(): Promise<void> {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      process.stderr.write(`keyline: internal error (${bugCode(error)})\n`);
      process.exit(70);
    });
  }
  // A reader that has seen enough, `head` for one, closes the pipe: nothing is left to do, and nothing is wrong.
  process.stdout.on("error", () => process.exit(0));
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort();
    process.exit(130);
  });
  const code = await runCli(processHost(), process.argv.slice(2), interrupted.signal);
  if (code !== undefined) process.exit(code);
}

function processHost(): CliHost {
  return {
    files: nodeFiles,
    clock: systemClock,
    workingDirectory: process.cwd(),
    environment: process.env,
    out: outputStream(process.stdout),
    err: outputStream(process.stderr),
    openVaults,
    startLanguageServer: async () => {
      const server = join(dirname(realpathSync(process.argv[1] ?? "")), "server.js");
      await import(pathToFileURL(server).href);
    },
  };
}

function openVaults({ credential, readJsonKeys, gate }: VaultOptions): ReturnType<typeof createVaultIndex> {
  const api = lazyVaultApi(async () => {
    const { openAzureVaultApi } = await import("./vault/azure/openAzureVaultApi.ts");
    return openAzureVaultApi({ credential, environment: process.env, clock: systemClock, log: silentLog });
  });
  return createVaultIndex({ api, clock: systemClock, log: silentLog, gate, keysAllowed: () => readJsonKeys });
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  return {
    colours: stream.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb",
    write: (text) =>
      new Promise((resolve) => {
        stream.write(text, () => {
          resolve();
        });
      }),
  };
}
