/** The steps to an entity that refers to a secret of a vault: what it refers to, where it lives, how it is called, and the test. */
import { nameProblem } from "../../../server/src/core/model/identifiers.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isSecretName, isSecretVersion } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow, SecretEntityRow } from "../../../server/src/protocol/messages.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import type { ScopeAsker } from "../connectors/askScope.ts";
import { connectorChoice } from "../connectors/connectorSource.ts";
import { draftScope } from "../connectors/wizard/connectorDraft.ts";
import { secretNameProblem } from "../secrets/secretNameStep.ts";
import { stateLine } from "../secrets/secretState.ts";
import type { Choice } from "../ui/dialogs.ts";
import { enterStep } from "../ui/fieldSteps.ts";
import type { Step } from "../ui/multiStep.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../ui/stepPrompts.ts";
import { askLoaded } from "./askLoaded.ts";
import type { EntityContext } from "./entityContext.ts";
import { secretIdentifierProblem } from "./harnessSecrets.ts";
import { jsonKeysStep } from "./jsonKeysStep.ts";
import type { ReferenceDraft } from "./referenceDraft.ts";
import { connectorLevel, presetIdentifier, presetName, toldConnector, usableConnectors, withConnector } from "./referenceDraft.ts";
import { referenceTestStep } from "./referenceTestStep.ts";
import { scopeSteps } from "./scopeSteps.ts";

type Answer = StepAnswer<Partial<ReferenceDraft>>;

export function referenceSteps(context: EntityContext, rows: readonly ConnectorRow[], known: readonly SecretEntityRow[], scopes: ScopeAsker): readonly Step<ReferenceDraft>[] {
  return [
    connectorStep(context, rows, scopes),
    { id: "secret", applies: () => true, ask: (draft, head, prompts) => askSecret(context, draft, head, prompts) },
    { id: "version", applies: () => true, ask: (draft, head, prompts) => askVersion(context, draft, head, prompts) },
    jsonKeysStep(context),
    ...scopeSteps<ReferenceDraft>({ noun: "secret", scopes: [...rows, ...known].map(({ scope }) => scope), within: connectorLevel, isGiven: ({ wantedLevel }) => wantedLevel !== undefined }),
    enterStep<"name", ReferenceDraft>({ field: "name", prompt: "Name, as Harness's pages show it", preset: presetName, problem: nameProblem }),
    enterStep<"identifier", ReferenceDraft>({
      field: "identifier",
      prompt: "Identifier, by which pipelines refer to it. Harness derives it from the name; it cannot be changed later",
      preset: presetIdentifier,
      problem: (text, draft) => secretIdentifierProblem(text, draftScope(draft), known),
    }),
    referenceTestStep(context),
  ];
}

function connectorStep({ dialogs }: EntityContext, rows: readonly ConnectorRow[], scopes: ScopeAsker): Step<ReferenceDraft> {
  return {
    id: "connector",
    applies: () => true,
    ask: async (draft, head, prompts) => {
      const choices = usableConnectors(rows, draft).map(connectorChoice);
      const active = choices.findIndex(({ value }) => value.key === draft.connector?.key);
      for (;;) {
        const answer = await prompts.list({ head, prompt: "Connector: how Harness reaches the vault. The secret can be used where its connector can", choices, ...(active < 0 ? {} : { active }) });
        if (answer.kind !== "next") return answer;
        const connector = await toldConnector(scopes, dialogs, draft, answer.value);
        if (connector !== undefined) return { kind: "next", value: withConnector(draft, connector) };
      }
    },
  };
}

const notApproved = "The vault is not approved, so it is not asked. Go back to approve it, or enter what you know.";

/** The connector's vault, and whether it may be asked. */
async function vaultOf(context: EntityContext, { connector }: ReferenceDraft): Promise<{ readonly vault: VaultTarget | undefined; readonly mayRead: boolean }> {
  const vault = connector?.vault;
  return { vault, mayRead: vault !== undefined && context.isTrusted() && (await context.approve(vault)) };
}

