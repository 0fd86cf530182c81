import type { SecretAttributes, SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { TreeNode } from "../ui/treeNode.ts";
import { relativeTime } from "./relativeTime.ts";

export type SecretStateKind = "disabled" | "expired" | "not-yet-valid" | "expiring" | "managed" | "enabled";

export interface SecretState {
  readonly kind: SecretStateKind;
  /** The same in a few words; a certificate's secret says that too. */
  readonly words: string;
}

const dayMs = 86_400_000;

/** The one state that matters most. Key Vault's dates inform alone: a secret outside of them is still given out. */
export function secretState(secret: SecretAttributes | SecretVersion, now: number, expiringDays: number): SecretState {
  const state = stateOf(secret, now, expiringDays);
  if (!("managed" in secret) || secret.managed !== true) return state;
  return state.kind === "enabled" ? { kind: "managed", words: managedWords } : { ...state, words: `${state.words}, ${managedWords}` };
}

const managedWords = "managed by a certificate";

function stateOf({ enabled, expires, notBefore }: SecretAttributes | SecretVersion, now: number, expiringDays: number): SecretState {
  if (!enabled) return { kind: "disabled", words: "disabled" };
  if (expires !== undefined && expires <= now) return { kind: "expired", words: `expired ${relativeTime(expires - now)}` };
  if (notBefore !== undefined && notBefore > now) return { kind: "not-yet-valid", words: `valid ${relativeTime(notBefore - now)}` };
  if (expires !== undefined && expires - now <= expiringDays * dayMs) return { kind: "expiring", words: `expires ${relativeTime(expires - now)}` };
  return { kind: "enabled", words: "enabled" };
}

/** The icons of secrets and versions by state. */
export const stateIcons: Readonly<Record<SecretStateKind, TreeNode<unknown>["icon"]>> = {
  disabled: { id: "circle-slash", color: "disabledForeground" },
  expired: { id: "error", color: "list.errorForeground" },
  "not-yet-valid": { id: "watch", color: "list.warningForeground" },
  expiring: { id: "warning", color: "list.warningForeground" },
  managed: { id: "lock" },
  enabled: { id: "key" },
};
