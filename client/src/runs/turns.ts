/** One at a time for each key of this window. */
export interface Turns {
  /** The function that ends the turn; undefined where another one has it. */
  take(key: string): (() => void) | undefined;
}

export function createTurns(): Turns {
  const taken = new Set<string>();
  return {
    take: (key) => {
      if (taken.has(key)) return undefined;
      taken.add(key);
      return () => {
        taken.delete(key);
      };
    },
  };
}
