import { createResourceManagerApi } from "../../../server/src/vault/azure/azureResourceManagerApi.ts";
import { createAzureVaultApi } from "../../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../../server/src/vault/azure/azureVaultTestApi.ts";
import { chosenSource } from "../../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import { sessionToken } from "./sessionToken.ts";
import type { AzureAdapter, VaultAccessContext } from "./vaultAccess.ts";

/** Azure through its SDKs. A bundle of its own, which is loaded when Azure is first asked for something. */
export function openAzureAdapter({ sessions, secrets, environment, clock, log, credentialOf }: VaultAccessContext): AzureAdapter {
  const source = chosenSource({
    // VS Code keeps the session and renews its token; asking again is cheap.
    session: (ask) => sessionToken(sessions, ask, false),
    clientSecret: (choice) => secrets.get(choice),
    environment,
  });
  const tokens = createTokenBroker({ source, clock, log });
  const options = { tokens, clock, log, credential: credentialOf };
  return { tokens, api: createAzureVaultApi(options), tests: createVaultTestApi(options), resourceManager: createResourceManagerApi({ tokens, clock, log }) };
}
