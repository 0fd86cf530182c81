/** What a drop or a paste of a secret inserts. */
import type { ProtocolRange, SecretTextChoice } from "../../../server/src/protocol/messages.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";
import { draftOfSubject } from "../entities/entityCommands.ts";
import { referenceSecret } from "../entities/referenceSecret.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { noticeText } from "../ui/noticeText.ts";
import type { EditorContext } from "./editorContext.ts";
import type { UntoldWay } from "./untoldOnTheWay.ts";
import { tellScope, untoldOnTheWay } from "./untoldOnTheWay.ts";
import { noServerMessage, secretTextParams } from "./editorServer.ts";

export interface TransferEdit {
  readonly title: string;
  /** What stands in the place of the selection. */
  readonly insertText: string;
  /** Set where more than the selection is replaced: `insertText` is empty then. */
  readonly replace?: { readonly range: ProtocolRange; readonly text: string };
}

/** Why nothing can be inserted: no answer, no place for a reference, or nothing that leads to the secret. */
export type NoEdit = "no-server" | "no-place" | "no-way";

/** The first is inserted, the others are offered. `range` is what VS Code replaces by itself. */
export async function transferEdits({ server }: Pick<EditorContext, "server">, subject: SecretSubject, uri: string, range: ProtocolRange): Promise<readonly TransferEdit[] | NoEdit> {
  const answer = await server.secretText(secretTextParams({ uri, range }, subject));
  if (answer === undefined) return "no-server";
  if (answer === null) return "no-place";
  const edits = answer.choices.flatMap((choice) => editOf(choice, range));
  if (edits.length > 0) return edits;
  return answer.choices.length > 0 ? "no-place" : "no-way";
}

function editOf({ range, text, through, identifier }: SecretTextChoice, at: ProtocolRange): readonly TransferEdit[] {
  const title = through === "entity" ? `Refer through the secret ${shownText(identifier)}` : `Refer by a path through the connector ${shownText(identifier)}`;
  if (isSame(range, at)) return [{ title, insertText: text }];
  // Two edits of one place would spoil each other.
  return isSame(at, { start: at.start, end: at.start }) ? [{ title, insertText: "", replace: { range, text } }] : [];
}

function isSame(one: ProtocolRange, other: ProtocolRange): boolean {
  return one.start.line === other.start.line && one.start.character === other.start.character && one.end.line === other.end.line && one.end.character === other.end.character;
}

const scopeButton = "Tell the Scope…";
const writeButton = "Write a Secret in YAML…";

/** Says why a drop or a paste has inserted no reference; where nothing leads to the secret, offers to write what does. */
export async function tellDropped(context: EditorContext, subject: SecretSubject, why: NoEdit): Promise<void> {
  const { dialogs } = context;
  if (why === "no-server") dialogs.tell(noServerMessage);
  if (why === "no-place") dialogs.tell("No reference to a secret can stand there. Drop it on a value, or inside an expression's quotes, of a Harness file.");
  if (why !== "no-way") return;
  const ways = await untoldOnTheWay(context, subject);
  if (ways.length > 0) {
    const answer = await dialogs.offer(untoldWords(subject, ways), [scopeButton, writeButton]);
    if (answer === scopeButton) await tellScope(context, subject, ways);
    if (answer === writeButton) await referenceSecret(context.entities, draftOfSubject(subject));
    return;
  }
  const answer = await dialogs.offer(`Nothing in the workspace leads to ${noticeText(subject.name)} of the vault ${subject.vault.name} from this file. Write a secret that refers to it, then put it there again.`, [writeButton]);
  if (answer === writeButton) await referenceSecret(context.entities, draftOfSubject(subject));
}

function untoldWords({ name, vault }: SecretSubject, ways: readonly UntoldWay[]): string {
  const what = ways.map(({ noun, row }) => `the ${noun} ${noticeText(row.identifier)}`);
  const named = [...what.slice(0, 3), ...(what.length > 3 ? [`${String(what.length - 3)} more`] : [])].join(", ");
  const why = ways.length === 1 ? "leads there, but its file does not say its scope. Tell it" : "lead there, but their files do not say their scopes. Tell one";
  return `No reference to ${noticeText(name)} of the vault ${vault.name} is known for this file: ${named} ${why}, then put the secret there again.`;
}
