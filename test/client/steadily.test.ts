import { expect, test } from "vitest";
import { steadily } from "../../client/src/ui/steadily.ts";
import { ManualClock } from "../vault/manualClock.ts";

test("the first runs at once, and all that are asked for meanwhile run once when the time is over", async () => {
  const clock = new ManualClock();
  let runs = 0;
  const steady = steadily(clock, 300, () => (runs += 1));
  steady.ask();
  expect(runs).toBe(1);
  await clock.advance(100);
  steady.ask();
  steady.ask();
  await clock.advance(199);
  expect(runs).toBe(1);
  await clock.advance(1);
  expect(runs).toBe(2);
  await clock.advance(1000);
  expect(runs).toBe(2);
  steady.ask();
  expect(runs).toBe(3);
});

test("nothing runs once it is disposed of", async () => {
  const clock = new ManualClock();
  let runs = 0;
  const steady = steadily(clock, 300, () => (runs += 1));
  steady.ask();
  steady.ask();
  steady.dispose();
  await clock.advance(1000);
  expect(runs).toBe(1);
});
