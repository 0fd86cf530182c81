/** Key: the reference to the Harness secret that holds the application's client secret. */
import { isSecretIdentifier } from "../../../../server/src/core/model/identifiers.ts";
import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { Step } from "../../ui/multiStep.ts";
import { pickText } from "../../ui/pickText.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import type { WizardContext } from "./wizardContext.ts";

const prompt = "Key: the Harness secret with the client secret. It must be kept in Harness's built-in secret manager";

/** Offers the keys that other connectors of the workspace use, or takes another. */
export function secretKeyStep({ rows }: WizardContext, applies: (draft: ConnectorDraft) => boolean): Step<ConnectorDraft> {
  return {
    id: "secretKey",
    applies,
    ask: async (draft, head, prompts) => {
      const known = knownKeys(rows, draft);
      for (;;) {
        if (known.length > 0) {
          const choices: readonly Choice<string | undefined>[] = [...known, { label: "Another secret…", detail: "Enter account.id, org.id or id.", value: undefined }];
          const active = choices.findIndex(({ value }) => value !== undefined && value === draft.secretKey);
          const picked = await prompts.list({ head, prompt: "Key: the Harness secret with the client secret", notes: ["It must be kept in Harness's built-in secret manager."], choices, ...(active < 0 ? {} : { active }) });
          if (picked.kind !== "next") return picked;
          if (picked.value !== undefined) return { kind: "next", value: { secretKey: picked.value } };
        }
        const typed = await prompts.text({ head, prompt, value: draft.secretKey ?? "", placeholder: "account.id, org.id or id", problem: (text) => keyProblem(text.trim(), draft) });
        if (typed.kind === "next") return { kind: "next", value: { secretKey: typed.value.trim() } };
        if (typed.kind === "leave" || known.length === 0) return typed;
      }
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

/** A connector may refer to secrets of its own or a parent scope. */
function keyProblem(text: string, { level }: ConnectorDraft): string | undefined {
  const match = /^(?:(account|org)\.)?([^.]*)$/.exec(text);
  if (text.includes("<+")) return "The key is an identifier, not an expression: write account.id, org.id or id.";
  if (match === null) return "Write account.id, org.id or id: an identifier holds no dot.";
  const [, prefix, identifier = ""] = match;
  if (!isSecretIdentifier(identifier)) return "Enter the secret's identifier: account.id, org.id or id.";
  if (level === "account" && prefix !== "account") return `An account-level connector uses account secrets only: write account.${identifier}.`;
  if (level === "org" && prefix === undefined) return `An organization-level connector uses secrets of the organization or the account: write org.${identifier} or account.${identifier}.`;
  return undefined;
}
