import { window } from "vscode";
import type { Dialogs } from "./dialogs.ts";

/** The dialogs of VS Code. */
export const vscodeDialogs: Dialogs = {
  confirm: async (message, detail, button) => (await window.showWarningMessage(message, { modal: true, detail }, button)) === button,
  pick: async (title, choices) => {
    const items = choices.map(({ label, description, detail, value }) => ({
      label,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
      value,
    }));
    return (await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.value;
  },
  tell: (message) => {
    void window.showInformationMessage(message);
  },
};
