import type { AzureDirectory, AzureSubscription, AzureVault } from "../../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import { credentialKey } from "../../../server/src/vault/credentialChoice.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../../../server/src/vault/resourceManagerApi.ts";

export interface AzureDirectoryContext {
  readonly resourceManager: ResourceManagerApi;
  readonly clock: Clock;
  readonly isTrusted: () => boolean;
  readonly isApproved: (vault: VaultTarget) => boolean;
  readonly credentialOf: (vault: VaultTarget) => CredentialChoice;
}

/** What Resource Manager has told in this session: kept in memory alone, and asked for silently. */
export interface AzureDirectorySource {
  /** The vaults that are worth knowing about from now on; replaces what was wanted before. */
  want(vaults: readonly VaultTarget[]): void;
  /** What a person has fetched. */
  putListed(subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]): void;
  /** Trust, an approval, a credential or the sign-in has changed: what has failed is asked again at once. */
  recheck(): void;
  /** The same object while nothing has changed. */
  directory(): AzureDirectory;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
  dispose(): void;
}

const freshMs = 600_000;
const failureMs = 120_000;

/**
 * Asks only in a trusted window, only for approved vaults whose connector names a tenant, with the vault's own
 * credential, and once in 10 minutes for each identity, cloud and tenant.
 *
 * Invariant: `freeNames` and `unknownTenants` hold positive answers that are fresh. What could not be asked is in neither.
 */
export function createAzureDirectory(context: AzureDirectoryContext): AzureDirectorySource {
  return new Directory(context);
}

/** Vaults that one identity is asked about, in one tenant. */
interface Group {
  readonly login: ResourceManagerLogin;
  readonly vaults: readonly VaultTarget[];
}

/** What one identity has seen in one tenant. */
interface Sight {
  /** Those that can be worked with. */
  readonly subscriptions: readonly AzureSubscription[];
  readonly tenantUnknown: boolean;
  readonly failed: boolean;
  /** Monotonic: until then nothing is asked again. */
  readonly until: number;
  /** By vault key: whether nobody uses the name; undefined where it could not be told. */
  readonly free: ReadonlyMap<string, boolean | undefined>;
}

interface View {
  readonly login: ResourceManagerLogin;
  loading: boolean;
  sight: Sight | undefined;
}

class Directory implements AzureDirectorySource {
  readonly #context: AzureDirectoryContext;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #views = new Map<string, View>();
  readonly #subscriptions = new Map<string, AzureSubscription>();
  readonly #vaults = new Map<string, AzureVault>();
  #wanted: readonly VaultTarget[] = [];
  #directory: AzureDirectory = emptyDirectory;
  #cancelTimer: (() => void) | undefined;

  constructor(context: AzureDirectoryContext) {
    this.#context = context;
  }

  want(vaults: readonly VaultTarget[]): void {
    this.#wanted = vaults;
    this.#update();
  }

