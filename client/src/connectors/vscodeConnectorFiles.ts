import { Position, Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import type { ConnectorFiles } from "./connectorFiles.ts";

/** The files as VS Code gives them, wherever they are. */
export const vscodeConnectorFiles: ConnectorFiles = {
  show: async (uri, { start, end }) => {
    try {
      await window.showTextDocument(Uri.parse(uri, true), { selection: new Range(start.line, start.character, end.line, end.character) });
      return true;
    } catch {
      return false;
    }
  },
  read: async (uri) => {
    try {
      const document = await workspace.openTextDocument(Uri.parse(uri, true));
      const text = document.getText();
      return {
        text,
        offsetAt: ({ line, character }) => document.offsetAt(new Position(line, character)),
        replace: async (start, end, replacement) => {
          const edit = new WorkspaceEdit();
          edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), replacement);
          return workspace.applyEdit(edit);
        },
        deleteFile: async () => {
          const edit = new WorkspaceEdit();
          edit.deleteFile(document.uri);
          return workspace.applyEdit(edit);
        },
        restoreFile: async () => {
          const edit = new WorkspaceEdit();
          edit.createFile(document.uri, { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(text) });
          return workspace.applyEdit(edit);
        },
      };
    } catch {
      return undefined;
    }
  },
};
