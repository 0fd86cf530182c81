import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { connectorSetUpTests } from "../test/vscode/connectorSetUpTests.ts";
import { connectorTreeTests, noConnectorTests, restrictedTreeTests } from "../test/vscode/connectorTreeTests.ts";
import { personTests, restrictedTests, type PersonTest } from "../test/vscode/personTests.ts";
import { secretLifeTests } from "../test/vscode/secretLifeTests.ts";
import { unknownScopeTests } from "../test/vscode/unknownScopeTests.ts";
import { vaultTreeTests } from "../test/vscode/vaultTreeTests.ts";
import { openWorkbench, type Workbench } from "../test/vscode/workbench.ts";
import { buildHostTests, testExtensionPath } from "./buildHostTests.ts";
import { artifactsPath } from "./checkoutPath.ts";
import { ensureChromium } from "./chromium.ts";
import { startEditorSession, type EditorSession } from "./editorSession.ts";
import { hostTestResults, type TestResult } from "./hostTestResults.ts";
import { packageExtension } from "./package.ts";
import { runPersonTests } from "./runPersonTests.ts";
import { reportTest, reportTotal } from "./testReport.ts";

const hostRunTimeoutMs = 300_000;
const screenshotsPath = path.join(artifactsPath, "screenshots");

/** Tests of the packaged extension in a real VS Code: first through its own interface, then as a person uses it. */
async function testVscode(): Promise<void> {
  const chromium = await ensureChromium();
  const { vsix } = await packageExtension();
  reportTotal([
    ...(await runHostTests(chromium, vsix)),
    ...(await runInWindow(chromium, vsix, { trust: true }, personTests)),
    ...(await runInWindow(chromium, vsix, { trust: false }, [...restrictedTests, ...restrictedTreeTests])),
    ...(await runInWindow(chromium, vsix, { trust: true }, connectorTreeTests)),
    ...(await runInWindow(chromium, vsix, { trust: true, folder: "pipelines" }, noConnectorTests)),
    ...(await runInWindow(chromium, vsix, { trust: true }, connectorSetUpTests)),
    ...(await runInWindow(chromium, vsix, { trust: true }, vaultTreeTests)),
    ...(await runInWindow(chromium, vsix, { trust: true }, secretLifeTests)),
    ...(await runInWindow(chromium, vsix, { trust: true }, unknownScopeTests)),
  ]);
}

async function runHostTests(chromium: string, vsix: string): Promise<TestResult[]> {
  const testsPath = await buildHostTests();
  const resultsFolder = await mkdtemp(path.join(tmpdir(), "keyline-results-"));
  const resultsFile = path.join(resultsFolder, "results.json");
  const session = await startEditorSession({ vsix, trust: true, runsHostTests: true, env: { KEYLINE_TEST_RESULTS: resultsFile } });
  try {
    await runInPage(session, chromium, testsPath);
    const results = await hostTestResults(resultsFile);
    results.forEach(reportTest);
    return results;
  } finally {
    await session.stop();
    await rm(resultsFolder, { recursive: true, force: true });
  }
}

/** The page starts the tests and is told when they have ended; what they found stands in their file. */
async function runInPage(session: EditorSession, chromium: string, testsPath: string): Promise<void> {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${session.server.port}${file}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(testExtensionPath)],
    ["extensionTestsPath", remote(testsPath)],
  ]);
  let workbench: Workbench | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(resolve, hostRunTimeoutMs).unref();
      const prepare = async (page: Page): Promise<void> => {
        await page.exposeFunction("codeAutomationLog", () => undefined);
        await page.exposeFunction("codeAutomationExit", () => resolve());
      };
      const url = `${session.server.url}&payload=${encodeURIComponent(payload)}`;
      openWorkbench({ url, chromium, screenshotsPath, prepare }).then((opened) => {
        workbench = opened;
      }, reject);
    });
  } finally {
    await workbench?.close();
  }
}

interface WindowOptions {
  readonly trust: boolean;
  /** A folder of the demo's project to open instead of the whole demo. */
  readonly folder?: string;
}

async function runInWindow(chromium: string, vsix: string, { trust, folder }: WindowOptions, tests: readonly PersonTest[]): Promise<TestResult[]> {
  const session = await startEditorSession({ vsix, trust });
  try {
    const url = folder === undefined ? session.server.url : `${session.server.url}/.harness/orgs/default/projects/shop/${folder}`;
    const workbench = await openWorkbench({ url, chromium, screenshotsPath });
    try {
      return await runPersonTests(tests, workbench, session);
    } finally {
      await workbench.close();
    }
  } finally {
    await session.stop();
  }
}

await testVscode();
