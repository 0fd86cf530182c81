import type { CodeActionProvider, Diagnostic, Disposable } from "vscode";
import { CodeAction, CodeActionKind, languages, workspace } from "vscode";
import { yamlSelector } from "../language/languageClient.ts";
import { codeOffers } from "./codeOffers.ts";
import { protocolRange } from "./vscodeYamlEditor.ts";

/** Quick fixes and refactorings that lead to a command. The command asks; the action itself changes nothing. */
export function registerCodeOffers(): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions: (document, range, { diagnostics }) =>
      codeOffers({
        isTrusted: workspace.isTrusted,
        diagnostics: diagnostics.map((diagnostic) => ({ source: diagnostic.source, code: codeOf(diagnostic), start: protocolRange(diagnostic.range).start })),
        selected: document.getText(range),
      }).map(({ title, command, kind, mends, at }) => {
        const action = new CodeAction(title, kind === "quickfix" ? CodeActionKind.QuickFix : CodeActionKind.RefactorExtract);
        action.command = { title, command, arguments: at === undefined ? [] : [{ uri: document.uri.toString(), ...at }] };
        const mended = mends === undefined ? undefined : diagnostics[mends];
        if (mended !== undefined) action.diagnostics = [mended];
        return action;
      }),
  };
  return languages.registerCodeActionsProvider(yamlSelector(), provider, { providedCodeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract] });
}

function codeOf({ code }: Diagnostic): unknown {
  return typeof code === "object" ? code.value : code;
}
