import type { Clock } from "../../../server/src/host/clock.ts";

/**
 * Shorter work shows no progress. It would only flash; and VS Code drops whatever comes after three new notifications
 * within 800 ms, so that a person would miss the message about the result.
 */
export const shownAfterMs = 500;

/** A progress that is being shown. */
export interface ShownProgress {
  report(message: string): void;
  /** The person may cancel. */
  onCancel(callback: () => void): void;
}

/** Shows a progress for as long as the promise that `until` gives is open. */
export type ShowProgress = (until: (shown: ShownProgress) => Promise<void>) => void;

/** Runs `work`, with its progress shown once it has taken a while. `signal` fires where the person cancels. */
export async function progressOnceSlow<T>(
  clock: Pick<Clock, "after">,
  show: ShowProgress,
  work: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let last: string | undefined;
  let shown: ShownProgress | undefined;
  const running = work((message) => {
    last = message;
    shown?.report(message);
  }, controller.signal);
  const ended = running.then(nothing, nothing);
  const dontShow = clock.after(shownAfterMs, () => {
    show((progress) => {
      shown = progress;
      if (last !== undefined) progress.report(last);
      progress.onCancel(() => {
        controller.abort();
      });
      return ended;
    });
  });
  try {
    return await running;
  } finally {
    dontShow();
  }
}

function nothing(): void {}
