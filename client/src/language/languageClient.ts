import type { LogOutputChannel } from "vscode";
import { window, workspace } from "vscode";
import type { LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { CloseAction, LanguageClient, RevealOutputChannelOn, TransportKind } from "vscode-languageclient/node";
import type { KeylineInitializationOptions } from "../../../server/src/protocol/messages.ts";
import { pipeErrorLines } from "./errorLines.ts";
import { serverEnvironment } from "./serverEnvironment.ts";
import { untracedLog } from "./untracedLog.ts";

export interface LanguageClientContext {
  /** The absolute path of dist/server.js. */
  readonly serverPath: string;
  readonly log: LogOutputChannel;
  readonly version: string;
}

/**
 * The client of Keyline's language server, not yet started. The server is a child process that is spoken to over
 * Node's IPC channel: no socket, no pipe, no port. File watchers are the server's to register, so that none is
 * registered twice.
 */
export function createLanguageClient(context: LanguageClientContext): LanguageClient {
  const client: LanguageClient = new LanguageClient("keyline", "Keyline", serverOptions(context.serverPath), {
    ...clientOptions(context),
    errorHandler: {
      error: (error, message, count) => fallback().error(error, message, count),
      closed: async () => {
        const result = await fallback().closed();
        // A single crash is mended without a word; the log tells it.
        if (result.action === CloseAction.Restart) return { ...result, handled: true };
        void offerRestart(client, context.log);
        return { ...result, handled: true };
      },
    },
  });
  let defaultHandler: ReturnType<LanguageClient["createDefaultErrorHandler"]> | undefined;
  function fallback(): NonNullable<typeof defaultHandler> {
    defaultHandler ??= client.createDefaultErrorHandler();
    return defaultHandler;
  }
  return client;
}

/** Starts or restarts the server. A failure is logged and said once; it never throws. */
export async function startLanguageClient(client: LanguageClient, log: LogOutputChannel): Promise<void> {
  try {
    if (client.needsStart()) await client.start();
    else await client.restart();
  } catch {
    log.error("The language server did not start.");
    await offerRestart(client, log);
  }
}

async function offerRestart(client: LanguageClient, log: LogOutputChannel): Promise<void> {
  const restart = "Restart";
  const showLog = "Show Log";
  const answer = await window.showErrorMessage("Keyline's language server has stopped, so nothing is checked.", restart, showLog);
  if (answer === restart) await startLanguageClient(client, log);
  if (answer === showLog) log.show();
}

function serverOptions(serverPath: string): ServerOptions {
  return {
    module: serverPath,
    transport: TransportKind.ipc,
    options: {
      // A getter, so that each start takes the environment as it is then.
      get env(): Record<string, string | undefined> {
        return serverEnvironment(process.env);
      },
    },
  };
}

function clientOptions({ log, version }: LanguageClientContext): LanguageClientOptions {
  return {
    documentSelector: documentSelector(),
    outputChannel: log,
    traceOutputChannel: untracedLog(log),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Said again although they are the defaults: hovers hold text from vaults and workspaces.
    markdown: { isTrusted: false, supportHtml: false, supportThemeIcons: false },
    stdioOptions: { stdout: pipeErrorLines, stderr: pipeErrorLines },
    initializationOptions: (): KeylineInitializationOptions => ({ clientFacts: true, trusted: workspace.isTrusted, clientVersion: version }),
  };
}

/**
 * Files, new files and whatever the workspace folders are made of. Other schemes, as `git` for the left side of a
 * diff, hold copies, and every finding in them would be shown twice.
 */
export function yamlSelector(): readonly { readonly scheme: string; readonly language: string }[] {
  const schemes = new Set(["file", "untitled", "vscode-vfs", ...(workspace.workspaceFolders ?? []).map((folder) => folder.uri.scheme)]);
  return [...schemes].map((scheme) => ({ scheme, language: "yaml" }));
}

function documentSelector(): { readonly scheme: string; readonly language?: string; readonly pattern?: string }[] {
  return yamlSelector().flatMap((yaml) => [yaml, { scheme: yaml.scheme, pattern: "**/keyline.jsonc" }]);
}
