/** The value of a version: typed in a masked box, or taken from the clipboard or a file. It is never shown. */
import { maxValueBytes } from "../../../server/src/vault/vaultWriteApi.ts";
import { counted } from "../connectors/counted.ts";
import type { Step } from "../ui/multiStep.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";

export type ValueOrigin = "given" | "typed" | "clipboard" | "file" | "base64";

export interface ValueAnswers {
  readonly value?: string;
  readonly origin?: ValueOrigin;
}

type Way = "typed" | "clipboard" | "file" | "base64";
type Context = Pick<SecretCommandsContext, "clipboard" | "dialogs" | "files">;
/** Undefined asks for the way again. */
type Part<T> = StepAnswer<T> | undefined;

/** With the line break that can be left out. */
const maxTextBytes = maxValueBytes + 2;
const maxBinaryBytes = Math.floor(maxValueBytes / 4) * 3;
const notes = [
  `Key Vault keeps at most ${bytesWords(maxValueBytes)} of text, counted in UTF-8.`,
  "A secret of Harness's type SecretFile and an inline secret cannot be written as YAML. Keep a binary file as base64 text, and let the script decode it.",
];

export function valueStep<D extends ValueAnswers>(context: Context, applies: (answers: D) => boolean): Step<D> {
  return {
    id: "value",
    applies,
    ask: async (answers, head, prompts) => {
      for (;;) {
        const way = await askWay(answers, head, prompts);
        if (way.kind !== "next") return way;
        const taken = way.value === "keep" ? { kind: "next" as const, value: {} } : await take(context, way.value, head, prompts);
        // A step of any series takes these two answers.
        if (taken !== undefined) return taken as StepAnswer<Partial<D>>;
      }
    },
  };
}

/** What is wrong with a text as a value. */
export function valueProblem(value: string): string | undefined {
  if (value === "") return "Enter a value.";
  const bytes = Buffer.byteLength(value);
  return bytes > maxValueBytes ? `The value has ${bytesWords(bytes)} in UTF-8. Key Vault takes at most ${bytesWords(maxValueBytes)}.` : undefined;
}

/** What a summary says of a value: how much it is and where it came from. */
export function valueWords({ value = "", origin = "typed" }: ValueAnswers): string {
  const lines = lineCount(value);
  const size = `${bytesWords(Buffer.byteLength(value))}${lines > 1 ? ` in ${counted(lines, "line")}` : ""}`;
  return `${size}, ${originWords[origin]}`;
}

export function lineCount(text: string): number {
  return text.split(/\r\n|\r|\n/).length;
}

const originWords: Readonly<Record<ValueOrigin, string>> = {
  given: "as selected",
  typed: "as typed",
  clipboard: "from the clipboard",
  file: "from a file",
  base64: "base64 of a file",
};

function askWay({ value }: ValueAnswers, head: StepHead, prompts: StepPrompts): Promise<StepAnswer<Way | "keep">> {
  return prompts.list<Way | "keep">({
    head,
    prompt: "Value: where does it come from?",
    notes,
    choices: [
      ...(value === undefined ? [] : [{ label: "Keep the value", detail: "As entered before.", value: "keep" as const }]),
      { label: "Type or paste it", detail: "One line, in a box that hides it.", value: "typed" },
      { label: "From the clipboard", detail: "As it is, lines and all.", value: "clipboard" },
      { label: "From a text file…", detail: "As it is, in UTF-8.", value: "file" },
      { label: "From a binary file, as base64…", detail: `At most ${bytesWords(maxBinaryBytes)}. A script decodes it.`, value: "base64" },
    ],
  });
}

function take(context: Context, way: Way, head: StepHead, prompts: StepPrompts): Promise<Part<ValueAnswers>> {
  switch (way) {
    case "typed":
      return typeValue(context, head, prompts);
    case "clipboard":
      return fromClipboard(context);
    case "file":
      return fromTextFile(context, head, prompts);
    case "base64":
      return fromBinaryFile(context);
  }
}

