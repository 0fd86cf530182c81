import type { DocumentStateParams } from "../../../server/src/protocol/messages.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { isReason, reasonText, stateWords } from "./stateWords.ts";

/** Lists how far the active file is verified: each vault and each reason. Answers the command of the chosen line, if it has one. */
export async function showState(dialogs: Dialogs, state: DocumentStateParams | undefined, isTrusted: boolean): Promise<string | undefined> {
  const words = state === undefined ? undefined : stateWords(state, isTrusted);
  if (state === undefined || words === undefined) {
    dialogs.tell("The active file holds no secret reference.");
    return undefined;
  }
  const trust = isTrusted ? [] : [trustChoice(words.detail)];
  return dialogs.pick(`Keyline: ${words.text}`, [...trust, ...reasonChoices(state), ...vaultChoices(state), verifiedChoice(state)]);
}

function trustChoice(detail: string): Choice<string | undefined> {
  return { label: "Restricted Mode", description: "Manage the workspace's trust", detail, value: "workbench.trust.manage" };
}

function verifiedChoice(state: DocumentStateParams): Choice<string | undefined> {
  return { label: `${state.verified} of ${state.references} verified`, description: "Show the problems", value: "workbench.actions.view.problems" };
}

function reasonChoices(state: DocumentStateParams): readonly Choice<string | undefined>[] {
  return Object.entries(state.notVerified)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => {
      const known = isReason(reason) ? reasonText(reason) : undefined;
      const detail = known === undefined ? {} : { detail: known.remedy };
      return { label: `${count} not verified`, description: known?.text ?? reason, ...detail, value: known?.mend?.id };
    });
}

function vaultChoices(state: DocumentStateParams): readonly Choice<string | undefined>[] {
  return state.vaults.map((vault) => {
    const known = isReason(vault.state) ? reasonText(vault.state) : undefined;
    return {
      label: `Vault ${vault.name}`,
      description: known?.text ?? (vault.state === "known" ? "Read" : vault.state),
      value: known?.mend?.id ?? "keyline.refresh",
    };
  });
}
