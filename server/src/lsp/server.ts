import type {
  CodeActionParams,
  CompletionParams,
  Connection,
  DidChangeWorkspaceFoldersParams,
  DocumentDiagnosticParams,
  HoverParams,
  InitializeParams,
} from "vscode-languageserver/node";
import { bugCode } from "../host/bugCode.ts";
import type { Log } from "../host/log.ts";
import type { DirectoryParams, FactsParams, ReasonParams, ReferenceAtParams, SecretTextParams, TrustParams } from "../protocol/messages.ts";
import { connectorsMessage, directoryMessage, factsMessage, reasonMessage, referenceAtMessage, secretEntitiesMessage, secretTextMessage, secretUsesMessage, trustMessage } from "../protocol/messages.ts";
import type { ClientOptions } from "./clientOptions.ts";
import { clientOptions } from "./clientOptions.ts";
import { noCompletion, noConnectors, noDiagnostics, noSecretUses } from "./emptyAnswers.ts";
import { initializeResult } from "./handlers/initialize.ts";
import { protocolErrors, registrations } from "./protocolValues.ts";
import { receivedDirectory } from "./receivedDirectory.ts";
import { runHandler, runNotification } from "./runHandler.ts";
import type { Running, RunningOptions } from "./running.ts";

export interface ServerOptions extends RunningOptions {
  readonly version: string;
  /**
   * Gives the function that starts what answers. Asked for after `initialize` has been answered, so that this answer
   * waits for no more than the transport.
   */
  readonly loadRunning: () => (options: RunningOptions, client: ClientOptions, log: Log) => Running;
}

/** Wires the connection to the session and begins to listen. One session for one connection. */
export function serve(options: ServerOptions): void {
  const { connection } = options;
  const log = connectionLog(connection);
  let start: (() => Running) | undefined;
  let running: Running | undefined;
  let stopped = false;
  const live = (): Running => {
    if (stopped) throw protocolErrors.shutDown();
    if (start === undefined) throw protocolErrors.notInitialized();
    running ??= start();
    return running;
  };
  connection.onInitialize((params) => {
    const client = clientOptions(params);
    start = () => {
      const started = options.loadRunning()(options, client, log);
      for (const uri of folderUris(params)) started.session.addFolder(uri);
      return started;
    };
    listenToFolders(connection, live, log);
    return initializeResult(client, options.version);
  });
  connection.onInitialized(() => {
    live().session.ready();
    register(connection, live().session.client, log);
    loadSettings(connection, live(), log);
  });
  connection.onShutdown(() => {
    running?.publisher.dispose();
    running?.session.dispose();
    running = undefined;
    stopped = true;
  });
  listenToDocuments(connection, live, log);
  listenToWorkspace(connection, live, log);
  answerRequests(connection, live, log);
  connection.listen();
}

function listenToDocuments(connection: Connection, live: () => Running, log: Log): void {
  connection.onDidOpenTextDocument(
    runNotification("textDocument/didOpen", log, ({ textDocument }) => {
      live().session.open(textDocument);
      live().publisher.opened(textDocument.uri);
      live().session.documentTouched();
    }),
  );
  connection.onDidSaveTextDocument(
    runNotification("textDocument/didSave", log, () => {
      live().session.documentTouched();
    }),
  );
  connection.onDidChangeTextDocument(
    runNotification("textDocument/didChange", log, ({ textDocument, contentChanges }) => {
      live().session.change(textDocument.uri, contentChanges, textDocument.version);
      live().publisher.changed(textDocument.uri);
    }),
  );
  connection.onDidCloseTextDocument(
    runNotification("textDocument/didClose", log, ({ textDocument }) => {
      live().session.close(textDocument.uri);
      live().publisher.closed(textDocument.uri);
      live().states.closed(textDocument.uri);
    }),
  );
}

function listenToWorkspace(connection: Connection, live: () => Running, log: Log): void {
  connection.onDidChangeWatchedFiles(
    runNotification("workspace/didChangeWatchedFiles", log, ({ changes }) => {
      for (const change of changes) live().session.fileChanged(change.uri);
    }),
  );
  connection.onDidChangeConfiguration(
    runNotification("workspace/didChangeConfiguration", log, ({ settings }: { settings: unknown }) => {
      if (live().session.client.configuration) loadSettings(connection, live(), log);
      else live().setSettings((settings as { readonly keyline?: unknown } | null)?.keyline);
    }),
  );
  connection.onNotification(
    factsMessage,
    runNotification(factsMessage, log, (params: Partial<FactsParams>) => {
      if (Array.isArray(params.vaults)) live().clientFacts?.receive({ vaults: params.vaults });
    }),
  );
  connection.onNotification(
    directoryMessage,
    runNotification(directoryMessage, log, (params: Partial<DirectoryParams>) => {
      const directory = receivedDirectory(params.directory);
      if (directory !== undefined) live().session.setDirectory(directory);
    }),
  );
  connection.onNotification(
    trustMessage,
    runNotification(trustMessage, log, (params: TrustParams) => {
      live().session.setTrusted(params.trusted === true);
    }),
  );
}

