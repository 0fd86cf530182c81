import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator } from "playwright-core";
import { demo } from "../azure/seed.ts";
import type { PersonTest, PersonTestFixture } from "./personTests.ts";
import { SidebarTree } from "./sidebarTree.ts";
import { Steps } from "./steps.ts";
import type { Workbench } from "./workbench.ts";

/** In a trusted folder: a secret from its creation to its end, and the way between editor and vault. */
export const secretLifeTests: readonly PersonTest[] = [
  { name: "a secret is created step by step, and its reference stands at the cursor", run: creates },
  { name: "completion offers the new secret at once", run: completes },
  { name: "a new version is written, and the reference is pinned to the one before", run: rotates },
  { name: "a value is copied only after the question, and revealed in a box alone", run: reveals },
  { name: "deleting names what would break, Enter keeps the secret, and the pipeline is underlined", run: deletes },
  { name: "a deleted secret is recovered, and the underline goes", run: recovers },
  { name: "a deleted secret is purged once its name is typed", run: purges },
  { name: "a missing secret is created from its reference", run: createsMissing },
  { name: "a value in YAML moves into the vault, and a reference takes its place", run: movesToVault },
  { name: "a copied secret is pasted as the reference for its place", run: pastes },
  { name: "from a reference to its secret in the sidebar", run: revealsInSidebar },
  { name: "two vaults are compared by name", run: compares },
  { name: "no value stands anywhere in the window", run: showsNoValue },
  { name: "T20, T23: no value stands in any file that the editor keeps", run: keepsNoValue },
];

const dev = demo.devVault;
const token = { spoken: "Secret life-token," };
const deletedToken = { spoken: "Deleted secret life-token," };
const canary = "canary-value-of-the-life-tests";

function writes(azure: PersonTestFixture["azure"]): readonly string[] {
  return azure.requests.filter(({ host, method }) => host.startsWith(dev) && method !== "GET" && method !== "CONNECT").map(({ method, path }) => `${method} ${path.split("?")[0] ?? ""}`);
}

const pipelinePath = ".harness/orgs/default/projects/shop/pipelines/life.yaml";
const missing = "life-missing";

function pipelineText(): string {
  const variables = { created: "AT_CREATED", completed: "AT_COMPLETED", missing: reference(missing), literal: `${canary}-moved`, pasted: "AT_PASTED" };
  const lines = Object.entries(variables).flatMap(([name, value]) => [`    - name: ${name}`, "      type: String", `      value: ${value}`]);
  return ["pipeline:", "  name: Life", "  identifier: life", "  orgIdentifier: default", "  projectIdentifier: shop", "  variables:", ...lines, ""].join("\n");
}

/** Puts the cursor where a placeholder stood. */
async function at(workbench: Workbench, placeholder: string): Promise<void> {
  await workbench.focusEditor();
  await workbench.select(placeholder);
  await workbench.page.keyboard.press("Delete");
}

