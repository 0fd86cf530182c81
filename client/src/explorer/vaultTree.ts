import { commands, Disposable, EventEmitter, window, workspace } from "vscode";
import type { TreeDragAndDropController } from "vscode";
import type { SecretUsesResult } from "../../../server/src/protocol/messages.ts";
import type { VaultIndex } from "../../../server/src/vault/vaultIndex.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { ConnectorStore } from "../connectors/connectorStore.ts";
import type { ServerAnswer } from "../language/serverAnswer.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { resolveTooltip, vscodeTreeItem } from "../ui/vscodeTreeItem.ts";
import type { AddedVaults } from "./addedVaults.ts";
import type { DeletedLists } from "./deletedLists.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";
import type { ExplorerSource } from "./explorerSource.ts";
import { explorerBadge, explorerContextKey, explorerDescription, explorerMessage } from "./explorerState.ts";
import { explorerWants } from "./explorerWants.ts";
import { findNode } from "./findNode.ts";
import { usesOfSecrets } from "./usesOfSecrets.ts";
import { vaultNodes } from "./vaultNodes.ts";
import type { ViewChoice } from "./viewChoice.ts";

export const vaultsViewId = "keyline.vaults";

export interface VaultTreeContext {
  readonly source: ExplorerSource;
  readonly connectors: ConnectorStore;
  readonly added: AddedVaults;
  readonly index: VaultIndex;
  readonly deleted: DeletedLists;
  readonly uses: ServerAnswer<SecretUsesResult>;
  readonly approvals: VaultApprovals;
  readonly view: ViewChoice;
  readonly now: () => number;
  readonly drag: TreeDragAndDropController<ExplorerNode>;
}

export interface VaultTree extends Disposable {
  /** Shows a secret's line. False where there is none; then its vault's line is shown, if that is listed. */
  reveal(subject: SecretSubject): Promise<boolean>;
}

/** The view "Vaults". What it shows is decided in vaultNodes and explorerState; this hands it to VS Code, and says what is open. */
export function createVaultTree(context: VaultTreeContext): VaultTree {
  const { source, connectors, added, index, deleted, uses, approvals, view: choice, now } = context;
  const changed = new EventEmitter<undefined>();
  const interest = index.interest();
  /** The open lines by id. */
  const open = new Map<string, ExplorerItem>();
  let roots: readonly ExplorerNode[] | undefined;

  const view = window.createTreeView<ExplorerNode>(vaultsViewId, {
    showCollapseAll: true,
    dragAndDropController: context.drag,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => {
        if (node !== undefined) opened(node);
        return [...(node === undefined ? rootNodes() : node.children())];
      },
      getParent: (node) => node.parent,
      getTreeItem: (node) => {
        if (node.about !== undefined) source.mark(node, node.about);
        return vscodeTreeItem(node);
      },
      resolveTreeItem: resolveTooltip,
    },
  });

  function rootNodes(): readonly ExplorerNode[] {
    roots ??= vaultNodes({
      vaults: source.vaultsNow(),
      isTrusted: workspace.isTrusted,
      isApproved: approvals.isApproved,
      keysAllowed: approvals.jsonKeysAllowed,
      facts: index.facts(),
      deleted: (vault) => deleted.known(vault),
      uses: usesOfSecrets(uses.known()),
      folderOf,
      view: choice.now(),
      now: now(),
    });
    return roots;
  }

  function opened({ id, about }: ExplorerNode): void {
    if (about?.opens === undefined) return;
    open.set(id, about);
    if (about.opens === "deleted") deleted.open(about.vault);
    want();
  }

  function want(): void {
    interest.want(view.visible && workspace.isTrusted ? explorerWants(open.values(), source.vaultsNow()) : []);
  }

  function update(): void {
    const vaults = source.vaultsNow();
    const known = usesOfSecrets(uses.known());
    const shown = choice.now();
    void commands.executeCommand("setContext", vaultsViewId, explorerContextKey(vaults, connectors.known()));
    void commands.executeCommand("setContext", `${vaultsViewId}.filtered`, shown.filter !== "" || shown.unusedOnly);
    view.description = explorerDescription(shown);
    view.message = explorerMessage(shown, known, vaults.length > 0 && connectors.known().stopped) ?? "";
    view.badge = explorerBadge(index.facts(), vaults, known, shown, now());
    roots = undefined;
    changed.fire(undefined);
    want();
  }

  function look(): void {
    connectors.setVisible(vaultsViewId, view.visible);
    uses.setVisible(vaultsViewId, view.visible);
    want();
  }

  async function reveal(subject: SecretSubject): Promise<boolean> {
    await commands.executeCommand(`${vaultsViewId}.focus`);
    if (approvals.isApproved(subject.vault)) {
      await source.secrets(subject.vault, AbortSignal.timeout(revealLimitMs));
      if (!subject.name.toLowerCase().includes(choice.now().filter.toLowerCase()) || choice.now().unusedOnly) choice.clear();
      update();
    }
    const node = findNode(rootNodes(), subject);
    if (node !== undefined) await view.reveal(node, { select: true, focus: true, expand: true });
    return node?.about?.subject !== undefined;
  }

  update();
  look();
  const subscription = Disposable.from(
    view,
    changed,
    view.onDidChangeVisibility(look),
    view.onDidCollapseElement(({ element }) => {
      open.delete(element.id);
      if (element.about?.opens === "deleted") deleted.close(element.about.vault);
      want();
    }),
    workspace.onDidGrantWorkspaceTrust(update),
    workspace.onDidChangeWorkspaceFolders(update),
    ...[connectors, added, index, deleted, uses, approvals, choice].map((part) => new Disposable(part.onDidChange(update))),
    new Disposable(() => {
      interest.dispose();
    }),
  );
  return {
    reveal,
    dispose: () => {
      subscription.dispose();
    },
  };
}

const revealLimitMs = 30_000;

function folderOf(uri: string): string {
  return (workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString()).find((folder) => uri.startsWith(`${folder}/`)) ?? "";
}
