/** Fetch Vault: finds the vault with an identity of this machine, or takes its name as typed. */
import type { AzureSubscription, AzureVault } from "../../../../server/src/core/model/azureDirectory.ts";
import { isGuid, isVaultName } from "../../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import type { ResourceManagerLogin } from "../../../../server/src/vault/resourceManagerApi.ts";
import type { Outcome } from "../../../../server/src/vault/vaultApi.ts";
import { causeOfOutcome } from "../../azure/causeOfOutcome.ts";
import { causeWords } from "../../azure/causeWords.ts";
import { choiceWords } from "../../azure/credentialWords.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { Step } from "../../ui/multiStep.ts";
import { pickText } from "../../ui/pickText.ts";
import type { StepAnswer, StepHead, StepPrompts } from "../../ui/stepPrompts.ts";
import { counted } from "../counted.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftCloud, draftTenant } from "./connectorDraft.ts";
import type { ReaderRole } from "./readerRole.ts";
import { readerCli, readerPortalUrl, readerPowerShell } from "./readerRole.ts";
import type { WizardContext } from "./wizardContext.ts";

type Answer = StepAnswer<Partial<ConnectorDraft>>;

export function vaultStep(context: WizardContext): Step<ConnectorDraft> {
  return { id: "vault", applies: () => true, ask: (draft, head, prompts) => new VaultStep(context, head, prompts).ask(draft) };
}

const again = Symbol("again");
/** Undefined: back to the choice between fetching and typing. */
type Part<T> = T | "leave" | undefined;

class VaultStep {
  readonly #context: WizardContext;
  readonly #head: StepHead;
  readonly #prompts: StepPrompts;

  constructor(context: WizardContext, head: StepHead, prompts: StepPrompts) {
    this.#context = context;
    this.#head = head;
    this.#prompts = prompts;
  }

