import assert from "node:assert/strict";
import type { LocalAzure } from "../azure/localAzure.ts";
import { demo } from "../azure/seed.ts";
import { tryoutPath } from "./tryout.ts";
import type { Workbench } from "./workbench.ts";

/** What a test may use besides the window. */
export interface PersonTestFixture {
  readonly azure: LocalAzure;
  /** What the window shows: a copy of the demo. */
  readonly folder: string;
  /** Where the editor keeps its own files, and the folder too. */
  readonly home: string;
}

/** Something that a person does and sees. The tests of one list share a window, in their order. */
export interface PersonTest {
  readonly name: string;
  readonly run: (workbench: Workbench, fixture: PersonTestFixture) => Promise<void>;
}

/** In a trusted folder: from opening a pipeline, over the approval of a vault, to a mended name. */
export const personTests: readonly PersonTest[] = [
  { name: "opening a pipeline underlines what its text gets wrong", run: underlinesText },
  { name: "opening a pipeline asks nothing and calls nobody", run: asksNothing },
  { name: "the status item says that a vault is not approved", run: saysNotApproved },
  { name: "before the approval a hover says what is not verified", run: hoversUnverified },
  { name: "the approval names vault and tenant, and underlines the wrong name", run: approves },
  { name: "the Problems panel names the rule", run: listsProblem },
  { name: "a hover shows the chain and no value", run: hoversChain },
  { name: "what a vault says stays text in a hover", run: hoversHostileText },
  { name: "completion offers the vault's names and writes the chosen one", run: completes },
  { name: "a mended name loses its underline", run: mends },
  { name: "a quick fix puts the right name in place", run: fixes },
  { name: "JSON keys are read after a consent of their own", run: allowsJsonKeys },
  { name: "no secret's value stands anywhere in the window", run: showsNoValue },
];

/** In Restricted Mode. */
export const restrictedTests: readonly PersonTest[] = [
  { name: "in Restricted Mode the text is checked and nobody is called", run: staysOffline },
  { name: "in Restricted Mode a vault cannot be approved", run: refusesApproval },
];

const wrongName = "db-pasword";
const restrictedWords = "Restricted Mode";

async function underlinesText(workbench: Workbench): Promise<void> {
  await workbench.openFile(tryoutPath);
  const all = await workbench.waitForUnderlines("the underline of getvalue", (seen) => seen.some(({ text }) => text === "getvalue"));
  assert.deepEqual(all.filter(({ severity }) => severity === "error"), [{ severity: "error", text: "getvalue" }]);
}

async function asksNothing(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  assert.deepEqual(await workbench.notifications(), []);
  assert.equal(await workbench.page.locator(".monaco-dialog-box").count(), 0);
  assert.deepEqual(azureHosts(azure), []);
}

async function saysNotApproved(workbench: Workbench): Promise<void> {
  const words = await workbench.languageStatus(/Keyline: Vault not approved/);
  assert.match(words, /Approve a Vault/);
}

async function hoversUnverified(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.moveBehind("shop_dev_kv/db-pass");
  assert.match(await workbench.hoverText(/db-password/), /not approved/i);
  await workbench.page.locator('.monaco-hover a[data-href="command:keyline.approveVault"]').filter({ visible: true }).waitFor();
}

async function approves(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Approve a Vault");
  const question = await workbench.answerDialog("Approve");
  assert.match(question, new RegExp(demo.devVault));
  assert.match(question, new RegExp(demo.tenant));
  const all = await workbench.waitForUnderlines("the underline of the wrong name", (seen) => seen.some(({ text }) => text === wrongName));
  assert.deepEqual(all.filter(({ severity }) => severity === "error").map(({ text }) => text).sort(), [wrongName, "getvalue"].sort());
  assert.ok(azureHosts(azure).includes(`${demo.devVault}.vault.azure.net`));
}

async function listsProblem(workbench: Workbench): Promise<void> {
  const problems = await workbench.problems();
  const found = problems.find(({ text }) => text.includes("vault-secret-not-found"));
  assert.ok(found, `no such row in ${JSON.stringify(problems)}`);
  assert.equal(found.severity, "error");
  assert.match(found.text, new RegExp(wrongName));
}

async function hoversChain(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.moveBehind("shop_dev_kv/db-pass");
  const words = await workbench.hoverText(/db-password/);
  assert.match(words, /shop_dev_kv/);
  assert.match(words, new RegExp(demo.devVault));
  assert.match(words, /enabled/i);
  assert.doesNotMatch(words, /demo value/i);
}

