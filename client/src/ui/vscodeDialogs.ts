import type { Uri } from "vscode";
import { env, ProgressLocation, window } from "vscode";
import type { Dialogs } from "./dialogs.ts";

/** The dialogs of VS Code. */
export const vscodeDialogs: Dialogs = {
  confirm: async (message, detail, button) => (await window.showWarningMessage(message, { modal: true, detail }, button)) === button,
  decide: async (message, detail, buttons) => window.showWarningMessage(message, { modal: true, detail }, ...buttons),
  pick: async (title, choices) => {
    const items = choices.map(({ label, description, detail, value }) => ({
      label,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
      value,
    }));
    return (await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.value;
  },
  input: async ({ title, prompt, value, placeholder, password, problem }) =>
    window.showInputBox({
      title,
      prompt,
      ignoreFocusOut: true,
      ...(value === undefined ? {} : { value }),
      ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
      ...(password === undefined ? {} : { password }),
      ...(problem === undefined ? {} : { validateInput: problem }),
    }),
  progress: async (title, work) =>
    window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => {
        controller.abort();
      });
      return work((message) => {
        progress.report({ message });
      }, controller.signal);
    }),
  tell: (message) => {
    void window.showInformationMessage(message);
  },
  offer: async (message, buttons) => window.showInformationMessage(message, ...buttons),
  copy: async (text) => env.clipboard.writeText(text),
  open: async (url) => {
    // A Uri would escape anew what stands behind the #, and portals read that letter by letter. VS Code takes text too.
    await env.openExternal(url as unknown as Uri);
  },
};
