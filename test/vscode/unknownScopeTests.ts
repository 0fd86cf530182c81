import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PersonTest, PersonTestFixture } from "./personTests.ts";
import { SidebarTree } from "./sidebarTree.ts";
import type { Workbench } from "./workbench.ts";

const connectorPath = ".harness/team/team_kv.yaml";
const connectorText = `connector:
  name: Team vault
  identifier: team_kv
  type: AzureKeyVault
  spec:
    vaultName: team-kv
    subscription: 22222222-0000-4000-8000-000000000001
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity
`;

/** In a trusted folder with a connector whose file does not say in which scope it lives. */
export const unknownScopeTests: readonly PersonTest[] = [
  { name: "a connector of unknown scope has a group of its own; its scope is asked for once, and keyline.jsonc says it from then on", run: asksOnce },
];

async function asksOnce(workbench: Workbench, { folder }: PersonTestFixture): Promise<void> {
  await mkdir(path.join(folder, path.dirname(connectorPath)), { recursive: true });
  await writeFile(path.join(folder, connectorPath), connectorText);
  const tree = new SidebarTree(workbench, "Connectors");
  await tree.open();
  await tree.waitForLines("the group of its own", (lines) => lines.includes("Scope Not Told") && lines.some((line) => line.startsWith("Team vault")));
  await workbench.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const question = workbench.page.locator(".quick-input-widget").filter({ hasText: "In which scope does", visible: true });
  await tree.choose("Team vault", "Copy Connector Reference", question);
  await workbench.screenshot("unknown-scope");
  await workbench.pick("Account");
  await workbench.page.locator(".quick-input-widget").filter({ hasText: "Is keyline.jsonc to say so?", visible: true }).waitFor();
  await workbench.pick("Write It to keyline.jsonc");
  await workbench.waitFor("the reference on the clipboard", async () => {
    const text = await workbench.page.evaluate(() => navigator.clipboard.readText());
    return text === "account.team_kv" ? { value: text } : { seen: text };
  });
  await tree.waitForLines("the connector in the account", (lines) => !lines.includes("Scope Not Told") && lines.some((line) => line.startsWith("Team vault")));
  const config = await readFile(path.join(folder, "keyline.jsonc"), "utf8");
  assert.match(config, /\{\s*"files": "\.harness\/team\/team_kv\.yaml",\s*"scope": "account"\s*\}/);
  assert.match(config, /\/\/ A secret that has no YAML file/);
}
