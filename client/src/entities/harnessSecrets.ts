import { isReservedWord, isSecretIdentifier, identifierProblem } from "../../../server/src/core/model/identifiers.ts";
import type { Scope } from "../../../server/src/core/model/scope.ts";
import { scopeWords } from "../../../server/src/core/model/scope.ts";
import type { SecretEntityRow } from "../../../server/src/protocol/messages.ts";
import type { ScopeAsker } from "../connectors/askScope.ts";
import { shownFile } from "../connectors/shownPlace.ts";
import { isTold } from "../connectors/toldScope.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import { referenceFrom } from "./secretReference.ts";

/** The secrets of the workspace, and how the scope is asked for of those whose files do not say it. */
export interface KnownSecrets {
  readonly rows: readonly SecretEntityRow[];
  readonly scopes: ScopeAsker;
  readonly dialogs: Pick<Dialogs, "tell">;
}

/** The secrets whose scope is not told. Each asks for it when it is chosen; undefined where the person left, or where `from` does not see it, which is said. */
export function untoldChoices({ rows, scopes, dialogs }: KnownSecrets, from: Scope, types: readonly string[]): readonly Choice<() => Promise<string | undefined>>[] {
  return rows.filter((row) => !isTold(row) && types.includes(row.type) && isSecretIdentifier(row.identifier)).map((row) => ({
    label: pickText(row.identifier),
    description: pickText(`${row.name ?? row.identifier} · ${typeWords[row.type] ?? row.type} · scope not told`),
    detail: pickText(shownFile(row.folder, row.uri), 200),
    value: async () => {
      const told = await scopes.told(row);
      const reference = told === undefined ? undefined : referenceFrom(from, told);
      if (told !== undefined && reference === undefined) dialogs.tell(`The secret ${noticeText(row.identifier)} lives in ${noticeText(scopeWords(told.scope))}, which ${noticeText(scopeWords(from))} does not see. Choose another secret.`);
      return reference;
    },
  }));
}

/** The secrets in the sight of `from`, as it refers to them. */
export function secretChoices(rows: readonly SecretEntityRow[], from: Scope, types: readonly string[]): readonly Choice<string>[] {
  const choices = new Map<string, Choice<string>>();
  for (const row of rows) {
    const reference = types.includes(row.type) ? referenceFrom(from, row) : undefined;
    if (reference !== undefined && !choices.has(reference)) choices.set(reference, { label: pickText(reference), description: pickText(`${row.name ?? row.identifier} · ${typeWords[row.type] ?? row.type}`), value: reference });
  }
  return [...choices.values()].sort((one, other) => (one.value < other.value ? -1 : 1));
}

const typeWords: Readonly<Record<string, string>> = { SecretText: "text", SecretFile: "file", SSHKey: "SSH", WinRmCredentials: "WinRM" };

/** Why no secret of that scope can have the identifier, as far as the workspace knows. */
export function secretIdentifierProblem(text: string, scope: Scope | undefined, rows: readonly SecretEntityRow[]): string | undefined {
  // Newer accounts take a hyphen in a secret's identifier.
  if (!isSecretIdentifier(text) || isReservedWord(text)) return identifierProblem(text) ?? "Enter an identifier.";
  const taken = rows.some((row) => row.identifier === text && JSON.stringify(row.scope) === JSON.stringify(scope));
  return taken ? "A secret of the workspace has this identifier in this scope. Choose another one." : undefined;
}
