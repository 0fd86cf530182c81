/** Adds to a list in place. `list.push(...items)` puts every item on the stack, and a file can hold more than that takes. */
export function append<T>(list: T[], items: readonly T[]): void {
  for (const item of items) list.push(item);
}
