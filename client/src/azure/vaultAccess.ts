import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { lazyResourceManagerApi } from "../../../server/src/vault/lazyResourceManagerApi.ts";
import { lazyVaultApi } from "../../../server/src/vault/lazyVaultApi.ts";
import { lazyVaultTestApi } from "../../../server/src/vault/lazyVaultTestApi.ts";
import type { ResourceManagerApi } from "../../../server/src/vault/resourceManagerApi.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import type { TokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import { causeOfOutcome } from "./causeOfOutcome.ts";
import type { ClientSecrets } from "./clientSecrets.ts";
import type { SessionAccess } from "./sessionToken.ts";

export interface VaultAccessContext {
  readonly credentialOf: (vault: VaultTarget) => CredentialChoice;
  readonly sessions: SessionAccess;
  readonly secrets: Pick<ClientSecrets, "get">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How this extension host reaches Azure: one broker of tokens for all of it. */
export interface VaultAccess {
  readonly api: VaultApi;
  readonly tests: VaultTestApi;
  readonly resourceManager: ResourceManagerApi;
  /** Whether the identity gives a token for the cloud's vaults in that tenant. Nothing is shown, no vault is called. */
  readonly probe: (choice: CredentialChoice, cloud: Cloud, tenant: string) => Promise<"works" | FaultCause>;
  /** Forgets all tokens: another credential was chosen, or the person has signed in anew. */
  readonly forgetTokens: () => void;
}

/** What the adapter gives. */
export interface AzureAdapter {
  readonly api: VaultApi;
  readonly tests: VaultTestApi;
  readonly resourceManager: ResourceManagerApi;
  readonly tokens: TokenBroker;
}

/**
 * The Azure adapter, loaded on its first call: activation never pays for the SDK, and a window that never asks a vault
 * never loads it. Whether a vault may be called is decided before, by the index's gate.
 */
export function createVaultAccess(context: VaultAccessContext): VaultAccess {
  let loading: Promise<AzureAdapter> | undefined;
  let loaded: AzureAdapter | undefined;
  const adapter = async (): Promise<AzureAdapter> => (loaded = await (loading ??= import("./azureAdapter.ts").then(({ openAzureAdapter }) => openAzureAdapter(context))));
  return {
    api: lazyVaultApi(async () => (await adapter()).api),
    resourceManager: lazyResourceManagerApi(async () => (await adapter()).resourceManager),
    tests: lazyVaultTestApi(async () => (await adapter()).tests),
    probe: async (credential, cloud, tenant) => {
      const { tokens } = await adapter();
      const answer = await tokens.token({ cloud, tenant, audience: "vault", credential }, new AbortController().signal);
      return answer.ok ? "works" : causeOfOutcome(answer);
    },
    forgetTokens: () => {
      loaded?.tokens.reset();
    },
  };
}
