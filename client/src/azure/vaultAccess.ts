import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { causeOfReason } from "../../../server/src/vault/faultCause.ts";
import { lazyResourceManagerApi } from "../../../server/src/vault/lazyResourceManagerApi.ts";
import { lazyVaultApi } from "../../../server/src/vault/lazyVaultApi.ts";
import { lazyVaultTestApi } from "../../../server/src/vault/lazyVaultTestApi.ts";
import type { ResourceManagerApi } from "../../../server/src/vault/resourceManagerApi.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import type { TokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import type { ClientSecrets } from "./clientSecrets.ts";
import type { SessionAccess } from "./sessionToken.ts";
import { sessionToken } from "./sessionToken.ts";

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

interface Loaded {
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
  let loading: Promise<Loaded> | undefined;
  let loaded: Loaded | undefined;
  const adapter = async (): Promise<Loaded> => (loaded = await (loading ??= load(context)));
  return {
    api: lazyVaultApi(async () => (await adapter()).api),
    resourceManager: lazyResourceManagerApi(async () => (await adapter()).resourceManager),
    tests: lazyVaultTestApi(async () => (await adapter()).tests),
    probe: async (credential, cloud, tenant) => {
      const { tokens } = await adapter();
      const answer = await tokens.token({ cloud, tenant, audience: "vault", credential }, new AbortController().signal);
      return answer.ok ? "works" : (answer.cause ?? causeOfReason(answer.reason) ?? "not-signed-in");
    },
    forgetTokens: () => {
      loaded?.tokens.reset();
    },
  };
}

async function load(context: VaultAccessContext): Promise<Loaded> {
  const [{ createAzureVaultApi }, { createVaultTestApi }, { createResourceManagerApi }, { createTokenBroker }, { chosenSource }] = await Promise.all([
    import("../../../server/src/vault/azure/azureVaultApi.ts"),
    import("../../../server/src/vault/azure/azureVaultTestApi.ts"),
    import("../../../server/src/vault/azure/azureResourceManagerApi.ts"),
    import("../../../server/src/vault/azure/tokenBroker.ts"),
    import("../../../server/src/vault/azure/credentials.ts"),
  ]);
  const { sessions, secrets, environment, clock, log, credentialOf } = context;
  const source = chosenSource({
    // VS Code keeps the session and renews its token; asking again is cheap.
    session: (ask) => sessionToken(sessions, ask, false),
    clientSecret: (choice) => secrets.get(choice),
    environment,
  });
  const tokens = createTokenBroker({ source, clock, log });
  const adapterOptions = { tokens, clock, log, credential: credentialOf };
  return { tokens, api: createAzureVaultApi(adapterOptions), tests: createVaultTestApi(adapterOptions), resourceManager: createResourceManagerApi({ tokens, clock, log }) };
}
