/** Connectors and secrets that lead to a secret of a vault, but whose files do not say their scope: no file's reference to them can be told. */
import { isSecretIdentifier } from "../../../server/src/core/model/identifiers.ts";
import type { Scope } from "../../../server/src/core/model/scope.ts";
import type { ScopedRow } from "../connectors/askScope.ts";
import { askScope } from "../connectors/askScope.ts";
import { connectorReference } from "../connectors/connectorSource.ts";
import { shownFile } from "../connectors/shownPlace.ts";
import { isTold } from "../connectors/toldScope.ts";
import { usableConnectors } from "../entities/referenceDraft.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import type { EditorContext } from "./editorContext.ts";
import { canBeInPath, directPath, expressionOf } from "./harnessReference.ts";

export interface UntoldWay {
  readonly noun: "connector" | "secret";
  readonly row: ScopedRow;
  /** How a file refers through it, once its scope is told. */
  readonly referenceIn: (scope: Scope) => string | undefined;
}

export async function untoldOnTheWay({ entities, source }: Pick<EditorContext, "entities" | "source">, subject: SecretSubject): Promise<readonly UntoldWay[]> {
  const [connectors, secrets, uses] = await Promise.all([entities.connectors.load(), entities.knownSecrets(), source.uses(subject.vault, subject.name)]);
  const leading = uses.entities.filter(({ version, jsonKey }) => version === subject.version && jsonKey === subject.jsonKeys?.join("."));
  const untoldSecrets = secrets.filter((row) => !isTold(row) && row.type === "SecretText" && isSecretIdentifier(row.identifier) && leading.some(({ uri, text }) => uri === row.uri && text === row.identifier));
  const untoldConnectors = canBeInPath(subject) ? usableConnectors(connectors, { vault: subject.vault }).filter((row) => !isTold(row)) : [];
  return [
    ...untoldSecrets.map((row): UntoldWay => ({ noun: "secret", row, referenceIn: (scope) => connectorReference({ ...row, scope }) })),
    ...untoldConnectors.map((row): UntoldWay => ({ noun: "connector", row, referenceIn: (scope) => directPath({ ...row, scope }, subject) })),
  ];
}

/** Asks for the scope of the only one, or the one that is picked. Where keyline.jsonc says it then, the secret can be put there again; else the reference is copied. */
export async function tellScope({ entities, dialogs, copied }: Pick<EditorContext, "entities" | "dialogs" | "copied">, subject: SecretSubject, ways: readonly UntoldWay[]): Promise<void> {
  const [only] = ways;
  const way = ways.length === 1 ? only : await dialogs.pick(
    "Whose scope?",
    ways.map((one) => ({ label: pickText(one.row.identifier), description: one.noun, detail: pickText(shownFile(one.row.folder, one.row.uri), 200), value: one })),
  );
  if (way === undefined) return;
  const others = [...(await entities.connectors.load()), ...(await entities.knownSecrets())].map(({ scope }) => scope);
  const answer = await askScope(entities, way.row, others);
  if (answer === undefined) return;
  if (answer.isWritten) {
    dialogs.tell(`keyline.jsonc says now in which scope ${noticeText(way.row.identifier)} lives. Put ${noticeText(subject.name)} there again.`);
    return;
  }
  const reference = way.referenceIn(answer.scope);
  if (reference === undefined) return;
  const text = expressionOf(reference);
  await dialogs.copy(text);
  copied.put(text, subject);
  dialogs.tell("The reference is on the clipboard.");
}
