import { writeFileSync } from "node:fs";

export interface HostTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface HostTestResult {
  readonly name: string;
  readonly passed: boolean;
  /** The error's text where it failed. */
  readonly problem?: string;
}

const testTimeoutMs = 60_000;

/**
 * Runs the tests one after the other and writes the results to `resultsFile` after each, so that they survive a host
 * that ends early. Throws when one failed: VS Code takes that as the run's exit code.
 */
export async function testRun(tests: readonly HostTest[], resultsFile: string): Promise<void> {
  const results: HostTestResult[] = [];
  for (const test of tests) {
    results.push(await runOne(test));
    writeFileSync(resultsFile, JSON.stringify({ planned: tests.length, results }));
  }
  const failed = results.filter((result) => !result.passed);
  if (failed.length > 0) {
    throw new Error(`${failed.length} of ${tests.length} tests failed in the extension host.`);
  }
}

async function runOne(test: HostTest): Promise<HostTestResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${testTimeoutMs / 1000} s`)), testTimeoutMs);
  });
  try {
    await Promise.race([test.run(), tooLate]);
    return { name: test.name, passed: true };
  } catch (error) {
    return { name: test.name, passed: false, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
