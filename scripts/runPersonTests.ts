import type { PersonTest } from "../test/vscode/personTests.ts";
import type { Workbench } from "../test/vscode/workbench.ts";
import type { EditorFixture } from "./editorFixture.ts";
import type { TestResult } from "./hostTestResults.ts";
import { reportTest } from "./testReport.ts";

/** Runs the tests one after the other in one window, prints each, and keeps a picture of the window where one failed. */
export async function runPersonTests(tests: readonly PersonTest[], workbench: Workbench, fixture: EditorFixture): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of tests) {
    const result = await runOne(test, workbench, fixture);
    if (!result.passed) {
      await workbench.screenshot(`failed-${test.name.replace(/[^a-z0-9]+/gi, "-")}`);
    }
    reportTest(result);
    results.push(result);
  }
  return results;
}

async function runOne(test: PersonTest, workbench: Workbench, fixture: EditorFixture): Promise<TestResult> {
  try {
    await test.run(workbench, fixture);
    return { name: test.name, passed: true };
  } catch (error) {
    return { name: test.name, passed: false, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