/** Called within initialize: the transport's own listener, set up just before, gives way to this one. */
function listenToFolders(connection: Connection, live: () => Running, log: Log): void {
  const method = "workspace/didChangeWorkspaceFolders";
  connection.onNotification(
    method,
    runNotification(method, log, ({ event }: DidChangeWorkspaceFoldersParams) => {
      for (const folder of event.removed) live().session.removeFolder(folder.uri);
      for (const folder of event.added) live().session.addFolder(folder.uri);
    }),
  );
}

function answerRequests(connection: Connection, live: () => Running, log: Log): void {
  const versionOf = (params: { readonly textDocument: { readonly uri: string } }): number | undefined =>
    live().session.document(params.textDocument.uri)?.version;
  connection.onCompletion(
    runHandler({ method: "textDocument/completion", log, fallback: noCompletion, versionOf, run: (params: CompletionParams) => live().answers.completion(params) }),
  );
  connection.onCompletionResolve((item, token) =>
    runHandler({ method: "completionItem/resolve", log, fallback: item, run: () => live().answers.completionResolve(item) })(item, token),
  );
  connection.onHover(
    runHandler({ method: "textDocument/hover", log, fallback: null, versionOf, run: (params: HoverParams) => live().answers.hover(params) }),
  );
  connection.onCodeAction(
    runHandler({ method: "textDocument/codeAction", log, fallback: [], versionOf, run: (params: CodeActionParams) => live().answers.codeAction(params) }),
  );
  connection.onRequest(reasonMessage, runHandler({ method: reasonMessage, log, fallback: null, versionOf, run: (params: ReasonParams) => live().answers.reason(params) }));
  connection.onRequest(connectorsMessage, runHandler({ method: connectorsMessage, log, fallback: noConnectors, run: () => live().answers.connectors() }));
  connection.onRequest(secretUsesMessage, runHandler({ method: secretUsesMessage, log, fallback: noSecretUses, run: () => live().answers.secretUses() }));
  connection.onRequest(
    referenceAtMessage,
    runHandler({ method: referenceAtMessage, log, fallback: null, versionOf, run: (params: ReferenceAtParams) => live().answers.referenceAt(params) }),
  );
  connection.onRequest(
    secretTextMessage,
    runHandler({ method: secretTextMessage, log, fallback: null, versionOf, run: (params: SecretTextParams) => live().answers.secretText(params) }),
  );
  connection.onRequest(secretEntitiesMessage, runHandler({ method: secretEntitiesMessage, log, fallback: { entities: [] }, run: () => live().answers.secretEntities() }));
  // A pull has no position in it: it is answered for the text as it is now.
  connection.languages.diagnostics.on(
    runHandler({ method: "textDocument/diagnostic", log, fallback: noDiagnostics, run: (params: DocumentDiagnosticParams) => live().answers.diagnostic(params) }),
  );
}

function loadSettings(connection: Connection, { session, setSettings }: Running, log: Log): void {
  if (!session.client.configuration) return;
  connection.workspace.getConfiguration("keyline").then(
    setSettings,
    (error: unknown) => {
      log.warn(`settings not read: ${bugCode(error)}`);
    },
  );
}

function register(connection: Connection, client: ClientOptions, log: Log): void {
  const failed = (error: unknown): void => {
    log.warn(`not registered with the client: ${bugCode(error)}`);
  };
  if (client.configuration && client.configurationRegistration) {
    connection.client.register(registrations.configuration, { section: "keyline" }).catch(failed);
  }
  if (client.watchedFilesRegistration) {
    const watchers = [{ globPattern: "**/*.{yaml,yml}" }, { globPattern: "**/keyline.jsonc" }];
    connection.client.register(registrations.watchedFiles, { watchers }).catch(failed);
  }
}

function folderUris(params: InitializeParams): readonly string[] {
  if (params.workspaceFolders !== undefined && params.workspaceFolders !== null) return params.workspaceFolders.map((folder) => folder.uri);
  return typeof params.rootUri === "string" ? [params.rootUri] : [];
}

function connectionLog(connection: Connection): Log {
  return {
    debug: (message) => {
      connection.console.debug(message);
    },
    info: (message) => {
      connection.console.info(message);
    },
    warn: (message) => {
      connection.console.warn(message);
    },
    error: (message) => {
      connection.console.error(message);
    },
  };
}
