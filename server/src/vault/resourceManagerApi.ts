import type { AzureSubscription, AzureVault } from "../core/model/azureDirectory.ts";
import type { Cloud } from "../core/model/vaultTarget.ts";
import type { CredentialChoice } from "./credentialChoice.ts";
import type { Outcome } from "./vaultApi.ts";

/** Who asks Resource Manager, and where. */
export interface ResourceManagerLogin {
  readonly cloud: Cloud;
  /** A GUID. */
  readonly tenant: string;
  readonly credential: CredentialChoice;
}

/**
 * Azure Resource Manager, as far as finding vaults needs it. Reads only.
 * Every call has its own deadline, retries what is worth retrying and ends within 60 s, or at once when `signal` fires.
 */
export interface ResourceManagerApi {
  /** The subscriptions that the identity can see, in any state. */
  listSubscriptions(login: ResourceManagerLogin, signal: AbortSignal): Promise<Outcome<readonly AzureSubscription[]>>;
  /** The vaults of a subscription (a GUID), in pages. Succeeds only when the last page has come. */
  listVaults(login: ResourceManagerLogin, subscription: string, onPage: (vaults: readonly AzureVault[]) => void, signal: AbortSignal): Promise<Outcome<readonly AzureVault[]>>;
  /** Whether nobody in the cloud uses that vault name, not even as a deleted vault. Needs a subscription to ask in. */
  isVaultNameFree(login: ResourceManagerLogin, subscription: string, name: string, signal: AbortSignal): Promise<Outcome<boolean>>;
}