async function hoversHostileText(workbench: Workbench): Promise<void> {
  const fetched: string[] = [];
  workbench.page.on("request", (request) => {
    if (request.url().includes("beacon")) fetched.push(request.url());
  });
  await workbench.focusEditor();
  await workbench.moveBehind("shop_dev_kv/hostile-ta");
  assert.match(await workbench.hoverText(/hostile-tags/), /command:workbench\.action\.terminal\.new.*beacon\.invalid/s);
  assert.equal(await workbench.hoverElements(/hostile-tags/, "a, img, h1, hr, pre, .codicon, [data-href], [data-command]"), 0);
  assert.deepEqual(fetched, []);
}

async function completes(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.page.keyboard.press("Control+End");
  await workbench.type('value: <+secrets.getValue("account.azurevault://shop_dev_kv/');
  const names = await workbench.triggerSuggest();
  assert.ok(names.includes("db-password"), `offered: ${names.join(", ")}`);
  await workbench.type("docker");
  await workbench.acceptSuggestion("docker-registry-token");
  const text = await workbench.editorText();
  assert.match(text, /value: <\+secrets\.getValue\("account\.azurevault:\/\/shop_dev_kv\/docker-registry-token"\)>$/m);
}

async function mends(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.moveBehind("db-paswo");
  await workbench.page.keyboard.press("ArrowLeft");
  await workbench.page.keyboard.press("ArrowLeft");
  await workbench.type("s");
  await workbench.waitForUnderlines("the underline of the mended name to go", (seen) => seen.every(({ text }) => !text.includes("db-pas")));
  assert.doesNotMatch(await workbench.editorText(), /db-pasword/);
}

async function fixes(workbench: Workbench): Promise<void> {
  await workbench.focusEditor();
  await workbench.moveBehind("getval");
  await workbench.page.keyboard.press("Control+.");
  const action = workbench.page.locator(".action-widget .monaco-list-row").filter({ hasText: "getValue" }).first();
  await action.waitFor();
  await workbench.page.keyboard.press("Enter");
  await workbench.waitForUnderlines("the underline of getvalue to go", (seen) => seen.every(({ text }) => text !== "getvalue"));
  assert.match(await workbench.editorText(), /<\+secrets\.getValue\("db"\)>/);
}

async function allowsJsonKeys(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  const readsOf = (): number => azure.requests.filter(({ path }) => /^\/secrets\/payment-config\/?($|[0-9a-f]{32})/.test(path)).length;
  assert.equal(readsOf(), 0, "a value was read before anybody allowed it");
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Allow Reading JSON Keys");
  assert.match(await workbench.answerDialog("Allow"), new RegExp(demo.devVault));
  await workbench.waitForUnderlines("the underline of the wrong JSON key", (seen) => seen.some(({ text }) => text === "passwort"));
  assert.equal(readsOf(), 1);
}

async function showsNoValue(workbench: Workbench): Promise<void> {
  const page = await workbench.page.locator("body").innerText();
  assert.match(page, /payment-config/, "the window shows nothing of the file");
  assert.doesNotMatch(page, /demo value/i);
}

async function staysOffline(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  await workbench.page.locator(".statusbar-item", { hasText: restrictedWords }).waitFor();
  await workbench.openFile(tryoutPath);
  await workbench.waitForUnderlines("the underline of getvalue", (seen) => seen.some(({ text }) => text === "getvalue"));
  await workbench.languageStatus(`Keyline: ${restrictedWords}`);
  assert.deepEqual(azureHosts(azure), []);
}

async function refusesApproval(workbench: Workbench, { azure }: PersonTestFixture): Promise<void> {
  await workbench.focusEditor();
  await workbench.runCommand("Keyline: Approve a Vault");
  await workbench.waitForNotification(new RegExp(restrictedWords));
  assert.deepEqual(azureHosts(azure), []);
}

/** The hosts of Azure that were called, without the editor's own traffic. */
function azureHosts(azure: LocalAzure): string[] {
  const hosts = azure.requests.map(({ host }) => host).filter((host) => /(^|\.)(vault\.azure\.net|microsoftonline\.com|windows\.net|management\.azure\.com)$/.test(host));
  return [...new Set(hosts)];
}
