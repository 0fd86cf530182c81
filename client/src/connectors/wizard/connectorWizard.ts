/** Keyline: New Azure Key Vault Connector, Edit Connector, Set as Default. */
import type { FileScope } from "../../../../server/src/core/model/scope.ts";
import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import type { Register } from "../../register.ts";
import type { ApprovalStore } from "../../azure/vaultApprovals.ts";
import { runEntity } from "../../entities/runEntity.ts";
import { runSteps } from "../../ui/multiStep.ts";
import { noticeText } from "../../ui/noticeText.ts";
import { createScopeAsker } from "../askScope.ts";
import type { ConnectorFiles, CurrentText } from "../connectorFiles.ts";
import type { ConnectorSource } from "../connectorSource.ts";
import { chooseConnector, isKeyVault } from "../connectorSource.ts";
import type { FieldChange } from "../connectorYaml.ts";
import { editConnectorYaml } from "../connectorYaml.ts";
import { restrictedEditMessage } from "../deleteConnector.ts";
import { isYamlRow } from "../isYamlRow.ts";
import { shownFile } from "../shownPlace.ts";
import { isKnownScope, isSameScope, isTold, sharesFileScope } from "../toldScope.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { connectorFile, writtenWords } from "./connectorFile.ts";
import { connectorSteps } from "./connectorSteps.ts";
import { changesBetween, draftOfRow } from "./draftOfRow.ts";
import type { StoredDraft } from "./storedDraft.ts";
import { readStoredDraft } from "./storedDraft.ts";
import type { WizardContext } from "./wizardContext.ts";
import type { Rewrite, WorkspaceFiles } from "./workspaceFiles.ts";

export interface ConnectorWizardContext extends Omit<WizardContext, "rows" | "editing"> {
  readonly source: ConnectorSource;
  readonly files: WorkspaceFiles;
  readonly connectorFiles: ConnectorFiles;
  /** The workspace's own store: a draft belongs to the workspace that it was begun in. */
  readonly drafts: ApprovalStore;
}

const draftKey = "keyline.connectorDraft";
/** Where a draft that is complete is gone on with. */
const lastStep = "test";
const goneMessage = "The connector is not in its file any more. Nothing was changed.";

export function registerConnectorWizard(register: Register, context: ConnectorWizardContext): void {
  register("keyline.newConnector", () => newConnector(context));
  register("keyline.editConnector", (argument) => editConnector(context, argument));
  register("keyline.setDefaultConnector", (argument) => setDefaultConnector(context, argument));
}

async function newConnector(context: ConnectorWizardContext): Promise<void> {
  const { dialogs, isTrusted, drafts } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return;
  }
  const stored = await resumed(context);
  if (stored === undefined) return;
  const written = await runEntity<ConnectorDraft>(context, {
    title: "New Azure Key Vault Connector",
    steps: connectorSteps({ ...context, rows: await context.source.load() }),
    fileOf: connectorFile,
    onProgress: (draft, step = lastStep) => drafts.update(draftKey, { draft, step }),
  }, stored.draft, stored.step);
  if (written === undefined) return;
  dialogs.tell(writtenWords(written.answers, written.place));
  await drafts.update(draftKey, undefined);
}

/** A draft to go on with, or an empty one. Undefined where the person left the question. */
async function resumed({ dialogs, drafts }: ConnectorWizardContext): Promise<StoredDraft | undefined> {
  const stored = readStoredDraft(drafts.get(draftKey));
  if (stored === undefined) return { draft: {} };
  const goOn = await dialogs.pick(`A connector is under way: ${noticeText(stored.draft.name ?? "without a name yet")}`, [
    { label: "Go on", detail: "With the answers given so far.", value: true },
    { label: "Start anew", detail: "The answers are dropped.", value: false },
  ]);
  if (goOn === undefined) return undefined;
  return goOn ? stored : { draft: {} };
}

async function editConnector(context: ConnectorWizardContext, argument: unknown): Promise<void> {
  const row = await editableRow(context, argument, "Edit which connector?");
  if (row === undefined) return;
  const before = draftOfRow(row);
  const steps = connectorSteps({ ...context, rows: context.source.rows(), editing: row });
  const after = await runSteps({ title: `Edit ${row.identifier}`, steps, prompts: context.prompts, onProgress: () => Promise.resolve() }, before);
  if (after === undefined || !context.isTrusted()) return;
  const changes = changesBetween(before, after);
  if (changes.length === 0) {
    context.dialogs.tell("Nothing was changed.");
    return;
  }
  if (await change(context, [{ row, changes }])) context.dialogs.tell(`${noticeText(shownFile(row.folder, row.uri))} is changed. Save the file to keep that, or undo it.`);
}

