import type { QuickPickItem, Uri } from "vscode";
import { env, ProgressLocation, window } from "vscode";
import { systemClock } from "../../../server/src/host/clock.ts";
import type { Choice, Dialogs, LiveChoice } from "./dialogs.ts";
import { progressOnceSlow } from "./progressOnceSlow.ts";

interface Item<T> extends QuickPickItem {
  readonly value: T;
}

/** The dialogs of VS Code. */
export const vscodeDialogs: Dialogs = {
  confirm: async (message, detail, button) => (await window.showWarningMessage(message, { modal: true, detail }, button)) === button,
  decide: async (message, detail, buttons) => window.showWarningMessage(message, { modal: true, detail }, ...buttons),
  pick: async (title, choices) => (await window.showQuickPick(choices.map(itemOf), { title, matchOnDescription: true, matchOnDetail: true }))?.value,
  pickLive,
  pickMany: async (title, choices) => {
    return (await window.showQuickPick(choices.map(itemOf), { title, canPickMany: true, matchOnDescription: true, matchOnDetail: true }))?.map((item) => item.value);
  },
  file: async (title, filters) => {
    const mutable = Object.fromEntries(Object.entries(filters).map(([name, extensions]) => [name, [...extensions]]));
    return (await window.showOpenDialog({ title, filters: mutable, canSelectMany: false }))?.[0]?.fsPath;
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
    progressOnceSlow(
      systemClock,
      (until) => {
        void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
          until({
            report: (message) => {
              progress.report({ message });
            },
            onCancel: (callback) => {
              token.onCancellationRequested(callback);
            },
          }),
        );
      },
      work,
    ),
  background: async (title, work) => window.withProgress({ location: ProgressLocation.Window, title }, work),
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

function itemOf<T>({ label, description, detail, value }: Choice<T>): Item<T> {
  return { label, ...(description === undefined ? {} : { description }), ...(detail === undefined ? {} : { detail }), value };
}

function pickLive<T>(title: string, choices: readonly LiveChoice<T>[]): Promise<T | undefined> {
  const quickPick = window.createQuickPick<Item<T>>();
  const items = choices.map(itemOf);
  quickPick.title = title;
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.items = items;
  let waiting = choices.filter((choice) => choice.later !== undefined).length;
  quickPick.busy = waiting > 0;
  let isOpen = true;
  choices.forEach((choice, index) => {
    void choice.later?.then((description) => {
      const item = items[index];
      if (!isOpen || item === undefined) return;
      waiting -= 1;
      item.description = description;
      // The list is set anew; the line that the person is at stays active. Before VS Code has told of one, none is set:
      // an empty choice would leave the keyboard without a line.
      const active = quickPick.activeItems;
      quickPick.items = [...items];
      if (active.length > 0) quickPick.activeItems = active;
      quickPick.busy = waiting > 0;
    });
  });
  return new Promise((resolve) => {
    quickPick.onDidAccept(() => {
      resolve(quickPick.selectedItems[0]?.value);
      quickPick.hide();
    });
    quickPick.onDidHide(() => {
      isOpen = false;
      quickPick.dispose();
      resolve(undefined);
    });
    quickPick.show();
  });
}
