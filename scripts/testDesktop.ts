import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { personTests } from "../test/vscode/personTests.ts";
import { openDesktopWorkbench } from "../test/vscode/workbench.ts";
import { buildHostTests, testExtensionPath } from "./buildHostTests.ts";
import { artifactsPath, cachePath } from "./checkoutPath.ts";
import { startEditorFixture, type EditorFixture } from "./editorFixture.ts";
import { hostTestResults, type TestResult } from "./hostTestResults.ts";
import { packageExtension } from "./package.ts";
import { quietSettings } from "./quietSettings.ts";
import { runPersonTests } from "./runPersonTests.ts";
import { runProgram } from "./runProgram.ts";
import { reportTest, reportTotal } from "./testReport.ts";

/** The suite of testVscode.ts in the desktop editor, which Microsoft's host must be reachable for. */
async function testDesktop(): Promise<void> {
  const executable = await downloadEditor();
  if (executable === undefined) {
    console.log("The desktop VS Code could not be downloaded: update.code.visualstudio.com is not reachable. Run npm run test:vscode instead.");
    process.exitCode = 1;
    return;
  }
  const { vsix } = await packageExtension();
  const fixture = await startEditorFixture();
  try {
    const launchArguments = await prepareProfile(executable, vsix, fixture);
    const results = [...(await runHostTests(executable, launchArguments, fixture)), ...(await runWindowTests(executable, launchArguments, fixture))];
    reportTotal(results);
  } finally {
    await fixture.stop();
  }
}

async function downloadEditor(): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(cachePath, "desktop"), timeout: 60_000 });
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** A profile of its own, so that nothing of the user's is seen or changed. */
async function prepareProfile(executable: string, vsix: string, fixture: EditorFixture): Promise<string[]> {
  const userDataDir = path.join(fixture.home, "user-data");
  const profile = [`--user-data-dir=${userDataDir}`, `--extensions-dir=${path.join(fixture.home, "extensions")}`];
  await mkdir(path.join(userDataDir, "User"), { recursive: true });
  await writeFile(path.join(userDataDir, "User", "settings.json"), JSON.stringify(quietSettings, undefined, 2));
  const [cli = executable, ...cliArguments] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  await runProgram(cli, [...cliArguments, ...profile, ...asRoot(), "--install-extension", vsix]);
  return [fixture.folder, ...profile, ...asRoot(), "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes", "--disable-updates"];
}

async function runHostTests(executable: string, launchArguments: readonly string[], fixture: EditorFixture): Promise<TestResult[]> {
  const resultsFile = path.join(fixture.home, "results.json");
  try {
    await runTests({
      vscodeExecutablePath: executable,
      reuseMachineInstall: true,
      extensionDevelopmentPath: testExtensionPath,
      extensionTestsPath: await buildHostTests(),
      extensionTestsEnv: { ...fixture.env, KEYLINE_TEST_RESULTS: resultsFile },
      launchArgs: [...launchArguments],
    });
  } catch {
    // A failed test ends the run with an error; which one it was stands in the file of results.
  }
  const results = await hostTestResults(resultsFile);
  results.forEach(reportTest);
  return results;
}

async function runWindowTests(executable: string, launchArguments: readonly string[], fixture: EditorFixture): Promise<TestResult[]> {
  const workbench = await openDesktopWorkbench({
    executable,
    launchArguments,
    env: fixture.env,
    screenshotsPath: path.join(artifactsPath, "screenshots-desktop"),
  });
  try {
    return await runPersonTests(personTests, workbench, fixture);
  } finally {
    await workbench.close();
  }
}

/** Electron refuses to run as root inside its sandbox. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--no-sandbox"] : [];
}

await testDesktop();
