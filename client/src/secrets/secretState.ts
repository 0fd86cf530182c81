/** The states of secrets and versions, in words. Key Vault's dates inform alone: a secret outside of them is still given out. */
import type { VersionAttributes } from "../../../server/src/core/model/facts.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import { relativeTime } from "../ui/timeWords.ts";

/** The one state that matters most, in words that stay true in a list that is kept. */
export type LastingState = "enabled" | "disabled" | "expired" | "not valid yet";

export interface SecretState {
  readonly kind: LastingState | "expiring" | "managed";
  /** The same in a few words, with the time that is left; a certificate's secret says that too. */
  readonly words: string;
}

type Dated = Pick<VersionAttributes, "enabled" | "expires" | "notBefore">;

const dayMs = 86_400_000;
const managedWords = "managed by a certificate";

export function lastingState({ enabled, expires, notBefore }: Dated, now: number): LastingState {
  if (!enabled) return "disabled";
  if (expires !== undefined && expires <= now) return "expired";
  return notBefore !== undefined && notBefore > now ? "not valid yet" : "enabled";
}

/** So many days before its end a secret counts as expiring. */
export function secretState(version: VersionAttributes, now: number, expiringDays: number): SecretState {
  const state = timedState(version, now, expiringDays);
  if (version.managed !== true) return state;
  return state.kind === "enabled" ? { kind: "managed", words: managedWords } : { ...state, words: `${state.words}, ${managedWords}` };
}

function timedState(version: Dated, now: number, expiringDays: number): SecretState {
  const { expires = Infinity, notBefore = -Infinity } = version;
  const kind = lastingState(version, now);
  switch (kind) {
    case "disabled":
      return { kind, words: kind };
    case "expired":
      return { kind, words: `expired ${relativeTime(expires - now)}` };
    case "not valid yet":
      return { kind, words: `valid ${relativeTime(notBefore - now)}` };
    case "enabled":
      return expires - now <= expiringDays * dayMs ? { kind: "expiring", words: `expires ${relativeTime(expires - now)}` } : { kind, words: kind };
  }
}

/** State and dates in a line of a list: `expired · created 2026-01-01 · expires 2026-10-01`. */
export function stateLine(version: VersionAttributes, now: number): string {
  const { created, expires, notBefore } = version;
  const dates = [["created", created], ["valid from", notBefore], ["expires", expires]] as const;
  return [lastingState(version, now), ...dates.flatMap(([words, at]) => (at === undefined ? [] : [`${words} ${dateWords(at)}`]))].join(" · ");
}
