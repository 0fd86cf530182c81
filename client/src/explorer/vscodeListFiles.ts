import { Uri, window, workspace } from "vscode";
import type { ListFiles } from "./listFiles.ts";

export const vscodeListFiles: ListFiles = {
  pick: async (title, name, kind) => {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const filters = kind === "csv" ? { CSV: ["csv"] } : { Markdown: ["md"] };
    const chosen = await window.showSaveDialog({ title, filters, ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }) });
    return chosen?.toString();
  },
  write: async (uri, text) => {
    try {
      await workspace.fs.writeFile(Uri.parse(uri, true), new TextEncoder().encode(text));
      return true;
    } catch {
      return false;
    }
  },
  showMarkdown: async (text) => {
    await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content: text }));
  },
};
