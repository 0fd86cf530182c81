/** Azure Resource Manager through Azure's SDKs: which subscriptions and vaults the identity can see. */
import type { KeyVaultManagementClient, Vault } from "@azure/arm-keyvault";
import type { SubscriptionClient, Subscription } from "@azure/arm-resources-subscriptions";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { AzureSubscription, AzureVault } from "../../core/model/azureDirectory.ts";
import type { Cloud } from "../../core/model/vaultTarget.ts";
import { isGuid, isVaultName } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import { credentialKey } from "../credentialChoice.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../resourceManagerApi.ts";
import { allowedNextLink, checkVaultUrl, vaultAddress } from "../vaultAddress.ts";
import type { Outcome } from "../vaultApi.ts";
import type { AllowedRequest, Attempt } from "./guardedHttpClient.ts";
import { guardedHttpClient } from "./guardedHttpClient.ts";
import { hiddenAgentPolicy } from "./hiddenAgentPolicy.ts";
import { ServiceCalls } from "./serviceCalls.ts";
import type { TokenBroker, TokenRequest } from "./tokenBroker.ts";
import { tokenOf } from "./tokenUse.ts";
import { VaultFault } from "./vaultFault.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";

const maxPages = 2000;

export interface ResourceManagerOptions {
  readonly tokens: TokenBroker;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  /** The transport, for tests; the SDK's own otherwise. */
  readonly httpClient?: HttpClient;
}

export function createResourceManagerApi(options: ResourceManagerOptions): ResourceManagerApi {
  const manager = new ResourceManager(options);
  return {
    listSubscriptions: (login, signal) =>
      manager.operate("listSubscriptions", login, signal, async (line) => {
        const all: AzureSubscription[] = [];
        const path = "/subscriptions";
        for await (const page of manager.pages(line, path, signal, (token) => line.subscriptions.subscriptions.list().byPage(token))) {
          all.push(...page.map((one) => subscriptionOf(one, login.cloud)).filter((one) => one !== undefined));
        }
        return all;
      }),
    listVaults: (login, subscription, onPage, signal) =>
      manager.operateIn("listVaults", login, subscription, signal, async (line) => {
        const all: AzureVault[] = [];
        const path = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/vaults`;
        const client = line.vaults(subscription);
        for await (const page of manager.pages(line, path, signal, (token) => client.vaults.listBySubscription().byPage(token))) {
          const vaults = page.map((one) => vaultOf(one, login.cloud, subscription)).filter((one) => one !== undefined);
          all.push(...vaults);
          onPage(vaults);
        }
        return all;
      }),
    isVaultNameFree: (login, subscription, name, signal) => {
      if (!isVaultName(name)) return Promise.resolve({ ok: false, reason: "bad-vault-name" });
      return manager.operateIn("isVaultNameFree", login, subscription, signal, async (line) => {
        const client = line.vaults(subscription);
        const path = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/checkNameAvailability`;
        const answer = await manager.request(line, { method: "POST", path }, signal, () => client.vaults.checkNameAvailability({ name, type: "Microsoft.KeyVault/vaults" }));
        if (typeof answer.nameAvailable !== "boolean") throw brokenAnswer("NoVerdict");
        return answer.nameAvailable;
      });
    },
  };
}

/** Resource Manager of one cloud as one identity calls it. */
interface Line {
  readonly login: ResourceManagerLogin;
  readonly origin: string;
  readonly subscriptions: SubscriptionClient;
  vaults(subscription: string): KeyVaultManagementClient;
}

interface Paged<T> {
  next(): Promise<IteratorResult<readonly T[]>>;
}

class ResourceManager {
  readonly #options: ResourceManagerOptions;
  readonly #calls: ServiceCalls;
  readonly #limiter: ReturnType<typeof createVaultLimiter>;
  readonly #lines = new Map<string, Promise<Line>>();

  constructor(options: ResourceManagerOptions) {
    this.#options = options;
    this.#calls = new ServiceCalls(options);
    this.#limiter = createVaultLimiter(options.clock);
  }

