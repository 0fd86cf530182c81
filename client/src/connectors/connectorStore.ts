import type { ConnectorRow, ConnectorsResult } from "../../../server/src/protocol/messages.ts";
import type { ServerAnswer } from "../language/serverAnswer.ts";
import { createServerAnswer } from "../language/serverAnswer.ts";
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
export interface ConnectorStore extends ConnectorSource, Omit<ServerAnswer<ConnectorsResult>, "known" | "load"> {
  known(): ConnectorKnowledge;
  /** Names an object of our own that stands for a connector. */
  mark(object: object, row: ConnectorRow): void;
}

export function createConnectorStore({ request }: ConnectorStoreContext): ConnectorStore {
  const ours = new WeakMap<object, ConnectorRow>();
  const answer = createServerAnswer(request);

  function known(): ConnectorKnowledge {
    const { last, answered, stopped } = answer.known();
    return { rows: last?.connectors ?? [], answered, reading: answered && last?.reading === true, complete: answered && last?.complete === true, stopped };
  }

  return {
    ...answer,
    known,
    rows: () => known().rows,
    load: async () => (await answer.load())?.connectors ?? [],
    of: (argument) => (typeof argument === "object" && argument !== null ? ours.get(argument) : undefined),
    mark: (object, row) => {
      ours.set(object, row);
    },
  };
}
