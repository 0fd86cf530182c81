import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import { restrictedMessage } from "../../azure/approvalCommands.ts";
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
      let test = draft.test;
      let notes = test === undefined || test === "passed" || test === "skipped" ? [] : failedNotes(test);
      for (;;) {
        const answer = await prompts.list<"test" | "goOn">({
          head,
          prompt: "Test Connection: reads from this machine, writes nothing",
          notes,
          choices: [
            { label: "Test reading", detail: `Gets a token and lists a page of ${draft.vaultName ?? ""}. The vault is approved first.`, value: "test" },
            { label: test === undefined ? "Go on without a test" : "Go on", detail: "The connector is saved all the same, as Harness does.", value: "goOn" },
          ],
          ...(test === undefined ? {} : { active: 1 }),
        });
        if (answer.kind !== "next") return answer;
        if (answer.value === "goOn") return { kind: "next", value: { test: test ?? "skipped" } };
        const result = await readTest(context, draft);
        if (result === "passed") return { kind: "next", value: { test: result } };
        if (isUntested(result)) notes = [untested[result]];
        else {
          test = result;
          notes = failedNotes(test);
        }
      }
    },
  };
}

type Untested = "not-approved" | "restricted" | "cancelled";

const untested: Readonly<Record<Untested, string>> = {
  "not-approved": "The vault was not approved, so it was not tested.",
  restricted: restrictedMessage,
  cancelled: "You cancelled the test, so nothing is known from it.",
};

function isUntested(result: FaultCause | Untested): result is Untested {
  return result in untested;
}

function failedNotes(cause: FaultCause): string[] {
  const { what, next } = causeWords(cause, "read");
  return [what, next, delegateNote];
}

async function readTest(context: WizardContext, draft: ConnectorDraft): Promise<"passed" | FaultCause | Untested> {
  const vault = draftVault(draft);
  if (vault === undefined || !(await context.approve(vault))) return "not-approved";
  if (!context.isTrusted()) return "restricted";
  return context.dialogs.progress(`Testing ${vault.name}: reading`, (_report, signal) => context.readTest(vault, signal));
}
