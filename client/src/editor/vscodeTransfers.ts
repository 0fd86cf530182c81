import type { DocumentDropEditProvider, DocumentPasteEditProvider, Range, TextDocument } from "vscode";
import { Disposable, DocumentDropEdit, DocumentDropOrPasteEditKind, DocumentPasteEdit, languages, Range as VscodeRange, workspace, WorkspaceEdit } from "vscode";
import { yamlSelector } from "../language/languageClient.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { readDragged, secretMime } from "./copiedSecrets.ts";
import type { EditorContext } from "./editorContext.ts";
import { secretTextParams } from "./editorServer.ts";
import type { TransferEdit } from "./transferEdits.ts";
import { transferEdits } from "./transferEdits.ts";
import { protocolRange, vscodeRange } from "./vscodeYamlEditor.ts";

const kind = DocumentDropOrPasteEditKind.Text.append("keyline", "secret");

/** What is dropped or pasted of the explorer becomes the reference for its place. Everything else is VS Code's matter. */
export function registerTransfers(context: EditorContext): Disposable {
  const dropped: DocumentDropEditProvider = {
    provideDocumentDropEdits: async (document, position, transfer, token) => {
      const text = await transfer.get(secretMime)?.asString();
      const subject = text === undefined ? undefined : readDragged(text, await vaultsOf(context));
      if (subject === undefined || token.isCancellationRequested) return undefined;
      const edits = await editsAt(context, document, new VscodeRange(position, position), subject);
      return edits?.map((edit) => {
        const drop = new DocumentDropEdit(edit.insertText, edit.title, kind);
        return withReplacement(drop, document, edit);
      });
    },
  };
  const pasted: DocumentPasteEditProvider = {
    provideDocumentPasteEdits: async (document, [range, ...others], transfer, _context, token) => {
      const text = await transfer.get("text/plain")?.asString();
      if (text === undefined || text.length > 1000 || range === undefined || others.length > 0) return undefined;
      const subject = context.copied.subjectOf(text, await vaultsOf(context));
      if (subject === undefined || token.isCancellationRequested) return undefined;
      const edits = await editsAt(context, document, range, subject);
      return edits?.map((edit) => withReplacement(new DocumentPasteEdit(edit.insertText, edit.title, kind), document, edit));
    },
  };
  return Disposable.from(
    languages.registerDocumentDropEditProvider(yamlSelector(), dropped, { dropMimeTypes: [secretMime], providedDropEditKinds: [kind] }),
    languages.registerDocumentPasteEditProvider(yamlSelector(), pasted, { pasteMimeTypes: ["text/plain"], providedPasteEditKinds: [kind] }),
  );
}

async function vaultsOf({ source }: EditorContext) {
  return workspace.isTrusted ? (await source.vaults()).map(({ vault }) => vault) : [];
}

async function editsAt({ server }: EditorContext, document: TextDocument, range: Range, subject: SecretSubject): Promise<readonly TransferEdit[] | undefined> {
  const at = protocolRange(range);
  const answer = await server.secretText(secretTextParams({ uri: document.uri.toString(), range: at }, subject));
  const edits = transferEdits(answer?.choices ?? [], at);
  return edits.length === 0 ? undefined : edits;
}

function withReplacement<E extends DocumentDropEdit | DocumentPasteEdit>(target: E, document: TextDocument, { replace }: TransferEdit): E {
  if (replace === undefined) return target;
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, vscodeRange(replace.range), replace.text);
  target.additionalEdit = edit;
  return target;
}
