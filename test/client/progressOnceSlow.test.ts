import { expect, test } from "vitest";
import type { ShownProgress, ShowProgress } from "../../client/src/ui/progressOnceSlow.ts";
import { progressOnceSlow, shownAfterMs } from "../../client/src/ui/progressOnceSlow.ts";
import { ManualClock } from "../vault/manualClock.ts";

/** Stands for VS Code: what it shows, and whether it still does. */
class Screen {
  readonly reported: string[] = [];
  shows = 0;
  isShown = false;
  cancel: () => void = () => {};

  readonly show: ShowProgress = (until) => {
    this.shows += 1;
    this.isShown = true;
    const progress: ShownProgress = { report: (message) => this.reported.push(message), onCancel: (callback) => (this.cancel = callback) };
    void until(progress).then(() => (this.isShown = false));
  };
}

/** Work that a test ends. */
function openWork(): { readonly promise: Promise<string>; readonly resolve: (value: string) => void; readonly reject: (error: Error) => void } {
  let resolve: (value: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

test("short work shows nothing, so that VS Code has room for what tells its end", async () => {
  const clock = new ManualClock();
  const screen = new Screen();
  const work = openWork();
  const result = progressOnceSlow(clock, screen.show, () => work.promise);
  await clock.advance(shownAfterMs - 1);
  work.resolve("done");
  expect(await result).toBe("done");
  await clock.advance(10 * shownAfterMs);
  expect(screen.shows).toBe(0);
});

test("longer work is shown until it ends, with what it reported last", async () => {
  const clock = new ManualClock();
  const screen = new Screen();
  const work = openWork();
  let report: (message: string) => void = () => {};
  const result = progressOnceSlow(clock, screen.show, (tell) => {
    report = tell;
    tell("1 of 3");
    tell("2 of 3");
    return work.promise;
  });
  await clock.advance(shownAfterMs);
  report("3 of 3");
  expect(screen).toMatchObject({ shows: 1, isShown: true, reported: ["2 of 3", "3 of 3"] });
  work.resolve("done");
  expect(await result).toBe("done");
  expect(screen.isShown).toBe(false);
});

test("cancelling fires the signal", async () => {
  const clock = new ManualClock();
  const screen = new Screen();
  const result = progressOnceSlow(clock, screen.show, (_report, signal) => new Promise<string>((resolve) => {
    signal.addEventListener("abort", () => {
      resolve("cancelled");
    });
  }));
  await clock.advance(shownAfterMs);
  screen.cancel();
  expect(await result).toBe("cancelled");
});

test.each([0, shownAfterMs])("work that fails after %d ms rejects, and its progress goes", async (afterMs) => {
  const clock = new ManualClock();
  const screen = new Screen();
  const work = openWork();
  const result = progressOnceSlow(clock, screen.show, () => work.promise);
  await clock.advance(afterMs);
  work.reject(new Error("refused"));
  await expect(result).rejects.toThrow("refused");
  expect(screen.isShown).toBe(false);
});