async function setDefaultConnector(context: ConnectorWizardContext, argument: unknown): Promise<void> {
  const row = await editableRow(context, argument, "Make which connector the default?");
  if (row === undefined) return;
  const rows = await context.source.load();
  const defaults = rows.filter((other) => !isSameRow(other, row) && other.folder === row.folder && isKeyVault(other) && isYamlRow(other) && other.settings?.default === true);
  // Which of the other defaults it takes the place of depends on its scope, and on nothing else.
  const told = defaults.length === 0 ? row : await createScopeAsker(context, rows.map(({ scope }) => scope)).told(row);
  if (told === undefined) return;
  const scopeOf = (other: ConnectorRow): FileScope => (sharesFileScope(other, row) ? told.scope : other.scope);
  const others = defaults.filter((other) => isSameScope(scopeOf(other), told.scope));
  const leftAlone = defaults.filter((other) => !isKnownScope(scopeOf(other)));
  const changed = [...(row.settings?.default === true ? [] : [{ row, value: true }]), ...others.map((other) => ({ row: other, value: false }))];
  if (changed.length === 0) {
    context.dialogs.tell(`${row.identifier} is the default already.`);
    return;
  }
  const detail = [
    ...changed.map(({ row: one, value }) => `${shownFile(one.folder, one.uri)}: default: ${String(value)}`),
    ...leftAlone.map((one) => `${shownFile(one.folder, one.uri)}: left as it is. It has default: true too, and does not say its scope.`),
  ].join("\n");
  if (!(await context.dialogs.confirm(`Make ${row.identifier} the default secret manager of its scope?`, detail, "Change YAML")) || !context.isTrusted()) return;
  const changes = changed.map(({ row: one, value }): Change => ({ row: one, changes: [{ path: ["spec", "default"], value }] }));
  if (await change(context, changes)) context.dialogs.tell("The files are changed. Save them to keep that, or undo it.");
}

/** A connector whose YAML can be changed, after trust and kind are seen to. */
async function editableRow({ source, dialogs, isTrusted, connectorFiles }: ConnectorWizardContext, argument: unknown, title: string): Promise<ConnectorRow | undefined> {
  if (!isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return undefined;
  }
  const row = await chooseConnector(source, dialogs, argument, title, (one) => isKeyVault(one) && isYamlRow(one));
  if (row === undefined) return undefined;
  if (isKeyVault(row) && isYamlRow(row)) return row;
  await connectorFiles.show(row.uri, row.range);
  dialogs.tell(isKeyVault(row) ? "This connector is listed in keyline.jsonc, which holds your own notes: change its entry there." : "Only Azure Key Vault connectors can be changed step by step. Change its YAML.");
  return undefined;
}

interface Change {
  readonly row: ConnectorRow;
  readonly changes: readonly FieldChange[];
}

interface Located extends Change {
  readonly text: string;
  readonly offset: number;
}

/** Changes the connectors' YAML as it is now, all in one edit. False, said, and nothing changed, where one is not there any more or cannot be changed safely. */
async function change({ source, dialogs, connectorFiles, files }: ConnectorWizardContext, agreed: readonly Change[]): Promise<boolean> {
  const rows = await source.load();
  const located: Located[] = [];
  for (const { row: agreedRow, changes } of agreed) {
    const row = rows.find((one) => isSameRow(one, agreedRow));
    const current = row === undefined ? undefined : await connectorFiles.read(row.uri);
    if (row === undefined || current === undefined || !isAt(current, row)) {
      dialogs.tell(goneMessage);
      return false;
    }
    located.push({ row, changes, text: current.text, offset: current.offsetAt(row.range.start) });
  }
  const rewrites = new Map<string, Rewrite>();
  // From the end of a file on, so that what is changed moves no connector that is still to come.
  for (const { row, changes, text, offset } of located.sort((one, other) => other.offset - one.offset)) {
    const { from, to } = rewrites.get(row.uri) ?? { from: text, to: text };
    const edited = editConnectorYaml(to, offset, changes);
    if (edited === undefined) {
      await connectorFiles.show(row.uri, row.range);
      dialogs.tell(`${noticeText(shownFile(row.folder, row.uri))} is written in a way that Keyline does not change by itself. Nothing was changed. Change it by hand: ${changes.map(({ path }) => path.at(-1)).join(", ")}.`);
      return false;
    }
    rewrites.set(row.uri, { uri: row.uri, from, to: edited });
  }
  if (await files.rewrite([...rewrites.values()])) return true;
  dialogs.tell("VS Code did not change the files: one of them has changed meanwhile, or is read-only. Nothing was changed.");
  return false;
}

/** The same connector, also where its scope has been written to keyline.jsonc since, which changes its key. */
function isSameRow(one: ConnectorRow, other: ConnectorRow): boolean {
  if (one.uri !== other.uri) return false;
  const [here, there] = [one.range.start, other.range.start];
  return one.key === other.key || (one.identifier === other.identifier && !isTold(other) && here.line === there.line && here.character === there.character);
}

/** Whether the identifier still stands where the server has seen it. */
function isAt(current: CurrentText, { range, identifier }: ConnectorRow): boolean {
  const found = current.text.slice(current.offsetAt(range.start), current.offsetAt(range.end)).trim();
  return found.replace(/^(["'])(.*)\1$/, "$2") === identifier;
}
