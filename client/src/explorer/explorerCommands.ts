import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import { askApproval, restrictedMessage, vaultChoice } from "../azure/approvalCommands.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { VaultCredentials } from "../azure/vaultCredentials.ts";
import type { ConnectorDraft } from "../connectors/wizard/connectorDraft.ts";
import { fetchVault } from "../connectors/wizard/fetchVault.ts";
import type { WizardContext } from "../connectors/wizard/wizardContext.ts";
import type { Register } from "../register.ts";
import type { SecretSource } from "../secrets/secretSource.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import type { AddedVaults } from "./addedVaults.ts";
import type { ViewChoice } from "./viewChoice.ts";

export interface ExplorerCommandsContext {
  readonly source: SecretSource;
  readonly added: AddedVaults;
  readonly view: ViewChoice;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  readonly approvals: VaultApprovals;
  readonly credentials: VaultCredentials;
  /** For Fetch Vault. */
  readonly wizard: Omit<WizardContext, "rows">;
  readonly setSetting: (name: "vaults.sort" | "vaults.group" | "vaults.groupTag", value: string) => PromiseLike<void>;
}

/** The commands of the view "Vaults" itself. */
export function registerExplorerCommands(register: Register, context: ExplorerCommandsContext): void {
  register("keyline.addVault", () => addVault(context));
  register("keyline.removeVault", (argument) => removeVault(context, argument));
  register("keyline.filterSecrets", () => filterSecrets(context));
  register("keyline.showUnusedSecrets", () => {
    context.view.showUnusedOnly(true);
  });
  register("keyline.showAllSecrets", () => {
    context.view.clear();
  });
  register("keyline.arrangeSecrets", () => arrange(context));
}

async function addVault(context: ExplorerCommandsContext): Promise<void> {
  const { dialogs, isTrusted, added } = context;
  if (!isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const way = await dialogs.pick("Add a vault to the sidebar", [
    { label: "By its name", detail: "Asks nothing of Azure but the vault itself: for vaults behind a private endpoint too.", value: "name" as const },
    { label: "From a subscription", detail: "Lists the vaults of a subscription, with an identity of this machine that has the role Reader.", value: "fetch" as const },
  ]);
  if (way === undefined) return;
  const cloud = await dialogs.pick<Cloud>("In which cloud?", clouds.filter((each) => way === "name" || each !== "china").map((value) => ({ label: cloudNames[value], value })));
  if (cloud === undefined) return;
  const vault = way === "name" ? await typedVault(dialogs, cloud) : await fetchedVault(context, cloud);
  if (vault === undefined) return;
  await added.add(vault);
  await askApproval(context, vault);
}

async function typedVault(dialogs: Dialogs, cloud: Cloud): Promise<VaultTarget | undefined> {
  const title = "Add a Vault";
  const name = await dialogs.input({ title, prompt: "The vault's name, without the address", problem: (text) => (isVaultName(text.trim()) ? undefined : nameProblem) });
  if (name === undefined) return undefined;
  const tenant = await dialogs.input({ title, prompt: "Tenant ID (optional): the vault names its tenant itself; with an ID, another answer is refused", problem: (text) => (text.trim() === "" || isGuid(text.trim()) ? undefined : "Enter a GUID, or leave it empty.") });
  if (tenant === undefined) return undefined;
  return { name: name.trim(), cloud, ...(tenant.trim() === "" ? {} : { tenant: tenant.trim().toLowerCase() }) };
}

const clouds = ["public", "usgov", "china"] as const satisfies readonly Cloud[];
const nameProblem = "A vault's name has 3 to 24 letters, digits and single hyphens, starts with a letter and ends with a letter or digit.";

/** Fetch Vault of the wizard, for a delegate's identity: it asks the tenant itself. */
async function fetchedVault(context: ExplorerCommandsContext, cloud: Cloud): Promise<VaultTarget | undefined> {
  const draft: ConnectorDraft = { credentials: "delegate", environment: cloud === "usgov" ? "AZURE_US_GOVERNMENT" : "AZURE" };
  const scene = { context: { ...context.wizard, rows: [] }, head: { title: "Add a Vault", step: 1, total: 1, canGoBack: false }, prompts: context.wizard.prompts, draft };
  const found = await fetchVault(scene);
  if (found.kind === "manual") return typedVault(context.dialogs, cloud);
  if (found.kind !== "next" || found.value.vaultName === undefined) return undefined;
  const tenant = found.value.fetchTenant;
  return { name: found.value.vaultName, cloud, ...(tenant === undefined ? {} : { tenant }) };
}

async function removeVault({ source, added, dialogs }: ExplorerCommandsContext, argument: unknown): Promise<void> {
  const vaults = added.list();
  const given = source.vaultOf(argument);
  const vault = vaults.find((each) => given !== undefined && each.name === given.name && each.cloud === given.cloud) ?? (await pickAdded(dialogs, vaults));
  if (vault !== undefined) await added.remove(vault);
}

async function pickAdded(dialogs: Dialogs, vaults: readonly VaultTarget[]): Promise<VaultTarget | undefined> {
  if (vaults.length > 0) return dialogs.pick("Remove which vault from the sidebar? Nothing changes in Azure.", vaults.map((vault) => vaultChoice(vault)));
  dialogs.tell("No vault was added by hand. The others are named by connectors of this workspace.");
  return undefined;
}

async function filterSecrets({ view, dialogs }: ExplorerCommandsContext): Promise<void> {
  const text = await dialogs.input({ title: "Filter Secrets", prompt: "Show only secrets whose names hold this text. Empty shows all.", value: view.now().filter });
  if (text !== undefined) view.filterBy(text);
}

type Arrangement = readonly [name: "vaults.sort" | "vaults.group", value: string];

async function arrange({ view, dialogs, setSetting }: ExplorerCommandsContext): Promise<void> {
  const { sort, group, groupTag } = view.now();
  const choice = (label: string, name: Arrangement[0], value: string) => ({
    label,
    ...((name === "vaults.sort" ? sort : group) === value ? { description: "as it is now" } : {}),
    value: [name, value] as const,
  });
  const chosen = await dialogs.pick<Arrangement>("Sort and group secrets", [
    choice("Sort by name", "vaults.sort", "name"),
    choice("Sort by expiry", "vaults.sort", "expiry"),
    choice("Sort by last change", "vaults.sort", "lastChange"),
    choice("No groups", "vaults.group", "none"),
    choice("Group by name, up to the first hyphen", "vaults.group", "name"),
    choice("Group by expiry", "vaults.group", "expiry"),
    choice("Group by last change", "vaults.group", "lastChange"),
    choice("Group by a tag…", "vaults.group", "tag"),
  ]);
  if (chosen === undefined) return;
  const [name, value] = chosen;
  if (value === "tag") {
    const tag = await dialogs.input({ title: "Group by a Tag", prompt: "The tag's name", value: groupTag, problem: (text) => (text.trim() === "" ? "Enter the name of a tag." : undefined) });
    if (tag === undefined) return;
    await setSetting("vaults.groupTag", tag.trim());
  }
  await setSetting(name, value);
}
