import { randomBytes, randomUUID } from "node:crypto";
import type { ExtensionContext } from "vscode";
import { authentication, commands, ConfigurationTarget, Disposable, window, workspace } from "vscode";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { createVaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { askApproval, createApprovalCommands } from "./azure/approvalCommands.ts";
import { createAzureDirectory } from "./azure/azureDirectory.ts";
import { createClientSecrets } from "./azure/clientSecrets.ts";
import { credentialSubject, registerCredentialCommands } from "./azure/credentialCommands.ts";
import { readCredentialKind } from "./azure/credentialKind.ts";
import { createCredentialStore } from "./azure/credentialStore.ts";
import { retryWhenSignedIn } from "./azure/retryWhenSignedIn.ts";
import { isSessionProvider } from "./azure/sessionToken.ts";
import { createSignInCommands } from "./azure/signInCommands.ts";
import type { VaultAccess } from "./azure/vaultAccess.ts";
import { createVaultAccess } from "./azure/vaultAccess.ts";
import { createVaultApprovals } from "./azure/vaultApprovals.ts";
import type { VaultCredentials } from "./azure/vaultCredentials.ts";
import { createVaultCredentials } from "./azure/vaultCredentials.ts";
import { vaultGate } from "./azure/vaultGate.ts";
import { registerCommands } from "./commands.ts";
import { connectorCommands } from "./connectors/connectorCommands.ts";
import { connectorsOfServer } from "./connectors/connectorsOfServer.ts";
import { createConnectorTree } from "./connectors/connectorTree.ts";
import { harnessSettings } from "./connectors/harnessSettings.ts";
import { createConnectionTests } from "./connectors/testConnection.ts";
import { createTestJournal } from "./connectors/testJournal.ts";
import { createLeftOvers } from "./connectors/testLeftOvers.ts";
import { createTestResults } from "./connectors/testResults.ts";
import { vscodeConnectorFiles } from "./connectors/vscodeConnectorFiles.ts";
import { createDocumentStates } from "./language/documentStates.ts";
import { followActiveEditor } from "./language/followActiveEditor.ts";
import { registerHoverOffers } from "./language/hoverOffers.ts";
import { createLanguageClient, startLanguageClient } from "./language/languageClient.ts";
import { serveLanguageServer } from "./language/serveLanguageServer.ts";
import { vscodeStepPrompts } from "./ui/vscodeStepPrompts.ts";
import { registerConnectorWizard } from "./connectors/wizard/connectorWizard.ts";
import { vscodeWorkspaceFiles } from "./connectors/wizard/vscodeWorkspaceFiles.ts";
import { vscodeDialogs } from "./ui/vscodeDialogs.ts";

let stop: (() => Promise<void>) | undefined;

/** Composes the extension. It exports no API: nothing that holds a token or a fact is reachable from outside. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Keyline", { log: true });
  const isTrusted = (): boolean => workspace.isTrusted;
  const dialogs = vscodeDialogs;
  const approvals = createVaultApprovals(context.globalState);
  const secrets = createClientSecrets(context.secrets);
  const credentials: VaultCredentials = createVaultCredentials({
    store: createCredentialStore(context.globalState),
    secrets,
    dialogs,
    byDefault: () => ({ kind: readCredentialKind(workspace.getConfiguration("keyline").get("credential")) }),
    environment: process.env,
    probe: (choice, cloud, tenant) => access.probe(choice, cloud, tenant),
  });
  const access: VaultAccess = createVaultAccess({ credentialOf: credentials.of, sessions: authentication, secrets, environment: process.env, clock: systemClock, log });
  const { gate, keysAllowed } = vaultGate(approvals, isTrusted);
  const index = createVaultIndex({ api: access.api, clock: systemClock, log, gate, keysAllowed });
  const directory = createAzureDirectory({
    resourceManager: access.resourceManager,
    clock: systemClock,
    isTrusted,
    isApproved: approvals.isApproved,
    credentialOf: credentials.of,
  });
  const refresh = (): void => {
    access.forgetTokens();
    index.refresh();
    directory.recheck();
  };
  const retry = retryWhenSignedIn(index, systemClock, () => {
    access.forgetTokens();
    directory.recheck();
  });

  const states = createDocumentStates();
  const { version } = context.extension.packageJSON as { readonly version: string };
  const client = createLanguageClient({ serverPath: context.asAbsolutePath("dist/server.js"), log, version });
  const service = serveLanguageServer(client, index, directory, states);
  const editor = followActiveEditor(client, states);

  const vaults = () => states.vaults(editor.activeUri());
  const connectors = connectorsOfServer(client);
  const approval = createApprovalCommands({
    approvals,
    dialogs,
    isTrusted,
    vaults,
    vaultsWithJsonKeys: states.vaultsWithJsonKeys,
    vaultOf: (argument) => connectors.store.of(argument)?.vault,
    credentialOf: credentials.of,
    withdrawn: (vault) => credentials.remember(vault, undefined),
  });
  const signIn = createSignInCommands({
    dialogs,
    isTrusted,
    credentials,
    setCredential: async (kind) => workspace.getConfiguration("keyline").update("credential", kind, ConfigurationTarget.Global),
    sessions: authentication,
    vaults,
    isApproved: approvals.isApproved,
    signedIn: refresh,
  });

  const approve = (vault: VaultTarget): Promise<boolean> => askApproval({ approvals, dialogs, isTrusted, credentialOf: credentials.of }, vault);
  const testResults = createTestResults(context.globalState);
  const running = new Set<string>();
  const journal = createTestJournal(context.globalState, () => systemClock.now(), (run) => running.has(run));
  const connectionTests = createConnectionTests({
    source: connectors.store,
    dialogs,
    files: vscodeConnectorFiles,
    isTrusted,
    approve,
    credentialOf: credentials.of,
    directory: () => directory.directory(),
    tests: access.tests,
    results: testResults,
    journal,
    running,
    newRun: () => ({ id: randomUUID(), name: `harness-test-${randomBytes(8).toString("hex")}` }),
    now: () => systemClock.now(),
    log,
    run: (command) => commands.executeCommand(command),
  });
  const leftOvers = createLeftOvers({
    dialogs,
    isTrusted,
    isApproved: approvals.isApproved,
    approvedVaults: () => approvals.list().map(({ vault }) => vault),
    vaultOf: (argument) => connectors.store.of(argument)?.vault,
    tests: access.tests,
    journal,
    clock: systemClock,
    log,
  });
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
          directory: () => directory.directory(),
        }),
        (register) => {
          registerCredentialCommands(register, {
            credentials,
            secrets,
            dialogs,
            isTrusted,
            subjectOf: (argument) => credentialSubject(connectors.store.of(argument)),
            subjects: async () => [...vaults().map((vault) => ({ vault })), ...(await connectors.store.load()).map(credentialSubject).filter((subject) => subject !== undefined)],
            changed: refresh,
          });
        },
        (register) => {
          register("keyline.testConnection", connectionTests.testConnection);
          register("keyline.removeTestSecrets", leftOvers.removeTestSecrets);
        },
        (register) => {
          registerConnectorWizard(register, {
            prompts: vscodeStepPrompts,
            dialogs,
            isTrusted,
            source: connectors.store,
            resourceManager: access.resourceManager,
            credentials,
            fetched: (subscriptions, found) => { directory.putListed(subscriptions, found); },
            approve,
            readTest: connectionTests.read,
            files: vscodeWorkspaceFiles,
            connectorFiles: vscodeConnectorFiles,
            drafts: context.workspaceState,
          });
        },
      ],
    }),
    authentication.onDidChangeSessions((change) => {
      const usesSessions = (): boolean => approvals.list().some(({ vault }) => credentials.of(vault).kind === "vscode");
      if (isTrusted() && isSessionProvider(change.provider.id) && usesSessions()) retry.soon();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("keyline.credential")) refresh();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      service.trusted();
      index.recheck();
      directory.recheck();
      leftOvers.tellInterrupted();
    }),
    new Disposable(
      approvals.onDidChange(() => {
        index.recheck();
        directory.recheck();
      }),
    ),
    registerHoverOffers(client),
    editor,
    tree,
    connectors.subscription,
    service,
    retry,
    directory,
    leftOvers,
    index,
  );
  leftOvers.tellInterrupted();
  stop = () => client.dispose();
  void startLanguageClient(client, log);
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
