import { isNameable } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { Choice } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import { copiedText } from "./copiedSecrets.ts";
import type { EditorContext } from "./editorContext.ts";
import type { Copyable } from "./copyableReferences.ts";
import { askedConnector, copyables, untoldPathWords } from "./copyableReferences.ts";
import { directPath, expressionOf } from "./harnessReference.ts";

const noItem = "Choose a secret in the vault explorer first.";

/** Its names, which can be read anywhere; pasted into Harness YAML they become the reference for that place. */
export async function copySecret({ source, dialogs, copied }: EditorContext, argument: unknown): Promise<void> {
  const subject = source.subjectOf(argument);
  if (subject === undefined) {
    dialogs.tell(noItem);
    return;
  }
  if (!isNameable(subject)) {
    dialogs.tell("No Key Vault secret or JSON key of such a name can be referred to, so it was not copied.");
    return;
  }
  const text = copiedText(subject);
  await dialogs.copy(text);
  copied.put(text, subject);
}

/** The expression that leads to it, by a path through a connector. */
export async function copySecretReference(context: EditorContext, argument: unknown): Promise<void> {
  const { source, dialogs, copied } = context;
  const subject = source.subjectOf(argument);
  if (subject === undefined) {
    dialogs.tell(noItem);
    return;
  }
  const text = await chosen(context, subject);
  if (text === undefined) return;
  await dialogs.copy(text);
  copied.put(text, subject);
}

async function chosen({ entities, dialogs }: EditorContext, subject: SecretSubject): Promise<string | undefined> {
  const found = await copyables(entities, subject, []);
  const [only] = found;
  if (only === undefined) {
    dialogs.tell(noPath(subject));
    return undefined;
  }
  const choices: readonly Choice<Copyable>[] = found.map((one) => (one.kind === "copy" ? { label: pickText(one.text), value: one } : { ...untoldPathWords(one.connector), value: one }));
  const picked = found.length === 1 ? only : await dialogs.pick("Copy which reference?", choices);
  if (picked?.kind !== "ask") return picked?.text;
  const told = await askedConnector(entities, picked.connector);
  const path = told === undefined ? undefined : directPath(told, subject);
  return path === undefined ? undefined : expressionOf(path);
}

function noPath({ vault, name, jsonKeys = [] }: SecretSubject): string {
  const why = jsonKeys.length > 0 ? "A path cannot name this JSON key, or no connector that is known leads to the vault" : `No connector that is known leads to the vault ${vault.name}`;
  return `${why}, so there is no expression for ${noticeText(name)} yet. Run Keyline: Reference an Existing Secret.`;
}
