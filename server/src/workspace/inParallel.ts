const parallelReads = 8;

/** Does the work for each item, a few at a time; an abort lets those that have begun end and begins no other. */
export async function inParallel<T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const workSome = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined && !signal.aborted; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: parallelReads }, workSome));
}
