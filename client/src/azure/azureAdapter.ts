import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerApi } from "../../../server/src/vault/resourceManagerApi.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import type { VaultWriteApi } from "../../../server/src/vault/vaultWriteApi.ts";
import { createResourceManagerApi } from "../../../server/src/vault/azure/azureResourceManagerApi.ts";
import { createAzureVaultApi } from "../../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../../server/src/vault/azure/azureVaultTestApi.ts";
import { createVaultWriteApi } from "../../../server/src/vault/azure/azureVaultWriteApi.ts";
import { chosenSource } from "../../../server/src/vault/azure/credentials.ts";
import type { TokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import { createTokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import type { ClientSecrets } from "./clientSecrets.ts";
import type { SessionAccess } from "./sessionToken.ts";
import { sessionToken } from "./sessionToken.ts";

export interface AzureAdapterContext {
  readonly credentialOf: (vault: VaultTarget) => CredentialChoice;
  readonly sessions: SessionAccess;
  readonly secrets: Pick<ClientSecrets, "get">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the adapter gives. */
export interface AzureAdapter {
  readonly api: VaultApi;
  readonly tests: VaultTestApi;
  readonly writes: VaultWriteApi;
  readonly resourceManager: ResourceManagerApi;
  readonly tokens: TokenBroker;
}

/** Azure through its SDKs. A bundle of its own, which is loaded when Azure is first asked for something. */
export function openAzureAdapter({ sessions, secrets, environment, clock, log, credentialOf }: AzureAdapterContext): AzureAdapter {
  const source = chosenSource({
    // VS Code keeps the session and renews its token; asking again is cheap.
    session: (ask) => sessionToken(sessions, ask, false),
    clientSecret: (choice) => secrets.get(choice),
    environment,
  });
  const tokens = createTokenBroker({ source, clock, log });
  const options = { tokens, clock, log, credential: credentialOf };
  return {
    tokens,
    api: createAzureVaultApi(options),
    tests: createVaultTestApi(options),
    writes: createVaultWriteApi(options),
    resourceManager: createResourceManagerApi({ tokens, clock, log }),
  };
}
