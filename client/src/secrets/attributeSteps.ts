/** The steps over what Key Vault keeps beside a value. */
import type { NewVersion } from "../../../server/src/vault/vaultWriteApi.ts";
import type { Step } from "../ui/multiStep.ts";
import { momentWords, utcWords } from "../ui/timeWords.ts";
import { dateHelp, readDate } from "./typedDate.ts";
import { readTags, tagsProblem, tagsText } from "./tagText.ts";

export interface AttributeAnswers {
  readonly contentType?: string;
  readonly tags?: readonly (readonly [string, string])[];
  /** Epoch milliseconds; undefined for none. */
  readonly expires?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly enabled?: boolean;
}

type DateField = "expires" | "notBefore";
type Applies<D> = (answers: D) => boolean;

const maxContentType = 255;
/** "in 99999 days" and beyond what people mean. */
const lastDate = Date.UTC(2200, 0, 1);

export function contentTypeStep<D extends AttributeAnswers>(applies: Applies<D>): Step<D> {
  return {
    id: "contentType",
    applies,
    ask: async ({ contentType = "" }, head, prompts) => {
      const answer = await prompts.text({
        head,
        prompt: "Content type (optional): what the value is, for people and programs. Not secret",
        value: contentType,
        placeholder: "text/plain, application/json, application/x-pem-file",
        problem: (text) => (text.trim().length > maxContentType ? `A content type has at most ${String(maxContentType)} characters.` : undefined),
      });
      return answer.kind === "next" ? next<D>({ contentType: answer.value.trim() }) : answer;
    },
  };
}

export function tagsStep<D extends AttributeAnswers>(applies: Applies<D>): Step<D> {
  return {
    id: "tags",
    applies,
    ask: async ({ tags = [] }, head, prompts) => {
      const answer = await prompts.text({ head, prompt: "Tags (optional), as name:value, name. Not secret", value: tagsText(tags), placeholder: "team:shop, urgent", problem: tagsProblem });
      return answer.kind === "next" ? next<D>({ tags: readTags(answer.value) }) : answer;
    },
  };
}

/** `mustBeSet`: an empty box is refused, because Key Vault takes no date back. */
export function dateStep<D extends AttributeAnswers>(field: DateField, applies: Applies<D>, now: () => number, mustBeSet = false): Step<D> {
  return {
    id: field,
    applies,
    ask: async (answers, head, prompts) => {
      const date = answers[field];
      const answer = await prompts.text({
        head,
        prompt: `${prompt[field]}${mustBeSet ? ". It can be moved, not taken away" : " (optional)"}`,
        value: date === undefined ? "" : momentWords(date),
        placeholder: dateHelp,
        problem: (text) => (text.trim() === "" ? (mustBeSet ? "Key Vault cannot take a date back. Enter another one, or leave with Esc." : undefined) : dateProblem(field, readDate(text, now()), answers, now())),
      });
      return answer.kind === "next" ? next<D>({ [field]: answer.value.trim() === "" ? undefined : readDate(answer.value, now()) }) : answer;
    },
  };
}

export function enabledStep<D extends AttributeAnswers>(applies: Applies<D>): Step<D> {
  return {
    id: "enabled",
    applies,
    ask: async ({ enabled = true }, head, prompts) => {
      const answer = await prompts.list({
        head,
        prompt: "Enabled?",
        choices: [
          { label: "Enabled", detail: "Its value can be read.", value: true },
          { label: "Disabled", detail: "Key Vault refuses to give the value, so pipelines that need it fail.", value: false },
        ],
        active: enabled ? 0 : 1,
      });
      return answer.kind === "next" ? next<D>({ enabled: answer.value }) : answer;
    },
  };
}

/** A version with that value; what is not answered is not set. */
export function newVersion(value: string, { contentType = "", tags = [], expires, notBefore, enabled = true }: AttributeAnswers): NewVersion {
  return {
    value,
    enabled,
    ...(contentType === "" ? {} : { contentType }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

/** What a summary lists; `expires` is named even where there is none. */
export function attributeLines({ contentType = "", tags = [], expires, notBefore, enabled = true }: AttributeAnswers): readonly string[] {
  return [
    ...(contentType === "" ? [] : [`Content type: ${contentType}`]),
    ...(tags.length === 0 ? [] : [`Tags: ${tagsText(tags)}`]),
    `Expires on: ${utcWords(expires)}`,
    ...(notBefore === undefined ? [] : [`Activation date: ${utcWords(notBefore)}`]),
    enabled ? "Enabled" : "Disabled",
  ];
}

const prompt: Readonly<Record<DateField, string>> = {
  expires: "Expires on. Key Vault gives the value out afterwards too: the date only informs",
  notBefore: "Activation date. Key Vault gives the value out before it too: the date only informs",
};

function dateProblem(field: DateField, date: number | undefined, answers: AttributeAnswers, now: number): string | undefined {
  if (date === undefined || date > lastDate) return `Enter a date that exists: ${dateHelp}.`;
  if (field === "notBefore") return answers.expires !== undefined && date >= answers.expires ? "The activation date lies behind Expires on. Enter an earlier one." : undefined;
  return date <= now ? "The date lies in the past. Enter a later one." : undefined;
}

function next<D extends AttributeAnswers>(answers: AttributeAnswers): { readonly kind: "next"; readonly value: Partial<D> } {
  // A series' own answers are these and more.
  return { kind: "next", value: answers as Partial<D> };
}
