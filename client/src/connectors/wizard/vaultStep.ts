/** Setup Vault: finds the vault with an identity of this machine, or takes its name as typed. */
import { isVaultName } from "../../../../server/src/core/model/vaultTarget.ts";
import type { Step } from "../../ui/multiStep.ts";
import { pickText } from "../../ui/pickText.ts";
import type { StepAnswer } from "../../ui/stepPrompts.ts";
import { counted } from "../counted.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { fetchVault } from "./fetchVault.ts";
import type { FetchPart, FetchScene } from "./fetchScene.ts";
import { neededSubscription } from "./neededSubscription.ts";
import type { WizardContext } from "./wizardContext.ts";

type Answer = StepAnswer<Partial<ConnectorDraft>>;
type Way = "keep" | "fetch" | "manual";

export function vaultStep(context: WizardContext): Step<ConnectorDraft> {
  return { id: "vault", applies: () => true, ask: (draft, head, prompts) => askVault({ context, head, prompts, draft }) };
}

async function askVault(scene: FetchScene): Promise<Answer> {
  let isManual = false;
  for (;;) {
    const way: StepAnswer<Way> = isManual ? { kind: "next", value: "manual" } : await askWay(scene);
    if (way.kind !== "next") return way;
    const found = await takeWay(scene, way.value);
    if (found.kind === "leave") return found;
    if (found.kind === "next") return { kind: "next", value: { ...found.value, ...(changesVault(scene.draft, found.value) ? { test: undefined } : {}) } };
    isManual = found.kind === "manual";
  }
}

function askWay({ context, head, prompts, draft }: FetchScene): Promise<StepAnswer<Way>> {
  const kept = context.editing?.secrets.length ?? 0;
  // Harness: "Cannot change the value of vault name since there are secrets already present in azure key vault."
  const notes = kept === 0 ? [] : [`Harness refuses another vault while secrets are kept in this connector, and files here define ${counted(kept, "secret")} of it.`];
  return prompts.list<Way>({
    head,
    prompt: "Setup Vault: which vault keeps the secrets?",
    notes,
    choices: [
      ...(draft.vaultName === undefined ? [] : [{ label: `Keep ${pickText(draft.vaultName)}`, value: "keep" as const }]),
      { label: "Fetch vaults", detail: "Lists the vaults of a subscription, with an identity of this machine.", value: "fetch" },
      { label: "Enter the vault's name manually", detail: "For a vault behind a private endpoint, or without the role Reader.", value: "manual" },
    ],
  });
}

function takeWay(scene: FetchScene, way: Way): Promise<FetchPart<Partial<ConnectorDraft>>> {
  if (way === "fetch") return fetchVault(scene);
  return way === "manual" ? typeVault(scene) : neededSubscription(scene);
}

async function typeVault(scene: FetchScene): Promise<FetchPart<Partial<ConnectorDraft>>> {
  const { draft, head, prompts } = scene;
  const name = await prompts.text({ head, prompt: "The vault's name, without the address", value: draft.vaultName ?? "", problem: (text) => vaultNameProblem(text.trim()) });
  if (name.kind !== "next") return name;
  const subscription = await neededSubscription(scene);
  if (subscription.kind !== "next") return subscription;
  return { kind: "next", value: { ...subscription.value, purgeProtected: undefined, vaultName: name.value.trim(), vaultConfiguredManually: true } };
}

function vaultNameProblem(text: string): string | undefined {
  if (isVaultName(text)) return undefined;
  const inAddress = /^https?:\/\/([0-9A-Za-z-]{3,24})\.vault\./i.exec(text)?.[1];
  if (inAddress !== undefined) return `Write the name alone: ${inAddress}.`;
  return "A vault's name has 3 to 24 letters, digits and single hyphens, starts with a letter and ends with a letter or digit.";
}

function changesVault(draft: ConnectorDraft, found: Partial<ConnectorDraft>): boolean {
  return found.vaultName !== undefined && found.vaultName.toLowerCase() !== draft.vaultName?.toLowerCase();
}
