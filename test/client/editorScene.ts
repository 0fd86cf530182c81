/** The way from an editor to a vault over an editor in memory, a scripted server and a scripted creation. */
import { createCopiedSecrets } from "../../client/src/editor/copiedSecrets.ts";
import { registerEditorCommands } from "../../client/src/editor/editorCommands.ts";
import type { EditorContext } from "../../client/src/editor/editorContext.ts";
import type { EditorPlace } from "../../client/src/editor/yamlEditor.ts";
import type { SecretDraft } from "../../client/src/secrets/secretCommandsContext.ts";
import type { SecretSubject } from "../../client/src/secrets/secretSource.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { ProtocolRange, ReferenceAtResult, SecretTextChoice, SecretTextParams, SecretUse } from "../../server/src/protocol/messages.ts";
import { shopVault } from "./connectorRow.ts";
import type { EntityOptions } from "./entityScene.ts";
import { entityScene, item } from "./entityScene.ts";

export const uri = "file:///w/p.yaml";

export interface EditorOptions extends EntityOptions {
  /** With the selection between two `|`, or one for a cursor. Undefined where no YAML is open. */
  readonly text?: string;
  readonly created?: SecretSubject | null;
  /** Called while the person creates the secret. */
  readonly meanwhile?: (edit: (text: string) => void) => void;
  /** What the server says; of several, one for each question. Undefined for a server that does not answer. */
  readonly choices?: readonly (((params: SecretTextParams) => readonly SecretTextChoice[]) | undefined | null)[];
  readonly reference?: ReferenceAtResult;
  /** The `secret:` entities that lead to the secret. */
  readonly entities?: readonly SecretUse[];
  readonly serverStopped?: boolean;
  readonly revealed?: boolean;
}

export function choice(range: ProtocolRange, text: string, more: Partial<SecretTextChoice> = {}): SecretTextChoice {
  return { range, text, form: "expression", through: "entity", identifier: "account.db", ...more };
}

export function rangeOf(text: string, start: number, end: number): ProtocolRange {
  const position = (offset: number): ProtocolRange["start"] => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  };
  return { start: position(start), end: position(end) };
}

/** The text without its marks, and the selection between them. */
export function marked(text: string): { readonly text: string; readonly start: number; readonly end: number } {
  const [before = "", selected, after] = text.split("¦");
  if (selected === undefined) return { text: before, start: before.length, end: before.length };
  return after === undefined ? { text: before + selected, start: before.length, end: before.length } : { text: before + selected + after, start: before.length, end: before.length + selected.length };
}

export function editorScene(options: EditorOptions) {
  const entities = entityScene(options);
  const selection = options.text === undefined ? undefined : marked(options.text);
  let current = selection?.text ?? "";
  let version = 1;
  const drafts: SecretDraft[] = [];
  const asked: SecretTextParams[] = [];
  const positions: unknown[] = [];
  const revealed: SecretSubject[] = [];
  const context: EditorContext = {
    editor: {
      place: (): EditorPlace | undefined => {
        if (selection === undefined) return undefined;
        const { text, start, end } = selection;
        return { uri, version, text, start, end, range: rangeOf(text, start, end), rangeOf: (from, to) => rangeOf(text, from, to) };
      },
      replace: (place, range, text) => {
        if (place.version !== version) return Promise.resolve(false);
        const lines = current.split("\n");
        const offset = ({ line, character }: ProtocolRange["start"]): number => lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
        current = current.slice(0, offset(range.start)) + text + current.slice(offset(range.end));
        version += 1;
        return Promise.resolve(true);
      },
      show: () => {
        entities.calls.push("show the editor");
        return Promise.resolve();
      },
    },
    server: {
      referenceAt: ({ position }) => {
        positions.push(position);
        return Promise.resolve(options.serverStopped === true ? undefined : (options.reference ?? null));
      },
      secretText: (params) => {
        const answers = options.choices ?? [];
        const answer = answers[Math.min(asked.length, answers.length - 1)];
        asked.push(params);
        if (options.serverStopped === true) return Promise.resolve(undefined);
        return Promise.resolve(answer === undefined || answer === null ? null : { choices: answer(params) });
      },
    },
    source: { subjectOf: (argument) => (argument === item ? options.subject : undefined), vaults: () => Promise.resolve([{ vault: shopVault }]), uses: () => Promise.resolve({ references: [], entities: options.entities ?? [], complete: true }) },
    dialogs: entities.dialogs,
    isTrusted: () => options.trusted ?? true,
    entities: entities.context,
    createSecret: (draft) => {
      drafts.push(draft);
      options.meanwhile?.((text) => {
        current = text;
        version += 1;
      });
      const { created } = options;
      return Promise.resolve(created === null ? undefined : (created ?? { vault: shopVault, name: "db" }));
    },
    reveal: (subject) => {
      revealed.push(subject);
      return Promise.resolve(options.revealed ?? true);
    },
    directory: () => emptyDirectory,
    copied: createCopiedSecrets(),
  };
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerEditorCommands((id, action) => void actions.set(id, action), context);
  return { ...entities, entities: entities.context, context, drafts, asked, positions, revealed, text: () => current, command: async (id: string, argument?: unknown) => actions.get(id)?.(argument) };
}
