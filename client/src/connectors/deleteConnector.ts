import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import type { ConnectorFiles, CurrentText } from "./connectorFiles.ts";
import { chooseConnector, shownReference } from "./connectorSource.ts";
import { isSecretManager } from "./connectorState.ts";
import type { ConnectorStore } from "./connectorStore.ts";
import { isYamlRow } from "./isYamlRow.ts";
import { shownFile } from "./shownPlace.ts";
import { usesLines } from "./usesLines.ts";
import { yamlRemoval } from "./yamlRemoval.ts";

export interface DeleteConnectorContext {
  readonly store: Pick<ConnectorStore, "rows" | "load" | "of" | "known">;
  readonly dialogs: Dialogs;
  readonly files: ConnectorFiles;
  readonly isTrusted: () => boolean;
}

export const restrictedEditMessage = "Keyline changes no file in Restricted Mode. Trust this workspace first.";
const goneMessage = "The connector is not in its file any more. Nothing was changed.";

/**
 * Removes a connector's YAML after the person has seen what would break. What is removed is decided by the file as it
 * is after the consent, not by what the tree showed.
 */
export async function deleteConnector(context: DeleteConnectorContext, argument: unknown): Promise<void> {
  const { store, dialogs, files, isTrusted } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return;
  }
  const chosen = await chooseConnector(store, dialogs, argument, "Delete a connector", () => true);
  if (chosen === undefined) return;
  const row = await currentRow(context, chosen);
  if (row === undefined) {
    dialogs.tell(goneMessage);
    return;
  }
  if (!isYamlRow(row)) {
    await files.show(row.uri, row.range);
    dialogs.tell("This connector is listed in keyline.jsonc, which holds your own notes: remove its entry there. Nothing was changed.");
    return;
  }
  const name = shownText(row.name ?? row.identifier);
  const answer = await dialogs.decide(`Delete the connector "${name}" from ${shownFile(row.folder, row.uri)}?`, breakage(row, store.known().complete), ["Show in YAML", "Delete"]);
  if (answer === "Show in YAML") await files.show(row.uri, row.range);
  if (answer !== "Delete") return;
  if (isTrusted()) await remove(context, row);
  else dialogs.tell(restrictedEditMessage);
}

async function remove(context: DeleteConnectorContext, agreed: ConnectorRow): Promise<void> {
  const { dialogs, files } = context;
  const row = await currentRow(context, agreed);
  const current = row === undefined ? undefined : await files.read(row.uri);
  const start = row === undefined ? 0 : (current?.offsetAt(row.range.start) ?? 0);
  const end = row === undefined ? 0 : (current?.offsetAt(row.range.end) ?? 0);
  if (row === undefined || row.uri !== agreed.uri || current === undefined || current.text.slice(start, end).trim() !== row.identifier) {
    dialogs.tell(goneMessage);
    return;
  }
  const file = noticeText(shownFile(row.folder, row.uri));
  const removal = yamlRemoval(current.text, start);
  if (removal.kind === "file") {
    await deleteFile(dialogs, current, file);
    return;
  }
  if (await current.replace(removal.start, removal.end, removal.replacement)) {
    await files.show(row.uri, { start: row.range.start, end: row.range.start });
    dialogs.tell(`The connector is removed from ${file}. Save the file to keep that, or undo it.`);
  } else dialogs.tell(unchanged(file));
}

/** VS Code's own undo does not reach a file that an extension has deleted, and a remote disk has no trash. */
async function deleteFile(dialogs: Dialogs, current: CurrentText, file: string): Promise<void> {
  if (!(await current.deleteFile())) {
    dialogs.tell(unchanged(file));
    return;
  }
  const answer = await dialogs.offer(`${file} is deleted: it held nothing but the connector.`, ["Undo"]);
  if (answer === "Undo" && !(await current.restoreFile())) dialogs.tell(`${file} could not be made again. It may be there already.`);
}

function unchanged(file: string): string {
  return `VS Code could not change ${file}. Nothing was removed.`;
}

/** The same connector as the server knows it now. */
async function currentRow({ store }: DeleteConnectorContext, row: ConnectorRow): Promise<ConnectorRow | undefined> {
  return (await store.load()).find(({ key }) => key === row.key);
}

function breakage(row: ConnectorRow, complete: boolean): string {
  const { secrets, references } = row;
  const broken = !isSecretManager(row)
    ? ["Keyline does not look for what refers to a connector that keeps no secrets."]
    : secrets.length + references.length === 0
      ? ["No file of this workspace uses it."]
      : [...usesLines("secret", "kept in it", secrets), ...usesLines("reference", "", references)];
  return [
    `Its identifier is ${shownText(shownReference(row))}. Nothing is deleted in Harness or in Azure, and the change can be undone.`,
    "",
    ...broken,
    ...(complete || !isSecretManager(row) ? [] : ["Not all files of the workspace are read, so there may be more."]),
  ].join("\n");
}
