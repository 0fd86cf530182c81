/** How the tree of vaults is to be shown, as settings and commands of the view say. */
export interface ExplorerView {
  readonly sort: "name" | "expiry" | "lastChange";
  readonly group: "none" | "name" | "expiry" | "lastChange" | "tag";
  /** Which tag to group by. */
  readonly groupTag: string;
  /** Only names that hold this text, ignoring case; empty for all. */
  readonly filter: string;
  /** Only secrets that no file of the workspace leads to. */
  readonly unusedOnly: boolean;
  /** So many days before its end a secret counts as expiring. */
  readonly expiringDays: number;
}

export const plainView: ExplorerView = { sort: "name", group: "none", groupTag: "", filter: "", unusedOnly: false, expiringDays: 30 };
