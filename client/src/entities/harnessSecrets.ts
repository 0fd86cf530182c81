import { isReservedWord, isSecretIdentifier, identifierProblem } from "../../../server/src/core/model/identifiers.ts";
import type { Scope } from "../../../server/src/core/model/scope.ts";
import type { SecretEntityRow } from "../../../server/src/protocol/messages.ts";
import type { Choice } from "../ui/dialogs.ts";
import { pickText } from "../ui/pickText.ts";
import { referenceFrom } from "./secretReference.ts";

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
