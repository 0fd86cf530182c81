import { hostTests } from "./hostTests.ts";
import { testRun } from "./testRun.ts";

/** VS Code calls this inside its extension host; the variable says where the results go. */
export function run(): Promise<void> {
  const resultsFile = process.env["KEYLINE_TEST_RESULTS"];
  if (resultsFile === undefined) {
    throw new Error("KEYLINE_TEST_RESULTS names no file. Start these tests by npm run test:vscode.");
  }
  return testRun(hostTests, resultsFile);
}
