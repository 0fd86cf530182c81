import type {
  CodeActionParams,
  CompletionParams,
  Connection,
  DidChangeWorkspaceFoldersParams,
  DocumentDiagnosticParams,
  HoverParams,
  InitializeParams,
} from "vscode-languageserver/node";
import { DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, ErrorCodes, ResponseError } from "vscode-languageserver/node";
import { bugCode } from "../host/bugCode.ts";
import type { Clock } from "../host/clock.ts";
import type { Files } from "../host/files.ts";
import type { Log } from "../host/log.ts";
import type { DocumentStateParams, FactsParams, KeylineInitializationOptions, ReasonParams, TrustParams, WantsParams } from "../protocol/messages.ts";
import { documentStateMessage, factsMessage, reasonMessage, trustMessage, wantsMessage } from "../protocol/messages.ts";
import type { FactsSource } from "../vault/factsSource.ts";
import { ClientFacts } from "./clientFacts.ts";
import type { ClientOptions } from "./clientOptions.ts";
import { clientOptions } from "./clientOptions.ts";
import { DiagnosticsPublisher } from "./diagnosticsPublisher.ts";
import { DocumentStates } from "./documentStates.ts";
import { codeActionHandler } from "./handlers/codeAction.ts";
import { completionHandler, noCompletion } from "./handlers/completion.ts";
import { completionResolveHandler } from "./handlers/completionResolve.ts";
import { diagnosticHandler, noDiagnostics } from "./handlers/diagnostic.ts";
import { hoverHandler } from "./handlers/hover.ts";
import { reasonHandler } from "./handlers/reason.ts";
import { initializeResult } from "./handlers/initialize.ts";
import { noFacts } from "./noFacts.ts";
import { runHandler, runNotification } from "./runHandler.ts";
import { Session } from "./session.ts";
import { checkSettings } from "./settings.ts";

export interface ServerOptions {
  readonly connection: Connection;
  readonly files: Files;
  readonly clock: Clock;
  readonly version: string;
  /** Called once, and only where a stand-alone server may call Azure: `initializationOptions.verify` is true. */
  readonly standaloneFacts: (options: KeylineInitializationOptions, log: Log) => FactsSource;
}

interface Running {
  readonly session: Session;
  readonly publisher: DiagnosticsPublisher;
  readonly states: DocumentStates;
  readonly clientFacts: ClientFacts | undefined;
}

/** Wires the connection to the session and begins to listen. One session for one connection. */
export function serve(options: ServerOptions): void {
  const { connection } = options;
  const log = connectionLog(connection);
  let running: Running | undefined;
  let stopped = false;
  const live = (): Running => {
    if (running !== undefined) return running;
    throw stopped
      ? new ResponseError(ErrorCodes.InvalidRequest, "The server has been shut down")
      : new ResponseError(ErrorCodes.ServerNotInitialized, "The server has not been initialized");
  };
  connection.onInitialize((params) => {
    const client = clientOptions(params);
    running = start(options, client, log);
    for (const uri of folderUris(params)) running.session.addFolder(uri);
    listenToFolders(connection, live, log);
    return initializeResult(client, options.version);
  });
  connection.onInitialized(() => {
    live().session.ready();
    register(connection, live().session, log);
    loadSettings(connection, live().session, log);
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

function start(options: ServerOptions, client: ClientOptions, log: Log): Running {
  const { connection, clock, files } = options;
  const ours = client.keyline.clientFacts === true;
  const clientFacts = ours ? new ClientFacts((params: WantsParams) => void connection.sendNotification(wantsMessage, params)) : undefined;
  const facts = clientFacts ?? (client.keyline.verify === true ? options.standaloneFacts(client.keyline, log) : noFacts("offline"));
  const session: Session = new Session({
    client,
    clock,
    files,
    facts,
    onWorldChanged: () => {
      publisher.worldChanged();
    },
  });
  const states = new DocumentStates(session, (params: DocumentStateParams) => void connection.sendNotification(documentStateMessage, params));
  const publisher: DiagnosticsPublisher = new DiagnosticsPublisher(
    session,
    {
      publish: (params) => void connection.sendDiagnostics(params),
      refresh: () => {
        if (client.diagnosticRefresh) void connection.languages.diagnostics.refresh();
      },
      settled: () => {
        session.updateWants();
        states.update();
      },
    },
    clock,
  );
  return { session, publisher, states, clientFacts };
}

function listenToDocuments(connection: Connection, live: () => Running, log: Log): void {
  connection.onDidOpenTextDocument(
    runNotification("textDocument/didOpen", log, ({ textDocument }) => {
      live().session.open(textDocument);
      live().publisher.opened(textDocument.uri);
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
      const { session } = live();
      if (session.client.configuration) loadSettings(connection, session, log);
      else session.setSettings(checkSettings((settings as { readonly keyline?: unknown } | null)?.keyline));
    }),
  );
  connection.onNotification(
    factsMessage,
    runNotification(factsMessage, log, (params: Partial<FactsParams>) => {
      if (Array.isArray(params.vaults)) live().clientFacts?.receive({ vaults: params.vaults });
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
    runHandler({ method: "textDocument/completion", log, fallback: noCompletion, versionOf, run: (params: CompletionParams) => completionHandler(live().session, params) }),
  );
  connection.onCompletionResolve((item, token) =>
    runHandler({ method: "completionItem/resolve", log, fallback: item, run: () => completionResolveHandler(live().session, item) })(item, token),
  );
  connection.onHover(
    runHandler({ method: "textDocument/hover", log, fallback: null, versionOf, run: (params: HoverParams) => hoverHandler(live().session, params) }),
  );
  connection.onCodeAction(
    runHandler({ method: "textDocument/codeAction", log, fallback: [], versionOf, run: (params: CodeActionParams) => codeActionHandler(live().session, params) }),
  );
  connection.onRequest(reasonMessage, runHandler({ method: reasonMessage, log, fallback: null, versionOf, run: (params: ReasonParams) => reasonHandler(live().session, params) }));
  // A pull has no position in it: it is answered for the text as it is now.
  connection.languages.diagnostics.on(
    runHandler({ method: "textDocument/diagnostic", log, fallback: noDiagnostics, run: (params: DocumentDiagnosticParams) => diagnosticHandler(live().publisher, params) }),
  );
}

function loadSettings(connection: Connection, session: Session, log: Log): void {
  if (!session.client.configuration) return;
  connection.workspace.getConfiguration("keyline").then(
    (section: unknown) => {
      session.setSettings(checkSettings(section));
    },
    (error: unknown) => {
      log.warn(`settings not read: ${bugCode(error)}`);
    },
  );
}

function register(connection: Connection, session: Session, log: Log): void {
  const failed = (error: unknown): void => {
    log.warn(`not registered with the client: ${bugCode(error)}`);
  };
  if (session.client.configuration && session.client.configurationRegistration) {
    connection.client.register(DidChangeConfigurationNotification.type, { section: "keyline" }).catch(failed);
  }
  if (session.client.watchedFilesRegistration) {
    const watchers = [{ globPattern: "**/*.{yaml,yml}" }, { globPattern: "**/keyline.jsonc" }];
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(failed);
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
