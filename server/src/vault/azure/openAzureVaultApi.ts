import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { VaultApi } from "../vaultApi.ts";
import { createAzureVaultApi } from "./azureVaultApi.ts";
import { azureCliSource, environmentSource } from "./credentials.ts";
import { createTokenBroker } from "./tokenBroker.ts";

export interface OpenAzureOptions {
  readonly credential: "azure-cli" | "environment";
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Key Vault as a process without an editor reaches it: with the one credential that the user has chosen. */
export function openAzureVaultApi(options: OpenAzureOptions): VaultApi {
  const { credential, environment, clock, log } = options;
  const source = credential === "azure-cli" ? azureCliSource() : environmentSource(environment);
  return createAzureVaultApi({ tokens: createTokenBroker({ source, clock, log }), clock, log });
}
