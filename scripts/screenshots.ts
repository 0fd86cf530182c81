import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { connectorSetUpTests } from "../test/vscode/connectorSetUpTests.ts";
import { secretLifeTests } from "../test/vscode/secretLifeTests.ts";
import { takeScreenshots } from "../test/vscode/takeScreenshots.ts";
import { vaultTreeTests } from "../test/vscode/vaultTreeTests.ts";
import { openWorkbench, type Workbench } from "../test/vscode/workbench.ts";
import { artifactsPath, checkoutPath } from "./checkoutPath.ts";
import { ensureChromium } from "./chromium.ts";
import { startEditorSession, type EditorSession } from "./editorSession.ts";
import { packageExtension } from "./package.ts";

/** The pictures that docs/ shows, by the name that they are taken under. */
const inDocs: Readonly<Record<string, string>> = {
  "6-connectors": "connectors-tree",
  "connectors-fetch-vault": "connectors-fetch-vault",
  "connectors-credential": "connectors-credential",
  "connectors-test": "connectors-test",
  "explorer-tree": "explorer-tree",
  "explorer-create-missing": "explorer-create-missing",
  "explorer-delete": "explorer-delete",
};

const screenshotsPath = path.join(artifactsPath, "screenshots");
const chromium = await ensureChromium();
const { vsix } = await packageExtension();

async function inWindow(work: (workbench: Workbench, session: EditorSession) => Promise<void>): Promise<void> {
  const session = await startEditorSession({ vsix, trust: true });
  try {
    const workbench = await openWorkbench({ url: session.server.url, chromium, screenshotsPath });
    try {
      await work(workbench, session);
    } finally {
      await workbench.close();
    }
  } finally {
    await session.stop();
  }
}

await inWindow(async (workbench) => {
  for (const file of await takeScreenshots(workbench)) console.log(file);
});
// With --docs the pictures of the documents are replaced: these tests take them on their way.
if (process.argv.includes("--docs")) {
  for (const tests of [connectorSetUpTests, vaultTreeTests, secretLifeTests]) {
    await inWindow(async (workbench, session) => {
      for (const test of tests) await test.run(workbench, session);
    });
  }
  await mkdir(path.join(checkoutPath, "docs", "images"), { recursive: true });
  for (const [taken, name] of Object.entries(inDocs)) {
    const file = path.join(checkoutPath, "docs", "images", `${name}.png`);
    await copyFile(path.join(screenshotsPath, `${taken}.png`), file);
    console.log(file);
  }
}
