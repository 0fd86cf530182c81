import { FileSystemError, Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import type { WorkspaceFiles } from "./workspaceFiles.ts";

/** The files as VS Code gives them, wherever they are. */
export const vscodeWorkspaceFiles: WorkspaceFiles = {
  folders: () => (workspace.workspaceFolders ?? []).map(({ uri, name }) => ({ uri: uri.toString(), name })),
  join: (folder, relativePath) => Uri.joinPath(Uri.parse(folder, true), ...relativePath.split("/")).toString(),
  read: async (uri) => {
    const target = Uri.parse(uri, true);
    try {
      await workspace.fs.stat(target);
      return (await workspace.openTextDocument(target)).getText();
    } catch {
      return undefined;
    }
  },
  write: async (uri, text) => {
    const target = Uri.parse(uri, true);
    try {
      await workspace.fs.stat(target);
    } catch (error) {
      // A file that only cannot be reached just now must not be written over.
      if (!(error instanceof FileSystemError) || error.code !== "FileNotFound") return false;
      try {
        // Makes the folders too.
        await workspace.fs.writeFile(target, new TextEncoder().encode(text));
        return true;
      } catch {
        return false;
      }
    }
    // Through the editor, so that it can be undone.
    const document = await workspace.openTextDocument(target);
    const edit = new WorkspaceEdit();
    edit.replace(target, new Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
    return (await workspace.applyEdit(edit)) && (await document.save());
  },
  show: async (uri) => {
    await window.showTextDocument(Uri.parse(uri, true));
  },
  pickNew: async (suggested) => {
    const chosen = await window.showSaveDialog({ title: "Write the connector to", filters: { YAML: ["yaml", "yml"] }, ...(suggested === undefined ? {} : { defaultUri: Uri.parse(suggested, true) }) });
    return chosen?.toString();
  },
};
