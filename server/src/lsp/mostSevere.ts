import type { Severity } from "../core/index.ts";

/** VS Code shows no more problems of one file, and more would cost every client's time to send and to draw. */
export const maxShown = 1000;

const order: readonly Severity[] = ["error", "warning", "info", "hint"];

/** The `maxShown` most severe of a list, the earlier ones first where all are alike, in the list's own order; and the first that is left out. */
export function mostSevere<T>(list: readonly T[], severityOf: (item: T) => Severity): { readonly shown: readonly T[]; readonly firstHidden?: T } {
  if (list.length <= maxShown) return { shown: list };
  const chosen = new Set<T>();
  for (const severity of order) {
    for (const item of list) {
      if (chosen.size === maxShown) break;
      if (severityOf(item) === severity) chosen.add(item);
    }
  }
  const firstHidden = list.find((item) => !chosen.has(item));
  return { shown: list.filter((item) => chosen.has(item)), ...(firstHidden === undefined ? {} : { firstHidden }) };
}
