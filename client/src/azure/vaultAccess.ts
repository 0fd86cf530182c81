import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import { lazyVaultApi } from "../../../server/src/vault/lazyVaultApi.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { TokenBroker, TokenSource } from "../../../server/src/vault/azure/tokenBroker.ts";
import type { CredentialKind } from "./credentialKind.ts";
import type { SessionAccess } from "./sessionToken.ts";
import { sessionToken } from "./sessionToken.ts";

export interface VaultAccessContext {
  readonly credential: () => CredentialKind;
  readonly sessions: SessionAccess;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How this extension host reaches vaults. */
export interface VaultAccess {
  readonly api: VaultApi;
  /** Forgets all tokens: another credential was chosen, or the person has signed in anew. */
  readonly forgetTokens: () => void;
}

interface Loaded {
  readonly api: VaultApi;
  readonly tokens: TokenBroker;
}

/**
 * The Azure adapter, loaded on its first call: activation never pays for the SDK, and a window that never asks a vault
 * never loads it. Whether a vault may be called is decided before, by the index's gate.
 */
export function createVaultAccess(context: VaultAccessContext): VaultAccess {
  let loaded: Loaded | undefined;
  return {
    api: lazyVaultApi(async () => {
      loaded = await load(context);
      return loaded.api;
    }),
    forgetTokens: () => {
      loaded?.tokens.reset();
    },
  };
}

async function load(context: VaultAccessContext): Promise<Loaded> {
  const [{ createAzureVaultApi }, { createTokenBroker }, { azureCliSource, environmentSource, sessionSource }] = await Promise.all([
    import("../../../server/src/vault/azure/azureVaultApi.ts"),
    import("../../../server/src/vault/azure/tokenBroker.ts"),
    import("../../../server/src/vault/azure/credentials.ts"),
  ]);
  const sources: Readonly<Record<CredentialKind, TokenSource>> = {
    // VS Code keeps the session and renews its token; asking again is cheap.
    vscode: sessionSource((ask) => sessionToken(context.sessions, ask, false)),
    "azure-cli": azureCliSource(),
    environment: environmentSource(context.environment),
  };
  const { clock, log } = context;
  const tokens = createTokenBroker({ source: (ask, signal) => sources[context.credential()](ask, signal), clock, log });
  return { tokens, api: createAzureVaultApi({ tokens, clock, log }) };
}
