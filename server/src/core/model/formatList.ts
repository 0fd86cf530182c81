/** `a, b and c`, as British English writes a list. */
export function formatAnd(items: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(items);
}

/** `a, b or c`. */
export function formatOr(items: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(items);
}
