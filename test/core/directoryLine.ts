import type { AzureDirectory } from "../../server/src/core/index.ts";
import type { Cloud } from "../../server/src/core/model/vaultTarget.ts";

/** The subscription and tenant of every vault of a fixture that names no other. */
export const shopSubscription = "22222222-0000-4000-8000-000000000001";
export const shopTenant = "11111111-0000-4000-8000-000000000001";

/** What one directive of a fixture says that Resource Manager has told, added to what earlier ones said. */
export function directoryWith(before: AzureDirectory, verb: string, name: string, words: string): AzureDirectory {
  const given = new Map(words.split(" ").filter((word) => word !== "").map((word) => [word.split(":")[0] ?? "", word.split(":")[1] ?? ""]));
  const cloud: Cloud = given.has("usgov") ? "usgov" : "public";
  if (verb === "free") return { ...before, freeNames: [...before.freeNames, `${cloud}/${name}`] };
  if (verb === "no-tenant") return { ...before, unknownTenants: [...before.unknownTenants, name] };
  const tenant = given.get("tenant") ?? shopTenant;
  if (verb === "subscription") {
    const subscription = { id: given.get("id") ?? shopSubscription, name: name.replaceAll("_", " "), tenant, cloud, state: given.has("disabled") ? "Disabled" : "Enabled" };
    return { ...before, subscriptions: [...before.subscriptions, subscription] };
  }
  const vault = {
    name,
    cloud,
    subscription: given.get("subscription") ?? shopSubscription,
    resourceGroup: given.get("group") ?? "shop-rg",
    location: "westeurope",
    tenant,
    rbac: !given.has("policies"),
    purgeProtection: given.has("protected"),
    publicAccess: !given.has("private"),
    retentionDays: 90,
  };
  return { ...before, vaults: [...before.vaults, vault] };
}
