/** How a text comes to refer to a secret: the choices, and what is done with the one taken. */
import { connectorReference } from "../connectors/connectorSource.ts";
import { draftOfSubject } from "../entities/entityCommands.ts";
import { referenceSecret } from "../entities/referenceSecret.ts";
import type { ConnectorRow, ProtocolRange, SecretTextChoice } from "../../../server/src/protocol/messages.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { Choice } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import type { Copyable } from "./copyableReferences.ts";
import { askedConnector, copyables, untoldPathWords } from "./copyableReferences.ts";
import type { EditorContext } from "./editorContext.ts";
import { noServerMessage, secretTextParams } from "./editorServer.ts";
import { directPath, expressionOf } from "./harnessReference.ts";
import type { EditorPlace } from "./yamlEditor.ts";

/** Where a reference is to stand. */
export interface ReferenceTarget {
  readonly place: EditorPlace;
  readonly range: ProtocolRange;
}

/** `changed`: the text is another one now, so that nothing was replaced. */
export type Placed = "inserted" | "copied" | "changed" | "left";

type Way = { readonly kind: "insert"; readonly choice: SecretTextChoice } | { readonly kind: "write" } | Copyable;

/** Lets the person choose a reference, then inserts or copies it; writes the entity first where that is chosen. */
export async function placeReference(context: EditorContext, subject: SecretSubject, target: ReferenceTarget | undefined, title: string): Promise<Placed> {
  const choices = target === undefined ? [] : await choicesAt(context, subject, target);
  const ways: readonly Choice<Way>[] = [
    ...choices.map((choice) => ({ label: `Insert ${pickText(choice.text)}`, detail: wayWords(choice), value: { kind: "insert", choice } as const })),
    {
      label: "Write a secret in YAML…",
      detail: `Of type Reference${target === undefined ? "" : "; its reference is inserted"}. Harness takes neither an inline secret nor a SecretFile as YAML.`,
      value: { kind: "write" },
    },
    ...(await copyables(context.entities, subject, choices)).map((one) => (one.kind === "copy" ? { label: `Copy ${pickText(one.text)}`, value: one } : { ...untoldPathWords(one.connector), value: one })),
  ];
  const way = await context.dialogs.pick(title, ways);
  switch (way?.kind) {
    case undefined:
      return "left";
    case "insert":
      return target === undefined ? "left" : insert(context, target, way.choice);
    case "copy":
      return copy(context, way.text, subject);
    case "ask":
      return askAndPlace(context, subject, target, way.connector);
    case "write":
      return writeAndPlace(context, subject, target);
  }
}

/** The choices of the server that put the reference in the place of all that is to go. */
async function choicesAt({ server, dialogs }: EditorContext, subject: SecretSubject, { place, range }: ReferenceTarget): Promise<readonly SecretTextChoice[]> {
  const answer = await server.secretText(secretTextParams({ uri: place.uri, range }, subject));
  if (answer === undefined) dialogs.tell(noServerMessage);
  return (answer?.choices ?? []).filter((choice) => covers(choice.range, range));
}

function covers(outer: ProtocolRange, inner: ProtocolRange): boolean {
  return !isBefore(inner.start, outer.start) && !isBefore(outer.end, inner.end);
}

function isBefore(one: ProtocolRange["start"], other: ProtocolRange["start"]): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

function wayWords({ through, identifier }: SecretTextChoice): string {
  return through === "entity" ? `Through the secret ${pickText(identifier)}.` : `A direct path through the connector ${pickText(identifier)}, which needs no secret in Harness.`;
}

async function insert({ editor }: EditorContext, { place }: ReferenceTarget, choice: SecretTextChoice): Promise<Placed> {
  return (await editor.replace(place, choice.range, choice.text)) ? "inserted" : "changed";
}

async function copy({ dialogs, copied }: EditorContext, text: string, subject: SecretSubject): Promise<Placed> {
  await dialogs.copy(text);
  copied.put(text, subject);
  return "copied";
}

async function writeAndPlace(context: EditorContext, subject: SecretSubject, target: ReferenceTarget | undefined): Promise<Placed> {
  const written = await referenceSecret(context.entities, draftOfSubject(subject));
  if (written === undefined) return "left";
  const identifier = connectorReference(written);
  const placed = await insertThrough(context, subject, target, { through: "entity", identifier });
  if (target !== undefined && placed !== undefined) {
    await context.editor.show(target.place);
    return placed;
  }
  const reference = expressionOf(identifier);
  if (target !== undefined) context.dialogs.tell(`The file does not see the new secret from its scope, or the server does not know it yet, so nothing was inserted. ${noticeText(reference)} is on the clipboard.`);
  return copy(context, reference, subject);
}

/** What keyline.jsonc says then the server knows too, and writes the reference for the place. */
async function askAndPlace(context: EditorContext, subject: SecretSubject, target: ReferenceTarget | undefined, connector: ConnectorRow): Promise<Placed> {
  const told = await askedConnector(context.entities, connector);
  const path = told === undefined ? undefined : directPath(told, subject);
  if (told === undefined || path === undefined) return "left";
  const placed = await insertThrough(context, subject, target, { through: "connector", identifier: connectorReference(told) });
  if (placed !== undefined) return placed;
  const reference = expressionOf(path);
  if (target !== undefined) context.dialogs.tell(`The file does not see the connector from its scope, or the server does not know its scope, so nothing was inserted. ${noticeText(reference)} is on the clipboard.`);
  return copy(context, reference, subject);
}

/** Inserts the server's reference, with or without the scope, through that very entity or connector. Undefined where it has none for the place. */
async function insertThrough(context: EditorContext, subject: SecretSubject, target: ReferenceTarget | undefined, { through, identifier }: Pick<SecretTextChoice, "through" | "identifier">): Promise<Placed | undefined> {
  const choice = target === undefined ? undefined : (await choicesAt(context, subject, target)).find((one) => one.through === through && one.identifier === identifier);
  return target === undefined || choice === undefined ? undefined : insert(context, target, choice);
}
