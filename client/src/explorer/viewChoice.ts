import type { ExplorerView } from "./explorerView.ts";
import { plainView } from "./explorerView.ts";

/** What the person has set for the tree, and what they filter it by at the moment. */
export interface ViewChoice {
  now(): ExplorerView;
  filterBy(text: string): void;
  showUnusedOnly(only: boolean): void;
  /** Shows all again. */
  clear(): void;
  settingsChanged(): void;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

/** `setting` reads one setting; what is not one of its values counts as not set. */
export function createViewChoice(setting: (name: string) => unknown): ViewChoice {
  const listeners = new Set<() => void>();
  let settings = readSettings(setting);
  let filter = "";
  let unusedOnly = false;

  function change(apply: () => void): void {
    apply();
    for (const listener of [...listeners]) listener();
  }

  return {
    now: () => ({ ...settings, filter, unusedOnly }),
    filterBy: (text) => {
      change(() => (filter = text.trim()));
    },
    showUnusedOnly: (only) => {
      change(() => (unusedOnly = only));
    },
    clear: () => {
      change(() => {
        filter = "";
        unusedOnly = false;
      });
    },
    settingsChanged: () => {
      change(() => (settings = readSettings(setting)));
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const sorts = ["name", "expiry", "lastChange"] as const;
const groups = ["none", "name", "expiry", "lastChange", "tag"] as const;

function readSettings(setting: (name: string) => unknown): Omit<ExplorerView, "filter" | "unusedOnly"> {
  const expiringDays = setting("expiringDays");
  const groupTag = setting("vaults.groupTag");
  return {
    sort: oneOf(sorts, setting("vaults.sort")) ?? plainView.sort,
    group: oneOf(groups, setting("vaults.group")) ?? plainView.group,
    groupTag: typeof groupTag === "string" ? groupTag : plainView.groupTag,
    expiringDays: typeof expiringDays === "number" && expiringDays >= 0 ? expiringDays : plainView.expiringDays,
  };
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((candidate) => candidate === value);
}
