import type { AzureSubscription } from "../../../../server/src/core/model/azureDirectory.ts";
import type { ResourceManagerLogin } from "../../../../server/src/vault/resourceManagerApi.ts";
import { causeOfOutcome } from "../../azure/causeOfOutcome.ts";
import { pickText } from "../../ui/pickText.ts";
import type { FetchPart, FetchScene } from "./fetchScene.ts";
import { helpFetch } from "./helpFetch.ts";

/**
 * The subscription that the connector means: of exactly one enabled one of the tenant that one, of several the one that
 * the person picks (Azure has no default subscription), of none none: that needs the role Reader. `manually` is the
 * label for typing instead; `picks` lets the person see even a single one.
 */
export async function fetchSubscription(scene: FetchScene, login: ResourceManagerLogin, manually: string, picks = false): Promise<FetchPart<AzureSubscription>> {
  const { context } = scene;
  for (;;) {
    const listed = await context.dialogs.progress("Listing subscriptions", (_report, signal) => context.resourceManager.listSubscriptions(login, signal));
    if (listed.ok) context.fetched(listed.value, []);
    const cause = listed.ok ? undefined : causeOfOutcome(listed);
    if (cause === "cancelled") return { kind: "back" };
    const enabled = listed.ok ? listed.value.filter(({ state, tenant }) => state === "Enabled" && (tenant === undefined || tenant === login.tenant.toLowerCase())) : [];
    const [only] = enabled;
    if (only !== undefined && enabled.length === 1 && !picks) return { kind: "next", value: only };
    if (only !== undefined) return pick(scene, enabled);
    const help = await helpFetch(scene, { login, cause: cause ?? "no-subscription", manually });
    if (help.kind !== "again") return help;
  }
}

function pick({ head, prompts, draft }: FetchScene, enabled: readonly AzureSubscription[]): Promise<FetchPart<AzureSubscription>> {
  const active = enabled.findIndex(({ id }) => id === draft.subscription);
  return prompts.list({
    head,
    prompt: "Subscription: Azure knows no default one, so pick it",
    choices: enabled.map((subscription) => ({ label: pickText(subscription.name), description: subscription.id, value: subscription })),
    ...(active < 0 ? {} : { active }),
  });
}
