import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allCases } from "./allCases.ts";
import type { ConformanceCase } from "./conformanceCase.ts";
import { startLocalSubject } from "./localSubject.ts";
import { absent, mismatches, someNumber } from "./mismatches.ts";
import { listMistakes, playCase } from "./runSuite.ts";
import type { Subject } from "./subject.ts";

let subject: Subject;
beforeAll(async () => {
  subject = await startLocalSubject();
});
afterAll(() => subject.stop());

const right: ConformanceCase = { name: "an empty vault", source: "a test", request: { line: "GET /secrets" }, expect: { status: 200, body: { value: [] } } };
const wrong: ConformanceCase = { ...right, name: "a full vault", expect: { status: 200, body: { value: [{}] } } };

describe("one case", () => {
  test("fails with what is wrong and what decides it", async () => {
    expect(await playCase(subject, wrong)).toEqual({ state: "failed", problem: "the body.value is [], not a list of 1\ndecided by: a test" });
    expect(await playCase(subject, { ...right, expect: { status: 404 } })).toMatchObject({ state: "failed", problem: expect.stringContaining("the status is 200, not 404") as string });
  });

  test("fails where its arrangement does not succeed", async () => {
    const broken: ConformanceCase = { ...right, arrange: async (scene) => void (await scene.must({ line: "GET /secrets/nothing" })) };
    expect(await playCase(subject, broken)).toMatchObject({ state: "failed", problem: expect.stringContaining("The arrangement failed: GET /secrets/nothing was answered with 404.") as string });
  });

  test("is left out, with the reason, where the subject has not what it needs", async () => {
    const simple: Subject = { ...subject, name: "a simple vault", capabilities: new Set(["entra"]) };
    expect(await playCase(simple, { ...wrong, needs: ["roles", "clock"] })).toEqual({ state: "leftOut", reason: "a simple vault has no roles and no clock" });
  });

  test("may differ where the list says so, and fails once it does not any more", async () => {
    const listed: Subject = { ...subject, knownDifferences: [{ case: wrong.name, reason: "it is never full" }, { case: right.name, reason: "it is never empty" }] };
    expect(await playCase(listed, wrong)).toEqual({ state: "differs", reason: "it is never full" });
    expect(await playCase(listed, right)).toMatchObject({ state: "failed", problem: expect.stringContaining('Take the case off its list of differences ("it is never empty").') as string });
  });
});

test("a list that names no case, and a name used twice, are mistakes", () => {
  const listed: Subject = { ...subject, name: "a simple vault", knownDifferences: [{ case: "no such case", reason: "none" }] };
  expect(listMistakes(listed, [right, right])).toEqual(['Two cases are called "an empty vault".', 'No case is called "no such case", which a simple vault lists as a difference.']);
});

test("every case says what decides it", () => {
  expect(allCases.filter((one) => one.source === "").map((one) => one.name)).toEqual([]);
});

describe("mismatches", () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }, []],
    [{ a: { b: someNumber } }, { a: { b: 5 } }, []],
    [{ a: absent }, {}, []],
    [/^x/, "xyz", []],
    [{ a: absent }, { a: 1 }, ["the answer.a is 1 and should not be there"]],
    [{ a: someNumber }, { a: "5" }, ['the answer.a is "5", not a number']],
    [/^x/, undefined, ["the answer is missing, not like /^x/"]],
    [[1, 2], [1], ["the answer is [1], not a list of 2"]],
    [[{ a: 1 }], [{ a: 2 }], ["the answer[0].a is 2, not 1"]],
    [{ a: {} }, { a: null }, ["the answer.a is null, not an object"]],
    [null, undefined, ["the answer is missing, not null"]],
  ])("%o against %o", (expected, actual, problems) => {
    expect(mismatches(expected, actual)).toEqual(problems);
  });
});
