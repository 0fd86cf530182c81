/** Key: the reference to the Harness secret that holds the application's client secret. */
import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import { askReference, referenceProblem } from "../../entities/secretReference.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { Step } from "../../ui/multiStep.ts";
import { pickText } from "../../ui/pickText.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import type { WizardContext } from "./wizardContext.ts";

/** Offers the keys that other connectors of the workspace use, or takes another. */
export function secretKeyStep({ rows }: WizardContext, applies: (draft: ConnectorDraft) => boolean): Step<ConnectorDraft> {
  return {
    id: "secretKey",
    applies,
    ask: async (draft, head, prompts) => {
      const answer = await askReference({
        head,
        prompts,
        prompt: "Key: the Harness secret with the client secret. It must be kept in Harness's built-in secret manager",
        listPrompt: "Key: the Harness secret with the client secret",
        notes: ["It must be kept in Harness's built-in secret manager."],
        current: draft.secretKey,
        known: knownKeys(rows, draft),
        problem: (text) => keyProblem(text, draft),
      });
      return answer.kind === "next" ? { kind: "next", value: { secretKey: answer.value } } : answer;
    },
  };
}

/** The keys in use that mean the same secret in the draft's scope. */
function knownKeys(rows: readonly ConnectorRow[], draft: ConnectorDraft): readonly Choice<string>[] {
  const users = new Map<string, string[]>();
  for (const row of rows) {
    const key = row.settings?.secretKey;
    if (key === undefined || keyProblem(key, draft) !== undefined || !meansTheSame(key, row, draft)) continue;
    users.set(key, [...(users.get(key) ?? []), row.identifier]);
  }
  return [...users].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, identifiers]) => ({ label: pickText(key), description: pickText(`used by ${identifiers.join(", ")}`), value: key }));
}

function meansTheSame(key: string, { scope }: ConnectorRow, { level, org, project }: ConnectorDraft): boolean {
  if (key.startsWith("account.")) return true;
  const isSameOrg = (scope.level === "org" || scope.level === "project") && scope.org === org;
  if (key.startsWith("org.")) return isSameOrg;
  return isSameOrg && level === "project" && scope.level === "project" && scope.project === project;
}

function keyProblem(text: string, { level }: ConnectorDraft): string | undefined {
  return referenceProblem(text, level, "The key", "connector");
}
