/** Fetch Vault: lists the vaults of a subscription, as they arrive. */
import type { AzureVault } from "../../../../server/src/core/model/azureDirectory.ts";
import { isGuid } from "../../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../../server/src/vault/credentialChoice.ts";
import { credentialKey } from "../../../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerLogin } from "../../../../server/src/vault/resourceManagerApi.ts";
import type { Outcome } from "../../../../server/src/vault/vaultApi.ts";
import { causeOfOutcome } from "../../azure/causeOfOutcome.ts";
import { causeWords } from "../../azure/causeWords.ts";
import type { Choice } from "../../ui/dialogs.ts";
import { pickText } from "../../ui/pickText.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftCloud } from "./connectorDraft.ts";
import { askFetchLogin } from "./fetchLogin.ts";
import type { FetchPart, FetchScene } from "./fetchScene.ts";
import { fetchSubscription } from "./fetchSubscription.ts";
import type { FetchHelp } from "./helpFetch.ts";
import { helpFetch } from "./helpFetch.ts";

const manually = "Enter the vault's name manually";

interface NamedSubscription {
  readonly id: string;
  readonly name: string;
}

export async function fetchVault(scene: FetchScene): Promise<FetchPart<Partial<ConnectorDraft>>> {
  const { draft } = scene;
  const login = await askFetchLogin(scene);
  if (login.kind !== "next") return login;
  const { credential, tenant } = login.value;
  let subscription: NamedSubscription | undefined = draft.subscription !== undefined && isGuid(draft.subscription) ? { id: draft.subscription, name: draft.subscription } : undefined;
  for (let isFirst = true; ; isFirst = false) {
    if (subscription === undefined) {
      const fetched = await fetchSubscription(scene, login.value, manually, !isFirst);
      if (fetched.kind !== "next") return fetched;
      subscription = fetched.value;
    }
    const vault = await pickVault(scene, login.value, subscription);
    if (vault.kind === "another") {
      subscription = undefined;
      continue;
    }
    if (vault.kind !== "next") return vault;
    await rememberCredential(scene, vault.value.name, credential);
    const found = { vaultName: vault.value.name, subscription: subscription.id, vaultConfiguredManually: false, purgeProtected: vault.value.purgeProtection };
    return { kind: "next", value: { ...found, ...(draft.credentials === "delegate" ? { fetchTenant: tenant } : {}) } };
  }
}

async function pickVault(scene: FetchScene, login: ResourceManagerLogin, subscription: NamedSubscription): Promise<FetchPart<AzureVault> | { readonly kind: "another" }> {
  const { context, head, prompts } = scene;
  for (;;) {
    let outcome: Outcome<readonly AzureVault[]> | undefined;
    const answer = await prompts.list<AzureVault | "manual" | "another" | "help">({
      head,
      prompt: `Vaults of ${pickText(subscription.name)}: type to search`,
      choices: [
        { label: manually, detail: "For a vault behind a private endpoint, or without the role Reader.", value: "manual" },
        { label: "Another subscription…", value: "another" },
        { label: "The vault is not listed…", detail: "What listing needs, and the ready command for it.", value: "help" },
      ],
      load: async (show, signal) => {
        const arrived: AzureVault[] = [];
        const lines = (): readonly Choice<AzureVault>[] => arrived.map((vault) => vaultChoice(vault, login.tenant));
        outcome = await context.resourceManager.listVaults(login, subscription.id, (page) => {
          arrived.push(...page);
          show(lines());
        }, signal);
        if (outcome.ok) context.fetched([], outcome.value);
        const problem = problemOf(outcome);
        if (problem !== undefined) show([problem, ...lines()]);
      },
    });
    if (answer.kind !== "next") return answer;
    if (answer.value === "manual" || answer.value === "another") return { kind: answer.value };
    if (answer.value !== "help") return { kind: "next", value: answer.value };
    const help = await helpFetch(scene, { login, cause: helpOf(outcome), subscription: subscription.id, manually });
    if (help.kind !== "again") return help;
  }
}

function problemOf(outcome: Outcome<readonly AzureVault[]>): Choice<"help"> | undefined {
  const cause = outcome.ok ? undefined : causeOfOutcome(outcome);
  if (cause === "cancelled" || (outcome.ok && outcome.value.length > 0)) return undefined;
  const label = cause === undefined || cause === "no-reader-role" ? "No vault is listed" : causeWords(cause).short;
  return { label, detail: "Choose this line for the reason, and for what to do.", value: "help" };
}

/** What stands in the way; a list that is still coming has shown no vault yet. */
function helpOf(outcome: Outcome<readonly AzureVault[]> | undefined): FetchHelp["cause"] {
  if (outcome?.ok === true) return outcome.value.length === 0 ? "no-vault" : "not-listed";
  const cause = outcome === undefined ? "cancelled" : causeOfOutcome(outcome);
  return cause === "cancelled" ? "not-listed" : cause;
}

function vaultChoice(vault: AzureVault, tenant: string): Choice<AzureVault> {
  const details = [
    vault.rbac ? "RBAC" : "access policies",
    vault.purgeProtection ? "purge protection: turn Purge Secrets off" : "no purge protection",
    vault.publicAccess ? "public access" : "private endpoint only",
    ...(vault.tenant === tenant.toLowerCase() ? [] : ["another tenant than the connector's"]),
  ];
  return { label: vault.name, description: pickText(`${vault.resourceGroup} · ${vault.location}`), detail: details.join(" · "), value: vault };
}

/** The identity that has found the vault opens it from now on, unless one was chosen for it before. */
async function rememberCredential({ context, draft }: FetchScene, name: string, credential: CredentialChoice): Promise<void> {
  const vault = { name, cloud: draftCloud(draft) };
  if (credentialKey(context.credentials.of(vault)) !== credentialKey(credential)) await context.credentials.remember(vault, credential);
}
