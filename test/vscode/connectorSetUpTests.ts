import assert from "node:assert/strict";
import { demo } from "../azure/seed.ts";
import type { PersonTest, PersonTestFixture } from "./personTests.ts";
import { Steps } from "./steps.ts";
import { tryoutPath } from "./tryout.ts";
import type { Workbench } from "./workbench.ts";

/** In a trusted folder: from the first step of the wizard to a tested connection. */
export const connectorSetUpTests: readonly PersonTest[] = [
  { name: "the wizard takes a delegate's identity and a typed vault, with the keyboard alone, and writes the YAML", run: setsUpByKeyboard },
  { name: "Esc leaves the wizard with nothing written, and the next start goes on where it was left", run: goesOn },
  { name: "Fetch Vault lists the subscription's vaults, and the chosen one is approved, tested and written", run: fetches },
  { name: "the quick pick of credentials says which would work now", run: choosesCredential },
  { name: "Test Connection reads, and writes only after the question; nothing stays behind", run: tests },
  { name: "a vault that may be read and not written says that Harness's test will fail", run: testsForbidden },
  { name: "Edit Connector changes the one field that was changed", run: edits },
];

const newConnector = "Keyline: New Azure Key Vault Connector";

async function setsUpByKeyboard(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  // The extension has started once it has found something.
  await workbench.openFile(tryoutPath);
  await workbench.waitForUnderlines("the underline of getvalue", (seen) => seen.some(({ text }) => text === "getvalue"));
  await workbench.runCommand(newConnector);
  await steps.choose("Scope", "Account");
  await steps.type("Name, as Harness", "Team vault");
  await steps.enter("Identifier. Harness derives");
  await steps.enter("Description");
  await steps.enter("Tags");
  await steps.choose("Credentials: how a delegate", "Use the credentials of a Harness delegate");
  await steps.enter("Azure environment");
  await steps.type("Subscription ID (optional)", demo.subscription);
  await steps.enter("Which managed identity");
  await steps.enter("Purge Secrets");
  await steps.enter("Delegate selectors");
  await steps.choose("Setup Vault", "Enter the vault's name manually");
  await steps.type("The vault's name", "https://team-kv.vault.azure.net/");
  await steps.type("Write the name alone: team-kv", "team-kv");
  await steps.choose("Test Connection", "Go on without a test");
  await steps.choose("Summary", "Write .harness/connectors/Team_vault.yaml");
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "Team_vault.yaml" }).waitFor();
  await workbench.focusEditor();
  const text = await workbench.editorText();
  for (const line of ["connector:", "  name: Team vault", "    vaultName: team-kv", "    azureManagedIdentityType: SystemAssignedManagedIdentity", "    vaultConfiguredManually: true"]) assert.ok(text.includes(line), `${line} is not in ${text}`);
  assert.deepEqual(azure.requests.filter(({ host }) => /azure\.(com|net)$|microsoftonline\.com$/.test(host)), []);
}

async function goesOn(workbench: Workbench): Promise<void> {
  const steps = new Steps(workbench);
  await workbench.runCommand(newConnector);
  await steps.choose("Scope", "Account");
  await steps.type("Name, as Harness", "Fetched vault");
  await steps.enter("Identifier. Harness derives");
  await steps.waitFor("Description");
  await workbench.page.keyboard.press("Escape");
  await workbench.runCommand(newConnector);
  await steps.choose(/A connector is under way: Fetched vault/, "Go on");
  await steps.waitFor("Description");
  // The button Back, by its key.
  await workbench.page.locator(".quick-input-widget:visible .quick-input-titlebar .codicon-quick-input-back").click();
  await steps.enter("Identifier. Harness derives");
  await steps.enter("Description");
  await steps.enter("Tags");
}