  operate<T>(what: string, login: ResourceManagerLogin, signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<Outcome<T>> {
    return this.#calls.operate(what, signal, async () => work(await this.#line(login)));
  }

  /** The same in a subscription: what is no GUID never becomes a part of a URL. */
  operateIn<T>(what: string, login: ResourceManagerLogin, subscription: string, signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<Outcome<T>> {
    if (!isGuid(subscription)) return Promise.resolve({ ok: false, reason: "service-error", cause: "service-error" });
    return this.operate(what, login, signal, work);
  }

  request<T>(line: Line, allowed: AllowedRequest, signal: AbortSignal, send: (attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#calls.request({
      allowed: [allowed],
      limiter: this.#limiter,
      signal,
      send,
      refused: ({ token }) => {
        if (token !== undefined) this.#options.tokens.forget(tokenRequest(line.login), token);
      },
    });
  }

  async *pages<T>(line: Line, path: string, signal: AbortSignal, list: (token: { continuationToken?: string }) => Paged<T>): AsyncGenerator<readonly T[]> {
    const seen = new Set<string>();
    let next: string | undefined;
    for (let count = 0; count < maxPages; count++) {
      const from = next === undefined ? {} : { continuationToken: next };
      const page = await this.request(line, { method: "GET", path }, signal, async (attempt) => {
        const result = await list(from).next();
        return { items: result.done === true ? [] : result.value, nextLink: attempt.nextLink };
      });
      yield page.items;
      if (page.nextLink === undefined) return;
      next = allowedNextLink(page.nextLink, line.origin, path);
      if (next === undefined) throw brokenAnswer("ForeignNextLink");
      if (seen.has(next)) throw brokenAnswer("LoopingNextLink");
      seen.add(next);
    }
    throw brokenAnswer("TooManyPages");
  }

  #line(login: ResourceManagerLogin): Promise<Line> {
    const key = `${login.cloud} ${login.tenant.toLowerCase()} ${credentialKey(login.credential)}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = this.#connect(login);
      this.#lines.set(key, line);
    }
    return line;
  }

  /** The SDKs are loaded here, when Resource Manager is first asked. */
  async #connect(login: ResourceManagerLogin): Promise<Line> {
    const { tokens, clock, httpClient } = this.#options;
    const [arm, subscriptions, { createDefaultHttpClient, createHttpHeaders }] = await Promise.all([
      import("@azure/arm-keyvault"),
      import("@azure/arm-resources-subscriptions"),
      import("@azure/core-rest-pipeline"),
    ]);
    // Any valid name does: the host depends on the cloud alone.
    const origin = vaultAddress({ name: "vault", cloud: login.cloud })?.armHost;
    if (origin === undefined) throw brokenAnswer("UnknownCloud");
    const client = guardedHttpClient({
      inner: httpClient ?? createDefaultHttpClient(),
      origin,
      attempts: this.#calls.attempts,
      createHeaders: createHttpHeaders,
      token: async (signal) => tokenOf(await tokens.token(tokenRequest(login), signal)),
      beforeSend: (signal) => this.#limiter.beforeSend(signal),
      now: () => clock.now(),
    });
    const sdkOptions = { endpoint: origin, httpClient: client, retryOptions: { maxRetries: 0 }, redirectOptions: { maxRetries: 0 }, additionalPolicies: [hiddenAgentPolicy] };
    return {
      login,
      origin,
      subscriptions: new subscriptions.SubscriptionClient(placeholder, sdkOptions),
      vaults: (subscription) => new arm.KeyVaultManagementClient(placeholder, subscription, sdkOptions),
    };
  }
}

/** Stands in the SDK's hands where the token would; the real one is put in at the gate and kept nowhere else. */
const placeholder = { getToken: () => Promise.resolve({ token: "placeholder", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };

function tokenRequest({ cloud, tenant, credential }: ResourceManagerLogin): TokenRequest {
  return { cloud, tenant, audience: "arm", credential };
}

function brokenAnswer(code: string): VaultFault {
  return new VaultFault({ reason: "service-error", cause: "service-error", retryable: false, code });
}

function subscriptionOf(subscription: Subscription, cloud: Cloud): AzureSubscription | undefined {
  const { subscriptionId: id, displayName, tenantId, state } = subscription;
  if (id === undefined || !isGuid(id)) return undefined;
  return { id: id.toLowerCase(), name: displayName ?? id, cloud, state: state ?? "Unknown", ...(tenantId !== undefined && isGuid(tenantId) ? { tenant: tenantId.toLowerCase() } : {}) };
}

/** Undefined for an entry that is not what it says: its address is the name's own, or it is left out. */
function vaultOf(vault: Vault, cloud: Cloud, subscription: string): AzureVault | undefined {
  const { name, location, properties } = vault;
  if (name === undefined || !isVaultName(name) || typeof properties.tenantId !== "string" || !isGuid(properties.tenantId)) return undefined;
  if (properties.vaultUri !== undefined && checkVaultUrl(properties.vaultUri, cloud)?.name !== name.toLowerCase()) return undefined;
  const retentionDays = properties.softDeleteRetentionInDays;
  return {
    name,
    cloud,
    subscription: subscription.toLowerCase(),
    resourceGroup: /\/resourceGroups\/([^/]{1,90})\//i.exec(vault.id ?? "")?.[1] ?? "",
    location: location ?? "",
    tenant: properties.tenantId.toLowerCase(),
    // Absent on an old vault: access policies decide (Azure's documents on access control defaults).
    rbac: properties.enableRbacAuthorization === true,
    purgeProtection: properties.enablePurgeProtection === true,
    publicAccess: properties.publicNetworkAccess?.toLowerCase() !== "disabled",
    ...(retentionDays === undefined ? {} : { retentionDays }),
  };
}
