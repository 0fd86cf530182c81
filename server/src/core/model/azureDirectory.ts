/** What Azure Resource Manager has told of subscriptions and vaults. Plain data; it crosses process boundaries as it is. */
import type { Cloud, VaultTarget } from "./vaultTarget.ts";
import { vaultKey } from "./vaultTarget.ts";

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

/** The views of directories, each made once: a directory never changes, and it can hold thousands of vaults. */
const indexes = new WeakMap<AzureDirectory, ReadonlyMap<string, AzureVault>>();

/** What Resource Manager says of that vault. */
export function directoryVault(directory: AzureDirectory, vault: VaultTarget): AzureVault | undefined {
  let index = indexes.get(directory);
  if (index === undefined) {
    index = new Map(directory.vaults.map((each) => [vaultKey(each), each]));
    indexes.set(directory, index);
  }
  return index.get(vaultKey(vault));
}

export function directorySubscription(directory: AzureDirectory, id: string): AzureSubscription | undefined {
  const wanted = id.toLowerCase();
  return directory.subscriptions.find((subscription) => subscription.id.toLowerCase() === wanted);
}