  async ask(draft: ConnectorDraft): Promise<Answer> {
    for (;;) {
      const kept = draft.vaultName === undefined ? [] : [{ label: `Keep ${pickText(draft.vaultName)}`, value: "keep" as const }];
      const way = await this.#prompts.list<"keep" | "fetch" | "manual">({
        head: this.#head,
        prompt: this.#question(),
        choices: [
          ...kept,
          { label: "Fetch vaults", detail: "Lists the vaults of a subscription, with an identity of this machine.", value: "fetch" },
          { label: "Enter the vault's name manually", detail: "For a vault behind a private endpoint, or without the role Reader.", value: "manual" },
        ],
      });
      if (way.kind !== "next") return way;
      if (way.value === "keep") return { kind: "next", value: {} };
      const found = way.value === "fetch" ? await this.#fetch(draft) : await this.#manual(draft);
      if (found === "leave") return { kind: "leave" };
      if (found !== undefined) return { kind: "next", value: { ...found, ...(changesVault(draft, found) ? { test: undefined } : {}) } };
    }
  }

  /** Harness: "Cannot change the value of vault name since there are secrets already present in azure key vault." */
  #question(): string {
    const kept = this.#context.editing?.secrets.length ?? 0;
    return kept === 0 ? "Setup Vault: which vault keeps the secrets?" : `Setup Vault. Harness refuses another vault while secrets are kept in this connector, and files here define ${counted(kept, "secret")} of it`;
  }

  async #manual(draft: ConnectorDraft): Promise<Part<Partial<ConnectorDraft>>> {
    const name = await this.#prompts.text({
      head: this.#head,
      prompt: "The vault's name, without the address",
      value: draft.vaultName ?? "",
      problem: (text) => vaultNameProblem(text.trim()),
    });
    if (name.kind !== "next") return name.kind === "leave" ? "leave" : undefined;
    const subscription = await this.#prompts.text({
      head: this.#head,
      prompt: "Subscription ID. Harness's page calls it optional, but its code refuses a connector without one",
      value: draft.subscription ?? "",
      problem: (text) => (text.trim() === "" || isGuid(text.trim()) ? undefined : "Enter a GUID, or leave it empty."),
    });
    if (subscription.kind !== "next") return subscription.kind === "leave" ? "leave" : undefined;
    const id = subscription.value.trim().toLowerCase();
    return { purgeProtected: undefined, vaultName: name.value.trim(), vaultConfiguredManually: true, ...(id === "" ? {} : { subscription: id }) };
  }

  async #fetch(draft: ConnectorDraft): Promise<Part<Partial<ConnectorDraft>>> {
    const tenant = await this.#tenant(draft);
    if (tenant === undefined || tenant === "leave") return tenant;
    const credential = await this.#context.credentials.ask({
      title: "Fetch Vault: with which identity of this machine?",
      cloud: draftCloud(draft),
      tenant,
      current: this.#context.credentials.byDefault(),
      // The person has typed the tenant, or has seen it at its step.
      mayTry: true,
      ...(draft.clientId === undefined ? {} : { clientId: draft.clientId }),
    });
    if (credential === undefined) return undefined;
    const login: ResourceManagerLogin = { cloud: draftCloud(draft), tenant, credential };
    const subscription = await this.#subscription(draft, login);
    if (subscription === undefined || subscription === "leave") return subscription;
    const vault = await this.#vault(draft, login, subscription);
    if (vault === undefined || vault === "leave") return vault;
    await this.#rememberCredential(draft, vault.name, credential);
    return { vaultName: vault.name, subscription: subscription.id, vaultConfiguredManually: false, purgeProtected: vault.purgeProtection, ...(draft.credentials === "delegate" ? { fetchTenant: tenant } : {}) };
  }

  async #tenant(draft: ConnectorDraft): Promise<Part<string>> {
    const known = draftTenant(draft);
    if (draft.credentials === "specify" && known !== undefined) return known;
    const answer = await this.#prompts.text({
      head: this.#head,
      prompt: "Tenant ID to look for vaults in. A delegate's identity needs none, so it is not written",
      value: known ?? "",
      problem: (text) => (isGuid(text.trim()) ? undefined : "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12."),
    });
    if (answer.kind === "next") return answer.value.trim().toLowerCase();
    return answer.kind === "leave" ? "leave" : undefined;
  }

  /** Exactly one enabled subscription of the tenant is taken as it is; of several the person picks; none needs Reader. */
  async #subscription(draft: ConnectorDraft, login: ResourceManagerLogin): Promise<Part<AzureSubscription>> {
    for (;;) {
      const listed = await this.#context.dialogs.progress("Listing subscriptions", (_report, signal) => this.#context.resourceManager.listSubscriptions(login, signal));
      if (!listed.ok) {
        const answer = await this.#failed(draft, login, causeOfOutcome(listed), undefined);
        if (answer !== again) return answer;
        continue;
      }
      this.#context.fetched(listed.value, []);
      const enabled = listed.value.filter(({ state, tenant }) => state === "Enabled" && (tenant === undefined || tenant === login.tenant.toLowerCase()));
      const [only] = enabled;
      if (only === undefined) {
        const answer = await this.#failed(draft, login, "no-reader-role", undefined);
        if (answer !== again) return answer;
        continue;
      }
      if (enabled.length === 1) return only;
      const active = enabled.findIndex(({ id }) => id === draft.subscription);
      const answer = await this.#prompts.list({
        head: this.#head,
        prompt: "Subscription: Azure knows no default one, so pick it",
        choices: enabled.map((subscription) => ({ label: pickText(subscription.name), description: subscription.id, value: subscription })),
        ...(active < 0 ? {} : { active }),
      });
      if (answer.kind === "next") return answer.value;
      return answer.kind === "leave" ? "leave" : undefined;
    }
  }

  async #vault(draft: ConnectorDraft, login: ResourceManagerLogin, subscription: AzureSubscription): Promise<Part<AzureVault>> {
    for (;;) {
      let outcome: Outcome<readonly AzureVault[]> | undefined;
      const answer = await this.#prompts.list<AzureVault | "problem">({
        head: this.#head,
        prompt: `Vaults of ${pickText(subscription.name)}: type to search`,
        choices: [{ label: "The vault is not listed…", detail: "Retry, assign the role Reader, or enter its name manually.", value: "problem" }],
        load: async (show, signal) => {
          const arrived: AzureVault[] = [];
          outcome = await this.#context.resourceManager.listVaults(login, subscription.id, (page) => {
            arrived.push(...page);
            show(arrived.map((vault) => vaultChoice(vault, login.tenant)));
          }, signal);
          if (outcome.ok) this.#context.fetched([], outcome.value);
          else if (outcome.cause !== "cancelled") show([problemChoice(causeOfOutcome(outcome)), ...arrived.map((vault) => vaultChoice(vault, login.tenant))]);
          if (outcome.ok && outcome.value.length === 0) show([problemChoice("no-reader-role")]);
        },
      });
      if (answer.kind === "leave") return "leave";
      if (answer.kind === "back") return undefined;
      if (answer.value !== "problem") return answer.value;
      const cause = outcome?.ok === false ? causeOfOutcome(outcome) : "no-reader-role";
      const next = await this.#failed(draft, login, cause === "cancelled" ? "no-reader-role" : cause, subscription.id);
      if (next !== again) return next;
    }
  }

  /** What went wrong, and what can be done: `again` to retry, undefined to go back. */
  async #failed(draft: ConnectorDraft, login: ResourceManagerLogin, cause: FaultCause, subscription: string | undefined): Promise<"leave" | undefined | typeof again> {
    const { what, next } = causeWords(cause);
    const role: ReaderRole = { clientId: identityOf(login.credential) ?? draft.clientId ?? draft.managedClientId, subscription: subscription ?? draft.subscription, tenant: login.tenant, cloud: login.cloud };
    let said = "";
    for (;;) {
      const answer = await this.#prompts.list<"retry" | "powershell" | "cli" | "portal" | "back">({ head: this.#head, prompt: `${said}${what} ${next}`, choices: failedChoices(cause, login) });
      if (answer.kind === "leave") return "leave";
      if (answer.kind === "back" || answer.value === "back") return undefined;
      switch (answer.value) {
        case "retry":
          return again;
        case "powershell":
          await this.#context.dialogs.copy(readerPowerShell(role));
          said = "Copied. ";
          break;
        case "cli":
          await this.#context.dialogs.copy(readerCli(role));
          said = "Copied. ";
          break;
        case "portal":
          await this.#context.dialogs.open(readerPortalUrl(role));
          said = "In the portal: Add role assignment, Reader, select the identity, Review + assign. ";
          break;
      }
    }
  }

  /** The identity that has found the vault opens it from now on, unless one was chosen for it before. */
  async #rememberCredential(draft: ConnectorDraft, name: string, credential: CredentialChoice): Promise<void> {
    const { credentials } = this.#context;
    const vault = { name, cloud: draftCloud(draft) };
    if (JSON.stringify(credentials.of(vault)) !== JSON.stringify(credential)) await credentials.remember(vault, credential);
  }
}

