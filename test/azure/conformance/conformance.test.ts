import { afterEach, beforeEach, expect, test } from "vitest";
import { allCases } from "./allCases.ts";
import { startLocalSubject } from "./localSubject.ts";
import { listMistakes, playCase } from "./runSuite.ts";
import type { Subject } from "./subject.ts";

let subject: Subject;
beforeEach(async () => {
  subject = await startLocalSubject();
});
afterEach(() => subject.stop());

test("the suite names every case once, and every difference has its case", () => {
  expect(listMistakes(subject, allCases)).toEqual([]);
});

// Nothing is left out here: the local Azure stands in for all of it.
test.each(allCases)("$name", async (one) => {
  expect(await playCase(subject, one)).toEqual({ state: "passed" });
});
