import type { Step } from "../ui/multiStep.ts";
import { runSteps } from "../ui/multiStep.ts";
import type { EntityFile, EntityFileContext, FilePlace } from "./entityFile.ts";
import { saveEntity } from "./entityFile.ts";

/** The series of steps that ends with a file. */
export interface EntitySeries<D> {
  readonly title: string;
  readonly steps: readonly Step<D>[];
  /** The file of complete answers. */
  readonly fileOf: (answers: D) => EntityFile | undefined;
  /** Called after each step, with the step that comes next. */
  readonly onProgress?: (answers: D, nextStep: string | undefined) => PromiseLike<void>;
}

/** Asks all, shows the summary and writes the file; Back leads from the summary into the steps again. Undefined where the person left: nothing is written then. */
export async function runEntity<D>(context: EntityFileContext, series: EntitySeries<D>, start: D, from?: string): Promise<{ readonly answers: D; readonly place: FilePlace } | undefined> {
  const { title, steps, fileOf, onProgress = () => Promise.resolve() } = series;
  let begin = from;
  for (let answers = start; ; ) {
    const complete = await runSteps({ title, steps, prompts: context.prompts, onProgress }, answers, begin);
    const file = complete === undefined ? undefined : fileOf(complete);
    if (complete === undefined || file === undefined) return undefined;
    const asked = steps.filter((step) => step.applies(complete));
    const place = await saveEntity(context, file, { title, step: asked.length, total: asked.length, canGoBack: true });
    if (place.kind === "leave") return undefined;
    if (place.kind === "next") return { answers: complete, place: place.value };
    answers = complete;
    begin = asked.at(-1)?.id;
  }
}
