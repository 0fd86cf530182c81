import type { SecretState } from "../secrets/secretState.ts";
import type { TreeNode } from "../ui/treeNode.ts";

/** The icons of secrets and versions by state. */
export const stateIcons: Readonly<Record<SecretState["kind"], TreeNode<unknown>["icon"]>> = {
  disabled: { id: "circle-slash", color: "disabledForeground" },
  expired: { id: "error", color: "list.errorForeground" },
  "not valid yet": { id: "watch", color: "list.warningForeground" },
  expiring: { id: "warning", color: "list.warningForeground" },
  managed: { id: "lock" },
  enabled: { id: "key" },
};
