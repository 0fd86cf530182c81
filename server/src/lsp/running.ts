import type {
  CodeAction,
  CodeActionParams,
  CompletionItem,
  CompletionList,
  CompletionParams,
  Connection,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  Hover,
  HoverParams,
} from "vscode-languageserver/node";
import type { Clock } from "../host/clock.ts";
import type { Files } from "../host/files.ts";
import type { Log } from "../host/log.ts";
import type {
  ConnectorsResult,
  DocumentStateParams,
  KeylineInitializationOptions,
  ReasonParams,
  ReasonResult,
  ReferenceAtParams,
  ReferenceAtResult,
  SecretEntitiesResult,
  SecretTextParams,
  SecretTextResult,
  SecretUsesResult,
  WantsParams,
} from "../protocol/messages.ts";
import { connectorsChangedMessage, documentStateMessage, wantsMessage } from "../protocol/messages.ts";
import type { FactsSource } from "../vault/factsSource.ts";
import { ClientFacts } from "./clientFacts.ts";
import type { ClientOptions } from "./clientOptions.ts";
import { DiagnosticsPublisher } from "./diagnosticsPublisher.ts";
import { DocumentStates } from "./documentStates.ts";
import { codeActionHandler } from "./handlers/codeAction.ts";
import { completionHandler } from "./handlers/completion.ts";
import { completionResolveHandler } from "./handlers/completionResolve.ts";
import { diagnosticHandler } from "./handlers/diagnostic.ts";
import { hoverHandler } from "./handlers/hover.ts";
import { reasonHandler } from "./handlers/reason.ts";
import { referenceAtHandler } from "./handlers/referenceAt.ts";
import { secretTextHandler } from "./handlers/secretText.ts";
import { secretEntityRows } from "./secretEntityRows.ts";
import { noFacts } from "./noFacts.ts";
import { Session } from "./session.ts";
import { checkSettings } from "./settings.ts";
import { WorkspaceAnswers } from "./workspaceAnswers.ts";

export interface RunningOptions {
  readonly connection: Connection;
  readonly files: Files;
  readonly clock: Clock;
  /** Called once, and only where a stand-alone server may call Azure: `initializationOptions.verify` is true. */
  readonly standaloneFacts: (options: KeylineInitializationOptions, log: Log) => FactsSource;
}

/** All that works once a client has been initialized, with an answer for each request. */
export interface Running {
  readonly session: Session;
  readonly publisher: DiagnosticsPublisher;
  readonly states: DocumentStates;
  readonly clientFacts: ClientFacts | undefined;
  /** The client's section `keyline`, whatever it holds. */
  readonly setSettings: (section: unknown) => void;
  readonly answers: {
    completion(params: CompletionParams): CompletionList;
    completionResolve(item: CompletionItem): CompletionItem;
    hover(params: HoverParams): Hover | null;
    codeAction(params: CodeActionParams): CodeAction[];
    diagnostic(params: DocumentDiagnosticParams): DocumentDiagnosticReport;
    reason(params: ReasonParams): ReasonResult;
    connectors(): ConnectorsResult;
    secretUses(): SecretUsesResult;
    referenceAt(params: ReferenceAtParams): ReferenceAtResult;
    secretText(params: SecretTextParams): SecretTextResult;
    secretEntities(): SecretEntitiesResult;
  };
}

/** Everything that reads a document hangs on this; a server that has just been started does without it. */
export function startRunning(options: RunningOptions, client: ClientOptions, log: Log): Running {
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
  const workspace = new WorkspaceAnswers(session, () => void connection.sendNotification(connectorsChangedMessage));
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
        workspace.update();
      },
    },
    clock,
  );
  return {
    session,
    publisher,
    states,
    clientFacts,
    setSettings: (section) => {
      session.setSettings(checkSettings(section));
    },
    answers: {
      completion: (params) => completionHandler(session, params),
      completionResolve: (item) => completionResolveHandler(session, item),
      hover: (params) => hoverHandler(session, params),
      codeAction: (params) => codeActionHandler(session, params),
      diagnostic: (params) => diagnosticHandler(publisher, params),
      reason: (params) => reasonHandler(session, params),
      connectors: () => workspace.connectors(),
      secretUses: () => workspace.secretUses(),
      referenceAt: (params) => referenceAtHandler(session, params),
      secretText: (params) => secretTextHandler(session, params),
      secretEntities: () => ({ entities: secretEntityRows(session.foldersWithUses()) }),
    },
  };
}
