import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import { causeWords, delegateNote } from "../../azure/causeWords.ts";
import type { Step } from "../../ui/multiStep.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftVault } from "./connectorDraft.ts";
import type { WizardContext } from "./wizardContext.ts";

/** Test Connection: reading from this machine. Whatever comes of it, the connector can be saved, as in Harness. */
export function testStep(context: WizardContext): Step<ConnectorDraft> {
  return {
    id: "test",
    applies: () => true,
    ask: async (draft, head, prompts) => {
      let said = "Test Connection: reads from this machine, writes nothing.";
      for (;;) {
        const answer = await prompts.list<"test" | "goOn">({
          head,
          prompt: said,
          choices: [
            { label: "Test reading", detail: `Gets a token and lists a page of ${draft.vaultName ?? ""}. The vault is approved first.`, value: "test" },
            { label: draft.test === undefined ? "Go on without a test" : "Go on", detail: "The connector is saved all the same, as Harness does.", value: "goOn" },
          ],
          ...(draft.test === undefined ? {} : { active: 1 }),
        });
        if (answer.kind !== "next") return answer;
        if (answer.value === "goOn") return { kind: "next", value: { test: draft.test ?? "skipped" } };
        const result = await readTest(context, draft);
        if (result === undefined) said = "The vault was not approved, so it was not tested.";
        else if (result === "passed") return { kind: "next", value: { test: result } };
        else {
          draft = { ...draft, test: result };
          said = `${causeWords(result).what} ${causeWords(result).next} ${delegateNote}`;
        }
      }
    },
  };
}

async function readTest(context: WizardContext, draft: ConnectorDraft): Promise<"passed" | FaultCause | undefined> {
  const vault = draftVault(draft);
  if (vault === undefined || !(await context.approve(vault)) || !context.isTrusted()) return undefined;
  const result = await context.dialogs.progress(`Testing ${vault.name}: reading`, (_report, signal) => context.readTest(vault, signal));
  return result === "cancelled" ? undefined : result;
}
