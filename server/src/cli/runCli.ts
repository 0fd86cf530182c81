import { shownText } from "../core/model/shownText.ts";
import { version } from "../version.ts";
import { readArguments } from "./arguments.ts";
import { check } from "./check.ts";
import type { CliHost } from "./cliHost.ts";
import { exitCodes } from "./exitCodes.ts";
import { references } from "./references.ts";
import { usage } from "./usage.ts";

/** One run of `keyline`, `words` being what stands behind it. Answers the exit code; undefined where the process lives on as a language server. */
export async function runCli(host: CliHost, words: readonly string[], signal: AbortSignal): Promise<number | undefined> {
  const command = readArguments(words);
  switch (command.kind) {
    case "help":
      await host.out.write(usage);
      return exitCodes.good;
    case "version":
      await host.out.write(`${version}\n`);
      return exitCodes.good;
    case "wrong":
      await host.err.write(`keyline: ${shownText(command.message, 4000)}\nRun keyline --help to see what there is.\n`);
      return exitCodes.wrongUsage;
    case "check":
      return check(host, command, signal);
    case "references":
      return references(host, command);
    case "lsp":
      await host.startLanguageServer();
      return undefined;
  }
}
