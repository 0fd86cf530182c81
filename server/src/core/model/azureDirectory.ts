/** What Azure Resource Manager has told of subscriptions and vaults. Plain data; it crosses process boundaries as it is. */
import type { Cloud } from "./vaultTarget.ts";

export interface AzureSubscription {
  /** A GUID. */
  readonly id: string;
  readonly name: string;
  /** A GUID, where Azure says it. */
  readonly tenant?: string;
  readonly cloud: Cloud;
  /** Resource Manager's `state`; only `Enabled` ones can be worked with. */
  readonly state: string;
}

/** A vault as Resource Manager describes it. */
export interface AzureVault {
  readonly name: string;
  readonly cloud: Cloud;
  /** A GUID. */
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** A GUID. */
  readonly tenant: string;
  /** False: access policies decide. */
  readonly rbac: boolean;
  readonly purgeProtection: boolean;
  readonly publicAccess: boolean;
  /** Days that a deleted secret is kept. */
  readonly retentionDays?: number;
}

export interface AzureDirectory {
  readonly subscriptions: readonly AzureSubscription[];
  readonly vaults: readonly AzureVault[];
  /** Keys (`vaultKey`) of vault names that Resource Manager says nobody in that cloud uses: a positive answer, never a guess. */
  readonly freeNames: readonly string[];
  /** Tenants (GUIDs in lower case) that Entra says do not exist. */
  readonly unknownTenants: readonly string[];
}

export const emptyDirectory: AzureDirectory = { subscriptions: [], vaults: [], freeNames: [], unknownTenants: [] };
