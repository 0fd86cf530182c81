import type { ApprovalStore } from "../../client/src/azure/vaultApprovals.ts";

/** A memento in memory. */
export function createFakeStore(content: Record<string, unknown> = {}): ApprovalStore & { readonly content: Record<string, unknown> } {
  return {
    content,
    get: (key) => content[key],
    update: (key, value) => {
      content[key] = structuredClone(value);
      return Promise.resolve();
    },
  };
}
