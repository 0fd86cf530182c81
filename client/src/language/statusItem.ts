import type { Disposable, LanguageStatusItem } from "vscode";
import { languages, LanguageStatusSeverity } from "vscode";
import type { StateWords } from "./stateWords.ts";

/** Keyline's entry in VS Code's language status. It is there only while there is something to say. */
export interface StatusItem extends Disposable {
  /** Undefined takes the entry away. */
  show(words: StateWords | undefined): void;
}

export function createStatusItem(): StatusItem {
  let item: LanguageStatusItem | undefined;

  function hide(): void {
    item?.dispose();
    item = undefined;
  }

  return {
    show: (words) => {
      if (words === undefined) {
        hide();
        return;
      }
      if (item === undefined) {
        item = languages.createLanguageStatusItem("keyline.state", { language: "yaml" });
        item.name = "Keyline";
      }
      item.text = `Keyline: ${words.text}`;
      item.detail = words.detail;
      item.severity = severities[words.severity];
      item.busy = words.busy;
      item.command = { command: words.command.id, title: words.command.title };
      item.accessibilityInformation = { label: `Keyline: ${words.text}. ${words.detail}` };
    },
    dispose: hide,
  };
}

const severities = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;
