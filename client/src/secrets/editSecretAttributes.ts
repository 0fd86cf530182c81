import type { SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { AttributeChange } from "../../../server/src/vault/vaultWriteApi.ts";
import type { Choice } from "../ui/dialogs.ts";
import type { Step } from "../ui/multiStep.ts";
import { runSteps } from "../ui/multiStep.ts";
import { pickText } from "../ui/pickText.ts";
import { utcWords } from "../ui/timeWords.ts";
import type { AttributeAnswers } from "./attributeSteps.ts";
import { contentTypeStep, dateStep, tagsStep } from "./attributeSteps.ts";
import type { Afterwards } from "./changeSecret.ts";
import { inTurn, mayCall } from "./changeSecret.ts";
import { chooseSecret } from "./chooseSecret.ts";
import { readVersion } from "./readSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { shortVersion } from "./secretWords.ts";
import { canBeTyped, tagsText, withoutRun } from "./tagText.ts";
import { updateVersion } from "./updateVersion.ts";

type Field = "contentType" | "tags" | "expires" | "notBefore";

/** Changes content type, tags and dates of a version: the tree's, else the latest. */
export async function editSecretAttributes(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseSecret(context, argument, "Edit the attributes of which secret?");
  if (subject !== undefined) await inTurn(context, subject, () => edit(context, subject));
}

async function edit(context: SecretCommandsContext, subject: SecretSubject): Promise<Afterwards | void> {
  const { dialogs, prompts } = context;
  const { vault, name } = subject;
  const read = await readVersion(context, subject);
  if (read === undefined) return undefined;
  const { version, isLatest } = read;
  const title = `Version ${shortVersion(version.version)} of ${name}`;
  const fields = await dialogs.pickMany(`${title}: change what?`, fieldChoices(version));
  if (fields === undefined || fields.length === 0) return undefined;
  const before = answersOf(version);
  const after = await runSteps({ title, steps: editSteps(context, fields, isLatest), prompts, onProgress: () => Promise.resolve() }, before);
  if (after === undefined || !mayCall(context, vault)) return undefined;
  const change = changeOf(fields, before, after);
  if (Object.keys(change).length > 0) return updateVersion(context, "edit", subject, version.version, change);
  dialogs.tell("Nothing was changed.");
  return undefined;
}

function fieldChoices({ contentType = "", tags: all, expires, notBefore }: SecretVersion): readonly Choice<Field>[] {
  const tags = withoutRun(all);
  return [
    { label: "Content type", description: pickText(contentType), value: "contentType" },
    { label: "Tags", description: pickText(tagsText(tags)), ...(canBeTyped(tags) ? {} : { detail: "A tag here holds a comma or colon: what you enter replaces all of them." }), value: "tags" },
    { label: "Expires on", description: utcWords(expires), value: "expires" },
    { label: "Activation date", description: utcWords(notBefore), value: "notBefore" },
  ];
}

/** What the boxes begin with. */
function answersOf({ contentType = "", tags: all, expires, notBefore }: SecretVersion): AttributeAnswers {
  const tags = withoutRun(all);
  return { contentType, ...(canBeTyped(tags) ? { tags } : {}), expires, notBefore };
}

function editSteps(context: SecretCommandsContext, fields: readonly Field[], isLatest: boolean): readonly Step<AttributeAnswers>[] {
  const asks = (field: Field) => (): boolean => fields.includes(field);
  const now = (): number => context.clock.now();
  return [
    contentTypeStep(asks("contentType")),
    tagsStep(asks("tags")),
    dateStep("expires", asks("expires"), now, true),
    dateStep("notBefore", asks("notBefore"), now, true),
    {
      id: "save",
      applies: () => true,
      ask: async (answers, head, prompts) => {
        const notes = fields.map((field) => pickText(lineOf(field, answers)));
        const answer = await prompts.list({ head, prompt: "Save this?", notes: isLatest ? notes : [...notes, "This is not the latest version."], choices: [{ label: "Save", detail: "The value stays as it is; no new version is made.", value: "save" as const }] });
        return answer.kind === "next" ? { kind: "next", value: {} } : answer;
      },
    },
  ];
}

function lineOf(field: Field, { contentType = "", tags = [], expires, notBefore }: AttributeAnswers): string {
  switch (field) {
    case "contentType":
      return `Content type: ${contentType === "" ? "none" : contentType}`;
    case "tags":
      return `Tags, all of them: ${tags.length === 0 ? "none" : tagsText(tags)}`;
    case "expires":
      return `Expires on: ${utcWords(expires)}`;
    case "notBefore":
      return `Activation date: ${utcWords(notBefore)}`;
  }
}

/** Only what was asked and differs. */
function changeOf(fields: readonly Field[], before: AttributeAnswers, after: AttributeAnswers): AttributeChange {
  const differs = (field: Field): boolean => fields.includes(field) && JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  const { contentType, tags, expires, notBefore } = after;
  return {
    ...(differs("contentType") && contentType !== undefined ? { contentType } : {}),
    ...(differs("tags") && tags !== undefined ? { tags } : {}),
    ...(differs("expires") && expires !== undefined ? { expires } : {}),
    ...(differs("notBefore") && notBefore !== undefined ? { notBefore } : {}),
  };
}
