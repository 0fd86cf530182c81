import type { Cloud } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { lazyResourceManagerApi } from "../../../server/src/vault/lazyResourceManagerApi.ts";
import { lazyVaultApi } from "../../../server/src/vault/lazyVaultApi.ts";
import { lazyVaultTestApi } from "../../../server/src/vault/lazyVaultTestApi.ts";
import { lazyVaultWriteApi } from "../../../server/src/vault/lazyVaultWriteApi.ts";
import type { ResourceManagerApi } from "../../../server/src/vault/resourceManagerApi.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import type { VaultWriteApi } from "../../../server/src/vault/vaultWriteApi.ts";
import type { AzureAdapter, AzureAdapterContext } from "./azureAdapter.ts";
import { causeOfOutcome } from "./causeOfOutcome.ts";

/** How this extension host reaches Azure: one broker of tokens for all of it. */
export interface VaultAccess {
  readonly api: VaultApi;
  readonly tests: VaultTestApi;
  readonly writes: VaultWriteApi;
  readonly resourceManager: ResourceManagerApi;
  /** Whether the identity gives a token for the cloud's vaults in that tenant. Nothing is shown, no vault is called. */
  readonly probe: (choice: CredentialChoice, cloud: Cloud, tenant: string) => Promise<"works" | FaultCause>;
  /** Forgets all tokens: another credential was chosen, or the person has signed in anew. */
  readonly forgetTokens: () => void;
}

/**
 * The Azure adapter, loaded on its first call: activation never pays for the SDK, and a window that never asks a vault
 * never loads it. Whether a vault may be called is decided before, by the index's gate.
 */
export function createVaultAccess(context: AzureAdapterContext): VaultAccess {
  let loading: Promise<AzureAdapter> | undefined;
  let loaded: AzureAdapter | undefined;
  const adapter = async (): Promise<AzureAdapter> => (loaded = await (loading ??= import("./azureAdapter.ts").then(({ openAzureAdapter }) => openAzureAdapter(context))));
  return {
    api: lazyVaultApi(async () => (await adapter()).api),
    resourceManager: lazyResourceManagerApi(async () => (await adapter()).resourceManager),
    tests: lazyVaultTestApi(async () => (await adapter()).tests),
    writes: lazyVaultWriteApi(async () => (await adapter()).writes),
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