async function askSecret(context: EntityContext, draft: ReferenceDraft, head: StepHead, prompts: StepPrompts): Promise<Answer> {
  const { vault, mayRead } = await vaultOf(context, draft);
  const answerOf = (secret: string): Answer => ({ kind: "next", value: { secret, ...(secret.toLowerCase() === draft.secret?.toLowerCase() ? {} : { version: undefined, jsonKeys: undefined, test: undefined }) } });
  for (;;) {
    const picked = await askLoaded<string | undefined>({
      head,
      prompts,
      prompt: `Secret of ${vault?.name ?? "the vault"}: type to search`,
      none: "The vault holds no secret",
      tried: "read",
      notes: mayRead ? [] : [notApproved],
      others: [
        ...(draft.secret === undefined ? [] : [{ label: `Keep ${draft.secret}`, value: draft.secret }]),
        { label: "Enter the name…", detail: "For a vault that cannot be listed.", value: undefined },
      ],
      load: vault === undefined || !mayRead ? undefined : async (signal) => mapped(await context.source.secrets(vault, signal), ({ name }) => isSecretName(name), (secret) => ({ label: secret.name, description: stateLine(secret, context.now()), value: secret.name })),
    });
    if (picked.kind !== "next") return picked;
    if (picked.value !== undefined) return answerOf(picked.value);
    const typed = await prompts.text({ head, prompt: "Name of the secret in the vault", value: draft.secret ?? "", problem: (text) => secretNameProblem(text.trim()) });
    if (typed.kind === "leave") return typed;
    if (typed.kind === "next") return answerOf(typed.value.trim());
  }
}

async function askVersion(context: EntityContext, draft: ReferenceDraft, head: StepHead, prompts: StepPrompts): Promise<Answer> {
  const { vault, mayRead } = await vaultOf(context, draft);
  const { secret = "" } = draft;
  const answerOf = (version: string): Answer => ({ kind: "next", value: { version, ...(version === draft.version ? {} : { jsonKeys: undefined, test: undefined }) } });
  for (;;) {
    const picked = await askLoaded<string | undefined>({
      head,
      prompts,
      prompt: `Version of ${secret}`,
      none: `The vault holds no secret ${secret}`,
      tried: "read",
      notes: mayRead ? [] : [notApproved],
      others: [
        { label: "Latest", detail: "Whichever version is the newest when a pipeline runs.", value: "" },
        ...(draft.version === undefined || draft.version === "" ? [] : [{ label: `Keep ${draft.version}`, value: draft.version }]),
        { label: "Enter a version…", value: undefined },
      ],
      load: vault === undefined || !mayRead ? undefined : async (signal) => mapped(await context.source.versions(vault, secret, signal), ({ version }) => isSecretVersion(version), (one) => ({ label: one.version, description: stateLine(one, context.now()), value: one.version })),
    });
    if (picked.kind !== "next") return picked;
    if (picked.value !== undefined) return answerOf(picked.value);
    const typed = await prompts.text({ head, prompt: "Version: 32 hexadecimal digits", value: draft.version ?? "", problem: (text) => (isSecretVersion(text.trim()) ? undefined : "A version is 32 hexadecimal digits, as the vault shows it.") });
    if (typed.kind === "leave") return typed;
    if (typed.kind === "next") return answerOf(typed.value.trim().toLowerCase());
  }
}

/** What no Key Vault can have made is left out: in a path it would mean something else. */
function mapped<T, U>(outcome: Outcome<readonly T[]>, isReal: (item: T) => boolean, choiceOf: (item: T) => Choice<U>): Outcome<readonly Choice<U>[]> {
  return outcome.ok ? { ok: true, value: outcome.value.filter(isReal).map(choiceOf) } : outcome;
}
