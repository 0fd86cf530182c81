import type { ConnectorRow, ConnectorsResult, SecretUseRow, SecretUsesResult } from "../protocol/messages.ts";
import { connectorRows } from "./connectorRows.ts";
import { FolderAnswers } from "./folderAnswers.ts";
import { mergedSecretUses, secretUseRows } from "./secretUseRows.ts";
import type { Session } from "./session.ts";

/** Answers `keyline/connectors` and `keyline/secretUses`, and tells the client once when what it has of them is old. */
export class WorkspaceAnswers {
  readonly #connectors: FolderAnswers<ConnectorRow>;
  readonly #secretUses: FolderAnswers<SecretUseRow>;
  readonly #changed: () => void;

  constructor(session: Session, changed: () => void) {
    this.#connectors = new FolderAnswers(session, connectorRows);
    this.#secretUses = new FolderAnswers(session, secretUseRows);
    this.#changed = changed;
  }

  connectors(): ConnectorsResult {
    const { folders, ...state } = this.#connectors.answer();
    return { connectors: folders.flat(), ...state };
  }

  secretUses(): SecretUsesResult {
    const { folders, ...state } = this.#secretUses.answer();
    return { secrets: mergedSecretUses(folders), ...state };
  }

  /** Called when changes have settled. */
  update(): void {
    const answers = [this.#connectors, this.#secretUses];
    if (!answers.some((answer) => answer.isOld())) return;
    for (const answer of answers) answer.forget();
    this.#changed();
  }
}
