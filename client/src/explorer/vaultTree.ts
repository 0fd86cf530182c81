import { commands, Disposable, EventEmitter, window, workspace } from "vscode";
import type { TreeDragAndDropController } from "vscode";
import type { SecretUsesResult } from "../../../server/src/protocol/messages.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { VaultIndex } from "../../../server/src/vault/vaultIndex.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { ConnectorStore } from "../connectors/connectorStore.ts";
import type { ServerAnswer } from "../language/serverAnswer.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { steadily } from "../ui/steadily.ts";
import { shownLines } from "../ui/shownLines.ts";
import { resolveTooltip, vscodeTreeItem } from "../ui/vscodeTreeItem.ts";
import type { AddedVaults } from "./addedVaults.ts";
import type { DeletedLists } from "./deletedLists.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";
import type { ExplorerSource } from "./explorerSource.ts";
import { explorerBadge, explorerContextKey, explorerDescription, explorerMessage } from "./explorerState.ts";
import { explorerWants } from "./explorerWants.ts";
import { currentNode, findNode } from "./findNode.ts";
import { usesOfSecrets } from "./usesOfSecrets.ts";
import { vaultNodes } from "./vaultNodes.ts";
import type { ViewChoice } from "./viewChoice.ts";

const vaultsViewId = "keyline.vaults";

export interface VaultTreeContext {
  readonly source: ExplorerSource;
  readonly connectors: ConnectorStore;
  readonly added: AddedVaults;
  readonly index: VaultIndex;
  readonly deleted: DeletedLists;
  readonly uses: ServerAnswer<SecretUsesResult>;
  readonly approvals: VaultApprovals;
  readonly view: ViewChoice;
  readonly clock: Clock;
  readonly drag: TreeDragAndDropController<ExplorerNode>;
}

export interface VaultTree extends Disposable {
  /** Shows a secret's line. False where there is none; then its vault's line is shown, if that is listed. */
  reveal(subject: SecretSubject): Promise<boolean>;
}

/** The view "Vaults". What it shows is decided in vaultNodes and explorerState; this hands it to VS Code, and says what is open. */
export function createVaultTree(context: VaultTreeContext): VaultTree {
  const { source, connectors, added, index, deleted, uses, approvals, view: choice, clock } = context;
  const changed = new EventEmitter<undefined>();
  const interest = index.interest();
  /** The open lines by id. */
  const open = new Map<string, ExplorerItem>();
  const unfolded = new Set<string>();
  let roots = makeNodes();
  let shown = "";
  // A tree that is told anew while it still asks for the last news may keep lines that are gone.
  const refresh = steadily(clock, refreshMs, () => {
    changed.fire(undefined);
  });

  const view = window.createTreeView<ExplorerNode>(vaultsViewId, {
    showCollapseAll: true,
    dragAndDropController: context.drag,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => {
        if (node === undefined) return [...roots];
        const children = (currentNode(roots, node) ?? node).children();
        opened(node);
        return [...children];
      },
      getParent: (node) => node.parent,
      getTreeItem: (node) => {
        if (node.about !== undefined) source.mark(node, node.about);
        return vscodeTreeItem(node);
      },
      resolveTreeItem: resolveTooltip,
    },
  });

  function makeNodes(): readonly ExplorerNode[] {
    return vaultNodes({
      vaults: source.vaultsNow(),
      isTrusted: workspace.isTrusted,
      isApproved: approvals.isApproved,
      keysAllowed: approvals.jsonKeysAllowed,
      facts: index.facts(),
      deleted: (vault) => deleted.known(vault),
      uses: usesOfSecrets(uses.known()),
      folderOf,
      view: choice.now(),
      now: clock.now(),
    });
  }

  function opened({ id, about }: ExplorerNode): void {
    unfolded.add(id);
    shown = shownLines(roots, unfolded);
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
    const filters = choice.now();
    void commands.executeCommand("setContext", vaultsViewId, explorerContextKey(vaults, connectors.known()));
    void commands.executeCommand("setContext", `${vaultsViewId}.filtered`, filters.filter !== "" || filters.unusedOnly);
    view.description = explorerDescription(filters);
    view.message = explorerMessage(filters, known, vaults.length > 0 && connectors.known().stopped) ?? "";
    view.badge = explorerBadge(index.facts(), vaults, known, filters, clock.now());
    want();
    const next = makeNodes();
    const lines = shownLines(next, unfolded);
    roots = next;
    if (lines === shown) return;
    shown = lines;
    refresh.ask();
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
    const node = findNode(roots, subject);
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
      unfolded.delete(element.id);
      open.delete(element.id);
      if (element.about?.opens === "deleted") deleted.close(element.about.vault);
      want();
    }),
    workspace.onDidGrantWorkspaceTrust(update),
    workspace.onDidChangeWorkspaceFolders(update),
    ...[connectors, added, index, deleted, uses, approvals, choice].map((part) => new Disposable(part.onDidChange(update))),
    new Disposable(() => {
      refresh.dispose();
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
const refreshMs = 300;

function folderOf(uri: string): string {
  return (workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString()).find((folder) => uri.startsWith(`${folder}/`)) ?? "";
}
