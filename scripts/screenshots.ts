import path from "node:path";
import { takeScreenshots } from "../test/vscode/takeScreenshots.ts";
import { openWorkbench } from "../test/vscode/workbench.ts";
import { artifactsPath } from "./checkoutPath.ts";
import { ensureChromium } from "./chromium.ts";
import { startEditorSession } from "./editorSession.ts";
import { packageExtension } from "./package.ts";

const screenshotsPath = path.join(artifactsPath, "screenshots");
const { vsix } = await packageExtension();
const session = await startEditorSession({ vsix, trust: true });
try {
  const workbench = await openWorkbench({ url: session.server.url, chromium: await ensureChromium(), screenshotsPath });
  try {
    for (const file of await takeScreenshots(workbench)) {
      console.log(file);
    }
  } finally {
    await workbench.close();
  }
} finally {
  await session.stop();
}
