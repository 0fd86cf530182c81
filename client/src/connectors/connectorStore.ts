import type { ConnectorRow, ConnectorsResult } from "../../../server/src/protocol/messages.ts";
import type { ConnectorSource } from "./connectorSource.ts";

export interface ConnectorStoreContext {
  /** Asks the language server. Rejects where it does not run. */
  readonly request: () => Promise<ConnectorsResult>;
}

/** How far the connectors are known. */
export interface ConnectorKnowledge {
  readonly rows: readonly ConnectorRow[];
  /** False before the server's first answer. */
  readonly answered: boolean;
  readonly reading: boolean;
  /** False while there may be uses that are not listed. */
  readonly complete: boolean;
  /** True while the language server does not run. */
  readonly stopped: boolean;
}

/** The connectors as the server last told them, asked for anew while somebody looks. */
export interface ConnectorStore extends ConnectorSource {
  known(): ConnectorKnowledge;
  /** Whether the tree is on the screen. Nothing is asked for while it is not. */
  setVisible(visible: boolean): void;
  /** The server says that its last answer is old. */
  outdated(): void;
  serverStarted(): void;
  serverStopped(): void;
  /** Names an object of our own that stands for a connector. */
  mark(object: object, row: ConnectorRow): void;
  /** Called after any change of `known()`. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

const nothing: ConnectorKnowledge = { rows: [], answered: false, reading: false, complete: false, stopped: false };

export function createConnectorStore({ request }: ConnectorStoreContext): ConnectorStore {
  const ours = new WeakMap<object, ConnectorRow>();
  const listeners = new Set<() => void>();
  let known = nothing;
  let visible = false;
  let isOld = true;
  let refreshing = false;
  /** Answers count in the order in which they were asked for. */
  let asked = 0;
  let taken = 0;

  function set(next: ConnectorKnowledge): void {
    known = next;
    for (const listener of [...listeners]) listener();
  }

  async function load(): Promise<readonly ConnectorRow[]> {
    const turn = ++asked;
    isOld = false;
    let answer: ConnectorsResult;
    try {
      answer = await request();
    } catch {
      // Whether the server has stopped is told by its state.
      isOld = true;
      return known.rows;
    }
    if (turn > taken) {
      taken = turn;
      set({ rows: answer.connectors, answered: true, reading: answer.reading, complete: answer.complete, stopped: false });
    }
    return answer.connectors;
  }

  /** One at a time; what becomes old meanwhile is asked for once more. */
  async function refresh(): Promise<void> {
    if (refreshing) return;
    refreshing = true;
    try {
      while (visible && isOld && !known.stopped) {
        const before = taken;
        await load();
        if (taken === before) break;
      }
    } finally {
      refreshing = false;
    }
  }

  return {
    known: () => known,
    rows: () => known.rows,
    load,
    of: (argument) => (typeof argument === "object" && argument !== null ? ours.get(argument) : undefined),
    mark: (object, row) => {
      ours.set(object, row);
    },
    setVisible: (next) => {
      visible = next;
      void refresh();
    },
    outdated: () => {
      isOld = true;
      void refresh();
    },
    serverStarted: () => {
      isOld = true;
      set({ ...nothing, rows: known.rows });
      void refresh();
    },
    serverStopped: () => {
      // An answer of the server that is gone is not waited for.
      taken = asked;
      isOld = true;
      set({ ...nothing, stopped: true });
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
