import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CliHost, OutputStream, VaultOptions } from "./cli/cliHost.ts";
import { exitCodes } from "./cli/exitCodes.ts";
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
  // Each write hears of its own failure; without listeners the streams would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort();
    process.exit(130);
  });
  let isReportLost = false;
  const out = outputStream(process.stdout, () => {
    isReportLost = true;
    process.stderr.write("keyline: the report could not be written to standard output\n");
  });
  const code = await runCli(processHost(out), process.argv.slice(2), interrupted.signal);
  if (code !== undefined) process.exit(isReportLost ? exitCodes.wrongUsage : code);
}

function processHost(out: OutputStream): CliHost {
  return {
    files: nodeFiles,
    clock: systemClock,
    workingDirectory: process.cwd(),
    environment: process.env,
    out,
    err: outputStream(process.stderr, () => undefined),
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

/**
 * A reader that has seen enough, `head` for one, closes the pipe: nothing is lost that anyone waits for, and the check
 * ends with the code that it has earned. A full disk is a loss.
 */
function outputStream(stream: NodeJS.WriteStream, onLoss: () => void): OutputStream {
  return {
    colours: stream.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb",
    write: (text) =>
      new Promise((resolve) => {
        stream.write(text, (error) => {
          if (error !== null && error !== undefined && !isClosedPipe(error)) onLoss();
          resolve();
        });
      }),
  };
}

function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
}
