import type { RawAnswer } from "../sendRaw.ts";
import type { ConformanceCase, Expected } from "./conformanceCase.ts";
import { mismatches } from "./mismatches.ts";
import { createScene, fillIn } from "./scene.ts";
import type { Subject } from "./subject.ts";

export type Verdict =
  | { readonly state: "passed" }
  | { readonly state: "leftOut"; readonly reason: string }
  /** As the subject's list of differences says. */
  | { readonly state: "differs"; readonly reason: string }
  | { readonly state: "failed"; readonly problem: string };

/** Plays one case with one subject. A listed difference that is none any more is a failure: the list must stay true. */
export async function playCase(subject: Subject, one: ConformanceCase): Promise<Verdict> {
  const missing = (one.needs ?? []).filter((capability) => !subject.capabilities.has(capability));
  if (missing.length > 0) {
    return { state: "leftOut", reason: `${subject.name} has no ${missing.join(" and no ")}` };
  }
  const problems = await problemsOf(subject, one);
  const difference = subject.knownDifferences.find((listed) => listed.case === one.name);
  if (difference !== undefined) {
    return problems.length > 0
      ? { state: "differs", reason: difference.reason }
      : { state: "failed", problem: `${subject.name} now answers as Azure does. Take the case off its list of differences ("${difference.reason}").` };
  }
  return problems.length === 0 ? { state: "passed" } : { state: "failed", problem: [...problems, `decided by: ${one.source}`].join("\n") };
}

/** Differences that name no case, and cases that share their name: each would hide something. */
export function listMistakes(subject: Subject, cases: readonly ConformanceCase[]): string[] {
  const names = cases.map((one) => one.name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `Two cases are called "${name}".`);
  const unknown = subject.knownDifferences.filter((listed) => !names.includes(listed.case)).map((listed) => `No case is called "${listed.case}", which ${subject.name} lists as a difference.`);
  return [...twice, ...unknown];
}

async function problemsOf(subject: Subject, one: ConformanceCase): Promise<string[]> {
  try {
    const scene = await createScene(subject, one.vault);
    await one.arrange?.(scene);
    const answer = await scene.send(one.request);
    return compare(fillIn(one.expect, scene.words), answer);
  } catch (error) {
    return [error instanceof Error ? error.message : "The case broke off."];
  }
}

function compare(expected: Expected, answer: RawAnswer): string[] {
  if (answer.status !== expected.status) {
    return [`the status is ${String(answer.status)}, not ${String(expected.status)}`, `the body is ${answer.text.slice(0, 300)}`];
  }
  const { error } = (answer.json ?? {}) as { readonly error?: { readonly code?: string; readonly message?: string; readonly innererror?: { readonly code?: string } } };
  return [
    ...(expected.code === undefined ? [] : mismatches(expected.code, error?.code, "the code")),
    ...(expected.inner === undefined ? [] : innerMismatches(expected.inner, error?.innererror?.code)),
    ...(expected.message === undefined ? [] : mismatches(expected.message, error?.message, "the message")),
    ...(expected.headers === undefined ? [] : mismatches(expected.headers, answer.headers, "the headers")),
    ...(expected.body === undefined ? [] : mismatches(expected.body, answer.json, "the body")),
    ...(expected.claims === undefined ? [] : mismatches(expected.claims, claimsOf(answer.json), "the token")),
    ...(expected.without !== undefined && answer.text.includes(expected.without) ? [`the answer holds ${JSON.stringify(expected.without)}`] : []),
  ];
}

function innerMismatches(expected: string | readonly string[] | null, actual: string | undefined): string[] {
  if (expected === null) {
    return actual === undefined ? [] : [`the inner code is ${actual} and should not be there`];
  }
  const allowed = typeof expected === "string" ? [expected] : expected;
  return actual !== undefined && allowed.includes(actual) ? [] : [`the inner code is ${actual ?? "missing"}, not ${allowed.join(" or ")}`];
}

function claimsOf(json: unknown): unknown {
  const [, payload = ""] = String((json as { readonly access_token?: unknown } | undefined)?.access_token).split(".");
  return payload === "" ? undefined : (JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as unknown);
}