function variable(name: string, value: string): RegExp {
  return new RegExp(`- name: ${name}\\n {6}type: String\\n {6}value: ${value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}

function reference(name: string): string {
  return `<+secrets.getValue("account.azurevault://shop_dev_kv/${name}")>`;
}

async function creates(workbench: Workbench, { azure, folder }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  await writeFile(path.join(folder, pipelinePath), pipelineText());
  await workbench.openFile(pipelinePath);
  await at(workbench, "AT_CREATED");
  await workbench.runCommand("Keyline: New Secret");
  await steps.choose("In which vault?", dev);
  await workbench.answerDialog("Approve");
  await steps.type("Name", "life_token");
  await steps.type("Key Vault does not: write a hyphen", "life-token");
  await steps.choose("Value: where does it come from?", "Type or paste it");
  await steps.waitFor("Value. The box takes one line");
  assert.equal(await steps.inputType(), "password");
  await workbench.screenshot("explorer-create-value");
  await steps.type("Value. The box takes one line", canary);
  await steps.type("Content type", "text/plain");
  await steps.type("Tags", "owner:shop");
  await steps.type("Expires on", "in 90 days");
  await steps.enter("Activation date");
  await steps.enter("Enabled?");
  await steps.choose("Create the secret life-token?", "Create");
  await steps.choose(/Refer to life-token in Harness\?/, "Insert");
  await workbench.waitFor("the reference", async () => {
    const text = await workbench.editorText();
    return variable("created", reference("life-token")).test(text) ? { value: undefined } : { seen: text.slice(-200) };
  });
  assert.deepEqual(writes(azure), ["PUT /secrets/life-token"]);
}

async function completes(workbench: Workbench): Promise<void> {
  await at(workbench, "AT_COMPLETED");
  await workbench.type('<+secrets.getValue("account.azurevault://shop_dev_kv/life');
  // A list that opened while the path was typed may still stand there, and knows the connectors alone.
  await workbench.waitFor("the new secret among the suggestions", async () => {
    await workbench.page.keyboard.press("Escape");
    const names = await workbench.triggerSuggest();
    return names.includes("life-token") ? { value: undefined } : { seen: names.join(", ") };
  });
  await workbench.acceptSuggestion("life-token");
  assert.match(await workbench.editorText(), variable("completed", reference("life-token")));
}

async function rotates(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  const tree = await openVault(workbench);
  await tree.choose(token, "New Version of Secret", boxOf(workbench, "New version of life-token"));
  await steps.choose("Value: where does it come from?", "Type or paste it");
  await steps.type("Value. The box takes one line", `${canary}-2`);
  await steps.enter("Expires on");
  await steps.enter("Activation date");
  await steps.choose("Write a new version of life-token?", "Write New Version");
  await workbench.waitForNotification(/A new version of the secret life-token/);
  await tree.expand(token);
  const lines = await tree.waitForLines("two versions", (seen) => seen.filter((line) => /^[0-9a-f]{8}…/.test(line)).length === 2);
  assert.match(lines.find((line) => line.includes("latest")) ?? "", /enabled/);
  assert.deepEqual(writes(azure).slice(1), ["PUT /secrets/life-token"]);
  // The older version, written behind the name, is verified like the latest one.
  const older = lines.find((line) => /^[0-9a-f]{8}…/.test(line) && !line.includes("latest")) ?? "";
  await workbench.focusEditor();
  await workbench.moveBehind("shop_dev_kv/life-token");
  await workbench.type("/");
  const versions = await workbench.triggerSuggest();
  const pinned = versions.find((version) => version.startsWith(older.slice(0, 8)));
  assert.ok(pinned !== undefined, `offered: ${versions.join(", ")}`);
  await workbench.acceptSuggestion(pinned);
  assert.match(await workbench.editorText(), new RegExp(`life-token/${pinned}`));
}

async function reveals(workbench: Workbench): Promise<void> {
  const tree = await openVault(workbench);
  await workbench.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tree.choose(token, "Reveal Secret Value", dialogOf(workbench));
  assert.match(await workbench.answerDialog("Reveal"), /hides itself after 30 seconds/);
  const steps = new Steps(workbench);
  await steps.waitFor("Hides itself after 30 seconds.");
  const box = workbench.page.locator(".quick-input-widget:visible input.input").first();
  assert.equal(await box.inputValue(), `${canary}-2`);
  await workbench.page.keyboard.press("Escape");
  await tree.choose(token, "Copy Secret Value", dialogOf(workbench));
  await workbench.answerDialog("Copy");
  await workbench.waitForNotification(/is on the clipboard for 30 seconds/);
  assert.equal(await workbench.page.evaluate(() => navigator.clipboard.readText()), `${canary}-2`);
}

async function deletes(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const tree = await openVault(workbench);
  const dialog = dialogOf(workbench);
  await tree.choose(token, "Delete Secret", dialog);
  await workbench.screenshot("explorer-delete");
  await workbench.page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(writes(azure).length, 2);
  await tree.choose(token, "Delete Secret", dialogOf(workbench));
  assert.match(await workbench.answerDialog("Delete"), /life-token[\s\S]*shop-dev-kv[\s\S]*life\.yaml/);
  await workbench.waitForNotification(/The secret life-token of the vault shop-dev-kv is deleted\. It can be recovered until/);
  assert.deepEqual(writes(azure).slice(2), ["DELETE /secrets/life-token"]);
  await workbench.focusEditor();
  await workbench.waitForUnderlines("the underline of the deleted secret", (seen) => seen.some(({ text, severity }) => severity === "error" && text.startsWith("life-token")));
}

async function recovers(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Vaults");
  await showDeleted(workbench, tree, "life-token");
  await tree.choose(deletedToken, "Recover Deleted Secret", dialogOf(workbench));
  await workbench.answerDialog("Recover");
  await workbench.waitForNotification(/The secret life-token of the vault shop-dev-kv is recovered/);
  await workbench.runCommand("Keyline: Show All Secrets");
  await workbench.focusEditor();
  await workbench.waitForUnderlines("the underline to go", (seen) => seen.every(({ text }) => !text.startsWith("life-token")));
}

async function purges(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const tree = await openVault(workbench);
  const before = writes(azure).length;
  // The end of the deletion before is still told there.
  await workbench.runCommand("Notifications: Clear All Notifications");
  await tree.choose(token, "Delete Secret", dialogOf(workbench));
  await workbench.answerDialog("Delete");
  await workbench.waitForNotification(/is deleted\. It can be recovered until/);
  await showDeleted(workbench, tree, "life-token");
  await tree.choose(deletedToken, "Purge Deleted Secret", boxOf(workbench, "Type its name to purge it"));
  const steps = new Steps(workbench);
  await steps.type("Type its name to purge it", "life-toke");
  await steps.waitFor("This is not the secret's name.");
  assert.deepEqual(writes(azure).slice(before), ["DELETE /secrets/life-token"]);
  await steps.type("This is not the secret's name.", "life-token");
  await workbench.waitForNotification(/is purged\. Its name is free again/);
  assert.deepEqual(writes(azure).slice(before), ["DELETE /secrets/life-token", "DELETE /deletedsecrets/life-token"]);
  await workbench.runCommand("Keyline: Show All Secrets");
}

async function createsMissing(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  const before = writes(azure).length;
  await workbench.focusEditor();
  await workbench.moveBehind(`shop_dev_kv/${missing.slice(0, -2)}`);
  await workbench.page.keyboard.press("Control+.");
  const action = workbench.page.locator(".action-widget .monaco-list-row").filter({ hasText: "Create" }).first();
  await action.waitFor();
  await workbench.screenshot("explorer-create-missing");
  await action.click();
  await steps.enter("Name");
  await steps.choose("Value: where does it come from?", "Type or paste it");
  await steps.type("Value. The box takes one line", canary);
  for (const prompt of ["Content type", "Tags", "Expires on", "Activation date", "Enabled?"]) await steps.enter(prompt);
  await steps.choose(`Create the secret ${missing}?`, "Create");
  await workbench.waitForUnderlines("the underline to go", (seen) => seen.every(({ text }) => text !== missing));
  assert.deepEqual(writes(azure).slice(before), [`PUT /secrets/${missing}`]);
}

async function movesToVault(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const steps = new Steps(workbench);
  const before = writes(azure).length;
  await workbench.focusEditor();
  await workbench.select(`${canary}-moved`);
  await workbench.runCommand("Keyline: Move to Key Vault Secret");
  await steps.choose("In which vault?", dev);
  await steps.type("Name", "moved-token");
  for (const prompt of ["Content type", "Tags", "Expires on", "Activation date", "Enabled?"]) await steps.enter(prompt);
  await steps.choose("Create the secret moved-token?", "Create");
  await steps.choose(/What takes the place of the value\?/, "Insert");
  await workbench.waitForNotification(/Git history/);
  const text = await workbench.editorText();
  assert.match(text, variable("literal", reference("moved-token")));
  assert.doesNotMatch(text, /canary/);
  assert.deepEqual(writes(azure).slice(before), ["PUT /secrets/moved-token"]);
}

async function pastes(workbench: Workbench): Promise<void> {
  await workbench.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const tree = await openVault(workbench);
  const copied = (): Promise<unknown> =>
    workbench.waitFor(
      "the secret on the clipboard",
      async () => {
        const text = await workbench.page.evaluate(() => navigator.clipboard.readText());
        return text === `${dev}/docker-registry-token` ? { value: undefined } : { seen: text };
      },
      10_000,
    );
  await tree.choose("docker-registry-token", "Copy Secret", copied);
  await at(workbench, "AT_PASTED");
  await pressUntilText(workbench, "Control+V", variable("pasted", reference("docker-registry-token")));
}

async function revealsInSidebar(workbench: Workbench): Promise<void> {
  const tree = new SidebarTree(workbench, "Vaults");
  await tree.fold(dev);
  await workbench.focusEditor();
  await workbench.moveBehind("shop_dev_kv/docker-registry");
  await workbench.runCommand("Keyline: Reveal Secret in Explorer");
  await tree.waitForFocus(/^Secret docker-registry-token/);
}

async function compares(workbench: Workbench): Promise<void> {
  const steps = new Steps(workbench);
  await workbench.runCommand("Keyline: Compare Two Vaults");
  await steps.choose(/vault/i, dev);
  await steps.choose(/vault/i, demo.prodVault);
  await workbench.answerDialog("Approve");
  await workbench.waitFor("the comparison", async () => {
    const text = await workbench.editorText();
    return /moved-token/.test(text) && /shop-prod-kv/.test(text) ? { value: undefined } : { seen: text.slice(0, 300) };
  });
  await workbench.screenshot("explorer-compare");
}

async function showsNoValue(workbench: Workbench): Promise<void> {
  const html = await workbench.page.evaluate(() => document.documentElement.outerHTML);
  assert.doesNotMatch(html, /canary-value/);
}

/** Presses again where VS Code dropped the key. */
async function pressUntilText(workbench: Workbench, key: string, expected: RegExp): Promise<void> {
  for (let tries = 1; ; tries++) {
    await workbench.page.keyboard.press(key);
    try {
      await workbench.waitFor(
        `the text ${String(expected)}`,
        async () => {
          const text = await workbench.editorText();
          return expected.test(text) ? { value: undefined } : { seen: text.slice(-200) };
        },
        10_000,
      );
      return;
    } catch (error) {
      if (tries === 3) throw error;
      await workbench.focusEditor();
    }
  }
}

function boxOf(workbench: Workbench, words: string): Locator {
  return workbench.page.locator(".quick-input-widget:visible").filter({ hasText: words });
}

function dialogOf(workbench: Workbench): Locator {
  return workbench.page.locator(".monaco-dialog-box");
}

/** The pipeline itself held the one that was moved out of it, and so may the editor's copies of the pipeline. */
async function keepsNoValue(_workbench: Workbench, { home }: PersonTestFixture): Promise<void> {
  const value = new RegExp(`${canary}(?!-moved)`);
  const found: string[] = [];
  let searched = 0;
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    searched += 1;
    if (value.test(await readFile(file, "latin1"))) found.push(path.relative(home, file));
  }
  assert.ok(searched > 20, `only ${String(searched)} files were searched`);
  assert.deepEqual(found, []);
}

async function openVault(workbench: Workbench): Promise<SidebarTree> {
  const tree = new SidebarTree(workbench, "Vaults");
  if (!(await tree.isOpen())) await tree.open();
  await tree.expand(dev);
  return tree;
}

async function showDeleted(workbench: Workbench, tree: SidebarTree, name: string): Promise<void> {
  await workbench.runCommand("Keyline: Filter Secrets");
  await new Steps(workbench).type("Show only secrets whose names hold this text", name);
  await tree.expand("Deleted");
  await tree.row({ spoken: `Deleted secret ${name},` }).waitFor();
}
