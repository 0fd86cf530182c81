import type { TextDocument } from "vscode";
import { FileSystemError, Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { changedSpan } from "./changedSpan.ts";
import type { FileState, Rewrite, WorkspaceFiles } from "./workspaceFiles.ts";

/** The files as VS Code gives them, wherever they are. */
export const vscodeWorkspaceFiles: WorkspaceFiles = {
  folders: () => (workspace.workspaceFolders ?? []).map(({ uri, name }) => ({ uri: uri.toString(), name })),
  join: (folder, relativePath) => Uri.joinPath(Uri.parse(folder, true), ...relativePath.split("/")).toString(),
  read,
  create: async (uri, text) => {
    if ((await read(uri)).kind !== "absent") return false;
    return done(async () => {
      // Makes the folders too.
      await workspace.fs.writeFile(Uri.parse(uri, true), new TextEncoder().encode(text));
      return true;
    });
  },
  rewrite: (files) => done(() => rewrite(files)),
  save: (uri) => done(async () => (await open(uri)).save()),
  show: async (uri) => {
    await done(async () => {
      await window.showTextDocument(Uri.parse(uri, true));
      return true;
    });
  },
  pickNew: async (title, suggested) => {
    const chosen = await window.showSaveDialog({ title, filters: { YAML: ["yaml", "yml"] }, ...(suggested === undefined ? {} : { defaultUri: Uri.parse(suggested, true) }) });
    return chosen?.toString();
  },
};

async function read(uri: string): Promise<FileState> {
  try {
    await workspace.fs.stat(Uri.parse(uri, true));
    return { kind: "text", text: (await open(uri)).getText() };
  } catch (error) {
    return { kind: error instanceof FileSystemError && error.code === "FileNotFound" ? "absent" : "unreadable" };
  }
}

async function rewrite(files: readonly Rewrite[]): Promise<boolean> {
  const edit = new WorkspaceEdit();
  for (const { uri, from, to } of files) {
    const document = await open(uri);
    if (document.getText() !== from) return false;
    const { start, end, replacement } = changedSpan(from, to);
    edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), replacement);
  }
  return workspace.applyEdit(edit);
}

async function open(uri: string): Promise<TextDocument> {
  return workspace.openTextDocument(Uri.parse(uri, true));
}

async function done(work: () => PromiseLike<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch {
    return false;
  }
}
