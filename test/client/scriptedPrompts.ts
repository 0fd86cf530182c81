import type { StepHead, StepPrompts } from "../../client/src/ui/stepPrompts.ts";

export const back = Symbol("back");
export const leave = Symbol("leave");
/** Keeps what the box holds, or the active line. */
export const enter = Symbol("enter");

/** What is typed, or the beginning of the label that is chosen. */
export type Act = string | typeof back | typeof leave | typeof enter;

export interface Asked {
  readonly head: StepHead;
  readonly prompt: string;
  /** What stands above the choices to be read. */
  readonly notes?: string;
  /** The box's text at first, or the labels. */
  readonly value?: string;
  /** Whether what is typed is hidden. */
  readonly password?: true;
  readonly labels?: readonly string[];
  readonly details?: readonly string[];
}

export interface ScriptedPrompts extends StepPrompts {
  readonly asked: Asked[];
  /** What was wrong with what was typed. */
  readonly problems: string[];
  /** Acts that were not needed. */
  left(): readonly Act[];
}

/** Plays a person: one act for each box; a text with a problem is followed by the next act in the same box. Leaves at the end. */
export function scriptedPrompts(acts: readonly Act[]): ScriptedPrompts {
  const asked: Asked[] = [];
  const problems: string[] = [];
  let at = 0;
  const next = (): Act => acts[at++] ?? leave;
  return {
    asked,
    problems,
    left: () => acts.slice(at),
    text: ({ head, prompt, value, password, problem }) => {
      asked.push({ head, prompt, value, ...(password === undefined ? {} : { password }) });
      for (;;) {
        const act = next();
        if (act === back) return Promise.resolve({ kind: head.canGoBack ? "back" : "leave" });
        if (act === leave) return Promise.resolve({ kind: "leave" });
        const typed = act === enter ? value : act;
        const wrong = problem(typed);
        if (wrong === undefined) return Promise.resolve({ kind: "next", value: typed });
        problems.push(wrong);
      }
    },
    list: async ({ head, prompt, notes = [], choices, active, load }) => {
      let arrived: readonly (typeof choices)[number][] = [];
      await load?.((shown) => {
        arrived = shown;
      }, new AbortController().signal);
      const all = [...arrived, ...choices];
      asked.push({ head, prompt, notes: notes.join(" "), labels: all.map(({ label }) => label), details: all.map(({ description, detail }) => [description, detail].filter((part) => part !== undefined).join(" · ")) });
      const act = next();
      if (act === back) return { kind: "back" };
      if (act === leave) return { kind: "leave" };
      const chosen = act === enter ? all[active ?? 0] : all.find(({ label }) => label.startsWith(act));
      if (chosen === undefined) throw new Error(`No line begins with ${String(act)}: ${all.map(({ label }) => label).join(" | ")} (${prompt})`);
      return { kind: "next", value: chosen.value };
    },
  };
}
