import { commands, Disposable, EventEmitter, window, workspace } from "vscode";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { ConnectorNode } from "./connectorNodes.ts";
import { connectorNodes } from "./connectorNodes.ts";
import type { ConnectorState, ConnectorStateInputs } from "./connectorState.ts";
import { connectorState } from "./connectorState.ts";
import type { ConnectorStore } from "./connectorStore.ts";
import { steadily } from "../ui/steadily.ts";
import { resolveTooltip, vscodeTreeItem } from "../ui/vscodeTreeItem.ts";
import { viewBadge, viewContext, viewMessage } from "./viewState.ts";

export interface ConnectorTreeContext {
  readonly store: ConnectorStore;
  readonly states: ConnectorStateInputs;
  readonly clock: Clock;
  /** Whatever a connector's state is made of. */
  readonly sources: readonly { onDidChange(listener: () => void): () => void }[];
}

const viewId = "keyline.connectors";
const refreshMs = 300;

/** The view "Connectors". What it shows is decided in connectorNodes and viewState; this hands it to VS Code. */
export function createConnectorTree({ store, states, clock, sources }: ConnectorTreeContext): Disposable {
  const changed = new EventEmitter<undefined>();
  const folders = (): { uri: string; name: string }[] => (workspace.workspaceFolders ?? []).map(({ uri, name }) => ({ uri: uri.toString(), name }));
  const stateOf = (row: ConnectorRow): ConnectorState => connectorState(row, states);
  let roots: readonly ConnectorNode[] | undefined;
  let shownStates = "";
  // A tree that is told anew while it still asks for the last news may keep lines that are gone.
  const refresh = steadily(clock, refreshMs, () => {
    changed.fire(undefined);
  });

  function rootNodes(): readonly ConnectorNode[] {
    roots ??= connectorNodes({ rows: store.rows(), reading: store.known().reading, folders: folders(), state: stateOf, now: () => clock.now() });
    return roots;
  }

  const view = window.createTreeView<ConnectorNode>(viewId, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => [...(node === undefined ? rootNodes() : node.children())],
      getParent: (node) => node.parent,
      getTreeItem: (node) => {
        if (node.about !== undefined) store.mark(node, node.about);
        return vscodeTreeItem(node);
      },
      resolveTreeItem: resolveTooltip,
    },
  });

  function update(): void {
    const known = store.known();
    const virtual = (workspace.workspaceFolders ?? []).every(({ uri }) => uri.scheme !== "file");
    void commands.executeCommand("setContext", "keyline.connectors", viewContext(known, virtual));
    view.message = viewMessage(known, { trusted: workspace.isTrusted, virtual }) ?? "";
    view.badge = viewBadge(known.rows, stateOf);
    shownStates = writtenStates();
    roots = undefined;
    refresh.ask();
  }

  function writtenStates(): string {
    return JSON.stringify(store.rows().map(stateOf));
  }

  /** Facts arrive many times a second; only another state of a connector is worth another tree. */
  function updateStates(): void {
    if (writtenStates() !== shownStates) update();
  }

  update();
  store.setVisible(viewId, view.visible);
  return Disposable.from(
    view,
    changed,
    view.onDidChangeVisibility(({ visible }) => {
      store.setVisible(viewId, visible);
    }),
    new Disposable(() => {
      refresh.dispose();
    }),
    workspace.onDidGrantWorkspaceTrust(update),
    workspace.onDidChangeWorkspaceFolders(update),
    new Disposable(store.onDidChange(update)),
    ...sources.map((source) => new Disposable(source.onDidChange(updateStates))),
  );
}
