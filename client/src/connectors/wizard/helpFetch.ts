/** Why Fetch Vault has found nothing, and the ready command for the role that it needs. */
import { isGuid } from "../../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import type { ResourceManagerLogin } from "../../../../server/src/vault/resourceManagerApi.ts";
import { causeWords } from "../../azure/causeWords.ts";
import { choiceWords } from "../../azure/credentialWords.ts";
import type { Choice } from "../../ui/dialogs.ts";
import type { FetchPart, FetchScene } from "./fetchScene.ts";
import type { ReaderRole } from "./readerRole.ts";
import { readerCli, readerPortalUrl, readerPowerShell } from "./readerRole.ts";

/** Where no call has failed: what Azure's answer left out. */
type Absence = "no-subscription" | "no-vault" | "not-listed";

export interface FetchHelp {
  readonly login: ResourceManagerLogin;
  readonly cause: FaultCause | Absence;
  readonly subscription?: string;
  /** The label for typing what was looked for. */
  readonly manually: string;
}

type Action = "again" | "manual" | "powershell" | "cli" | "portal" | "back";

/** An empty answer is no proof of a missing role: Azure leaves out what an identity may not see. */
const absences: Readonly<Record<Absence, string>> = {
  "no-subscription": "Azure shows this identity no enabled subscription of the tenant. It needs the role Reader on the subscription that holds the vault.",
  "no-vault": "Azure shows this identity no vault of the subscription. Either there is none, or the identity lacks the role Reader on the subscription.",
  "not-listed": "A vault of another subscription or tenant is not listed, nor one that the identity may not see: that needs the role Reader on the vault's subscription.",
};

export async function helpFetch({ context, head, prompts, draft }: FetchScene, help: FetchHelp): Promise<FetchPart<never> | { readonly kind: "again" }> {
  const { login, cause } = help;
  const grantee = granteeOf(login, draft.credentials === "delegate" ? draft.managedClientId : draft.clientId);
  const role: ReaderRole = { clientId: grantee.clientId, subscription: help.subscription ?? draft.subscription, tenant: login.tenant, cloud: login.cloud };
  const needsRole = isAbsence(cause) || cause === "no-reader-role";
  const explained = isAbsence(cause) ? [absences[cause]] : [`${causeWords(cause).what} ${causeWords(cause).next}`];
  let done: readonly string[] = [];
  for (;;) {
    const answer = await prompts.list<Action>({ head, prompt: "Fetch Vault: how to go on?", notes: [...done, ...explained, ...(needsRole ? [grantee.words] : [])], choices: choicesOf(help, needsRole) });
    if (answer.kind !== "next") return answer;
    switch (answer.value) {
      case "again":
      case "manual":
      case "back":
        return { kind: answer.value };
      case "powershell":
        await context.dialogs.copy(readerPowerShell(role));
        done = ["Copied. Run it in PowerShell with the Az module, as somebody who may assign roles."];
        break;
      case "cli":
        await context.dialogs.copy(readerCli(role));
        done = ["Copied. Run it with the Azure CLI, as somebody who may assign roles."];
        break;
      case "portal":
        await context.dialogs.open(readerPortalUrl(role));
        done = ["In the portal: Add role assignment, role Reader, Next, select the identity, Review + assign."];
        break;
    }
  }
}

function isAbsence(cause: FetchHelp["cause"]): cause is Absence {
  return cause in absences;
}

/** Whom the command names: the identity that asked, where its client ID is known here, else the connector's own. */
function granteeOf({ credential }: ResourceManagerLogin, own: string | undefined): { readonly clientId: string | undefined; readonly words: string } {
  const asked = "clientId" in credential ? credential.clientId : undefined;
  if (asked !== undefined && isGuid(asked)) return { clientId: asked, words: "The commands name the identity that asked." };
  if (own !== undefined && isGuid(own)) return { clientId: own, words: "The commands name the connector's own identity, which Harness lists with. The one that asked here needs the role too." };
  return { clientId: undefined, words: "The commands have a gap for the identity's object ID: Keyline does not know it." };
}

function choicesOf({ login, manually }: FetchHelp, needsRole: boolean): readonly Choice<Action>[] {
  const role: readonly Choice<Action>[] = [
    { label: "Copy the PowerShell command", detail: "New-AzRoleAssignment: assigns Reader on the subscription.", value: "powershell" },
    { label: "Copy the Azure CLI command", detail: "az role assignment create: the same.", value: "cli" },
    { label: "Open Access control in the Azure portal", detail: "Add role assignment, Reader, select the identity.", value: "portal" },
  ];
  return [
    { label: "Try again", detail: `As ${choiceWords(login.credential)}. A new role takes minutes to work.`, value: "again" },
    ...(needsRole ? role : []),
    { label: manually, value: "manual" },
    { label: "Choose another way", detail: "Another identity, or the box before.", value: "back" },
  ];
}
