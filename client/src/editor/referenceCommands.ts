/** From a reference in the editor to its secret. */
import type { ReferenceAt } from "../../../server/src/protocol/messages.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { secretPortalUrl } from "../connectors/vaultPortalUrl.ts";
import { draftOfSubject } from "../entities/entityCommands.ts";
import type { ReferenceDraft } from "../entities/referenceDraft.ts";
import { referenceSecret } from "../entities/referenceSecret.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import type { EditorContext } from "./editorContext.ts";

export async function revealSecret(context: EditorContext, argument: unknown): Promise<void> {
  const subject = await subjectAt(context, argument);
  if (subject !== undefined && !(await context.reveal(subject))) {
    context.dialogs.tell(`The explorer does not show ${noticeText(subject.name)} of the vault ${subject.vault.name}: it may be missing, or the vault is not read yet. Run Keyline: Refresh Vault Facts, or create it.`);
  }
}

export async function openSecretInPortal(context: EditorContext, argument: unknown): Promise<void> {
  const subject = context.source.subjectOf(argument) ?? (await subjectAt(context, argument));
  if (subject === undefined) return;
  const url = secretPortalUrl(subject.vault, subject, context.directory());
  if (url === undefined) context.dialogs.tell(`No secret of a Key Vault can be called ${noticeText(subject.name)}, so the portal has no page for it. Correct the reference.`);
  else await context.dialogs.open(url);
}

/** The secret with vault and name filled in; where the reference names an identifier that no file defines, that entity. */
export async function createMissingSecret(context: EditorContext, argument: unknown): Promise<void> {
  const { dialogs } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const reference = await referenceAt(context, argument);
  if (reference === undefined) return;
  if (reference.unknownIdentifier !== undefined) {
    await createEntity(context, reference.unknownIdentifier);
    return;
  }
  const subject = subjectOf(context, reference);
  const created = subject === undefined ? undefined : await context.createSecret({ vault: subject.vault, name: subject.name });
  if (subject === undefined || created === undefined) return;
  if (created.name.toLowerCase() !== subject.name.toLowerCase()) dialogs.tell(`The secret is called ${noticeText(created.name)}, and the reference still names ${noticeText(subject.name)}. Correct the reference.`);
  else if (reference.version !== undefined) dialogs.tell(`The reference names a version, and a new secret has none but its own. Remove /${noticeText(reference.version)} from it.`);
  else if (reference.jsonKey !== undefined) dialogs.tell(`The reference names the JSON key ${noticeText(reference.jsonKey)}: the secret's value must be a JSON object that has it.`);
}

async function createEntity(context: EditorContext, { level, identifier }: NonNullable<ReferenceAt["unknownIdentifier"]>): Promise<void> {
  const shown = level === "project" ? identifier : `${level}.${identifier}`;
  const way = await context.dialogs.pick(`No file that was read defines the secret ${pickText(shown)}`, [
    { label: "Reference an existing secret of a vault…", detail: "Writes the secret's YAML, with the identifier filled in.", value: "reference" },
    { label: "Create the secret in a vault first…", detail: "Then writes its YAML, with the identifier filled in.", value: "create" },
  ] as const);
  if (way === undefined) return;
  const draft: ReferenceDraft = { identifier, level, wantedLevel: level };
  const created = way === "create" ? await context.createSecret({}) : undefined;
  if (way === "create" && created === undefined) return;
  await referenceSecret(context.entities, created === undefined ? draft : { ...draft, ...draftOfSubject(created) });
}

async function subjectAt(context: EditorContext, argument: unknown): Promise<SecretSubject | undefined> {
  const reference = await referenceAt(context, argument);
  return reference === undefined ? undefined : subjectOf(context, reference);
}

/** Says which part of the chain is not known. */
function subjectOf({ dialogs }: EditorContext, { text, vault, name, version, jsonKey, unknownIdentifier }: ReferenceAt): SecretSubject | undefined {
  if (vault !== undefined && name !== undefined) return { vault, name, ...(version === undefined ? {} : { version }), ...(jsonKey === undefined ? {} : { jsonKeys: jsonKey.split(".") }) };
  const why = unknownIdentifier === undefined ? "no file tells which Key Vault keeps it. Its hover says where the chain ends" : "no file that was read defines that secret. Run Keyline: Create Missing Secret";
  dialogs.tell(`It cannot be told where ${noticeText(text)} leads: ${why}.`);
  return undefined;
}

async function referenceAt({ editor, server, dialogs }: EditorContext, argument: unknown): Promise<ReferenceAt | undefined> {
  const place = placeOfArgument(argument) ?? cursorOf(editor.place());
  if (place === undefined) {
    dialogs.tell("Put the cursor on a reference to a secret in a YAML file first.");
    return undefined;
  }
  const answer = await server.referenceAt(place);
  if (answer === undefined) dialogs.tell("The language server does not answer. Run Keyline: Restart Language Server.");
  if (answer === null) dialogs.tell("No reference to a secret stands at the cursor.");
  return answer ?? undefined;
}

type Place = Parameters<EditorContext["server"]["referenceAt"]>[0];

function cursorOf(place: ReturnType<EditorContext["editor"]["place"]>): Place | undefined {
  return place === undefined ? undefined : { textDocument: { uri: place.uri }, position: place.range.start };
}

/** A code action passes the place that it was offered at, and so could anybody: nothing more is taken from it. */
function placeOfArgument(argument: unknown): Place | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uri, line, character } = argument as Readonly<Record<string, unknown>>;
  if (typeof uri !== "string" || typeof line !== "number" || typeof character !== "number") return undefined;
  return Number.isSafeInteger(line) && Number.isSafeInteger(character) && line >= 0 && character >= 0 ? { textDocument: { uri }, position: { line, character } } : undefined;
}
