import path from "node:path";
import type { Page } from "playwright-core";
import { openWorkbench, type Workbench } from "../test/vscode/workbench.ts";
import { personTests } from "../test/vscode/personTests.ts";
import { buildHostTests, testExtensionPath } from "./buildHostTests.ts";
import { artifactsPath } from "./checkoutPath.ts";
import { ensureChromium } from "./chromium.ts";
import { startEditorSession, type EditorSession } from "./editorSession.ts";
import { hostTestResults, type TestResult } from "./hostTestResults.ts";
import { reportTest, reportTotal } from "./testReport.ts";

const hostRunTimeoutMs = 300_000;
const screenshotsPath = path.join(artifactsPath, "screenshots");

/** Tests of the packaged extension in a real VS Code: first through its own interface, then as a person uses it. */
async function testVscode(): Promise<void> {
  const chromium = await ensureChromium();
  const results = [...(await runHostTests(chromium)), ...(await runPersonTests(chromium))];
  reportTotal(results);
}

async function runHostTests(chromium: string): Promise<TestResult[]> {
  const testsPath = await buildHostTests();
  const resultsFile = path.join(artifactsPath, `host-tests-${process.pid}.json`);
  const session = await startEditorSession({ trust: true, env: { KEYLINE_TEST_RESULTS: resultsFile } });
  try {
    await runInPage(session, chromium, testsPath);
    const results = await hostTestResults(resultsFile);
    results.forEach(reportTest);
    return results;
  } finally {
    await session.stop();
  }
}

/** The page starts the tests and is told when they have ended; what they found stands in their file. */
async function runInPage(session: EditorSession, chromium: string, testsPath: string): Promise<void> {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${session.server.port}${file}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(testExtensionPath)],
    ["extensionTestsPath", remote(testsPath)],
  ]);
  const { promise: ended, resolve: onExit } = Promise.withResolvers<void>();
  const prepare = async (page: Page): Promise<void> => {
    await page.exposeFunction("codeAutomationLog", () => undefined);
    await page.exposeFunction("codeAutomationExit", () => onExit());
  };
  const workbench = await openWorkbench({ url: `${session.server.url}&payload=${encodeURIComponent(payload)}`, chromium, screenshotsPath, prepare });
  const timer = setTimeout(onExit, hostRunTimeoutMs);
  await ended;
  clearTimeout(timer);
  await workbench.close();
}

async function runPersonTests(chromium: string): Promise<TestResult[]> {
  const session = await startEditorSession({ trust: true });
  let workbench: Workbench | undefined;
  try {
    workbench = await openWorkbench({ url: session.server.url, chromium, screenshotsPath });
    const results: TestResult[] = [];
    for (const test of personTests) {
      const result = await runPersonTest(test.name, () => test.run(workbench as Workbench, session));
      if (!result.passed) {
        await workbench.screenshot(`failed-${test.name.replace(/[^a-z0-9]+/gi, "-")}`);
      }
      reportTest(result);
      results.push(result);
    }
    return results;
  } finally {
    await workbench?.close();
    await session.stop();
  }
}

async function runPersonTest(name: string, run: () => Promise<void>): Promise<TestResult> {
  try {
    await run();
    return { name, passed: true };
  } catch (error) {
    return { name, passed: false, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

await testVscode();
