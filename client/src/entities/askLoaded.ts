import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { causeWords } from "../azure/causeWords.ts";
import type { TriedStep } from "../azure/causeWords.ts";
import type { Choice } from "../ui/dialogs.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";

export interface LoadedList<T> {
  readonly head: StepHead;
  readonly prompts: StepPrompts;
  readonly prompt: string;
  /** Reads what is to be chosen from; undefined where it must not be read, which the notes say. */
  readonly load: ((signal: AbortSignal) => Promise<Outcome<readonly Choice<T>[]>>) | undefined;
  /** What `load` does, as far as rights tell it apart: names are listed, keys stand in a value. */
  readonly tried: Extract<TriedStep, "read" | "value">;
  readonly notes?: readonly string[];
  /** What is said where there is nothing to choose from. */
  readonly none: string;
  /** What can be chosen whatever is read. */
  readonly others: readonly Choice<T>[];
}

const again = Symbol("again");

/** A list that is read while it shows. What keeps it from being read is said in the list, with what to do, and it can be read again. */
export async function askLoaded<T>({ head, prompts, prompt, load, tried, notes: first = [], none, others }: LoadedList<T>): Promise<StepAnswer<T>> {
  let notes = first;
  for (;;) {
    let failure: readonly string[] = [];
    const answer = await prompts.list<T | typeof again>({
      head,
      prompt,
      notes,
      choices: others,
      ...(load === undefined ? {} : {
        load: async (show, signal) => {
          const outcome = await load(signal);
          if (outcome.ok) {
            show(outcome.value.length > 0 ? outcome.value : [{ label: none, detail: "Choose this line to look again.", value: again }]);
            return;
          }
          const { short, what, next } = causeWords(causeOfOutcome(outcome), tried);
          failure = [what, next];
          show([{ label: short, detail: "Choose this line for the reason, and to try again.", value: again }]);
        },
      }),
    });
    if (answer.kind !== "next") return answer;
    if (answer.value !== again) return { kind: "next", value: answer.value };
    notes = failure;
  }
}
