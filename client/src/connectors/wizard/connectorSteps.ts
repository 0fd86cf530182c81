/** The steps of the connector wizard in Harness's order, up to the vault. */
import { identifierFromName, identifierProblem, isConnectorIdentifier, nameProblem } from "../../../../server/src/core/model/identifiers.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { Step } from "../../ui/multiStep.ts";
import { pickText } from "../../ui/pickText.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../../ui/stepPrompts.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftScope, draftSelectors, draftTags } from "./connectorDraft.ts";
import { guidProblem } from "./guidProblem.ts";
import { secretKeyStep } from "./secretKeyStep.ts";
import { vaultStep } from "./vaultStep.ts";
import { testStep } from "./testStep.ts";
import type { WizardContext } from "./wizardContext.ts";

type DraftStep = Step<ConnectorDraft>;
type TextField = "name" | "identifier" | "description" | "tags" | "clientId" | "tenantId" | "subscription" | "managedClientId" | "delegateSelectors";

export function connectorSteps(context: WizardContext): readonly DraftStep[] {
  const isNew = context.editing === undefined;
  const specify = (draft: ConnectorDraft): boolean => draft.credentials === "specify";
  const delegate = (draft: ConnectorDraft): boolean => draft.credentials === "delegate";
  return [
    choose("level", isNew, "Scope: where the connector can be used", [
      { label: "Account", detail: "In all organizations and projects. Referred to as account.id.", value: "account" },
      { label: "Organization", detail: "In the projects of one organization. Referred to as org.id.", value: "org" },
      { label: "Project", detail: "In one project alone.", value: "project" },
    ]),
    place(context, "org", (draft) => isNew && draft.level !== "account", "Identifier of the organization"),
    place(context, "project", (draft) => isNew && draft.level === "project", "Identifier of the project"),
    enter("name", always, "Name, as Harness's pages show it", () => "", nameProblem),
    enter("identifier", () => isNew, "Identifier. Harness derives it from the name; it cannot be changed later", (draft) => identifierFromName(draft.name ?? ""), (text, draft) => identifierProblem(text) ?? takenProblem(context, draft, text)),
    enter("description", always, "Description (optional)", () => "", () => undefined),
    enter("tags", always, "Tags (optional), as key:value, key", () => "", tagsProblem),
    choose("credentials", true, "Credentials: how a delegate signs in to Azure", [
      { label: "Specify credentials here", detail: "An application: client ID, tenant ID, and its key from a Harness secret.", value: "specify" },
      { label: "Use the credentials of a Harness delegate", detail: "The managed identity of the machine that the delegate runs on.", value: "delegate" },
    ]),
    choose("environment", true, "Azure environment", [
      { label: "Azure Global", description: "AZURE", detail: "Vaults under vault.azure.net.", value: "AZURE" },
      { label: "US Government", description: "AZURE_US_GOVERNMENT", detail: "Vaults under vault.usgovcloudapi.net.", value: "AZURE_US_GOVERNMENT" },
    ]),
    enter("clientId", specify, "Client ID: the application ID of the app registration", () => "", guidProblem),
    enter("tenantId", specify, "Tenant ID: the directory ID of the app registration", () => "", guidProblem),
    enter("subscription", always, "Subscription ID (optional). Left empty, the vault's step finds it, because Harness's code refuses a connector without one", () => "", (text) => (text === "" ? undefined : guidProblem(text))),
    secretKeyStep(context, specify),
    choose(
      "managedIdentity",
      true,
      "Which managed identity does the delegate use?",
      [
        { label: "System-assigned", description: "SystemAssignedManagedIdentity", detail: "The delegate's machine's own.", value: "system" },
        { label: "User-assigned", description: "UserAssignedManagedIdentity", detail: "Named by its client ID.", value: "user" },
      ],
      delegate,
    ),
    enter("managedClientId", (draft) => delegate(draft) && draft.managedIdentity === "user", "Client ID of the user-assigned identity", () => "", guidProblem),
    choose("enablePurge", true, "Purge Secrets: what happens when a secret is deleted in Harness", [
      { label: "Purge secrets", detail: "Harness's default. A vault with purge protection refuses it, and then Harness cannot delete secrets.", value: true },
      { label: "Do not purge", detail: "For vaults with purge protection. A deleted secret keeps its name until the vault's retention ends.", value: false },
    ]),
    enter("delegateSelectors", always, "Delegate selectors (optional), separated by commas. Empty: any delegate", () => "", selectorsProblem),
    vaultStep(context),
    choose(
      "enablePurge",
      true,
      "The vault has purge protection, so Harness could not delete secrets with Purge Secrets on",
      [
        { label: "Turn Purge Secrets off", detail: "Harness then deletes secrets without purging them.", value: false },
        { label: "Leave it on", detail: "Deleting a secret in Harness will fail.", value: true },
      ],
      (draft) => draft.purgeProtected === true && draft.enablePurge !== false,
      "protected",
    ),
    testStep(context),
  ];
}

