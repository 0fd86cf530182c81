import type { TestResult } from "./hostTestResults.ts";

/** Prints one line for a test, and its problem beneath. */
export function reportTest(result: TestResult): void {
  console.log(`${result.passed ? "ok    " : "FAILED"}  ${result.name}`);
  if (result.problem !== undefined) {
    console.log(result.problem.replace(/^/gm, "          "));
  }
}

/** Prints the last line and sets the exit code. A run without any test is a failure. */
export function reportTotal(results: readonly TestResult[]): void {
  const failed = results.filter((result) => !result.passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
}
