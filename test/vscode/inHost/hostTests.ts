import assert from "node:assert/strict";
import * as vscode from "vscode";
import { eventually } from "./eventually.ts";
import type { HostTest } from "./testRun.ts";

const extensionId = "keyline.keyline";
const wrongMethod = 'pipeline:\n  name: demo\n  identifier: demo\n  variables:\n    - name: a\n      type: String\n      value: <+secrets.getvalue("db")>\n';

/** What the installed package does, asked through VS Code's own interface. */
export const hostTests: readonly HostTest[] = [
  { name: "the package is installed, not run from its source", run: isInstalled },
  { name: "a YAML document starts the extension, and its wrong reference gets a diagnostic", run: reportsUnsaved },
  { name: "every command of the manifest is registered", run: registersCommands },
  { name: "a mended reference loses its diagnostic", run: clearsMended },
  { name: "a diagnostic links to its rule's page", run: linksToPage },
  { name: "a plain YAML document gets nothing", run: leavesPlainYaml },
  { name: "a restarted language server judges what is open again", run: judgesAfterRestart },
  { name: "no command answers anything to whoever runs it", run: answersNothing },
];

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(extensionId);
  assert.ok(found, `${extensionId} is not installed`);
  return found;
}

async function isInstalled(): Promise<void> {
  const { extensionPath, packageJSON } = extension();
  assert.match(extensionPath.replaceAll("\\", "/"), /\/keyline\.keyline-\d+\.\d+\.\d+[^/]*$/);
  assert.equal((packageJSON as { readonly main: string }).main, "./dist/extension.js");
}

async function registersCommands(): Promise<void> {
  const { contributes } = extension().packageJSON as { readonly contributes?: { readonly commands?: readonly { readonly command: string }[] } };
  const declared = (contributes?.commands ?? []).map(({ command }) => command);
  assert.notEqual(declared.length, 0, "the manifest declares no command");
  const registered = await vscode.commands.getCommands(true);
  assert.deepEqual(declared.filter((command) => !registered.includes(command)), []);
}

async function reportsUnsaved(): Promise<void> {
  const document = await openYaml(wrongMethod);
  const [found] = await findings(document, (all) => all.length > 0);
  assert.equal(extension().isActive, true);
  assert.equal(ruleOf(found), "wrong-method-case");
  assert.equal(found && document.getText(found.range), "getvalue");
}

async function clearsMended(): Promise<void> {
  const document = await openYaml(wrongMethod);
  const [found] = await findings(document, (all) => all.length > 0);
  assert.ok(found);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, found.range, "getValue");
  await vscode.workspace.applyEdit(edit);
  const left = await findings(document, (all) => all.every((one) => ruleOf(one) !== "wrong-method-case"));
  assert.deepEqual(left.filter((one) => one.severity === vscode.DiagnosticSeverity.Error).map(ruleOf), []);
}

async function linksToPage(): Promise<void> {
  const document = await openYaml(wrongMethod);
  const [found] = await findings(document, (all) => all.length > 0);
  const code = found?.code;
  assert.ok(typeof code === "object", "the diagnostic has no link");
  assert.match(code.target.toString(), /docs\/rules\/wrong-method-case\.md/);
}

async function leavesPlainYaml(): Promise<void> {
  const wrong = await openYaml(wrongMethod);
  const plain = await openYaml("services:\n  web:\n    image: nginx\n");
  // The server answers in order: once the later, wrong document has its finding, the plain one has had its turn.
  await findings(wrong, (all) => all.length > 0);
  const later = await openYaml(wrongMethod);
  await findings(later, (all) => all.length > 0);
  assert.deepEqual(keylineFindings(plain), []);
}

async function judgesAfterRestart(): Promise<void> {
  const document = await openYaml(wrongMethod);
  await findings(document, (all) => all.length > 0);
  let wentAway = false;
  const watching = vscode.languages.onDidChangeDiagnostics(() => {
    wentAway ||= keylineFindings(document).length === 0;
  });
  await vscode.commands.executeCommand("keyline.restart");
  const again = await findings(document, (all) => all.length > 0);
  watching.dispose();
  assert.equal(wentAway, true, "the old findings were not taken away");
  assert.equal(ruleOf(again[0]), "wrong-method-case");
}

/** T28: any extension may run a command, with any argument. Those that ask in a dialog have nothing to ask about here. */
async function answersNothing(): Promise<void> {
  await openYaml("services:\n  web:\n    image: nginx\n");
  for (const command of ["keyline.refresh", "keyline.approveVault", "keyline.withdrawVault", "keyline.allowJsonKeys", "keyline.showState", "keyline.showLog"]) {
    assert.equal(await vscode.commands.executeCommand(command, { vault: "shop-dev-kv", confirmed: true }), undefined, command);
  }
}

async function openYaml(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: "yaml", content });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

function findings(document: vscode.TextDocument, until: (all: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
  return eventually(`the diagnostics of ${document.uri.toString()}`, vscode.languages.onDidChangeDiagnostics, () => {
    const all = keylineFindings(document);
    return until(all) ? all : undefined;
  });
}

function keylineFindings(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source?.toLowerCase() === "keyline");
}

function ruleOf(diagnostic: vscode.Diagnostic | undefined): string | number | undefined {
  const code = diagnostic?.code;
  return typeof code === "object" ? code.value : code;
}
