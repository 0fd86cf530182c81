import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { isGuid, isVaultName } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import { credentialKey } from "../credentialChoice.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../resourceManagerApi.ts";
import { managementAddress } from "../vaultAddress.ts";
import type { Outcome } from "../vaultApi.ts";
import { withDeadline } from "./deadline.ts";
import { GuardedCalls } from "./guardedCalls.ts";
import type { Line, Operation } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { azureSubscriptionOf, azureVaultOf } from "./managementAnswers.ts";
import { connectManagement } from "./managementConnection.ts";
import type { ManagementClients } from "./managementConnection.ts";
import type { TokenBroker } from "./tokenBroker.ts";
import { ownFault } from "./vaultFault.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";

export interface ResourceManagerOptions {
  readonly tokens: TokenBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: () => number;
  /** The transport, for tests; the SDK's own otherwise. */
  readonly httpClient?: HttpClient;
}

const operationLimitMs = 60_000;
const refused = { ok: false, reason: "service-error", cause: "service-error" } as const;

/** Azure Resource Manager through Azure's SDK. One per process: at most 4 requests run at once. */
export function createResourceManagerApi(options: ResourceManagerOptions): ResourceManagerApi {
  const { clock, log } = options;
  const attempts = new AsyncLocalStorage<Attempt>();
  const calls = new GuardedCalls({ ...options, attempts });
  const lines = managementLines(options, attempts);

  const operate = async <T>(what: string, login: ResourceManagerLogin, signal: AbortSignal, work: (operation: Operation<ManagementClients>) => Promise<T>): Promise<Outcome<T>> => {
    const line = lines(login);
    if (line === undefined) return refused;
    return calls.operate(what, line, signal, (operation) => withDeadline(clock, operationLimitMs, signal, (deadline) => work({ ...operation, signal: deadline.signal })));
  };

  const tellDropped = (dropped: number): void => {
    if (dropped > 0) log.warn(`Resource Manager: ${String(dropped)} entries are not what they say, and are left out`);
  };

  return {
    listSubscriptions: (login, signal) =>
      operate("listSubscriptions", login, signal, async (operation) => {
        const all = [];
        let listed = 0;
        for await (const page of calls.pages(operation, "/subscriptions", undefined, (client) => client.subscriptions.subscriptions.list())) {
          listed += page.length;
          all.push(...page.map((item) => azureSubscriptionOf(item, login.cloud)).filter((subscription) => subscription !== undefined));
        }
        tellDropped(listed - all.length);
        return all;
      }),
    listVaults: async (login, subscription, onPage, signal) => {
      if (!isGuid(subscription)) return refused;
      const id = subscription.toLowerCase();
      return operate("listVaults", login, signal, async (operation) => {
        const all = [];
        let listed = 0;
        for await (const page of calls.pages(operation, `/subscriptions/${id}/providers/Microsoft.KeyVault/vaults`, undefined, (client) => client.keyVault(id).vaults.listBySubscription())) {
          const vaults = page.map((item) => azureVaultOf(item, login.cloud, id)).filter((vault) => vault !== undefined);
          listed += page.length;
          all.push(...vaults);
          // A deadline that has passed ends the caller's wait; what comes after it is nobody's.
          if (!operation.signal.aborted) onPage(vaults);
        }
        tellDropped(listed - all.length);
        return all;
      });
    },
    isVaultNameFree: async (login, subscription, name, signal) => {
      if (!isVaultName(name)) return { ok: false, reason: "bad-vault-name" };
      if (!isGuid(subscription)) return refused;
      const id = subscription.toLowerCase();
      return operate("isVaultNameFree", login, signal, (operation) =>
        calls.request(operation, { method: "POST", path: `/subscriptions/${id}/providers/Microsoft.KeyVault/checkNameAvailability` }, async (client) => {
          const { nameAvailable } = await client.keyVault(id).vaults.checkNameAvailability({ name, type: "Microsoft.KeyVault/vaults" });
          if (typeof nameAvailable !== "boolean") throw ownFault("BrokenAnswer");
          return nameAvailable;
        }),
      );
    },
  };
}

/** The line of each login; undefined where the tenant is no GUID or the cloud is none of ours. */
function managementLines(options: ResourceManagerOptions, attempts: AsyncLocalStorage<Attempt>): (login: ResourceManagerLogin) => Line<ManagementClients> | undefined {
  const lines = new Map<string, Line<ManagementClients>>();
  const limiter = createVaultLimiter(options.clock);
  return (login) => {
    const address = managementAddress(login.cloud);
    if (address === undefined || !isGuid(login.tenant)) return undefined;
    const key = `${login.cloud} ${login.tenant.toLowerCase()} ${credentialKey(login.credential)}`;
    const line: Line<ManagementClients> = lines.get(key) ?? {
      name: "Resource Manager",
      origin: address.origin,
      limiter,
      connect: () => connectManagement({ ...options, login, address, attempts, beforeSend: (signal) => limiter.beforeSend(signal) }),
      connection: undefined,
    };
    lines.set(key, line);
    return line;
  };
}
