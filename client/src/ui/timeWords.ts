/** Dates and times as people read them, in UTC as Key Vault gives them. A day alone is `dateWords` of the core. */
import { dateWords } from "../../../server/src/core/model/timeWords.ts";

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** "in 3 weeks", "2 days ago": the largest unit of which there are two, or days and less from one on. `ms` is negative for the past. */
export function relativeTime(ms: number): string {
  const size = Math.abs(ms);
  for (const [unit, length] of units) {
    const least = unit === "year" || unit === "month" || unit === "week" ? 2 * length : length;
    if (size >= least) return format.format(Math.trunc(ms / length), unit);
  }
  return ms <= 0 ? "just now" : "in less than a minute";
}

/** `2027-01-31`, with the time where it is not midnight, as in `2027-01-31 18:00`: what Key Vault's date boxes take. */
export function momentWords(epochMs: number): string {
  const date = new Date(epochMs);
  const day = dateWords(epochMs);
  if (Number.isNaN(date.getTime())) return day;
  const clock = date.toISOString().split("T")[1]?.slice(0, date.getUTCSeconds() === 0 ? 5 : 8) ?? "";
  return clock === "00:00" ? day : `${day} ${clock}`;
}

/** A date's line of a summary. */
export function utcWords(epochMs: number | undefined): string {
  return epochMs === undefined ? "no date" : `${momentWords(epochMs)} UTC`;
}
