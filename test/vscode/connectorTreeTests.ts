import assert from "node:assert/strict";
import { demo } from "../azure/seed.ts";
import { SidebarTree } from "./sidebarTree.ts";
import type { PersonTest } from "./personTests.ts";
import { tryoutPath } from "./tryout.ts";
import type { Workbench } from "./workbench.ts";

/** In a trusted folder: from opening the sidebar to deleting a connector. */
export const connectorTreeTests: readonly PersonTest[] = [
  { name: "the sidebar shows each scope's connectors with vault and state", run: listsConnectors },
  { name: "opening the sidebar asks nothing and calls nobody", run: callsNobody },
  { name: "a connector's references lead to their exact places", run: jumpsToReference },
  { name: "with the keyboard alone a secret that is kept in a connector is found and opened", run: usesKeyboard },
  { name: "the context menu copies a connector's reference", run: copiesReference },
  { name: "the portal's address is opened letter by letter", run: opensPortal },
  { name: "typing a reference counts it without a save, and keeps the tree as it was", run: followsTyping },
  { name: "an approved vault becomes verified in the tree", run: followsApproval },
  { name: "what rests on a connector says its state in words, and nothing of the file becomes a link", run: explains },
  { name: "deleting names what would break, and Enter alone shows the YAML", run: keepsOnEnter },
  { name: "a deleted connector leaves the tree and its file, and Undo brings it back", run: deletes },
];

/** In a folder that defines no connector. */
export const noConnectorTests: readonly PersonTest[] = [{ name: "a folder without a connector offers to make one", run: welcomes }];

/** In Restricted Mode. */
export const restrictedTreeTests: readonly PersonTest[] = [{ name: "in Restricted Mode the sidebar says why it lists nothing, and lists what is open", run: staysRestricted }];

const devVault = "Shop dev vault";
const registry = "Shop registry";
const registryPath = ".harness/connectors/shop_registry.yaml";

async function listsConnectors(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.open();
  const lines = await tree.waitForLines("the connectors", (seen) => seen.some((line) => line.startsWith(registry)));
  assert.deepEqual(lines, ["Account", "Shop dev vaultshop-dev-kv · Not approved", "Shop prod vaultshop-prod-kv · Not approved", "Shop registryDockerRegistry · Keeps no secrets"]);
  await tree.spoken(devVault, /^Connector Shop dev vault, vault shop-dev-kv, Not approved, \d+ references, 1 secret kept in it(?! so far)/);
}

async function callsNobody(workbench: Workbench, { azure }: Parameters<PersonTest["run"]>[1]): Promise<void> {
  assert.deepEqual(await workbench.notifications(), []);
  assert.deepEqual(azure.requests.filter(({ host }) => /vault\.azure\.net$|microsoftonline\.com$/.test(host)).length, 0);
}

async function jumpsToReference(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.expand(devVault);
  await tree.expand(/\d+ references/);
  await tree.row("service-token-07").click();
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "deploy-shop.yaml" }).waitFor();
  assert.equal(await workbench.selectedText(), "account.azurevault://shop_dev_kv/service-token-07");
}

async function usesKeyboard(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  const { keyboard } = workbench.page;
  await workbench.runCommand("Keyline: Focus on Connectors View");
  await keyboard.press("Home");
  await tree.waitForFocus(/^Account/);
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await tree.waitForFocus(/^\d+ references/);
  await keyboard.press("ArrowLeft");
  await tree.waitForLines("the references to fold", (lines) => !lines.some((line) => line.startsWith("service-token-07")));
  await keyboard.press("ArrowDown");
  await tree.waitForFocus(/^1 secret kept in it/);
  await keyboard.press("ArrowRight");
  await tree.row("shop_db_password_dev.yaml").waitFor();
  await keyboard.press("ArrowDown");
  await tree.waitForFocus(/^Secret db_password_dev, .*line \d+$/);
  await keyboard.press("Enter");
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "shop_db_password_dev.yaml" }).waitFor();
  assert.equal(await workbench.selectedText(), "db_password_dev");
}

async function copiesReference(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await workbench.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tree.choose(devVault, "Copy Connector Reference");
  await workbench.waitFor("the reference on the clipboard", async () => {
    const text = await workbench.page.evaluate(() => navigator.clipboard.readText());
    return text === "account.shop_dev_kv" ? { value: text } : { seen: text };
  });
}

