/** Keyline: New Azure Key Vault Connector, Edit Connector, Set as Default. */
import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import type { Register } from "../../register.ts";
import type { ApprovalStore } from "../../azure/vaultApprovals.ts";
import { runSteps } from "../../ui/multiStep.ts";
import { noticeText } from "../../ui/noticeText.ts";
import type { StepHead } from "../../ui/stepPrompts.ts";
import type { ConnectorFiles, CurrentText } from "../connectorFiles.ts";
import type { ConnectorSource } from "../connectorSource.ts";
import { chooseConnector, isKeyVault } from "../connectorSource.ts";
import type { FieldChange } from "../connectorYaml.ts";
import { editConnectorYaml } from "../connectorYaml.ts";
import { restrictedEditMessage } from "../deleteConnector.ts";
import { isYamlRow } from "../isYamlRow.ts";
import { shownFile } from "../shownPlace.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { askFile, writeConnector, writtenWords } from "./connectorFile.ts";
import { connectorSteps } from "./connectorSteps.ts";
import { changesBetween, draftOfRow } from "./draftOfRow.ts";
import type { WizardContext } from "./wizardContext.ts";
import type { WorkspaceFiles } from "./workspaceFiles.ts";

export interface ConnectorWizardContext extends Omit<WizardContext, "rows" | "editing"> {
  readonly source: ConnectorSource;
  readonly files: WorkspaceFiles;
  readonly connectorFiles: ConnectorFiles;
  /** The workspace's own store: a draft belongs to the workspace that it was begun in. */
  readonly drafts: ApprovalStore;
}

const draftKey = "keyline.connectorDraft";
const goneMessage = "The connector is not in its file any more. Nothing was changed.";

export function registerConnectorWizard(register: Register, context: ConnectorWizardContext): void {
  register("keyline.newConnector", () => newConnector(context));
  register("keyline.editConnector", (argument) => editConnector(context, argument));
  register("keyline.setDefaultConnector", (argument) => setDefaultConnector(context, argument));
}

interface StoredDraft {
  readonly draft: ConnectorDraft;
  readonly step?: string;
}

async function newConnector(context: ConnectorWizardContext): Promise<void> {
  const { dialogs, isTrusted, drafts } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return;
  }
  const stored = await resumed(context);
  if (stored === undefined) return;
  const title = "New Azure Key Vault Connector";
  let from = stored.step;
  let draft = stored.draft;
  for (;;) {
    const steps = connectorSteps({ ...context, rows: await context.source.load() });
    const complete = await runSteps({ title, steps, prompts: context.prompts, onProgress: (answers, step) => drafts.update(draftKey, { draft: answers, ...(step === undefined ? {} : { step }) }) }, draft, from);
    if (complete === undefined) return;
    draft = complete;
    from = steps.findLast((step) => step.applies(complete))?.id;
    const total = steps.filter((step) => step.applies(complete)).length;
    const done = await save(context, complete, { title, step: total, total, canGoBack: true });
    if (done === "leave") return;
    if (done === "saved") break;
  }
  await drafts.update(draftKey, undefined);
}

/** A draft to go on with, or an empty one. Undefined where the person left the question. */
async function resumed({ dialogs, drafts }: ConnectorWizardContext): Promise<StoredDraft | undefined> {
  const stored = readDraft(drafts.get(draftKey));
  if (stored === undefined) return { draft: {} };
  const goOn = await dialogs.pick(`A connector is under way: ${noticeText(stored.draft.name ?? "without a name yet")}`, [
    { label: "Go on", detail: "With the answers given so far.", value: true },
    { label: "Start anew", detail: "The answers are dropped.", value: false },
  ]);
  if (goOn === undefined) return undefined;
  return goOn ? stored : { draft: {} };
}

function readDraft(stored: unknown): StoredDraft | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { draft, step } = stored as { readonly draft?: unknown; readonly step?: unknown };
  if (typeof draft !== "object" || draft === null) return undefined;
  // Written by this wizard alone, into the person's own store; each answer is judged again before it is written.
  return { draft, ...(typeof step === "string" ? { step } : {}) };
}

async function save({ prompts, files, dialogs, isTrusted }: ConnectorWizardContext, draft: ConnectorDraft, head: StepHead): Promise<"saved" | "back" | "leave"> {
  for (;;) {
    const place = await askFile(draft, head, prompts, files);
    if (place.kind !== "next") return place.kind;
    if (!isTrusted()) return "leave";
    const written = await writeConnector(draft, place.value, prompts, head, files);
    if (written.kind === "leave") return "leave";
    if (written.kind === "back") continue;
    if (!written.value) {
      dialogs.tell(`VS Code could not write ${noticeText(place.value.shown)}. Choose another file.`);
      continue;
    }
    await files.show(place.value.uri);
    dialogs.tell(writtenWords(draft, place.value));
    return "saved";
  }
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
  if (await change(context, row, changes)) context.dialogs.tell(`${noticeText(shownFile(row.folder, row.uri))} is changed. Save the file to keep that, or undo it.`);
}

async function setDefaultConnector(context: ConnectorWizardContext, argument: unknown): Promise<void> {
  const row = await editableRow(context, argument, "Make which connector the default?");
  if (row === undefined) return;
  const others = (await context.source.load()).filter(
    (other) => other.key !== row.key && other.folder === row.folder && isKeyVault(other) && isYamlRow(other) && other.settings?.default === true && JSON.stringify(other.scope) === JSON.stringify(row.scope),
  );
  const changed = [...(row.settings?.default === true ? [] : [{ row, value: true }]), ...others.map((other) => ({ row: other, value: false }))];
  if (changed.length === 0) {
    context.dialogs.tell(`${row.identifier} is the default already.`);
    return;
  }
  const detail = changed.map(({ row: one, value }) => `${shownFile(one.folder, one.uri)}: default: ${String(value)}`).join("\n");
  if (!(await context.dialogs.confirm(`Make ${row.identifier} the default secret manager of its scope?`, detail, "Change YAML")) || !context.isTrusted()) return;
  for (const { row: one, value } of changed) if (!(await change(context, one, [{ path: ["spec", "default"], value }]))) return;
  context.dialogs.tell("The files are changed. Save them to keep that, or undo it.");
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

/** Changes the connector's YAML as it is now. False, said, where it is not there any more or cannot be changed safely. */
async function change({ source, dialogs, connectorFiles }: ConnectorWizardContext, agreed: ConnectorRow, changes: readonly FieldChange[]): Promise<boolean> {
  const row = (await source.load()).find(({ key, uri }) => key === agreed.key && uri === agreed.uri);
  const current: CurrentText | undefined = row === undefined ? undefined : await connectorFiles.read(row.uri);
  if (row === undefined || current === undefined) {
    dialogs.tell(goneMessage);
    return false;
  }
  const edited = editConnectorYaml(current.text, current.offsetAt(row.range.start), changes);
  if (edited === undefined) {
    await connectorFiles.show(row.uri, row.range);
    dialogs.tell(`${noticeText(shownFile(row.folder, row.uri))} is written in a way that Keyline does not change by itself. Change it by hand: ${changes.map(({ path }) => path.at(-1)).join(", ")}.`);
    return false;
  }
  return current.replace(0, current.text.length, edited);
}
