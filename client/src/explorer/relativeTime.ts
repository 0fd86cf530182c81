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
  return ms < 0 ? "just now" : "in less than a minute";
}

/** `2027-01-31`, in UTC as Key Vault gives it. */
export function dateText(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? "an unknown date" : date.toISOString().slice(0, 10);
}
