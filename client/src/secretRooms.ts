import type { ExtensionContext } from "vscode";
import { ConfigurationTarget, Disposable, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../server/src/host/clock.ts";
import type { Log } from "../../server/src/host/log.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import type { VaultIndex } from "../../server/src/vault/vaultIndex.ts";
import { askApproval, askJsonKeys } from "./azure/approvalCommands.ts";
import type { AzureDirectorySource } from "./azure/azureDirectory.ts";
import type { VaultAccess } from "./azure/vaultAccess.ts";
import type { VaultApprovals } from "./azure/vaultApprovals.ts";
import type { VaultCredentials } from "./azure/vaultCredentials.ts";
import type { WizardContext } from "./connectors/wizard/wizardContext.ts";
import { vscodeWorkspaceFiles } from "./connectors/wizard/vscodeWorkspaceFiles.ts";
import { createCopiedSecrets } from "./editor/copiedSecrets.ts";
import { registerEditorCommands } from "./editor/editorCommands.ts";
import type { EditorContext } from "./editor/editorContext.ts";
import { offerReference } from "./editor/offerReference.ts";
import { registerCodeOffers } from "./editor/vscodeCodeActions.ts";
import { editorServerOf, secretEntitiesOf } from "./editor/vscodeEditorServer.ts";
import { secretDrag } from "./editor/vscodeSecretDrag.ts";
import { registerTransfers } from "./editor/vscodeTransfers.ts";
import { vscodeYamlEditor } from "./editor/vscodeYamlEditor.ts";
import { registerEntityCommands } from "./entities/entityCommands.ts";
import type { EntityContext } from "./entities/entityContext.ts";
import { createAddedVaults } from "./explorer/addedVaults.ts";
import { createDeletedLists } from "./explorer/deletedLists.ts";
import { registerExplorerCommands } from "./explorer/explorerCommands.ts";
import type { ExplorerNode } from "./explorer/explorerItem.ts";
import { referable } from "./explorer/explorerItem.ts";
import { registerExplorerLists } from "./explorer/explorerLists.ts";
import type { ExplorerSource } from "./explorer/explorerSource.ts";
import { createExplorerSource } from "./explorer/explorerSource.ts";
import { createVaultTree } from "./explorer/vaultTree.ts";
import { createViewChoice } from "./explorer/viewChoice.ts";
import { vscodeListFiles } from "./explorer/vscodeListFiles.ts";
import type { WorkspaceAnswers } from "./language/workspaceAnswers.ts";
import type { Register } from "./register.ts";
import { createCopiedValue } from "./secrets/copiedValue.ts";
import { createSecret } from "./secrets/createSecret.ts";
import { registerSecretCommands } from "./secrets/secretCommands.ts";
import type { SecretCommandsContext } from "./secrets/secretCommandsContext.ts";
import { createSecretJournal } from "./secrets/secretJournal.ts";
import { tellInterruptedSecrets } from "./secrets/tellInterruptedSecrets.ts";
import { createTurns } from "./runs/turns.ts";
import type { Dialogs } from "./ui/dialogs.ts";
import type { StepPrompts } from "./ui/stepPrompts.ts";
import { vscodeClipboard } from "./ui/vscodeClipboard.ts";
import { vscodeRevealBox } from "./ui/vscodeRevealBox.ts";

export interface SecretRoomsContext {
  readonly extension: Pick<ExtensionContext, "globalState">;
  readonly client: LanguageClient;
  readonly answers: WorkspaceAnswers;
  readonly access: VaultAccess;
  readonly index: VaultIndex;
  readonly directory: AzureDirectorySource;
  readonly approvals: VaultApprovals;
  readonly credentials: VaultCredentials;
  readonly dialogs: Dialogs;
  readonly prompts: StepPrompts;
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomHex: (bytes: number) => string;
  /** For Fetch Vault. */
  readonly wizard: Omit<WizardContext, "rows">;
}

/** The rooms that work on vaults and their secrets: explorer, secrets, entities, editor. */
export interface SecretRooms extends Disposable {
  readonly source: ExplorerSource;
  readonly addedVaults: () => readonly VaultTarget[];
  readonly register: (register: Register) => void;
  /** What is known of deleted secrets is old. */
  readonly refresh: () => void;
  /** Tells of changes that a reload has cut off, once the workspace is trusted. */
  readonly tellInterrupted: () => Disposable;
  /** Takes a copied value off the clipboard. */
  readonly clearClipboard: () => Promise<void>;
}

/** Composes them. */
export function createSecretRooms(rooms: SecretRoomsContext): SecretRooms {
  const { extension, client, answers, access, index, directory, approvals, credentials, dialogs, prompts, isTrusted, clock, log, randomHex, wizard } = rooms;
  const approve = (vault: VaultTarget): Promise<boolean> => askApproval({ approvals, dialogs, isTrusted, credentials }, vault);
  const now = (): number => clock.now();

  const added = createAddedVaults(extension.globalState);
  const deleted = createDeletedLists(access.api, (vault) => isTrusted() && approvals.isApproved(vault), now);
  const source = createExplorerSource({ connectors: answers.connectors, added, index, api: access.api, deleted, uses: answers.uses });
  const view = createViewChoice((name) => workspace.getConfiguration("keyline").get(name));
  const tree = createVaultTree({
    source,
    connectors: answers.connectors,
    added,
    index,
    deleted,
    uses: answers.uses,
    approvals,
    view,
    clock,
    drag: secretDrag<ExplorerNode>(referable),
  });

  const entities: EntityContext = {
    prompts,
    dialogs,
    files: vscodeWorkspaceFiles,
    isTrusted,
    connectors: answers.connectors,
    source,
    knownSecrets: () => secretEntitiesOf(client),
    approve,
    jsonKeys: { allowed: approvals.jsonKeysAllowed, ask: (vault) => askJsonKeys({ approvals, dialogs, isTrusted }, vault), read: (vault, name, version, signal) => access.api.jsonShape(vault, name, version, signal) },
    now,
  };
  const editor: EditorContext = {
    editor: vscodeYamlEditor,
    server: editorServerOf(client),
    source,
    dialogs,
    isTrusted,
    entities,
    createSecret: (draft) => createSecret(secrets, draft),
    reveal: (subject) => tree.reveal(subject),
    directory: () => directory.directory(),
    copied: createCopiedSecrets(),
  };
  const copied = createCopiedValue({ clipboard: vscodeClipboard, clock, store: extension.globalState, randomHex });
  copied.resume();
  const secrets: SecretCommandsContext = {
    source,
    writes: access.writes,
    dialogs,
    prompts,
    approvals,
    credentials,
    isTrusted,
    clock,
    log,
    journal: createSecretJournal(extension.globalState, clock, randomHex(16)),
    turns: createTurns(),
    clipboard: vscodeClipboard,
    copied,
    revealBox: vscodeRevealBox,
    files: nodeFiles,
    confirmReveal: () => workspace.getConfiguration("keyline").get("confirmReveal") !== false,
    randomHex,
    offerReference: (subject) => offerReference(editor, subject),
  };

  const setSetting = (name: string, value: string): PromiseLike<void> => workspace.getConfiguration("keyline").update(name, value, ConfigurationTarget.Global);
  const subscriptions = Disposable.from(
    tree,
    registerCodeOffers(),
    registerTransfers(editor),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("keyline.vaults") || change.affectsConfiguration("keyline.expiringDays")) view.settingsChanged();
    }),
    new Disposable(() => {
      deleted.dispose();
    }),
  );
  return {
    source,
    addedVaults: () => added.list(),
    register: (register) => {
      registerExplorerCommands(register, { source, added, view, dialogs, isTrusted, approvals, credentials, wizard, setSetting });
      registerExplorerLists(register, { source, dialogs, isTrusted, approve, files: vscodeListFiles, now });
      registerSecretCommands(register, secrets);
      registerEntityCommands(register, entities);
      registerEditorCommands(register, editor);
    },
    refresh: () => {
      deleted.changed();
    },
    tellInterrupted: () => new Disposable(tellInterruptedSecrets(secrets)),
    clearClipboard: () => copied.clearNow(),
    dispose: () => {
      subscriptions.dispose();
    },
  };
}
