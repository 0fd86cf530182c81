import type { InitializeParams } from "vscode-languageserver/node";
import type { TextFormatName } from "../core/index.ts";
import type { KeylineInitializationOptions } from "../protocol/messages.ts";

/** What the client can do, read once. */
export interface ClientOptions {
  readonly positionEncoding: "utf-16" | "utf-8";
  /** Pull where the client offers it, else push; never both for one document. */
  readonly diagnostics: "pull" | "push";
  readonly diagnosticRefresh: boolean;
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly watchedFilesRegistration: boolean;
  readonly versionedEdits: boolean;
  readonly hoverFormat: TextFormatName;
  readonly documentationFormat: TextFormatName;
  /** Whether an item may say where in its text the cursor goes. */
  readonly snippets: boolean;
  readonly keyline: KeylineInitializationOptions;
}

export function clientOptions(params: InitializeParams): ClientOptions {
  const { workspace, textDocument, general } = params.capabilities;
  return {
    positionEncoding: general?.positionEncodings?.[0] === "utf-8" ? "utf-8" : "utf-16",
    diagnostics: textDocument?.diagnostic === undefined ? "push" : "pull",
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchedFilesRegistration: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    hoverFormat: textFormat(textDocument?.hover?.contentFormat),
    documentationFormat: textFormat(textDocument?.completion?.completionItem?.documentationFormat),
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    keyline: initializationOptions(params.initializationOptions),
  };
}

/** Markdown unless the client says that it takes plain text alone. */
function textFormat(taken: readonly string[] | undefined): TextFormatName {
  return taken === undefined || taken.includes("markdown") ? "markdown" : "plaintext";
}

/** Any client may send anything; what has the wrong type counts as not sent. */
function initializationOptions(sent: unknown): KeylineInitializationOptions {
  const given = (typeof sent === "object" && sent !== null ? sent : {}) as Readonly<Record<string, unknown>>;
  const credential = given["credential"];
  const clientVersion = given["clientVersion"];
  return {
    clientFacts: given["clientFacts"] === true,
    verify: given["verify"] === true,
    readJsonKeys: given["readJsonKeys"] === true,
    trusted: given["trusted"] !== false,
    ...(credential === "azure-cli" || credential === "environment" ? { credential } : {}),
    ...(typeof clientVersion === "string" ? { clientVersion } : {}),
  };
}
