import type { Cloud } from "../../../../server/src/core/model/vaultTarget.ts";
import { isGuid } from "../../../../server/src/core/model/vaultTarget.ts";

/** The identity that needs the role Reader, and where. What is no GUID is not known. */
export interface ReaderRole {
  /** Of an application or a user-assigned identity. */
  readonly clientId: string | undefined;
  readonly subscription: string | undefined;
  readonly tenant: string | undefined;
  readonly cloud: Cloud;
}

export function readerPowerShell({ clientId, subscription }: ReaderRole): string {
  const who = known(clientId) === undefined ? '-ObjectId "<object ID of the identity>"' : `-ApplicationId ${clientId ?? ""}`;
  return `New-AzRoleAssignment ${who} -RoleDefinitionName "Reader" -Scope ${scope(subscription)}`;
}

export function readerCli({ clientId, subscription }: ReaderRole): string {
  return `az role assignment create --assignee ${known(clientId) ?? '"<object ID of the identity>"'} --role Reader --scope ${scope(subscription)}`;
}

const portals: Readonly<Record<Cloud, string>> = { public: "https://portal.azure.com", usgov: "https://portal.azure.us", china: "https://portal.azure.cn" };

/** The subscription's page Access control (IAM), or the list of subscriptions. */
export function readerPortalUrl({ cloud, tenant, subscription }: ReaderRole): string {
  const id = known(subscription);
  if (id === undefined) return `${portals[cloud]}/#view/Microsoft_Azure_Billing/SubscriptionsBladeV2`;
  return `${portals[cloud]}/#@${known(tenant) ?? ""}/resource/subscriptions/${id}/users`;
}

function scope(subscription: string | undefined): string {
  return known(subscription) === undefined ? '"/subscriptions/<subscription ID>"' : `/subscriptions/${subscription ?? ""}`;
}

function known(id: string | undefined): string | undefined {
  return id !== undefined && isGuid(id) ? id : undefined;
}
