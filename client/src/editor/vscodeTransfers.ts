import type { DocumentDropEditProvider, DocumentPasteEditProvider, TextDocument } from "vscode";
import { Disposable, DocumentDropEdit, DocumentDropOrPasteEditKind, DocumentPasteEdit, languages, Range, workspace, WorkspaceEdit } from "vscode";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { yamlSelector } from "../language/languageClient.ts";
import { readDragged, secretMime } from "./draggedSecret.ts";
import type { EditorContext } from "./editorContext.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { NoEdit, TransferEdit } from "./transferEdits.ts";
import { tellDropped, transferEdits } from "./transferEdits.ts";
import { protocolRange, vscodeRange } from "./vscodeYamlEditor.ts";

const kind = DocumentDropOrPasteEditKind.Text.append("keyline", "secret");

/** What is dropped or pasted of the explorer becomes the reference for its place. Everything else is VS Code's matter. */
export function registerTransfers(context: EditorContext): Disposable {
  const dropped: DocumentDropEditProvider = {
    provideDocumentDropEdits: async (document, position, transfer, token) => {
      const text = await transfer.get(secretMime)?.asString();
      const subject = text === undefined ? undefined : readDragged(text, await vaultsOf(context));
      if (subject === undefined || token.isCancellationRequested) return undefined;
      const edits = await transferEdits(context, subject, document.uri.toString(), protocolRange(new Range(position, position)));
      if (typeof edits === "object") return edits.map((edit) => withReplacement(new DocumentDropEdit(edit.insertText, edit.title, kind), document, edit));
      tell(context, subject, edits);
      return undefined;
    },
  };
  const pasted: DocumentPasteEditProvider = {
    provideDocumentPasteEdits: async (document, [range, ...others], transfer, _context, token) => {
      const text = await transfer.get("text/plain")?.asString();
      // Nobody's paste waits for the language server but that of a secret.
      if (text === undefined || text.length > 1000 || range === undefined || others.length > 0 || !context.copied.couldMean(text)) return undefined;
      const subject = context.copied.subjectOf(text, await vaultsOf(context));
      if (subject === undefined || token.isCancellationRequested) return undefined;
      const edits = await transferEdits(context, subject, document.uri.toString(), protocolRange(range));
      if (typeof edits === "object") return edits.map((edit) => withReplacement(new DocumentPasteEdit(edit.insertText, edit.title, kind), document, edit));
      if (edits === "no-way" && context.copied.isOwn(text)) tell(context, subject, edits);
      return undefined;
    },
  };
  return Disposable.from(
    languages.registerDocumentDropEditProvider(yamlSelector(), dropped, { dropMimeTypes: [secretMime], providedDropEditKinds: [kind] }),
    languages.registerDocumentPasteEditProvider(yamlSelector(), pasted, { pasteMimeTypes: ["text/plain"], providedPasteEditKinds: [kind] }),
  );
}

/** Neither drop nor paste waits for what the person answers. */
function tell(context: EditorContext, subject: SecretSubject, why: NoEdit): void {
  tellDropped(context, subject, why).catch(() => {
    context.dialogs.tell("The secret could not be written as YAML. Run Keyline: Reference an Existing Secret.");
  });
}

async function vaultsOf({ source }: EditorContext): Promise<readonly VaultTarget[]> {
  return workspace.isTrusted ? (await source.vaults()).map(({ vault }) => vault) : [];
}

function withReplacement<E extends DocumentDropEdit | DocumentPasteEdit>(target: E, document: TextDocument, { replace }: TransferEdit): E {
  if (replace === undefined) return target;
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, vscodeRange(replace.range), replace.text);
  target.additionalEdit = edit;
  return target;
}
