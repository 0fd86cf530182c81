import type { SecretAttributes } from "../../../server/src/core/model/facts.ts";

export type SecretState = "enabled" | "disabled" | "expired" | "not active yet";

/** The first of the states that keeps people from using it. */
export function secretState({ enabled, expires, notBefore }: Pick<SecretAttributes, "enabled" | "expires" | "notBefore">, now: number): SecretState {
  if (!enabled) return "disabled";
  if (expires !== undefined && expires <= now) return "expired";
  return notBefore !== undefined && notBefore > now ? "not active yet" : "enabled";
}

/** `2027-01-31`, in UTC as Key Vault gives it; empty for none. */
export function dayOf(time: number | undefined): string {
  if (time === undefined) return "";
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "an unknown date" : date.toISOString().slice(0, 10);
}

/** State and dates in a line of a list: `expired · created 2026-01-01 · expires 2026-10-01`. */
export function stateLine(secret: Pick<SecretAttributes, "enabled" | "created" | "expires" | "notBefore">, now: number): string {
  const { created, expires, notBefore } = secret;
  return [
    secretState(secret, now),
    ...(created === undefined ? [] : [`created ${dayOf(created)}`]),
    ...(notBefore === undefined ? [] : [`active from ${dayOf(notBefore)}`]),
    ...(expires === undefined ? [] : [`expires ${dayOf(expires)}`]),
  ].join(" · ");
}
