/** The summary of an entity, and the file that its YAML is written to. */
import type { Scope } from "../../../server/src/core/model/scope.ts";
import { pathInFolder } from "../connectors/shownPlace.ts";
import type { WorkspaceFiles } from "../connectors/wizard/workspaceFiles.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import { scopeEntryText, writeScopeEntry } from "./scopeFile.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";

/** A place for the file. */
export interface FilePlace {
  readonly uri: string;
  /** As people read it. */
  readonly shown: string;
}

/** An entity that is ready to be written. */
export interface EntityFile {
  readonly noun: "connector" | "secret";
  /** Below a workspace folder. */
  readonly path: string;
  readonly yaml: string;
  /** What is to be said above the fields: whether it was tested. Text of others is made safe in it. */
  readonly status: readonly string[];
}

export interface EntityFileContext {
  readonly prompts: StepPrompts;
  readonly dialogs: Dialogs;
  readonly files: WorkspaceFiles;
  readonly isTrusted: () => boolean;
}

/** Where Harness's own layout puts it (Harness documentation on the Git layout of entities), below the folder. */
export function entityPath(scope: Scope | undefined, folder: "connectors" | "secrets", identifier: string): string {
  const file = `${folder}/${identifier}.yaml`;
  if (scope?.level === "org") return `.harness/orgs/${scope.org}/${file}`;
  if (scope?.level === "project") return `.harness/orgs/${scope.org}/projects/${scope.project}/${file}`;
  return `.harness/${file}`;
}

/** Shows all that will be written, and writes it to the file chosen; asks before it touches a file that is there. */
export async function saveEntity(context: EntityFileContext, file: EntityFile, head: StepHead): Promise<StepAnswer<FilePlace>> {
  const { files, dialogs, isTrusted } = context;
  for (;;) {
    const place = await askFile(context, file, head);
    if (place.kind !== "next") return place;
    if (!isTrusted()) return { kind: "leave" };
    const written = await writeEntity(context, file, place.value, head);
    if (written.kind === "leave") return written;
    if (written.kind === "back") continue;
    if (!written.value) {
      dialogs.tell(`VS Code could not read or write ${noticeText(place.value.shown)}. Choose another file.`);
      continue;
    }
    await writeScope(context, file, place.value);
    await files.show(place.value.uri);
    return place;
  }
}

/** An account's entity names no scope in its text: keyline.jsonc says it for the file. */
async function writeScope({ dialogs, files }: EntityFileContext, { path, noun }: EntityFile, { uri, shown }: FilePlace): Promise<void> {
  const folder = files.folders().find((candidate) => pathInFolder(candidate.uri, uri) !== undefined)?.uri;
  if (!isOfAccount(path) || folder === undefined || pathInFolder(folder, uri)?.startsWith(".harness/orgs/") === true) return;
  if (await writeScopeEntry(files, { folder, uri }, account)) return;
  dialogs.tell(`The ${noun} is written to ${noticeText(shown)}, but keyline.jsonc could not be changed. Add ${noticeText(scopeEntryText({ folder, uri }, account), 400)} to its scopes.`);
}

const account: Scope = { level: "account" };

function isOfAccount(path: string): boolean {
  return !path.startsWith(".harness/orgs/");
}

async function askFile({ prompts, files }: EntityFileContext, { noun, path, yaml, status }: EntityFile, head: StepHead): Promise<StepAnswer<FilePlace>> {
  const folders = files.folders();
  const places = folders.map((folder) => ({ uri: files.join(folder.uri, path), shown: folders.length > 1 ? `${folder.name}/${path}` : path }));
  const scopeLine = isOfAccount(path) ? ["Adds the file to scopes in keyline.jsonc, as one of the account"] : [];
  const lines = yaml.trimEnd().split("\n").slice(1).map((line) => line.trim()).filter((line) => line !== "spec:");
  for (;;) {
    const answer = await prompts.list<FilePlace | "elsewhere" | "field">({
      head,
      prompt: "Summary. Nothing is written before you choose a file",
      choices: [
        ...places.map((place) => ({ label: `Write ${pickText(place.shown)}`, value: place })),
        { label: "Write another file…", value: "elsewhere" as const },
        ...[...status, ...scopeLine, ...lines.map((line) => pickText(line))].map((label) => ({ label, value: "field" as const })),
      ],
    });
    if (answer.kind !== "next") return answer;
    if (answer.value === "field") continue;
    if (answer.value !== "elsewhere") return { kind: "next", value: answer.value };
    const uri = await files.pickNew(`Write the ${noun} to`, places[0]?.uri);
    if (uri !== undefined) return { kind: "next", value: { uri, shown: uri.split("/").slice(-2).join("/") } };
  }
}

async function writeEntity({ prompts, files }: EntityFileContext, { noun, yaml }: EntityFile, place: FilePlace, head: StepHead): Promise<StepAnswer<boolean>> {
  const existing = await files.read(place.uri);
  if (existing.kind === "unreadable") return { kind: "next", value: false };
  if (existing.kind === "absent") return { kind: "next", value: await files.create(place.uri, yaml) };
  const answer = await prompts.list<"append" | "overwrite" | "other">({
    head,
    prompt: `${pickText(place.shown)} exists already`,
    choices: [
      { label: `Add the ${noun} as another YAML document`, detail: "What the file holds stays.", value: "append" },
      { label: "Choose another file…", value: "other" },
      { label: "Overwrite the file", detail: "What it holds is lost.", value: "overwrite" },
    ],
  });
  if (answer.kind !== "next") return answer;
  if (answer.value === "other") return { kind: "back" };
  const to = answer.value === "overwrite" ? yaml : withDocument(existing.text, yaml);
  return { kind: "next", value: (await files.rewrite([{ uri: place.uri, from: existing.text, to }])) && (await files.save(place.uri)) };
}

/** What stands there stays letter by letter: line ends at the end may belong to a block of text. */
function withDocument(existing: string, yaml: string): string {
  if (existing.trim() === "") return yaml;
  const lineEnd = existing.includes("\r\n") ? "\r\n" : "\n";
  return existing + (existing.endsWith("\n") ? "" : lineEnd) + `---\n${yaml}`.replaceAll("\n", lineEnd);
}
