/** Where a reference to a connector or secret is to be written whose file does not say its scope: the person is asked. No prefix rests on a guess. */
import type { FileScope, Scope, UnknownScope } from "../../../server/src/core/model/scope.ts";
import { parseScopeKey, possibleScopes, scopeKey, scopeWords } from "../../../server/src/core/model/scope.ts";
import { scopeEntryText, scopesInConfig, writeScopeEntry } from "../entities/scopeFile.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import { shownFile } from "./shownPlace.ts";
import type { Told } from "./toldScope.ts";
import { isKnownScope, isTold, sharesFileScope } from "./toldScope.ts";
import type { WorkspaceFiles } from "./wizard/workspaceFiles.ts";

export interface AskScopeContext {
  readonly dialogs: Pick<Dialogs, "pick" | "input" | "tell">;
  readonly files: WorkspaceFiles;
  readonly isTrusted: () => boolean;
}

/** A connector or secret, with the file that defines it. */
export interface ScopedRow {
  readonly folder: string;
  readonly uri: string;
  readonly scope: FileScope;
  readonly identifier: string;
}

export interface ScopeAnswer {
  readonly scope: Scope;
  /** True where keyline.jsonc says so too. */
  readonly isWritten: boolean;
}

/** Asks once for each file, however often a command needs its scope. */
export interface ScopeAsker {
  /** The row with its scope. Undefined where the person left: then nothing is to be written. */
  told<R extends ScopedRow>(row: R): Promise<Told<R> | undefined>;
}

/** For one run of a command. `others` are the scopes that the workspace's files name. */
export function createScopeAsker(context: AskScopeContext, others: readonly FileScope[]): ScopeAsker {
  const asked: { readonly of: ScopedRow; readonly scope: Scope }[] = [];
  const answered = (row: ScopedRow): Scope | undefined => asked.find(({ of }) => sharesFileScope(of, row) || (of.uri === row.uri && of.identifier === row.identifier))?.scope;
  return {
    told: async (row) => {
      if (isTold(row)) return row;
      const scope = answered(row) ?? (await askScope(context, row, others))?.scope;
      if (scope === undefined) return undefined;
      asked.push({ of: row, scope });
      return { ...row, scope };
    },
  };
}

/** Asks for the scope of the row's file, then whether keyline.jsonc is to say it. Undefined where the person left either question. */
export async function askScope(context: AskScopeContext, row: ScopedRow, others: readonly FileScope[]): Promise<ScopeAnswer | undefined> {
  const { dialogs, files, isTrusted } = context;
  const scope = await askWhich(context, row, others);
  if (scope === undefined) return undefined;
  if (!isTrusted() || !entryCounts(row.scope)) return { scope, isWritten: false };
  const isToBeWritten = await dialogs.pick(`${pickText(shownFile(row.folder, row.uri), 200)} lives in ${pickText(scopeWords(scope))}. Is keyline.jsonc to say so?`, [
    { label: "Write It to keyline.jsonc", detail: "Adds the file to scopes there. Then references to what it defines are verified, and nobody is asked again.", value: true },
    { label: "Only This Time", detail: "Nothing is written to keyline.jsonc.", value: false },
  ]);
  if (isToBeWritten === undefined) return undefined;
  const isWritten = isToBeWritten && isTrusted() && (await writeScopeEntry(files, row, scope));
  if (isToBeWritten && !isWritten) dialogs.tell(`keyline.jsonc could not be changed. Add ${noticeText(scopeEntryText(row, scope), 400)} to its scopes.`);
  return { scope, isWritten };
}

async function askWhich({ dialogs, files }: AskScopeContext, row: ScopedRow, others: readonly FileScope[]): Promise<Scope | undefined> {
  const title = `In which scope does ${pickText(shownFile(row.folder, row.uri), 200)} live?`;
  const fits = (scope: Scope): boolean => canBe(row.scope, scope);
  const known = namedScopes([...(await scopesInConfig(files, row.folder)), ...[...others, row.scope].flatMap(possibleScopes)]).filter(fits);
  const choices: readonly Choice<Scope | "another">[] = [
    ...known.map((scope) => ({ label: scopeLabel(scope), detail: `Referred to as ${pickText(prefixOf(scope) + row.identifier)}.`, value: scope })),
    { label: "Another…", detail: "Enter org:<org> or project:<org>/<project>.", value: "another" },
  ];
  const picked = await dialogs.pick(title, choices);
  if (picked !== "another") return picked;
  const typed = await dialogs.input({
    title,
    prompt: "The organization as org:<org>, or the project as project:<org>/<project>, by their identifiers",
    placeholder: "project:default/shop",
    problem: (text) => {
      const scope = parseScopeKey(text.trim());
      if (scope === undefined) return "Write org:<org> or project:<org>/<project>. An identifier has letters, digits, _ and $ only.";
      return fits(scope) ? undefined : cannotBeWords(row.scope);
    },
  });
  return typed === undefined ? undefined : parseScopeKey(typed.trim());
}

/** The account, and each organization with its projects. A name that no scope can have is left out. */
function namedScopes(scopes: readonly FileScope[]): readonly Scope[] {
  const named = new Map<string, Scope>();
  const add = (scope: Scope): void => {
    if (parseScopeKey(scopeKey(scope)) !== undefined) named.set(scopeKey(scope), scope);
  };
  add({ level: "account" });
  for (const scope of scopes) {
    if (scope.level !== "account" && scope.org !== undefined) add({ level: "org", org: scope.org });
    if (isKnownScope(scope)) add(scope);
  }
  return [...named.values()].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

function placeOf(scope: Scope): string {
  return scope.level === "account" ? "" : `${scope.org} ${scope.level === "project" ? scope.project : ""}`;
}

function scopeLabel(scope: Scope): string {
  if (scope.level === "account") return "Account";
  return pickText(scope.level === "org" ? `Organization ${scope.org}` : `Project ${scope.org}/${scope.project}`);
}

function prefixOf({ level }: Scope): string {
  return level === "project" ? "" : `${level}.`;
}

function unknownOf(scope: FileScope): UnknownScope | undefined {
  return scope.level === "unknown" ? scope : undefined;
}

/** What the file's own text says already: a project without its organization, or a placeholder where an organization stands. */
function canBe(scope: FileScope, answer: Scope): boolean {
  const reason = unknownOf(scope)?.reason;
  if (reason === "organization-missing") return answer.level === "project";
  return reason !== "scope-placeholder" || answer.level !== "account";
}

function cannotBeWords(scope: FileScope): string {
  return unknownOf(scope)?.reason === "organization-missing" ? "The file names a project: write project:<org>/<project>." : "The file names an organization or a project: write org:<org> or project:<org>/<project>.";
}

/** Text wins over keyline.jsonc, so that an entry does nothing for a file in which a placeholder stands. */
function entryCounts(scope: FileScope): boolean {
  return unknownOf(scope)?.reason !== "scope-placeholder";
}
