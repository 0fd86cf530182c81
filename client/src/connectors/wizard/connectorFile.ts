/** The summary, and the file that the connector is written to. */
import { noticeText } from "../../ui/noticeText.ts";
import { pickText } from "../../ui/pickText.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../../ui/stepPrompts.ts";
import { causeWords } from "../../azure/causeWords.ts";
import { connectorYaml } from "../connectorYaml.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftContent, draftScope } from "./connectorDraft.ts";
import type { WorkspaceFiles } from "./workspaceFiles.ts";

/** A place for the file. */
export interface FilePlace {
  readonly uri: string;
  /** As people read it. */
  readonly shown: string;
}

/** Where Harness's own layout puts it (Harness documentation on the Git layout of entities), below the folder. */
export function defaultPath(draft: ConnectorDraft): string {
  const scope = draftScope(draft);
  const file = `connectors/${draft.identifier ?? "connector"}.yaml`;
  if (scope?.level === "org") return `.harness/orgs/${scope.org}/${file}`;
  if (scope?.level === "project") return `.harness/orgs/${scope.org}/projects/${scope.project}/${file}`;
  return `.harness/${file}`;
}

/** Shows all that will be written. The place chosen, or what else the person did. */
export async function askFile(draft: ConnectorDraft, head: StepHead, prompts: StepPrompts, files: WorkspaceFiles): Promise<StepAnswer<FilePlace>> {
  const folders = files.folders();
  const places = folders.map((folder) => ({ uri: files.join(folder.uri, defaultPath(draft)), shown: folders.length > 1 ? `${folder.name}/${defaultPath(draft)}` : defaultPath(draft) }));
  for (;;) {
    const answer = await prompts.list<FilePlace | "elsewhere" | "field">({
      head,
      prompt: "Summary. Nothing is written before you choose a file",
      choices: [
        ...places.map((place) => ({ label: `Write ${pickText(place.shown)}`, value: place })),
        { label: "Write another file…", value: "elsewhere" as const },
        ...summary(draft).map((line) => ({ ...line, value: "field" as const })),
      ],
    });
    if (answer.kind !== "next") return answer;
    if (answer.value === "field") continue;
    if (answer.value !== "elsewhere") return { kind: "next", value: answer.value };
    const uri = await files.pickNew(places[0]?.uri);
    if (uri !== undefined) return { kind: "next", value: { uri, shown: uri.split("/").slice(-2).join("/") } };
  }
}

function summary(draft: ConnectorDraft): readonly Omit<Choice<unknown>, "value">[] {
  const content = draftContent(draft);
  if (content === undefined) return [];
  const lines = connectorYaml(content).trimEnd().split("\n").slice(1).map((line) => line.trim()).filter((line) => line !== "spec:");
  return [{ label: testLine(draft) }, ...lines.map((line) => ({ label: pickText(line) }))];
}

function testLine({ test, subscription }: ConnectorDraft): string {
  const missing = subscription === undefined || subscription === "" ? " No subscription is named: Harness's code refuses that." : "";
  if (test === undefined || test === "skipped") return `Not tested.${missing}`;
  return test === "passed" ? `Reading was tested and works.${missing}` : `The test failed: ${causeWords(test).short}. It is saved all the same.${missing}`;
}

/** Writes the connector; asks before it touches a file that is there. True where it was written. */
export async function writeConnector(draft: ConnectorDraft, place: FilePlace, prompts: StepPrompts, head: StepHead, files: WorkspaceFiles): Promise<StepAnswer<boolean>> {
  const content = draftContent(draft);
  if (content === undefined) return { kind: "next", value: false };
  const yaml = connectorYaml(content);
  const existing = await files.read(place.uri);
  if (existing.kind === "unreadable") return { kind: "next", value: false };
  if (existing.kind === "absent") return { kind: "next", value: await files.create(place.uri, yaml) };
  const answer = await prompts.list<"append" | "overwrite" | "other">({
    head,
    prompt: `${pickText(place.shown)} exists already`,
    choices: [
      { label: "Add the connector as another YAML document", detail: "What the file holds stays.", value: "append" },
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

export function writtenWords(draft: ConnectorDraft, place: FilePlace): string {
  const shown = noticeText(place.shown);
  const { test } = draft;
  if (test === undefined || test === "skipped") return `${shown} is written. The connector was not tested: run Keyline: Test Connection…`;
  if (test === "passed") return `${shown} is written. Reading works from this machine.`;
  return `${shown} is written, although the test failed, as Harness would save it: ${causeWords(test).what} ${causeWords(test).next}`;
}
