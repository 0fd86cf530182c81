import { afterEach, beforeEach, expect, test } from "vitest";
import { journeys } from "./journeys.ts";
import { startLocalSubject } from "./localSubject.ts";
import { createScene } from "./scene.ts";
import type { Subject } from "./subject.ts";

let subject: Subject;
let unroute: () => void;
beforeEach(async () => {
  subject = await startLocalSubject();
  unroute = subject.route();
});
afterEach(async () => {
  unroute();
  await subject.stop();
});

test.each(journeys)("$name", async (journey) => {
  expect(journey.needs.filter((need) => !subject.capabilities.has(need))).toEqual([]);
  expect(await journey.play(await createScene(subject, journey.vault))).toEqual([]);
});
