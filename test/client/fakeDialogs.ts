import type { Choice, Dialogs, LiveChoice } from "../../client/src/ui/dialogs.ts";

export interface Shown {
  readonly kind: "confirm" | "decide" | "pick" | "pickMany" | "input" | "file" | "progress" | "background" | "tell" | "offer";
  readonly text: string;
  readonly choices: readonly string[];
}

export interface FakeDialogs extends Dialogs {
  /** Everything shown, in order. */
  readonly shown: Shown[];
  /** What each progress has reported while it ran. */
  readonly reported: string[];
  readonly copied: string[];
  readonly opened: string[];
}

export interface FakeAnswers {
  /** The label to choose; of several, one for each list in order. */
  readonly pick?: string | readonly string[];
  /** Of several, one for each question in order. */
  readonly confirm?: boolean | readonly boolean[];
  /** The button to press in a modal question with several. */
  readonly decide?: string;
  /** The labels to choose; undefined leaves the list. */
  readonly pickMany?: readonly string[];
  /** What is typed; of several, one for each box in order. A text with a problem is not taken: the box is left. */
  readonly input?: string | readonly string[];
  /** Of several, one for each notification in order. */
  readonly offer?: string | readonly string[];
  readonly file?: string;
  /** Fires the signal of every progress at once. */
  readonly cancel?: boolean;
  /** The signal of each progress, by its title. */
  readonly signal?: (title: string) => AbortSignal;
}

/** Dialogs that a test answers: `pick` chooses the label given, `confirm` says whether the button is pressed. */
export function createFakeDialogs(answers: FakeAnswers): FakeDialogs {
  const shown: Shown[] = [];
  const reported: string[] = [];
  const copied: string[] = [];
  const opened: string[] = [];
  const next = inOrder(answers.pick);
  const typed = inOrder(answers.input);
  const agreed = inOrder(answers.confirm);
  const offered = inOrder(answers.offer);
  return {
    shown,
    reported,
    copied,
    opened,
    confirm: (message, detail, button) => {
      shown.push({ kind: "confirm", text: `${message}\n${detail}`, choices: [button] });
      return Promise.resolve(agreed() ?? false);
    },
    decide: (message, detail, buttons) => {
      shown.push({ kind: "decide", text: `${message}\n${detail}`, choices: buttons });
      return Promise.resolve(buttons.find((button) => button === answers.decide));
    },
    pick: <T>(title: string, choices: readonly Choice<T>[]) => {
      shown.push({ kind: "pick", text: title, choices: choices.map((choice) => choice.label) });
      const label = next();
      return Promise.resolve(choices.find((choice) => choice.label === label)?.value);
    },
    pickLive: async <T>(title: string, choices: readonly LiveChoice<T>[]) => {
      const descriptions = await Promise.all(choices.map(async (choice) => (await choice.later) ?? choice.description ?? ""));
      shown.push({ kind: "pick", text: title, choices: choices.map((choice, index) => `${choice.label}: ${descriptions[index] ?? ""}`) });
      const label = next();
      return choices.find((choice) => choice.label === label)?.value;
    },
    file: (title) => {
      shown.push({ kind: "file", text: title, choices: [] });
      return Promise.resolve(answers.file);
    },
    pickMany: <T>(title: string, choices: readonly Choice<T>[]) => {
      shown.push({ kind: "pickMany", text: title, choices: choices.map(({ label, description }) => (description === undefined ? label : `${label} ${description}`)) });
      const labels = answers.pickMany;
      return Promise.resolve(labels === undefined ? undefined : choices.filter(({ label }) => labels.includes(label)).map(({ value }) => value));
    },
    input: ({ title, prompt, problem }) => {
      const text = typed();
      const wrong = text === undefined ? undefined : problem?.(text);
      shown.push({ kind: "input", text: [title, prompt, ...(wrong === undefined ? [] : [wrong])].join("\n"), choices: [] });
      return Promise.resolve(wrong === undefined ? text : undefined);
    },
    progress: (title, work) => {
      shown.push({ kind: "progress", text: title, choices: [] });
      const signal = answers.cancel === true ? AbortSignal.abort() : (answers.signal?.(title) ?? new AbortController().signal);
      return work((message) => {
        reported.push(message);
      }, signal);
    },
    background: (title, work) => {
      shown.push({ kind: "background", text: title, choices: [] });
      return work();
    },
    tell: (message) => {
      shown.push({ kind: "tell", text: message, choices: [] });
    },
    offer: (message, buttons) => {
      shown.push({ kind: "offer", text: message, choices: buttons });
      const label = offered();
      return Promise.resolve(buttons.find((button) => button === label));
    },
    copy: (text) => {
      copied.push(text);
      return Promise.resolve();
    },
    open: (url) => {
      opened.push(url);
      return Promise.resolve();
    },
  };
}

/** The same answer each time for a single one, else one after the other. */
function inOrder<T extends string | boolean>(answers: T | readonly T[] | undefined): () => T | undefined {
  let index = 0;
  return () => (typeof answers === "object" ? answers[index++] : answers);
}
