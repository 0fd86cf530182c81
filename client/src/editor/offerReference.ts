import { pickText } from "../ui/pickText.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { EditorContext } from "./editorContext.ts";
import { placeReference } from "./placeReference.ts";

const changedMessage = "The text has changed meanwhile, so nothing was inserted. Put the cursor at its place and run Keyline: Copy Secret Reference, then paste it.";

/** After a secret was created: a reference to it at the cursor, behind what is selected, as YAML or on the clipboard, or nothing. */
export async function offerReference(context: EditorContext, subject: SecretSubject): Promise<void> {
  const place = context.editor.place();
  const placed = await placeReference(context, subject, place === undefined ? undefined : { place, range: place.rangeOf(place.end, place.end) }, `Refer to ${pickText(subject.name)} in Harness? Esc does nothing`);
  if (placed === "changed") context.dialogs.tell(changedMessage);
  if (placed === "copied") context.dialogs.tell("The reference is on the clipboard.");
}
