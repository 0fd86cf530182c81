import type { Register } from "../register.ts";
import { copySecret, copySecretReference } from "./copySecret.ts";
import type { EditorContext } from "./editorContext.ts";
import { moveToVault } from "./moveToVault.ts";
import { createMissingSecret, openSecretInPortal, revealSecret } from "./referenceCommands.ts";

/** Of an argument they take which item of our own tree, or which place of a text is meant. */
export function registerEditorCommands(register: Register, context: EditorContext): void {
  register("keyline.moveToVault", () => moveToVault(context));
  register("keyline.copySecret", (argument) => copySecret(context, argument));
  register("keyline.copySecretReference", (argument) => copySecretReference(context, argument));
  register("keyline.revealSecretInExplorer", (argument) => revealSecret(context, argument));
  register("keyline.createMissingSecret", (argument) => createMissingSecret(context, argument));
  register("keyline.openSecretInPortal", (argument) => openSecretInPortal(context, argument));
}