/** VS Code asks before it opens an address, and shows it. */
async function opensPortal(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.choose(devVault, "Open Vault in Azure Portal");
  const question = await workbench.answerDialog("Cancel");
  assert.match(question, /https:\/\/portal\.azure\.com\/#view\/HubsExtension\/BrowseResource\/resourceType\/Microsoft\.KeyVault%2Fvaults/);
}

async function followsTyping(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  const count = async (): Promise<number> => Number(/^\d+/.exec((await tree.lines()).find((line) => / references?$/.test(line)) ?? "")?.[0] ?? "0");
  const before = await count();
  assert.ok(before > 1);
  await workbench.openFile(tryoutPath);
  await workbench.page.keyboard.press("Control+End");
  await workbench.type('value: <+secrets.getValue("account.azurevault://shop_dev_kv/db-password")>');
  await workbench.page.keyboard.press("Escape");
  await tree.waitForLines("one more reference", (lines) => lines.some((line) => line === `${before + 1} references`) && lines.some((line) => line.startsWith("db_password_dev")));
}

async function followsApproval(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Approve a Vault");
  await workbench.pick(demo.devVault);
  await workbench.answerDialog("Approve");
  await tree.waitForLines("the verified vault", (lines) => lines.includes("Shop dev vaultshop-dev-kv · Verified"));
}

async function explains(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  // The keys for it: a mouse that rests would start anew with each refresh.
  await workbench.runCommand("Keyline: Focus on Connectors View");
  await workbench.page.keyboard.press("Home");
  await workbench.page.keyboard.press("ArrowDown");
  await tree.waitForFocus(/^Connector Shop dev vault/);
  await workbench.page.keyboard.press("Control+k");
  await workbench.page.keyboard.press("Control+i");
  const hover = workbench.page.locator(".monaco-hover").filter({ hasText: "Tenant:", visible: true }).first();
  await hover.waitFor();
  assert.match(await hover.innerText(), /Verified\. The vault answers/);
  assert.equal(await hover.locator("a, img, .codicon").count(), 0);
  await workbench.page.keyboard.press("Escape");
}

async function keepsOnEnter(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.choose(devVault, "Delete Connector");
  const dialog = workbench.page.locator(".monaco-dialog-box");
  await dialog.waitFor();
  const words = await dialog.innerText();
  assert.match(words, /Delete the connector "Shop dev vault"/);
  assert.match(words, /1 secret kept in it breaks:/);
  assert.match(words, /and \d+ more/);
  assert.match(words, /Nothing is deleted in Harness or in Azure/);
  await workbench.page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "shop_dev_kv.yaml" }).waitFor();
  assert.match(await workbench.editorText(), /identifier: shop_dev_kv/);
}

async function deletes(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.choose(registry, "Delete Connector");
  await workbench.answerDialog("Delete");
  await tree.waitForLines("the connector to go", (lines) => !lines.some((line) => line.startsWith(registry)));
  const notice = workbench.page.locator(".notification-list-item").filter({ hasText: "held nothing but the connector" });
  await notice.getByRole("button", { name: "Undo" }).click();
  await tree.waitForLines("the connector to come back", (lines) => lines.some((line) => line.startsWith(registry)));
  await workbench.openFile(registryPath);
  assert.match(await workbench.editorText(), /identifier: shop_registry/);
}

async function welcomes(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.open();
  const welcome = workbench.page.locator(".sidebar .welcome-view-content").filter({ hasText: "No file of this workspace defines a connector.", visible: true });
  await welcome.waitFor();
  await welcome.getByRole("button", { name: "New Azure Key Vault Connector" }).waitFor();
  assert.deepEqual(await tree.lines(), []);
}

async function staysRestricted(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.open();
  const welcome = workbench.page.locator(".sidebar .welcome-view-content").filter({ hasText: "In Restricted Mode Keyline reads no files", visible: true });
  await welcome.waitFor();
  await workbench.openFile(".harness/connectors/shop_dev_kv.yaml");
  await tree.waitForLines("the open connector", (lines) => lines.includes("Shop dev vaultshop-dev-kv · Restricted Mode"));
}