  putListed(subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]): void {
    this.#add(subscriptions, vaults);
    this.#publish();
  }

  recheck(): void {
    // What has failed may succeed now.
    for (const [key, view] of this.#views) if (view.sight?.failed === true && !view.loading) this.#views.delete(key);
    this.#update();
  }

  directory(): AzureDirectory {
    return this.#directory;
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#stop.abort();
    this.#cancelTimer?.();
    this.#listeners.clear();
  }

  #update(): void {
    if (this.#stop.signal.aborted) return;
    const groups = this.#groups();
    for (const [key, view] of this.#views) if (!view.loading && !groups.has(key) && this.#isDue(view)) this.#views.delete(key);
    for (const [key, group] of groups) {
      const view = this.#views.get(key) ?? { login: group.login, loading: false, sight: undefined };
      this.#views.set(key, view);
      if (!view.loading && (this.#isDue(view) || this.#unasked(view.sight, group.vaults).length > 0)) void this.#look(view, group);
    }
    this.#publish();
    this.#setTimer();
  }

  /** The wanted vaults that may be asked about now, by whom they are asked about. */
  #groups(): ReadonlyMap<string, Group> {
    const { isTrusted, isApproved, credentialOf } = this.#context;
    const groups = new Map<string, { readonly login: ResourceManagerLogin; readonly vaults: VaultTarget[] }>();
    if (!isTrusted()) return groups;
    for (const vault of this.#wanted) {
      if (vault.tenant === undefined || !isGuid(vault.tenant) || !isApproved(vault)) continue;
      const login: ResourceManagerLogin = { cloud: vault.cloud, tenant: vault.tenant.toLowerCase(), credential: credentialOf(vault) };
      const key = `${credentialKey(login.credential)} ${login.cloud} ${login.tenant}`;
      const group = groups.get(key) ?? { login, vaults: [] };
      group.vaults.push(vault);
      groups.set(key, group);
    }
    return groups;
  }

  /** What was seen stays until all of what is seen now is there. */
  async #look(view: View, { login, vaults }: Group): Promise<void> {
    view.loading = true;
    try {
      const sight = view.sight === undefined || this.#isDue(view) ? await this.#load(login) : view.sight;
      view.sight = { ...sight, free: await this.#askNames(login, sight, vaults) };
    } catch {
      // The adapter answers with outcomes; what comes here is that it could not be loaded at all.
      view.sight = this.#failure(false);
    }
    view.loading = false;
    // Vaults may have become wanted meanwhile.
    this.#update();
  }

  async #load(login: ResourceManagerLogin): Promise<Sight> {
    const { resourceManager, clock } = this.#context;
    const { signal } = this.#stop;
    const listed = await resourceManager.listSubscriptions(login, signal);
    if (!listed.ok) return this.#failure(listed.cause === "tenant-not-found" || listed.reason === "tenant-not-found");
    this.#add(listed.value, []);
    const subscriptions = listed.value.filter((subscription) => subscription.state === "Enabled");
    const complete = await Promise.all(
      subscriptions.map(async ({ id }) => {
        const vaults = await resourceManager.listVaults(login, id, () => undefined, signal);
        if (!vaults.ok) return false;
        for (const [key, vault] of this.#vaults) if (vault.cloud === login.cloud && vault.subscription === id) this.#vaults.delete(key);
        this.#add([], vaults.value);
        return true;
      }),
    );
    const failed = complete.includes(false);
    return { subscriptions, tenantUnknown: false, failed, until: clock.monotonic() + (failed ? failureMs : freshMs), free: new Map() };
  }

  #failure(tenantUnknown: boolean): Sight {
    return { subscriptions: [], tenantUnknown, failed: true, until: this.#context.clock.monotonic() + failureMs, free: new Map() };
  }

  async #askNames(login: ResourceManagerLogin, sight: Sight, vaults: readonly VaultTarget[]): Promise<Sight["free"]> {
    const subscription = sight.subscriptions[0]?.id;
    if (subscription === undefined) return sight.free;
    const { resourceManager } = this.#context;
    const answers = await Promise.all(
      this.#unasked(sight, vaults).map(async (vault) => {
        const free = await resourceManager.isVaultNameFree(login, subscription, vault.name, this.#stop.signal);
        return [vaultKey(vault), free.ok ? free.value : undefined] as const;
      }),
    );
    return new Map([...sight.free, ...answers]);
  }

  /** The wanted vaults that nobody has listed and whose names were not asked about yet. */
  #unasked(sight: Sight | undefined, vaults: readonly VaultTarget[]): readonly VaultTarget[] {
    if (sight === undefined || sight.subscriptions.length === 0) return [];
    return vaults.filter((vault) => !this.#vaults.has(vaultKey(vault)) && !sight.free.has(vaultKey(vault)));
  }

  #isDue({ sight }: View): boolean {
    return sight === undefined || sight.until <= this.#context.clock.monotonic();
  }

  #add(subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]): void {
    for (const subscription of subscriptions) this.#subscriptions.set(`${subscription.cloud} ${subscription.id}`, subscription);
    for (const vault of vaults) this.#vaults.set(vaultKey(vault), vault);
  }

  /** Looks again when the first answer grows old. */
  #setTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { clock } = this.#context;
    const next = Math.min(...[...this.#views.values()].map((view) => (view.loading ? undefined : view.sight?.until) ?? Number.POSITIVE_INFINITY));
    if (this.#stop.signal.aborted || !Number.isFinite(next)) return;
    this.#cancelTimer = clock.after(Math.max(next - clock.monotonic(), 0), () => {
      this.#update();
    });
  }

  #publish(): void {
    const sights = [...this.#views.values()].flatMap(({ login, sight }) => (sight === undefined ? [] : [{ login, sight }]));
    const free = sights.flatMap(({ sight }) => [...sight.free].filter(([key, isFree]) => isFree === true && !this.#vaults.has(key)).map(([key]) => key));
    const next: AzureDirectory = {
      subscriptions: [...this.#subscriptions.values()],
      vaults: [...this.#vaults.values()],
      freeNames: [...new Set(free)],
      unknownTenants: [...new Set(sights.filter(({ sight }) => sight.tenantUnknown).map(({ login }) => login.tenant))],
    };
    if (JSON.stringify(next) === JSON.stringify(this.#directory)) return;
    this.#directory = next;
    for (const listener of this.#listeners) listener();
  }
}
