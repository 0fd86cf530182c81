export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The smallest value that at least that share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
