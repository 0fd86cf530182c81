import type { ExtensionContext } from "vscode";
import { authentication, commands, ConfigurationTarget, Disposable, window, workspace } from "vscode";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { createApprovalCommands } from "./azure/approvalCommands.ts";
import { readCredentialKind } from "./azure/credentialKind.ts";
import { retryWhenSignedIn } from "./azure/retryWhenSignedIn.ts";
import { isSessionProvider } from "./azure/sessionToken.ts";
import { createSignInCommands } from "./azure/signInCommands.ts";
import { createVaultAccess } from "./azure/vaultAccess.ts";
import { createVaultApprovals } from "./azure/vaultApprovals.ts";
import { vaultGate } from "./azure/vaultGate.ts";
import { registerCommands } from "./commands.ts";
import { connectorCommands } from "./connectors/connectorCommands.ts";
import { connectorsOfServer } from "./connectors/connectorsOfServer.ts";
import { createConnectorTree } from "./connectors/connectorTree.ts";
import { harnessSettings } from "./connectors/harnessSettings.ts";
import { memoryTestResults } from "./connectors/memoryTestResults.ts";
import { vscodeConnectorFiles } from "./connectors/vscodeConnectorFiles.ts";
import { createDocumentStates } from "./language/documentStates.ts";
import { followActiveEditor } from "./language/followActiveEditor.ts";
import { registerHoverOffers } from "./language/hoverOffers.ts";
import { createLanguageClient, startLanguageClient } from "./language/languageClient.ts";
import { serveLanguageServer } from "./language/serveLanguageServer.ts";
import { vscodeDialogs } from "./ui/vscodeDialogs.ts";

let stop: (() => Promise<void>) | undefined;

/** Composes the extension. It exports no API: nothing that holds a token or a fact is reachable from outside. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Keyline", { log: true });
  const isTrusted = (): boolean => workspace.isTrusted;
  const credential = () => readCredentialKind(workspace.getConfiguration("keyline").get("credential"));

  const approvals = createVaultApprovals(context.globalState);
  const access = createVaultAccess({ credential, sessions: authentication, environment: process.env, clock: systemClock, log });
  const { gate, keysAllowed } = vaultGate(approvals, isTrusted);
  const index = createVaultIndex({ api: access.api, clock: systemClock, log, gate, keysAllowed });
  const refresh = (): void => {
    access.forgetTokens();
    index.refresh();
  };
  const retry = retryWhenSignedIn(index, systemClock, access.forgetTokens);

  const states = createDocumentStates();
  const { version } = context.extension.packageJSON as { readonly version: string };
  const client = createLanguageClient({ serverPath: context.asAbsolutePath("dist/server.js"), log, version });
  const service = serveLanguageServer(client, index, states);
  const editor = followActiveEditor(client, states);

  const dialogs = vscodeDialogs;
  const vaults = () => states.vaults(editor.activeUri());
  const approval = createApprovalCommands({ approvals, dialogs, isTrusted, vaults, vaultsWithJsonKeys: states.vaultsWithJsonKeys });
  const signIn = createSignInCommands({
    dialogs,
    isTrusted,
    credential,
    setCredential: async (kind) => workspace.getConfiguration("keyline").update("credential", kind, ConfigurationTarget.Global),
    sessions: authentication,
    vaults,
    isApproved: approvals.isApproved,
    signedIn: refresh,
  });

  const testResults = memoryTestResults();
  const connectors = connectorsOfServer(client);
  const tree = createConnectorTree({
    store: connectors.store,
    states: { isTrusted, isApproved: approvals.isApproved, facts: () => index.facts(), testResult: (vault) => testResults.get(vault) },
    now: () => systemClock.now(),
    sources: [approvals, index, testResults],
  });

  context.subscriptions.push(
    log,
    registerCommands({
      approval,
      signIn,
      dialogs,
      log,
      isTrusted,
      refresh,
      restart: () => startLanguageClient(client, log),
      activeState: editor.activeState,
      run: (command) => commands.executeCommand(command),
      more: [
        connectorCommands({
          store: connectors.store,
          dialogs,
          files: vscodeConnectorFiles,
          isTrusted,
          harness: { harnessSettings, store: context.globalState },
          directory: () => emptyDirectory,
        }),
      ],
    }),
    authentication.onDidChangeSessions((change) => {
      if (isTrusted() && credential() === "vscode" && isSessionProvider(change.provider.id)) retry.soon();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("keyline.credential")) refresh();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      service.trusted();
      index.recheck();
    }),
    new Disposable(approvals.onDidChange(() => { index.recheck(); })),
    registerHoverOffers(client),
    editor,
    tree,
    connectors.subscription,
    service,
    retry,
    index,
  );
  stop = () => client.dispose();
  void startLanguageClient(client, log);
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