const always = (): boolean => true;

function choose<F extends "level" | "credentials" | "environment" | "managedIdentity" | "enablePurge">(
  field: F,
  isAsked: boolean,
  prompt: string,
  choices: readonly Choice<NonNullable<ConnectorDraft[F]>>[],
  applies: (draft: ConnectorDraft) => boolean = always,
  id: string = field,
): DraftStep {
  return {
    id,
    applies: (draft) => isAsked && applies(draft),
    ask: async (draft, head, prompts) => {
      const active = id === field ? choices.findIndex(({ value }) => value === draft[field]) : 0;
      const answer = await prompts.list({ head, prompt, choices, ...(active < 0 ? {} : { active }) });
      return answer.kind === "next" ? { kind: "next", value: { [field]: answer.value } } : answer;
    },
  };
}

function enter(
  field: TextField,
  applies: (draft: ConnectorDraft) => boolean,
  prompt: string,
  preset: (draft: ConnectorDraft) => string,
  problem: (text: string, draft: ConnectorDraft) => string | undefined,
): DraftStep {
  return {
    id: field,
    applies,
    ask: async (draft, head, prompts) => {
      const value = draft[field] ?? preset(draft);
      const answer = await prompts.text({ head, prompt, value, problem: (text) => problem(text.trim(), draft) });
      if (answer.kind !== "next") return answer;
      // What nobody has touched stays as it was written.
      return { kind: "next", value: { [field]: answer.value === value ? value : normalised(field, answer.value.trim()) } };
    },
  };
}

function normalised(field: TextField, text: string): string {
  return field === "clientId" || field === "tenantId" || field === "subscription" || field === "managedClientId" ? text.toLowerCase() : text;
}

/** An organization or project: one that the workspace knows, or another. */
function place(context: WizardContext, field: "org" | "project", applies: (draft: ConnectorDraft) => boolean, prompt: string): DraftStep {
  return {
    id: field,
    applies,
    ask: async (draft, head, prompts) => {
      const known = knownPlaces(context, field, draft);
      for (;;) {
        const picked = known.length === 0 ? undefined : await pickPlace(prompts, head, prompt, known, draft[field]);
        if (picked !== undefined && picked.kind !== "next") return picked;
        if (picked !== undefined && picked.value !== undefined) return { kind: "next", value: { [field]: picked.value } };
        const typed = await prompts.text({ head, prompt, value: draft[field] ?? "", placeholder: field === "org" ? "default" : "", problem: (text) => identifierProblem(text.trim()) });
        if (typed.kind === "next") return { kind: "next", value: { [field]: typed.value.trim() } };
        if (typed.kind === "leave" || known.length === 0) return typed;
      }
    },
  };
}

async function pickPlace(prompts: StepPrompts, head: StepHead, prompt: string, known: readonly string[], current: string | undefined): Promise<StepAnswer<string | undefined>> {
  const choices: Choice<string | undefined>[] = [...known.map((one) => ({ label: pickText(one), value: one })), { label: "Another…", detail: "Enter its identifier.", value: undefined }];
  const active = choices.findIndex(({ value }) => value !== undefined && value === current);
  return prompts.list({ head, prompt, choices, ...(active < 0 ? {} : { active }) });
}

function knownPlaces({ rows }: WizardContext, field: "org" | "project", draft: ConnectorDraft): readonly string[] {
  const found = rows.flatMap(({ scope }) => {
    if (field === "org") return scope.level === "org" || scope.level === "project" ? [scope.org] : [];
    return scope.level === "project" && scope.org === draft.org ? [scope.project] : [];
  });
  return [...new Set(found)].filter(isConnectorIdentifier).sort();
}

function takenProblem({ rows }: WizardContext, draft: ConnectorDraft, identifier: string): string | undefined {
  const scope = draftScope(draft);
  const taken = rows.some((row) => row.identifier === identifier && JSON.stringify(row.scope) === JSON.stringify(scope));
  return taken ? "A connector of the workspace has this identifier in this scope. Choose another one." : undefined;
}

function tagsProblem(text: string): string | undefined {
  const tags = draftTags(text);
  if (tags.some(([key]) => key === "")) return "A tag has a key: write key:value or key.";
  return tags.some(([key, value]) => key.length > 128 || value.length > 128) ? "A tag's key and value have at most 128 characters." : undefined;
}

function selectorsProblem(text: string): string | undefined {
  return draftSelectors(text).every((selector) => selector.length <= 128 && !/[\r\n]/.test(selector)) ? undefined : "A selector has at most 128 characters.";
}
