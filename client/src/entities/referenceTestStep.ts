import type { Step } from "../ui/multiStep.ts";
import type { StepAnswer } from "../ui/stepPrompts.ts";
import type { EntityContext } from "./entityContext.ts";
import type { ReferenceDraft } from "./referenceDraft.ts";
import { draftPath } from "./referenceDraft.ts";
import type { ReferenceTest } from "./referenceTest.ts";
import { testReference } from "./referenceTest.ts";

/** Asks the vault before the entity is saved. What is known to be missing is not saved; what cannot be verified may be. */
export function referenceTestStep(context: EntityContext): Step<ReferenceDraft> {
  return {
    id: "test",
    applies: () => true,
    ask: async (draft, head, prompts) => {
      let test = draft.test;
      for (;;) {
        const choices = [
          ...(test === undefined || test.verdict === "missing" ? [] : [{ label: test.verdict === "works" ? "Go on" : "Save it all the same", value: "goOn" as const }]),
          { label: test === undefined ? "Test the reference" : "Test it again", detail: `Asks the vault for ${draftPath(draft)} from this machine. Writes nothing.`, value: "test" as const },
          ...(test === undefined ? [{ label: "Go on without a test", value: "goOn" as const }] : []),
        ];
        const answer: StepAnswer<"test" | "goOn"> = await prompts.list({ head, prompt: "Test: is there what the secret will refer to?", notes: test?.words ?? [], choices });
        if (answer.kind !== "next") return answer;
        if (answer.value === "goOn") return { kind: "next", value: { test } };
        test = await run(context, draft);
      }
    },
  };
}

async function run(context: EntityContext, { connector, secret = "", version = "", jsonKeys = [] }: ReferenceDraft): Promise<ReferenceTest> {
  const vault = connector?.vault;
  if (vault === undefined || !(await context.approve(vault))) return { verdict: "unknown", words: ["The vault was not approved, so it was not tested."] };
  const path = { name: secret, jsonKeys, ...(version === "" ? {} : { version }) };
  return context.dialogs.progress(`Testing ${secret} of ${vault.name}`, (_report, signal) => testReference(context, vault, path, signal));
}
