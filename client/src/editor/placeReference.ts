/** How a text comes to refer to a secret: the choices, and what is done with the one taken. */
import { connectorReference } from "../connectors/connectorSource.ts";
import { draftOfSubject } from "../entities/entityCommands.ts";
import { usableConnectors } from "../entities/referenceDraft.ts";
import type { WrittenSecret } from "../entities/referenceSecret.ts";
import { referenceSecret } from "../entities/referenceSecret.ts";
import type { ProtocolRange, SecretTextChoice } from "../../../server/src/protocol/messages.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { Choice } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
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

type Way = { readonly kind: "insert"; readonly choice: SecretTextChoice } | { readonly kind: "copy"; readonly text: string } | { readonly kind: "write" };

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
    ...(await copies(context, subject, choices)).map((text) => ({ label: `Copy ${pickText(text)}`, value: { kind: "copy", text } as const })),
  ];
  const way = await context.dialogs.pick(title, ways);
  switch (way?.kind) {
    case undefined:
      return "left";
    case "insert":
      return target === undefined ? "left" : insert(context, target, way.choice);
    case "copy":
      return copy(context, way.text, subject);
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

/** References in the words of Harness: of the entities that the place sees, and by a path for each connector. */
export async function copies({ entities }: Pick<EditorContext, "entities">, subject: SecretSubject, choices: readonly SecretTextChoice[]): Promise<readonly string[]> {
  const through = choices.filter((choice) => choice.through === "entity").map(({ identifier }) => expressionOf(identifier));
  const paths = usableConnectors(await entities.connectors.load(), { vault: subject.vault }).map((row) => directPath(row, subject)).filter((path) => path !== undefined).map(expressionOf);
  return [...new Set([...through, ...paths])];
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
  const choice = target === undefined ? undefined : (await choicesAt(context, subject, target)).find((one) => leadsTo(one, written));
  if (target !== undefined && choice !== undefined) {
    const placed = await insert(context, target, choice);
    await context.editor.show(target.place);
    return placed;
  }
  const reference = expressionOf(connectorReference(written));
  if (target !== undefined) context.dialogs.tell(`The file does not see the new secret from its scope, or the server does not know it yet, so nothing was inserted. ${noticeText(reference)} is on the clipboard.`);
  return copy(context, reference, subject);
}

/** Whether a reference of the server's, with or without the scope, names the new entity. */
function leadsTo({ through, identifier }: SecretTextChoice, written: WrittenSecret): boolean {
  return through === "entity" && identifier === connectorReference(written);
}
