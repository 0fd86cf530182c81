import type { AzureDirectory, AzureSubscription, AzureVault } from "../../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import { credentialKey } from "../../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../../../server/src/vault/resourceManagerApi.ts";

export interface AzureDirectoryContext {
  readonly resourceManager: ResourceManagerApi;
  readonly clock: Clock;
  readonly credential: (vault: VaultTarget) => CredentialChoice;
  /** Whether Azure may be asked about the vault: the workspace is trusted and the vault approved. */
  readonly mayAsk: (vault: VaultTarget) => boolean;
}

/**
 * What Resource Manager has told in this session: subscriptions, vaults, names that nobody uses. Kept in memory alone.
 *
 * Invariant: a workspace can name a vault, but Resource Manager is asked only about approved ones, with the person's own
 * credential for that vault. Nothing waits for it; what is not known stays unknown.
 */
export interface AzureDirectoryCache {
  directory(): AzureDirectory;
  /** The vaults about which something is worth knowing. Asks once in 10 minutes for each identity and tenant. */
  want(vaults: readonly VaultTarget[]): void;
  /** What a person has fetched. */
  putListed(subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]): void;
  /** Asks again when something is wanted next. */
  forget(): void;
  onDidChange(listener: () => void): () => void;
  dispose(): void;
}

const freshMs = 600_000;
const failureMs = 120_000;
const parallel = 4;

export function createAzureDirectory(context: AzureDirectoryContext): AzureDirectoryCache {
  const { clock } = context;
  const listeners = new Set<() => void>();
  /** By identity and tenant: until when (monotonic) it is not asked again. */
  const asked = new Map<string, number>();
  const namesAsked = new Map<string, number>();
  const flights = new AbortController();
  let directory = emptyDirectory;

  function change(next: Partial<AzureDirectory>): void {
    directory = { ...directory, ...next };
    for (const listener of listeners) listener();
  }

  function putListed(subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]): void {
    const taken = new Set(vaults.map(vaultKey));
    change({
      subscriptions: merged(directory.subscriptions, subscriptions, ({ cloud, id }) => `${cloud}/${id}`),
      vaults: merged(directory.vaults, vaults, vaultKey),
      freeNames: directory.freeNames.filter((key) => !taken.has(key)),
    });
  }

  async function askTenant(login: ResourceManagerLogin): Promise<boolean> {
    const { resourceManager } = context;
    const { signal } = flights;
    const listed = await resourceManager.listSubscriptions(login, signal);
    if (!listed.ok) {
      if (listed.cause === "tenant-not-found") change({ unknownTenants: [...new Set([...directory.unknownTenants, login.tenant.toLowerCase()])] });
      return false;
    }
    putListed(listed.value, []);
    const enabled = listed.value.filter((subscription) => subscription.state === "Enabled");
    const all = await eachOf(enabled, async (subscription) => {
      const vaults = await resourceManager.listVaults(login, subscription.id, () => undefined, signal);
      if (vaults.ok) putListed([], vaults.value);
      return vaults.ok;
    });
    return all.every((done) => done);
  }

  async function askName(login: ResourceManagerLogin, vault: VaultTarget): Promise<void> {
    const key = vaultKey(vault);
    const subscription = directory.subscriptions.find(({ cloud, state, tenant }) => cloud === vault.cloud && state === "Enabled" && tenant === login.tenant.toLowerCase());
    if (subscription === undefined || directory.vaults.some((known) => vaultKey(known) === key)) return;
    const free = await context.resourceManager.isVaultNameFree(login, subscription.id, vault.name, flights.signal);
    const others = directory.freeNames.filter((name) => name !== key);
    if (free.ok) change({ freeNames: free.value ? [...others, key] : others });
    namesAsked.set(key, clock.monotonic() + (free.ok ? freshMs : failureMs));
  }

  async function ask(login: ResourceManagerLogin, vaults: readonly VaultTarget[]): Promise<void> {
    const key = `${login.cloud} ${login.tenant.toLowerCase()} ${credentialKey(login.credential)}`;
    if (isDue(asked, key, clock)) {
      asked.set(key, clock.monotonic() + failureMs);
      if (await askTenant(login)) asked.set(key, clock.monotonic() + freshMs);
    }
    await eachOf(
      vaults.filter((vault) => isDue(namesAsked, vaultKey(vault), clock)),
      (vault) => askName(login, vault),
    );
  }

  return {
    directory: () => directory,
    want: (vaults) => {
      const groups = new Map<string, { readonly login: ResourceManagerLogin; readonly vaults: VaultTarget[] }>();
      for (const vault of vaults) {
        const { cloud, tenant } = vault;
        if (tenant === undefined || !context.mayAsk(vault)) continue;
        const credential = context.credential(vault);
        const key = `${cloud} ${tenant.toLowerCase()} ${credentialKey(credential)}`;
        const group = groups.get(key) ?? { login: { cloud, tenant, credential }, vaults: [] };
        group.vaults.push(vault);
        groups.set(key, group);
      }
      for (const group of groups.values()) void ask(group.login, group.vaults);
    },
    putListed,
    forget: () => {
      asked.clear();
      namesAsked.clear();
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      flights.abort();
      listeners.clear();
    },
  };
}

function isDue(times: ReadonlyMap<string, number>, key: string, clock: Clock): boolean {
  return clock.monotonic() >= (times.get(key) ?? 0);
}

/** The newer entry of each key, in order of first appearance. */
function merged<T>(known: readonly T[], more: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (more.length === 0) return known;
  return [...new Map([...known, ...more].map((item) => [keyOf(item), item])).values()];
}

async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, run));
  return results;
}
