import type { StepAnswer, StepHead, StepPrompts } from "./stepPrompts.ts";

/** One step of a series over answers `D`. */
export interface Step<D> {
  readonly id: string;
  /** Whether the step has something to ask, with the answers so far. */
  readonly applies: (answers: D) => boolean;
  /** The answers that change. */
  readonly ask: (answers: D, head: StepHead, prompts: StepPrompts) => Promise<StepAnswer<Partial<D>>>;
}

export interface Series<D> {
  readonly title: string;
  readonly steps: readonly Step<D>[];
  readonly prompts: StepPrompts;
  /** Called after each step with all answers, and the step that comes next. */
  readonly onProgress: (answers: D, nextStep: string | undefined) => PromiseLike<void>;
}

/**
 * Asks step by step, forth and back; answers are kept either way. Undefined where the person left. Begins with the step
 * `from`, where it is given, or the next one that applies.
 */
export async function runSteps<D>({ title, steps, prompts, onProgress }: Series<D>, start: D, from?: string): Promise<D | undefined> {
  let answers = start;
  let index = next(steps, answers, Math.max(steps.findIndex(({ id }) => id === from), 0) - 1);
  for (let step = steps[index]; step !== undefined; step = steps[index]) {
    const answer = await step.ask(answers, headOf(title, steps, answers, index), prompts);
    if (answer.kind === "leave") return undefined;
    if (answer.kind === "back") {
      index = Math.max(previous(steps, answers, index), 0);
      continue;
    }
    answers = { ...answers, ...answer.value };
    index = next(steps, answers, index);
    await onProgress(answers, steps[index]?.id);
  }
  return answers;
}

function headOf<D>(title: string, steps: readonly Step<D>[], answers: D, index: number): StepHead {
  const asked = steps.filter((step) => step.applies(answers));
  const position = steps.slice(0, index).filter((step) => step.applies(answers)).length;
  return { title, step: position + 1, total: asked.length, canGoBack: position > 0 };
}

function next<D>(steps: readonly Step<D>[], answers: D, index: number): number {
  const found = steps.findIndex((step, at) => at > index && step.applies(answers));
  return found < 0 ? steps.length : found;
}

/** The step before; the same where there is none. */
function previous<D>(steps: readonly Step<D>[], answers: D, index: number): number {
  const found = steps.findLastIndex((step, at) => at < index && step.applies(answers));
  return found < 0 ? index : found;
}
