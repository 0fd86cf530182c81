/** Which JSON key of the value is meant. The value is read only where the person allows that for the vault; its key names alone come out. */
import type { Choice } from "../ui/dialogs.ts";
import type { Step } from "../ui/multiStep.ts";
import { pickText } from "../ui/pickText.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";
import { askLoaded } from "./askLoaded.ts";
import type { EntityContext } from "./entityContext.ts";
import type { ReferenceDraft } from "./referenceDraft.ts";
import { jsonKeyProblem, namedKeys } from "./secretPath.ts";

type Picked = readonly string[] | "type" | "allow";

export function jsonKeysStep(context: EntityContext): Step<ReferenceDraft> {
  return { id: "jsonKeys", applies: () => true, ask: (draft, head, prompts) => ask(context, draft, head, prompts) };
}

async function ask(context: EntityContext, draft: ReferenceDraft, head: StepHead, prompts: StepPrompts): Promise<StepAnswer<Partial<ReferenceDraft>>> {
  const { jsonKeys } = context;
  const vault = draft.connector?.vault;
  const { secret = "", version = "", jsonKeys: current = [] } = draft;
  const answerOf = (keys: readonly string[]): StepAnswer<Partial<ReferenceDraft>> => ({ kind: "next", value: { jsonKeys: keys, ...(keys.join(".") === current.join(".") ? {} : { test: undefined }) } });
  for (;;) {
    const mayRead = vault !== undefined && context.isTrusted() && jsonKeys.allowed(vault);
    const others: readonly Choice<Picked>[] = [
      { label: "The whole value", detail: "Not a key of it.", value: [] },
      ...(current.length === 0 ? [] : [{ label: `Keep the key ${pickText(current.join("."))}`, value: current }]),
      ...(mayRead || vault === undefined ? [] : [{ label: "List its JSON keys…", detail: "Keyline must read the value for that, and keeps the names alone. You are asked first.", value: "allow" as const }]),
      { label: "Enter a JSON key…", value: "type" },
    ];
    const picked = await askLoaded<Picked>({
      head,
      prompts,
      prompt: `JSON key of ${secret}, where its value is JSON`,
      none: "The value has no JSON key that a path can name",
      others,
      tried: "value",
      load: !mayRead ? undefined : async (signal) => {
        const shape = await jsonKeys.read(vault, secret, version === "" ? undefined : version, signal);
        if (!shape.ok) return shape;
        return { ok: true, value: shape.value.kind === "json" ? namedKeys(shape.value.keys).map((keys) => ({ label: pickText(keys.join(".")), value: keys })) : [] };
      },
    });
    if (picked.kind !== "next") return picked;
    if (typeof picked.value === "object") return answerOf(picked.value);
    if (picked.value === "allow") {
      if (vault !== undefined && (await context.approve(vault))) await jsonKeys.ask(vault);
      continue;
    }
    const typed = await prompts.text({ head, prompt: "JSON key, nested names separated by dots", value: current.join("."), problem: (text) => jsonKeyProblem(text.trim()) });
    if (typed.kind === "leave") return typed;
    if (typed.kind === "next") return answerOf(typed.value.trim().split("."));
  }
}
