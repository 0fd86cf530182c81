import type { CodeAction, CompletionItem as ProtocolCompletionItem, Diagnostic, Range, TextEdit } from "vscode-languageserver/node";
import { CodeActionKind, CompletionItemKind, DiagnosticSeverity, DiagnosticTag, InsertTextFormat } from "vscode-languageserver-types";
import type { CompletionItem, ConfigProblem, Finding, Fix, RuleId, Span } from "../core/index.ts";
import { ruleUrl } from "../core/index.ts";
import type { OpenDocument } from "./openDocument.ts";

const source = "keyline";

const severityNumbers = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

const ruleTags: Readonly<Partial<Record<RuleId, DiagnosticTag>>> = {
  "firstgen-syntax": DiagnosticTag.Deprecated,
  "disabled-expression": DiagnosticTag.Unnecessary,
};

const completionKinds = {
  functor: CompletionItemKind.Function,
  scope: CompletionItemKind.Module,
  secret: CompletionItemKind.Constant,
  scheme: CompletionItemKind.Keyword,
  connector: CompletionItemKind.Interface,
  "vault-secret": CompletionItemKind.Value,
  "json-key": CompletionItemKind.Field,
  version: CompletionItemKind.Reference,
  field: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  vault: CompletionItemKind.Value,
  subscription: CompletionItemKind.Unit,
} as const;

export function toDiagnostic(finding: Finding, rangeOf: (span: Span) => Range): Diagnostic {
  const tag = ruleTags[finding.rule];
  return {
    range: rangeOf(finding.span),
    severity: severityNumbers[finding.severity],
    code: finding.rule,
    codeDescription: { href: ruleUrl(finding.rule) },
    source,
    message: finding.message,
    ...(tag === undefined ? {} : { tags: [tag] }),
  };
}

export function toConfigDiagnostic(problem: ConfigProblem, rangeOf: (span: Span) => Range): Diagnostic {
  return { range: rangeOf(problem.span), severity: DiagnosticSeverity.Error, source, message: problem.message };
}

/** Stands for the findings of a document that are too many to show. */
export function hiddenDiagnostic(count: number, range: Range): Diagnostic {
  return { range, severity: DiagnosticSeverity.Information, source, message: `${String(count)} more problems of this file are not shown. Mend some of those that are` };
}

/** What the client can do with an item. */
interface CompletionAbilities {
  /** It has VS Code's command that opens the suggestions once more. */
  readonly askAgain: boolean;
  readonly snippets: boolean;
}

export function toCompletionItem(item: CompletionItem, document: OpenDocument, { askAgain, snippets }: CompletionAbilities): ProtocolCompletionItem {
  const { cursor } = item;
  const isSnippet = cursor !== undefined && snippets;
  // Without snippets the cursor ends up behind the text, where there is nothing more to complete.
  const goesOn = item.again === true && askAgain && (cursor === undefined || isSnippet);
  return {
    label: item.label,
    kind: completionKinds[item.kind],
    filterText: item.filterText,
    sortText: item.sortText,
    textEdit: { range: document.rangeOf(item.span), newText: isSnippet ? `${snippetText(item.newText.slice(0, cursor))}$0${snippetText(item.newText.slice(cursor))}` : item.newText },
    ...(isSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(goesOn ? { command: { title: "Complete further", command: "editor.action.triggerSuggest" } } : {}),
    ...(item.data === undefined ? {} : { data: { uri: document.uri, item: item.data } }),
  };
}

/** Text that a snippet takes as it is. */
function snippetText(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}

export function toCodeAction(fix: Fix, finding: Finding, document: OpenDocument, versionedEdits: boolean): CodeAction {
  const edits: TextEdit[] = fix.edits.map((edit) => ({ range: document.rangeOf(edit.span), newText: edit.newText }));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(finding, (span) => document.rangeOf(span))],
    ...(fix.preferred === true ? { isPreferred: true } : {}),
    edit: versionedEdits
      ? { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits }] }
      : { changes: { [document.uri]: edits } },
  };
}
