/** The steps of the connector wizard in Harness's order, up to the vault. */
import { identifierFromName, identifierProblem, nameProblem } from "../../../../server/src/core/model/identifiers.ts";
import type { Choice } from "../../ui/dialogs.ts";
import { always, chooseStep, enterStep } from "../../ui/fieldSteps.ts";
import type { Step } from "../../ui/multiStep.ts";
import { scopeSteps } from "../../entities/scopeSteps.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftScope, draftSelectors } from "./connectorDraft.ts";
import { guidProblem } from "./guidProblem.ts";
import { secretKeyStep } from "./secretKeyStep.ts";
import { tagsProblem } from "./tagsProblem.ts";
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
    ...(isNew ? scopeSteps<ConnectorDraft>({ noun: "connector", scopes: context.rows.map(({ scope }) => scope) }) : []),
    enter("name", always, "Name, as Harness's pages show it", () => "", nameProblem),
    enter("identifier", () => isNew, "Identifier. Harness derives it from the name; it cannot be changed later", (draft) => identifierFromName(draft.name ?? ""), (text, draft) => identifierProblem(text) ?? takenProblem(context, draft, text)),
    enter("description", always, "Description (optional)", () => "", () => undefined),
    enter("tags", always, "Tags (optional), as key:value, key", () => "", tagsProblem),
    choose("credentials", "Credentials: how a delegate signs in to Azure", [
      { label: "Specify credentials here", detail: "An application: client ID, tenant ID, and its key from a Harness secret.", value: "specify" },
      { label: "Use the credentials of a Harness delegate", detail: "The managed identity of the machine that the delegate runs on.", value: "delegate" },
    ]),
    choose("environment", "Azure environment", [
      { label: "Azure Global", description: "AZURE", detail: "Vaults under vault.azure.net.", value: "AZURE" },
      { label: "US Government", description: "AZURE_US_GOVERNMENT", detail: "Vaults under vault.usgovcloudapi.net.", value: "AZURE_US_GOVERNMENT" },
    ]),
    enter("clientId", specify, "Client ID: the application ID of the app registration", () => "", guidProblem),
    enter("tenantId", specify, "Tenant ID: the directory ID of the app registration", () => "", guidProblem),
    enter("subscription", always, "Subscription ID (optional). Left empty, the vault's step finds it, because Harness's code refuses a connector without one", () => "", (text) => (text === "" ? undefined : guidProblem(text))),
    secretKeyStep(context, specify),
    choose(
      "managedIdentity",
      "Which managed identity does the delegate use?",
      [
        { label: "System-assigned", description: "SystemAssignedManagedIdentity", detail: "The delegate's machine's own.", value: "system" },
        { label: "User-assigned", description: "UserAssignedManagedIdentity", detail: "Named by its client ID.", value: "user" },
      ],
      delegate,
    ),
    enter("managedClientId", (draft) => delegate(draft) && draft.managedIdentity === "user", "Client ID of the user-assigned identity", () => "", guidProblem),
    choose("enablePurge", "Purge Secrets: what happens when a secret is deleted in Harness", [
      { label: "Purge secrets", detail: "Harness's default. A vault with purge protection refuses it, and then Harness cannot delete secrets.", value: true },
      { label: "Do not purge", detail: "For vaults with purge protection. A deleted secret keeps its name until the vault's retention ends.", value: false },
    ]),
    enter("delegateSelectors", always, "Delegate selectors (optional), separated by commas. Empty: any delegate", () => "", selectorsProblem),
    vaultStep(context),
    choose(
      "enablePurge",
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

function choose<F extends "credentials" | "environment" | "managedIdentity" | "enablePurge">(
  field: F,
  prompt: string,
  choices: readonly Choice<NonNullable<ConnectorDraft[F]>>[],
  applies: (draft: ConnectorDraft) => boolean = always,
  id: string = field,
): DraftStep {
  return chooseStep<F, ConnectorDraft>({ field, id, applies, prompt, choices: () => choices });
}

function enter(
  field: TextField,
  applies: (draft: ConnectorDraft) => boolean,
  prompt: string,
  preset: (draft: ConnectorDraft) => string,
  problem: (text: string, draft: ConnectorDraft) => string | undefined,
): DraftStep {
  const isGuidField = field === "clientId" || field === "tenantId" || field === "subscription" || field === "managedClientId";
  return enterStep<TextField, ConnectorDraft>({ field, applies, prompt, preset, problem, ...(isGuidField ? { normalised: (text: string) => text.toLowerCase() } : {}) });
}

function takenProblem({ rows }: WizardContext, draft: ConnectorDraft, identifier: string): string | undefined {
  const scope = draftScope(draft);
  const taken = rows.some((row) => row.identifier === identifier && JSON.stringify(row.scope) === JSON.stringify(scope));
  return taken ? "A connector of the workspace has this identifier in this scope. Choose another one." : undefined;
}

function selectorsProblem(text: string): string | undefined {
  return draftSelectors(text).every((selector) => selector.length <= 128 && !/[\r\n]/.test(selector)) ? undefined : "A selector has at most 128 characters.";
}
