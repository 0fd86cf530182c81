/** Steps that ask for one field of a draft. */
import type { Choice } from "./dialogs.ts";
import type { Step } from "./multiStep.ts";

export function always(): boolean {
  return true;
}

export interface ChooseField<F extends string, D> {
  readonly field: F;
  /** Another one than the field's name, where two steps ask for one field; nothing is preselected then. */
  readonly id?: string;
  readonly applies?: (draft: D) => boolean;
  readonly prompt: string;
  readonly choices: (draft: D) => readonly Choice<NonNullable<D[F & keyof D]>>[];
}

export function chooseStep<F extends string, D extends { readonly [K in F]?: unknown }>({ field, id = field, applies = always, prompt, choices }: ChooseField<F, D>): Step<D> {
  return {
    id,
    applies,
    ask: async (draft, head, prompts) => {
      const offered = choices(draft);
      const active = id === field ? offered.findIndex(({ value }) => value === draft[field]) : 0;
      const answer = await prompts.list({ head, prompt, choices: offered, ...(active < 0 ? {} : { active }) });
      return answer.kind === "next" ? { kind: "next", value: fieldOf<F, D>(field, answer.value) } : answer;
    },
  };
}

export interface EnterField<F extends string, D> {
  readonly field: F;
  readonly applies?: (draft: D) => boolean;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly preset?: (draft: D) => string;
  readonly problem?: (text: string, draft: D) => string | undefined;
  /** How the text is kept, where something was typed. */
  readonly normalised?: (text: string) => string;
}

export function enterStep<F extends string, D extends { readonly [K in F]?: string | undefined }>(question: EnterField<F, D>): Step<D> {
  const { field, applies = always, prompt, placeholder, preset = () => "", problem = () => undefined, normalised = (text) => text } = question;
  return {
    id: field,
    applies,
    ask: async (draft, head, prompts) => {
      const value = draft[field] ?? preset(draft);
      const answer = await prompts.text({ head, prompt, value, problem: (text) => problem(text.trim(), draft), ...(placeholder === undefined ? {} : { placeholder }) });
      if (answer.kind !== "next") return answer;
      // What nobody has touched stays as it was written.
      return { kind: "next", value: fieldOf<F, D>(field, answer.value === value ? value : normalised(answer.value.trim())) };
    },
  };
}

function fieldOf<F extends string, D>(field: F, value: unknown): Partial<D> {
  return { [field]: value } as Partial<D>;
}
