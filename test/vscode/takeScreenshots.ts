import { SidebarTree } from "./sidebarTree.ts";
import type { Workbench } from "./workbench.ts";
import { tryoutPath } from "./tryout.ts";

const demoPipeline = ".harness/orgs/default/projects/shop/pipelines/deploy-shop.yaml";

/** Goes through the main job and gives the pictures' files. */
export async function takeScreenshots(workbench: Workbench): Promise<readonly string[]> {
  const files: string[] = [];
  await workbench.openFile(demoPipeline);
  await workbench.languageStatus(/Keyline: Vault not approved/);
  files.push(await workbench.screenshot("1-not-approved"));
  await approveAll(workbench);
  await workbench.showProblems();
  await workbench.page.locator(".markers-panel .monaco-list-row").filter({ hasText: "vault-secret-not-found" }).first().waitFor();
  await workbench.focusEditor();
  files.push(await workbench.screenshot("2-underlines-and-problems"));
  await workbench.runCommand("View: Toggle Panel Visibility");
  await workbench.focusEditor();
  await workbench.languageStatus(/Keyline: /);
  files.push(await workbench.screenshot("3-status"));
  await workbench.openFile(tryoutPath);
  await workbench.moveBehind("shop_dev_kv/db-pass");
  await workbench.hoverText(/db-password/);
  files.push(await workbench.screenshot("4-hover"));
  await workbench.page.keyboard.press("Escape");
  await workbench.focusEditor();
  await workbench.page.keyboard.press("Control+End");
  await workbench.type('value: <+secrets.getValue("account.azurevault://shop_dev_kv/');
  await workbench.triggerSuggest();
  files.push(await workbench.screenshot("5-completion"));
  await workbench.page.keyboard.press("Escape");
  files.push(await connectors(workbench));
  return files;
}

async function connectors(workbench: Workbench): Promise<string> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.open();
  await tree.expand("Shop dev vault");
  await tree.expand(/\d+ references/);
  await tree.row("service-token-07").click();
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "deploy-shop.yaml" }).waitFor();
  return workbench.screenshot("6-connectors");
}

/** The demo names two vaults: the first is picked from a list, the second is the only one left. */
async function approveAll(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Approve a Vault");
  await workbench.pick("shop-dev-kv");
  await workbench.answerDialog("Approve");
  await workbench.runCommand("Keyline: Approve a Vault");
  await workbench.answerDialog("Approve");
}
