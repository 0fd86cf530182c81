import { randomBytes } from "node:crypto";
import type { ExtensionContext } from "vscode";
import { authentication, commands, ConfigurationTarget, Disposable, window, workspace } from "vscode";
import type { AzureSubscription, AzureVault } from "../../server/src/core/model/azureDirectory.ts";
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
import { createConnectorTree } from "./connectors/connectorTree.ts";
import { harnessSettings } from "./connectors/harnessSettings.ts";
import { readTest } from "./connectors/readTest.ts";
import { tellInterruptedTests } from "./connectors/tellInterruptedTests.ts";
import { registerTestCommands } from "./connectors/testCommands.ts";
import type { TestCommandsContext } from "./connectors/testCommandsContext.ts";
import { createTestJournal } from "./connectors/testJournal.ts";
import { createTestResults } from "./connectors/testResults.ts";
import { createVaultTurns } from "./connectors/vaultTurns.ts";
import { vscodeConnectorFiles } from "./connectors/vscodeConnectorFiles.ts";
import { createDocumentStates } from "./language/documentStates.ts";
import { followActiveEditor } from "./language/followActiveEditor.ts";
import { registerHoverOffers } from "./language/hoverOffers.ts";
import { createLanguageClient, startLanguageClient } from "./language/languageClient.ts";
import { serveLanguageServer } from "./language/serveLanguageServer.ts";
import { workspaceAnswers } from "./language/workspaceAnswers.ts";
import { createSecretRooms } from "./secretRooms.ts";
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
    rooms.refresh();
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
  const answers = workspaceAnswers(client);
  const wizard = {
    prompts: vscodeStepPrompts,
    dialogs,
    isTrusted,
    resourceManager: access.resourceManager,
    credentials,
    fetched: (subscriptions: readonly AzureSubscription[], found: readonly AzureVault[]) => { directory.putListed(subscriptions, found); },
    approve: (vault: VaultTarget) => askApproval({ approvals, dialogs, isTrusted, credentials }, vault),
    readTest: (vault: VaultTarget, signal: AbortSignal) => readTest(testContext, vault, signal),
  };
  const rooms = createSecretRooms({
    extension: context,
    client,
    answers,
    access,
    index,
    directory,
    approvals,
    credentials,
    dialogs,
    prompts: vscodeStepPrompts,
    isTrusted,
    clock: systemClock,
    log,
    randomHex,
    wizard,
  });
  const vaultOf = (argument: unknown) => rooms.source.vaultOf(argument) ?? answers.connectors.of(argument)?.vault;
  const approval = createApprovalCommands({
    approvals,
    dialogs,
    isTrusted,
    vaults,
    vaultsWithJsonKeys: states.vaultsWithJsonKeys,
    vaultOf,
    credentials,
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

  const testResults = createTestResults(context.globalState);
  const testContext: TestCommandsContext = {
    tests: access.tests,
    source: answers.connectors,
    dialogs,
    approvals,
    credentials,
    isTrusted,
    activeUri: () => editor.activeUri(),
    directory: () => directory.directory(),
    files: vscodeConnectorFiles,
    run: (command) => commands.executeCommand(command),
    results: testResults,
    journal: createTestJournal(context.globalState, systemClock, randomHex(16)),
    turns: createVaultTurns(),
    clock: systemClock,
    log,
    randomHex,
  };
  const tree = createConnectorTree({
    store: answers.connectors,
    states: { isTrusted, isApproved: approvals.isApproved, facts: () => index.facts(), testResult: (vault) => testResults.get(vault) },
    clock: systemClock,
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
          store: answers.connectors,
          dialogs,
          files: vscodeConnectorFiles,
          workspaceFiles: vscodeWorkspaceFiles,
          isTrusted,
          harness: { harnessSettings, store: context.globalState },
          directory: () => directory.directory(),
          vaultOf: (argument) => rooms.source.vaultOf(argument),
        }),
        rooms.register,
        (register) => {
          registerCredentialCommands(register, {
            credentials,
            secrets,
            dialogs,
            isTrusted,
            subjectOf: (argument) => credentialSubject(answers.connectors.of(argument)) ?? credentialSubject({ vault: rooms.source.vaultOf(argument) }),
            subjects: async () =>
              [...vaults().map((vault) => ({ vault })), ...(await answers.connectors.load()).map(credentialSubject), ...rooms.addedVaults().map((vault) => ({ vault }))].filter((subject) => subject !== undefined),
            isApproved: approvals.isApproved,
            changed: (vault) => {
              access.forgetTokens();
              index.refresh(vault);
              directory.recheck();
            },
          });
        },
        (register) => { registerTestCommands(register, testContext); },
        (register) => {
          registerConnectorWizard(register, { ...wizard, source: answers.connectors, files: vscodeWorkspaceFiles, connectorFiles: vscodeConnectorFiles, drafts: context.workspaceState });
        },
      ],
    }),
    authentication.onDidChangeSessions((change) => {
      const usesSessions = (): boolean => approvals.list().some(({ vault }) => credentials.of(vault).kind === "vscode");
      if (isTrusted() && isSessionProvider(change.provider.id) && usesSessions()) retry.soon();
    }),
    // Another window may have stored a client secret, or forgotten one.
    context.secrets.onDidChange(refresh),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("keyline.credential")) refresh();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      service.trusted();
      index.recheck();
      directory.recheck();
      context.subscriptions.push(new Disposable(tellInterruptedTests(testContext)), rooms.tellInterrupted());
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
    rooms,
    answers.subscription,
    service,
    retry,
    directory,
    new Disposable(tellInterruptedTests(testContext)),
    rooms.tellInterrupted(),
    index,
  );
  stop = async () => {
    await Promise.allSettled([rooms.clearClipboard(), client.dispose()]);
  };
  void startLanguageClient(client, log);
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

export function deactivate(): Promise<void> | undefined {
  return stop?.();
}