async function typeValue({ clipboard }: Context, head: StepHead, prompts: StepPrompts): Promise<Part<ValueAnswers>> {
  const typed = await prompts.text({ head, prompt: "Value. The box takes one line: take several from the clipboard or a file", value: "", password: true, problem: valueProblem });
  if (typed.kind === "back") return undefined;
  if (typed.kind === "leave") return typed;
  const pasted = clipboard.place() === "browser" ? undefined : await clipboardLines(clipboard, typed.value);
  if (pasted === undefined || valueProblem(pasted) !== undefined) return answer(typed.value, "typed");
  const isWhole = await prompts.list({
    head,
    prompt: "The box has joined the lines of what was pasted",
    notes: [`What you pasted has ${counted(lineCount(pasted), "line")}. The box made one of them.`],
    choices: [
      { label: "Take it from the clipboard, lines and all", value: true },
      { label: "Keep the one line", value: false },
    ],
  });
  if (isWhole.kind === "back") return undefined;
  if (isWhole.kind === "leave") return isWhole;
  return isWhole.value ? answer(pasted, "clipboard") : answer(typed.value, "typed");
}

/** The clipboard's text where it is the typed one but for its lines. */
async function clipboardLines(clipboard: Context["clipboard"], typed: string): Promise<string | undefined> {
  try {
    const text = await clipboard.read();
    return lineCount(text) > 1 && text.replace(/[\r\n]/g, "") === typed ? text : undefined;
  } catch {
    return undefined;
  }
}

async function fromClipboard({ clipboard, dialogs }: Context): Promise<Part<ValueAnswers>> {
  let text: string;
  try {
    text = await clipboard.read();
  } catch {
    dialogs.tell("The clipboard may not be read here. Paste the value into the box, or take it from a file.");
    return undefined;
  }
  const problem = text === "" ? "The clipboard holds no text. Copy the value, then choose again." : valueProblem(text);
  if (problem === undefined) return answer(text, "clipboard");
  dialogs.tell(problem);
  return undefined;
}

async function fromTextFile(context: Context, head: StepHead, prompts: StepPrompts): Promise<Part<ValueAnswers>> {
  const bytes = await readFile(context, "Take the value from which text file?", maxTextBytes, `Key Vault takes at most ${bytesWords(maxValueBytes)}.`);
  if (bytes === undefined) return undefined;
  const text = decoded(bytes);
  const problem = text === undefined ? "The file is not text in UTF-8. Take it as a binary file, as base64." : text === "" ? "The file is empty. Choose another one." : undefined;
  if (problem !== undefined || text === undefined) {
    context.dialogs.tell(problem ?? "");
    return undefined;
  }
  const end = /\r?\n$/.exec(text)?.[0];
  const shorter = end === undefined ? text : text.slice(0, -end.length);
  const drops = shorter === text || shorter === "" ? { kind: "next" as const, value: false } : await askEnd(head, prompts);
  if (drops.kind === "back") return undefined;
  if (drops.kind === "leave") return drops;
  const value = drops.value ? shorter : text;
  const tooLong = valueProblem(value);
  if (tooLong === undefined) return answer(value, "file");
  context.dialogs.tell(tooLong);
  return undefined;
}

function askEnd(head: StepHead, prompts: StepPrompts): Promise<StepAnswer<boolean>> {
  return prompts.list({
    head,
    prompt: "The file ends with a line break. Is it part of the value?",
    choices: [
      { label: "Leave it out", detail: "As for a password or a token: editors add it by themselves.", value: true },
      { label: "Keep the file as it is", detail: "As for a certificate or a key in PEM form.", value: false },
    ],
  });
}

async function fromBinaryFile(context: Context): Promise<Part<ValueAnswers>> {
  const bytes = await readFile(context, "Take which file as base64?", maxBinaryBytes, `As base64 at most ${bytesWords(maxBinaryBytes)} fit into a secret.`);
  if (bytes === undefined) return undefined;
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  bytes.fill(0);
  if (value !== "") return answer(value, "base64");
  context.dialogs.tell("The file is empty. Choose another one.");
  return undefined;
}

async function readFile({ dialogs, files }: Context, title: string, maxBytes: number, limit: string): Promise<Uint8Array | undefined> {
  const path = await dialogs.file(title, {});
  if (path === undefined) return undefined;
  const read = await files.read(path, maxBytes);
  if (read.ok) return read.value;
  dialogs.tell(read.problem === "too-large" ? `The file is too large. ${limit}` : "The file cannot be read. Choose another one, or see who may read it.");
  return undefined;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  } finally {
    bytes.fill(0);
  }
}

function answer(value: string, origin: ValueOrigin): StepAnswer<ValueAnswers> {
  return { kind: "next", value: { value, origin } };
}

function bytesWords(bytes: number): string {
  return `${bytes.toLocaleString("en-US")} bytes`;
}