/** Goes on where the test before has stopped. */
async function fetches(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  await steps.choose("Credentials: how a delegate", "Specify credentials here");
  await steps.enter("Azure environment");
  await steps.type("Client ID", demo.clientId);
  await steps.type("Tenant ID", demo.tenant);
  await steps.enter("Subscription ID (optional)");
  await steps.type("Key: the Harness secret", "account.azure_sp_secret");
  await steps.enter("Purge Secrets");
  await steps.enter("Delegate selectors");
  await steps.choose("Setup Vault", "Fetch vaults");
  await steps.choose("Fetch Vault: with which identity", "Environment");
  await steps.waitFor("Vaults of Shop");
  await steps.rows().filter({ hasText: demo.prodVault }).filter({ hasText: "purge protection" }).first().waitFor();
  await workbench.screenshot("connectors-fetch-vault");
  await steps.choose("Vaults of Shop", demo.prodVault);
  await steps.choose("The vault has purge protection", "Turn Purge Secrets off");
  await steps.choose("Test Connection", "Test reading");
  const question = await workbench.answerDialog("Approve");
  assert.match(question, new RegExp(`${demo.prodVault}[\\s\\S]*${demo.tenant}[\\s\\S]*Environment`));
  await steps.choose("Summary", "Write .harness/connectors/Fetched_vault.yaml");
  await workbench.page.locator(".tabs-container .tab.active").filter({ hasText: "Fetched_vault.yaml" }).waitFor();
  await workbench.focusEditor();
  const text = await workbench.editorText();
  for (const line of [`    subscription: ${demo.subscription}`, "    enablePurge: false", `    vaultName: ${demo.prodVault}`]) assert.ok(text.includes(line), `${line} is not in ${text}`);
  await workbench.waitForNotification(/Fetched_vault\.yaml is written\. Reading works from this machine\./);
  assert.ok(azure.requests.some(({ host, path }) => host === "management.azure.com" && path.includes("/providers/Microsoft.KeyVault/vaults")));
}

async function choosesCredential(workbench: Workbench): Promise<void> {
  const steps = new Steps(workbench);
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Choose My Credential for a Vault");
  await workbench.pick(demo.devVault);
  await steps.rows().filter({ hasText: "Environment" }).filter({ hasText: "its variables are set" }).first().waitFor();
  await steps.rows().filter({ hasText: "Azure CLI" }).filter({ hasText: "tried once the vault is approved" }).first().waitFor();
  await steps.rows().filter({ hasText: "Workload identity" }).filter({ hasText: "AZURE_FEDERATED_TOKEN_FILE not set" }).first().waitFor();
  await workbench.screenshot("connectors-credential");
  await steps.choose(/Credential for vault shop-dev-kv/, "Environment");
  await workbench.waitForNotification(/shop-dev-kv is opened with: Environment/);
}

async function tests(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  await workbench.openFile(tryoutPath);
  await workbench.runCommand("Keyline: Test Connection");
  await workbench.pick("Shop dev vault");
  await workbench.answerDialog("Approve");
  const writes = (): readonly string[] => azure.requests.filter(({ host, method }) => host.startsWith(demo.devVault) && method !== "GET").map(({ method, path }) => `${method} ${path.split("?")[0]?.split("/")[1] ?? ""}`);
  await workbench.page.locator(".monaco-dialog-box").filter({ hasText: "harnessAzureVaultValidation" }).waitFor();
  await workbench.screenshot("connectors-test");
  assert.deepEqual(writes(), [], "something was written before the question");
  await workbench.answerDialog("Test Writing");
  await workbench.waitForNotification(/Vault shop-dev-kv: Test Connection passed\. Reading and writing work, and the test secret is removed again/);
  assert.deepEqual(writes(), ["PUT secrets", "DELETE secrets", "DELETE deletedsecrets"]);
}

async function testsForbidden(workbench: Workbench): Promise<void> {
  // The connector of the active file is meant without a question.
  await workbench.openFile(".harness/connectors/Fetched_vault.yaml");
  await workbench.runCommand("Keyline: Test Connection");
  await workbench.answerDialog("Test Writing");
  await workbench.waitForNotification(/Vault shop-prod-kv: with the rights of this identity, Harness's Test Connection will fail; reading secrets works/);
}

async function edits(workbench: Workbench): Promise<void> {
  const steps = new Steps(workbench);
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Edit Connector");
  await workbench.pick("Team vault");
  await steps.type("Name, as Harness", "Teams vault");
  await steps.enter("Description");
  await steps.enter("Tags");
  await steps.enter("Credentials: how a delegate");
  await steps.enter("Azure environment");
  await steps.enter("Subscription ID (optional)");
  await steps.enter("Which managed identity");
  await steps.choose("Purge Secrets", "Do not purge");
  await steps.enter("Delegate selectors");
  await steps.choose("Setup Vault", "Keep team-kv");
  await steps.choose("Test Connection", "Go on without a test");
  await workbench.waitForNotification(/Team_vault\.yaml is changed/);
  await workbench.openFile(".harness/connectors/Team_vault.yaml");
  const text = await workbench.editorText();
  assert.ok(text.includes("  name: Teams vault") && text.includes("    enablePurge: false") && text.includes("    vaultName: team-kv"), text);
}
