/** Keyline: Move to Key Vault Secret: a value that stands in a file becomes a secret, and a reference takes its place. */
import { restrictedEditMessage } from "../connectors/deleteConnector.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import type { EditorContext } from "./editorContext.ts";
import type { Placed } from "./placeReference.ts";
import { placeReference } from "./placeReference.ts";
import { selectedLiteral } from "./selectedLiteral.ts";

export async function moveToVault(context: EditorContext): Promise<void> {
  const { dialogs, editor, createSecret } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return;
  }
  const place = editor.place();
  if (place === undefined) {
    dialogs.tell("Select a value in a YAML file first.");
    return;
  }
  const literal = selectedLiteral(place.text, place.start, place.end);
  if ("problem" in literal) {
    dialogs.tell(literal.problem);
    return;
  }
  const subject = await createSecret({ value: literal.value });
  if (subject === undefined) return;
  const range = place.rangeOf(literal.start, literal.end);
  const placed = await placeReference(context, subject, { place, range }, `${pickText(subject.name)} is in the vault. What takes the place of the value?`);
  dialogs.tell(`${noticeText(subject.name)} is in the vault ${subject.vault.name}. ${endWords[placed]}`);
}

const history = "The value stays in the file's Git history, where everyone with the repository can read it: make a new one where it is used, and write it as a new version.";

const endWords: Readonly<Record<Placed, string>> = {
  inserted: `Its reference stands in the file. ${history}`,
  copied: "The reference is on the clipboard, and the value still stands in the file: replace it yourself.",
  changed: "The file has changed meanwhile, or cannot be written, so nothing was replaced: the value still stands in it. Select it again, and paste a reference in its place.",
  left: "Nothing was replaced: the value still stands in the file.",
};
