import type { TextDocument } from "vscode";
import { Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";
import type { YamlEditor } from "./yamlEditor.ts";

export const vscodeYamlEditor: YamlEditor = {
  place: () => {
    const editor = window.activeTextEditor;
    if (editor?.document.languageId !== "yaml") return undefined;
    const { document, selection } = editor;
    return {
      // As the language client writes it.
      uri: document.uri.toString(),
      version: document.version,
      text: document.getText(),
      start: document.offsetAt(selection.start),
      end: document.offsetAt(selection.end),
      range: protocolRange(selection),
      rangeOf: (start, end) => protocolRange(new Range(document.positionAt(start), document.positionAt(end))),
    };
  },
  replace: async ({ uri, version, text: before }, range, text) => {
    const document = openDocument(uri);
    if (document?.version !== version || document.getText() !== before) return false;
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, vscodeRange(range), text);
    return workspace.applyEdit(edit);
  },
  show: async ({ uri }) => {
    const document = openDocument(uri);
    if (document !== undefined) await window.showTextDocument(document);
  },
};

export function vscodeRange({ start, end }: ProtocolRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

export function protocolRange({ start, end }: Range): ProtocolRange {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
}

function openDocument(uri: string): TextDocument | undefined {
  const wanted = Uri.parse(uri, true).toString();
  return workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}
