import { ThemeIcon, window } from "vscode";
import type { RevealBox } from "./revealBox.ts";

export const vscodeRevealBox: RevealBox = {
  show: ({ title, prompt, text }) => {
    const box = window.createInputBox();
    box.title = title;
    box.prompt = prompt;
    box.value = text;
    box.buttons = [{ iconPath: new ThemeIcon("copy"), tooltip: "Copy the value; the clipboard is cleared after 30 seconds" }];
    const closed = new Promise<"copy" | "hidden">((resolve) => {
      box.onDidTriggerButton(() => {
        resolve("copy");
        box.hide();
      });
      box.onDidAccept(() => {
        box.hide();
      });
      box.onDidHide(() => {
        resolve("hidden");
        box.value = "";
        box.dispose();
      });
    });
    box.show();
    return {
      closed,
      hide: () => {
        box.hide();
      },
    };
  },
};
