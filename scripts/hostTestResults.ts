import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly problem?: string;
}

/** What the tests in the extension host left in their file. A run that ended before its last test counts as a failure. */
export async function hostTestResults(resultsFile: string): Promise<TestResult[]> {
  if (!existsSync(resultsFile)) {
    return [{ name: "the tests in the extension host start", passed: false, problem: "They left no results: the run ended before the first test." }];
  }
  const { planned, results } = JSON.parse(await readFile(resultsFile, "utf8")) as { readonly planned: number; readonly results: readonly TestResult[] };
  if (results.length < planned) {
    return [...results, { name: "the tests in the extension host end", passed: false, problem: `${results.length} of ${planned} ran.` }];
  }
  return [...results];
}
