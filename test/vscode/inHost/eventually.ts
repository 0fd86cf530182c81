import type * as vscode from "vscode";

/**
 * Settles with what `read` gives as soon as it is not undefined. It is asked again at every event of `changed`, never by
 * the clock. Throws, naming `what` was waited for, after `timeoutMs`.
 */
export function eventually<T>(what: string, changed: vscode.Event<unknown>, read: () => T | undefined, timeoutMs = 30_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`${what}: not within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const look = (): void => {
      const found = read();
      if (found !== undefined) {
        clearTimeout(timer);
        listening.dispose();
        resolve(found);
      }
    };
    const listening = changed(look);
    look();
  });
}
