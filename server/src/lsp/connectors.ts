import type { WorkspaceModel } from "../core/index.ts";
import type { ConnectorRow, ConnectorsResult } from "../protocol/messages.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import { connectorRows } from "./connectorRows.ts";
import type { Session } from "./session.ts";

interface FolderAnswer {
  readonly model: WorkspaceModel;
  readonly usesVersion: number;
  readonly rows: readonly ConnectorRow[];
}

interface Known {
  readonly folders: ReadonlyMap<WorkspaceFolder, FolderAnswer>;
  readonly complete: boolean;
  readonly reading: boolean;
}

/**
 * Answers `keyline/connectors` from what is kept, and tells the client when the answer would be another. The rows of a
 * folder are made anew only where its entities or references have changed.
 */
export class Connectors {
  readonly #session: Session;
  readonly #changed: () => void;
  /** What was answered last; absent before the first question, and once the client has been told that it is old. */
  #answered: Known | undefined;
  #folders: ReadonlyMap<WorkspaceFolder, FolderAnswer> = new Map();

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
  }

  answer(): ConnectorsResult {
    const known = this.#known();
    this.#answered = known;
    this.#folders = known.folders;
    const { complete, reading } = known;
    return { connectors: [...known.folders.values()].flatMap(({ rows }) => rows), complete, reading };
  }

  /** Called when changes have settled. */
  update(): void {
    if (this.#answered === undefined || !this.#isOld(this.#answered)) return;
    this.#answered = undefined;
    this.#changed();
  }

  #isOld(answered: Known): boolean {
    const folders = this.#session.foldersWithUses();
    const { complete, reading } = stateOf(folders);
    if (complete !== answered.complete || reading !== answered.reading || folders.length !== answered.folders.size) return true;
    return folders.some((folder) => !isSame(answered.folders.get(folder), folder));
  }

  #known(): Known {
    const folders = this.#session.foldersWithUses();
    const answers = folders.map((folder) => {
      const before = this.#folders.get(folder);
      return [folder, before !== undefined && isSame(before, folder) ? before : answerOf(folder, this.#session)] as const;
    });
    return { folders: new Map(answers), ...stateOf(folders) };
  }
}

function isSame(answer: FolderAnswer | undefined, folder: WorkspaceFolder): boolean {
  return answer?.model === folder.model() && answer.usesVersion === folder.uses().version;
}

function answerOf(folder: WorkspaceFolder, { locator }: Session): FolderAnswer {
  return { model: folder.model(), usesVersion: folder.uses().version, rows: connectorRows(folder, locator) };
}

function stateOf(folders: readonly WorkspaceFolder[]): { readonly complete: boolean; readonly reading: boolean } {
  const states = folders.map((folder) => folder.uses());
  return { complete: states.every((state) => state.complete), reading: states.some((state) => state.reading) };
}