type FailedAction = "retry" | "powershell" | "cli" | "portal" | "back";

function failedChoices(cause: FaultCause, login: ResourceManagerLogin): readonly Choice<FailedAction>[] {
  const role: readonly Choice<FailedAction>[] =
    cause === "no-reader-role"
      ? [
          { label: "Copy the PowerShell command", detail: "New-AzRoleAssignment: assigns Reader on the subscription.", value: "powershell" },
          { label: "Copy the Azure CLI command", detail: "az role assignment create: the same.", value: "cli" },
          { label: "Open Access control in the Azure portal", detail: "Add role assignment, Reader, select the identity.", value: "portal" },
        ]
      : [];
  return [
    { label: "Try again", detail: `As ${choiceWords(login.credential)}. A new role takes minutes to work.`, value: "retry" },
    ...role,
    { label: "Choose another way", detail: "Another identity, or enter the vault's name manually.", value: "back" },
  ];
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

function problemChoice(cause: FaultCause): Choice<"problem"> {
  const { short, what } = causeWords(cause);
  const label = cause === "no-reader-role" ? "No vault is listed" : short;
  return { label, detail: `${what} Choose this line for what to do.`, value: "problem" };
}

function vaultNameProblem(text: string): string | undefined {
  if (isVaultName(text)) return undefined;
  const inAddress = /^https?:\/\/([0-9A-Za-z-]{3,24})\.vault\./i.exec(text)?.[1];
  if (inAddress !== undefined) return `Write the name alone: ${inAddress}.`;
  return "A vault's name has 3 to 24 letters, digits and single hyphens, starts with a letter and ends with a letter or digit.";
}

function changesVault(draft: ConnectorDraft, found: Partial<ConnectorDraft>): boolean {
  return found.vaultName?.toLowerCase() !== draft.vaultName?.toLowerCase();
}

/** The client ID of an identity that has one. */
function identityOf(credential: CredentialChoice): string | undefined {
  return "clientId" in credential ? credential.clientId : undefined;
}
