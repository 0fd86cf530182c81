const dayMs = 86_400_000;

/** A date for people, `2027-01-31`, in UTC as Key Vault gives it. */
export function dateWords(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? "an unknown date" : date.toISOString().slice(0, 10);
}

/** A length of time for people: the largest whole unit, `12 days` for one. */
export function durationWords(durationMs: number): string {
  const units: readonly (readonly [number, string])[] = [
    [365 * dayMs, "year"],
    [30 * dayMs, "month"],
    [dayMs, "day"],
    [3_600_000, "hour"],
    [60_000, "minute"],
  ];
  for (const [size, word] of units) {
    const limit = word === "year" || word === "month" ? 2 * size : size;
    if (durationMs < limit) continue;
    const count = Math.floor(durationMs / size);
    return `${count} ${word}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}
