import type { ResourceManagerLogin } from "../../../../server/src/vault/resourceManagerApi.ts";
import type { StepAnswer } from "../../ui/stepPrompts.ts";
import { draftCloud, draftTenant } from "./connectorDraft.ts";
import type { FetchScene } from "./fetchScene.ts";
import { guidProblem } from "./guidProblem.ts";

/** Asks which identity of this machine looks for vaults, and in which tenant where the connector names none. */
export async function askFetchLogin(scene: FetchScene): Promise<StepAnswer<ResourceManagerLogin>> {
  const { context, draft } = scene;
  const tenant = await askTenant(scene);
  if (tenant.kind !== "next") return tenant;
  const cloud = draftCloud(draft);
  const credential = await context.credentials.ask({
    title: "Fetch Vault: with which identity of this machine?",
    cloud,
    tenant: tenant.value,
    current: context.credentials.byDefault(),
    // The person has typed the tenant, or has seen it at its step.
    mayTry: true,
    ...(draft.clientId === undefined ? {} : { clientId: draft.clientId }),
  });
  return credential === undefined ? { kind: "back" } : { kind: "next", value: { cloud, tenant: tenant.value, credential } };
}

async function askTenant({ head, prompts, draft }: FetchScene): Promise<StepAnswer<string>> {
  const known = draftTenant(draft);
  if (draft.credentials === "specify" && known !== undefined) return { kind: "next", value: known };
  const answer = await prompts.text({
    head,
    prompt: "Tenant ID to look for vaults in. A delegate's identity needs none, so it is not written",
    value: known ?? "",
    problem: (text) => guidProblem(text.trim()),
  });
  return answer.kind === "next" ? { kind: "next", value: answer.value.trim().toLowerCase() } : answer;
}
