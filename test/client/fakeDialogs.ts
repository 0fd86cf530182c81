import type { Choice, Dialogs } from "../../client/src/ui/dialogs.ts";

export interface FakeDialogs extends Dialogs {
  /** Everything shown, in order. */
  readonly shown: { readonly kind: "confirm" | "pick" | "tell"; readonly text: string; readonly choices: readonly string[] }[];
}

/** Dialogs that a test answers: `pick` chooses the label given, `confirm` says whether the button is pressed. */
export function createFakeDialogs(answers: { readonly pick?: string; readonly confirm?: boolean }): FakeDialogs {
  const shown: FakeDialogs["shown"] = [];
  return {
    shown,
    confirm: (message, detail, button) => {
      shown.push({ kind: "confirm", text: `${message}\n${detail}`, choices: [button] });
      return Promise.resolve(answers.confirm ?? false);
    },
    pick: <T>(title: string, choices: readonly Choice<T>[]) => {
      shown.push({ kind: "pick", text: title, choices: choices.map((choice) => choice.label) });
      return Promise.resolve(choices.find((choice) => choice.label === answers.pick)?.value);
    },
    tell: (message) => {
      shown.push({ kind: "tell", text: message, choices: [] });
    },
  };
}
