import { env, UIKind } from "vscode";
import type { Clipboard } from "./clipboard.ts";

export const vscodeClipboard: Clipboard = {
  read: () => env.clipboard.readText(),
  write: (text) => env.clipboard.writeText(text),
  place: () => {
    if (env.uiKind === UIKind.Web) return "browser";
    return env.remoteName === undefined ? "local" : "remote";
  },
};
