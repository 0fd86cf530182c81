import { isGuid } from "../../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { askFetchLogin } from "./fetchLogin.ts";
import type { FetchPart, FetchScene } from "./fetchScene.ts";
import { fetchSubscription } from "./fetchSubscription.ts";
import { guidProblem } from "./guidProblem.ts";

/**
 * What the subscription resolves to where none was named: Harness's page calls it optional, but its code refuses a
 * connector without one, so the person may find it, type it, or knowingly leave it out.
 */
export async function neededSubscription(scene: FetchScene): Promise<FetchPart<Partial<ConnectorDraft>>> {
  const { draft, head, prompts } = scene;
  if (draft.subscription !== undefined && isGuid(draft.subscription)) return { kind: "next", value: {} };
  for (;;) {
    const way = await prompts.list<"find" | "enter" | "none">({
      head,
      prompt: "Subscription: Harness's code refuses a connector without one",
      choices: [
        { label: "Find it in Azure", detail: "With an identity of this machine. A single enabled subscription of the tenant is taken.", value: "find" },
        { label: "Enter its ID", value: "enter" },
        { label: "Leave it out", detail: "The connector is incomplete until its YAML names one.", value: "none" },
      ],
    });
    if (way.kind !== "next") return way;
    if (way.value === "none") return { kind: "next", value: { subscription: "" } };
    const found = way.value === "find" ? await find(scene) : await type(scene);
    const taken = found.kind === "manual" ? await type(scene) : found;
    if (taken.kind === "next" || taken.kind === "leave") return taken;
  }
}

async function find(scene: FetchScene): Promise<FetchPart<Partial<ConnectorDraft>>> {
  const login = await askFetchLogin(scene);
  if (login.kind !== "next") return login;
  const found = await fetchSubscription(scene, login.value, "Enter the subscription's ID manually");
  if (found.kind !== "next") return found;
  return { kind: "next", value: { subscription: found.value.id, ...(scene.draft.credentials === "delegate" ? { fetchTenant: login.value.tenant } : {}) } };
}

async function type({ head, prompts }: FetchScene): Promise<FetchPart<Partial<ConnectorDraft>>> {
  const typed = await prompts.text({ head, prompt: "Subscription ID", value: "", problem: (text) => guidProblem(text.trim()) });
  return typed.kind === "next" ? { kind: "next", value: { subscription: typed.value.trim().toLowerCase() } } : typed;
}
