/** Where an entity is to live, and how it is called: the same questions for connectors and secrets. */
import { identifierProblem, isConnectorIdentifier } from "../../../server/src/core/model/identifiers.ts";
import type { FileScope, ScopeLevel } from "../../../server/src/core/model/scope.ts";
import { possibleScopes } from "../../../server/src/core/model/scope.ts";
import type { Choice } from "../ui/dialogs.ts";
import { chooseStep } from "../ui/fieldSteps.ts";
import type { Step } from "../ui/multiStep.ts";
import { pickText } from "../ui/pickText.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";

/** The part of a draft that every entity has. */
export interface ScopeDraft {
  readonly level?: ScopeLevel;
  readonly org?: string;
  readonly project?: string;
  readonly name?: string;
  readonly identifier?: string;
}

export interface ScopeQuestion<D> {
  /** "connector" or "secret". */
  readonly noun: string;
  /** The scopes that the workspace names. */
  readonly scopes: readonly FileScope[];
  /** The level below which the scope lies whatever is answered: its own organization or project is in the draft then. */
  readonly within?: (draft: D) => ScopeLevel;
  /** Whether the level is given already. */
  readonly isGiven?: (draft: D) => boolean;
}

/** Level, organization and project. */
export function scopeSteps<D extends ScopeDraft>({ noun, scopes, within = () => "account", isGiven = () => false }: ScopeQuestion<D>): readonly Step<D>[] {
  const levels: readonly Choice<ScopeLevel>[] = [
    { label: "Account", detail: "In all organizations and projects. Referred to as account.id.", value: "account" },
    { label: "Organization", detail: "In the projects of one organization. Referred to as org.id.", value: "org" },
    { label: "Project", detail: "In one project alone.", value: "project" },
  ];
  return [
    chooseStep<"level", D>({
      field: "level",
      applies: (draft) => within(draft) !== "project" && !isGiven(draft),
      prompt: `Scope: where the ${noun} can be used`,
      choices: (draft) => levels.filter(({ value }) => within(draft) === "account" || value !== "account"),
    }),
    placeStep<D>(scopes, "org", (draft) => within(draft) === "account" && draft.level !== "account", "Identifier of the organization"),
    placeStep<D>(scopes, "project", (draft) => within(draft) !== "project" && draft.level === "project", "Identifier of the project"),
  ];
}

/** An organization or project: one that the workspace knows, or another. */
function placeStep<D extends ScopeDraft>(scopes: readonly FileScope[], field: "org" | "project", applies: (draft: D) => boolean, prompt: string): Step<D> {
  const answerOf = (value: string): Partial<D> => ({ [field]: value }) as Partial<D>;
  return {
    id: field,
    applies,
    ask: async (draft, head, prompts) => {
      const known = knownPlaces(scopes, field, draft);
      for (;;) {
        const picked = known.length === 0 ? undefined : await pickPlace(prompts, head, prompt, known, draft[field]);
        if (picked !== undefined && picked.kind !== "next") return picked;
        if (picked !== undefined && picked.value !== undefined) return { kind: "next", value: answerOf(picked.value) };
        const typed = await prompts.text({ head, prompt, value: draft[field] ?? "", placeholder: field === "org" ? "default" : "", problem: (text) => identifierProblem(text.trim()) });
        if (typed.kind === "next") return { kind: "next", value: answerOf(typed.value.trim()) };
        if (typed.kind === "leave" || known.length === 0) return typed;
      }
    },
  };
}

async function pickPlace(prompts: StepPrompts, head: StepHead, prompt: string, known: readonly string[], current: string | undefined): Promise<StepAnswer<string | undefined>> {
  const choices: Choice<string | undefined>[] = [...known.map((one) => ({ label: pickText(one), value: one })), { label: "Another…", detail: "Enter its identifier.", value: undefined }];
  const active = choices.findIndex(({ value }) => value !== undefined && value === current);
  return prompts.list({ head, prompt, choices, ...(active < 0 ? {} : { active }) });
}

function knownPlaces(scopes: readonly FileScope[], field: "org" | "project", draft: ScopeDraft): readonly string[] {
  const found = scopes.flatMap(possibleScopes).flatMap((scope) => {
    if (field === "org") return scope.level === "account" || scope.org === undefined ? [] : [scope.org];
    return scope.level === "project" && scope.org === draft.org ? [scope.project] : [];
  });
  return [...new Set(found)].filter(isConnectorIdentifier).sort();
}
