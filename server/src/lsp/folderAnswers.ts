import type { WorkspaceModel } from "../core/index.ts";
import type { Locate } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import type { Session } from "./session.ts";

interface FolderAnswer<Row> {
  readonly model: WorkspaceModel;
  readonly usesVersion: number;
  readonly rows: readonly Row[];
}

interface Known<Row> {
  readonly folders: ReadonlyMap<WorkspaceFolder, FolderAnswer<Row>>;
  readonly complete: boolean;
  readonly reading: boolean;
}

/**
 * Answers one question about all folders from what is kept of them, and knows when the answer would be another. The
 * rows of a folder are made anew only where its entities or references have changed.
 */
export class FolderAnswers<Row> {
  readonly #session: Session;
  readonly #rowsOf: (folder: WorkspaceFolder, locator: (text: string) => Locate) => readonly Row[];
  /** What was answered last; absent before the first question, and once the client has been told that it is old. */
  #answered: Known<Row> | undefined;
  #folders: Known<Row>["folders"] = new Map();

  constructor(session: Session, rowsOf: (folder: WorkspaceFolder, locator: (text: string) => Locate) => readonly Row[]) {
    this.#session = session;
    this.#rowsOf = rowsOf;
  }

  /** The rows of each folder: the very same ones while nothing of the folder has changed. */
  answer(): { readonly folders: readonly (readonly Row[])[]; readonly complete: boolean; readonly reading: boolean } {
    const known = this.#known();
    this.#answered = known;
    this.#folders = known.folders;
    const { complete, reading } = known;
    return { folders: [...known.folders.values()].map(({ rows }) => rows), complete, reading };
  }

  /** True where the client has an answer that would be another now. */
  isOld(): boolean {
    const answered = this.#answered;
    if (answered === undefined) return false;
    const folders = this.#session.foldersWithUses();
    const { complete, reading } = stateOf(folders);
    if (complete !== answered.complete || reading !== answered.reading || folders.length !== answered.folders.size) return true;
    return folders.some((folder) => !isSame(answered.folders.get(folder), folder));
  }

  /** The client has been told: the next answer counts. */
  forget(): void {
    this.#answered = undefined;
  }

  #known(): Known<Row> {
    const folders = this.#session.foldersWithUses();
    const answers = folders.map((folder) => {
      const before = this.#folders.get(folder);
      return [folder, before !== undefined && isSame(before, folder) ? before : this.#answerOf(folder)] as const;
    });
    return { folders: new Map(answers), ...stateOf(folders) };
  }

  #answerOf(folder: WorkspaceFolder): FolderAnswer<Row> {
    return { model: folder.model(), usesVersion: folder.uses().version, rows: this.#rowsOf(folder, this.#session.locator) };
  }
}

function isSame(answer: FolderAnswer<unknown> | undefined, folder: WorkspaceFolder): boolean {
  return answer?.model === folder.model() && answer.usesVersion === folder.uses().version;
}

function stateOf(folders: readonly WorkspaceFolder[]): { readonly complete: boolean; readonly reading: boolean } {
  const states = folders.map((folder) => folder.uses());
  return { complete: states.every((state) => state.complete), reading: states.some((state) => state.reading) };
}
