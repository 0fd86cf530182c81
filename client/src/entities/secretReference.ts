/** References to Harness secrets: those that an entity of a scope may hold, and the step that asks for one. */
import { isSecretIdentifier } from "../../../server/src/core/model/identifiers.ts";
import type { FileScope, Scope, ScopeLevel } from "../../../server/src/core/model/scope.ts";
import { resolveScope } from "../../../server/src/core/model/scope.ts";
import { isKnownScope, isSameScope } from "../connectors/toldScope.ts";
import type { Choice } from "../ui/dialogs.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";

export interface ReferenceQuestion {
  readonly head: StepHead;
  readonly prompts: StepPrompts;
  readonly prompt: string;
  /** The prompt's part that must be seen whole, above a list. */
  readonly notes?: readonly string[];
  /** The prompt above the list, where it is another one. */
  readonly listPrompt?: string;
  readonly current: string | undefined;
  /** Secrets that are offered. */
  readonly known: readonly Choice<string>[];
  /** Secrets whose scope is asked for when they are chosen. */
  readonly untold?: readonly Choice<() => Promise<string | undefined>>[];
  /** Choices beside a secret, as "None". Their value is taken as it is. */
  readonly others?: readonly Choice<string>[];
  readonly problem: (text: string) => string | undefined;
}

/** One of the secrets known, or another that is typed. */
export async function askReference({ head, prompts, prompt, listPrompt = prompt, notes = [], current, known, untold = [], others = [], problem }: ReferenceQuestion): Promise<StepAnswer<string>> {
  const hasList = known.length + untold.length + others.length > 0;
  for (;;) {
    if (hasList) {
      const choices: readonly Choice<string | (() => Promise<string | undefined>) | undefined>[] = [...others, ...known, ...untold, { label: "Another secret…", detail: "Enter account.id, org.id or id.", value: undefined }];
      const active = choices.findIndex(({ value }) => value !== undefined && value === current);
      const picked = await prompts.list({ head, prompt: listPrompt, notes, choices, ...(active < 0 ? {} : { active }) });
      if (picked.kind !== "next") return picked;
      const reference = typeof picked.value === "function" ? await picked.value() : picked.value;
      if (reference !== undefined) return { kind: "next", value: reference };
      if (picked.value !== undefined) continue;
    }
    const typed = await prompts.text({ head, prompt, value: current ?? "", placeholder: "account.id, org.id or id", problem: (text) => problem(text.trim()) });
    if (typed.kind === "next") return { kind: "next", value: typed.value.trim() };
    if (typed.kind === "leave" || !hasList) return typed;
  }
}

/**
 * What is wrong with a reference in an entity of that level, which may refer to secrets of its own scope or above, never
 * below (Harness: IdentifierRefHelper). `field` as "The key", `noun` as "connector".
 */
export function referenceProblem(text: string, level: ScopeLevel | undefined, field: string, noun: string): string | undefined {
  const match = /^(?:(account|org)\.)?([^.]*)$/.exec(text);
  if (text.includes("<+")) return `${field} is an identifier, not an expression: write account.id, org.id or id.`;
  if (match === null) return "Write account.id, org.id or id: an identifier holds no dot.";
  const [, prefix, identifier = ""] = match;
  if (!isSecretIdentifier(identifier)) return "Enter the secret's identifier: account.id, org.id or id.";
  if (level === "account" && prefix !== "account") return `An account-level ${noun} uses account secrets only: write account.${identifier}.`;
  if (level === "org" && prefix === undefined) return `An organization-level ${noun} uses secrets of the organization or the account: write org.${identifier} or account.${identifier}.`;
  return undefined;
}

/** How an entity of scope `from` refers to one of `scope`; undefined where it must not, or where it cannot be told. */
export function referenceFrom(from: Scope, { scope, identifier }: { readonly scope: FileScope; readonly identifier: string }): string | undefined {
  if (!isKnownScope(scope) || !isSecretIdentifier(identifier)) return undefined;
  const seen = resolveScope(scope.level, from);
  if (seen === undefined || !isSameScope(seen, scope)) return undefined;
  return scope.level === "project" ? identifier : `${scope.level}.${identifier}`;
}
