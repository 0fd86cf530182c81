import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "./certificates.ts";
import { addApp, addUser, principalOf } from "./directory.ts";
import type { AppOptions, UserOptions } from "./directory.ts";
import { createFaults } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { cliTokenPath, listenAsProxy } from "./localListener.ts";
import { createLocalServices } from "./localServices.ts";
import type { LocalServices } from "./localServices.ts";
import { createRequestLog } from "./requestLog.ts";
import type { RecordedRequest } from "./requestLog.ts";
import type { SubscriptionOptions } from "./resourceManager.ts";
import type { Right, SecretOperation } from "./vaultAccess.ts";
import type { SecretChange, SecretInput, VaultOptions } from "./vaultState.ts";

export interface LocalAzureOptions {
  /** Epoch milliseconds; the real time where absent. */
  readonly now?: () => number;
  /** 3599, as Entra gives, where absent. */
  readonly tokenLifetimeSeconds?: number;
  /** Entries of one Resource Manager page. */
  readonly armPageSize?: number;
  /** What the proxy does when asked for a vault that does not exist: answer 502 (a failed look-up) or hang up. */
  readonly unknownVault?: "refuse" | "close";
}

/** Entra, Resource Manager and Key Vault in this process, behind their real host names by a proxy. State is in memory. */
export interface LocalAzure {
  readonly proxy: { readonly url: string; readonly caPemPath: string; readonly caPem: string };
  /** Address of the few requests that go to the local Azure itself, as the fake `az` makes them. */
  readonly controlUrl: string;
  /** What a process under test needs in its environment to come here instead of to Azure. */
  readonly env: () => Record<string, string>;

  readonly addSubscription: (options: SubscriptionOptions) => void;
  /** Adds the vault's subscription too where it is not there yet. */
  readonly addVault: (options: VaultOptions) => void;
  /** Changes options of a vault, for example its firewall, while it is in use. */
  readonly changeVault: (vault: string, change: Partial<Omit<VaultOptions, "name" | "cloud">>) => void;
  /** Adds a version and returns it: 32 hexadecimal digits. */
  readonly setSecret: (vault: string, name: string, input: SecretInput) => string;
  /** Changes one version's attributes, the latest one's where `version` is absent. */
  readonly updateSecret: (vault: string, name: string, change: SecretChange & { readonly version?: string }) => void;
  /** Deletes softly; `at` (epoch milliseconds) is now where absent. */
  readonly deleteSecret: (vault: string, name: string, at?: number) => void;

  readonly registerApp: (app: AppOptions) => void;
  readonly registerUser: (user: UserOptions) => void;
  /** `principal` is an object id or an application's client id. Roles count in RBAC vaults, permissions in others. */
  readonly grant: (vault: string, principal: string, ...rights: Right[]) => void;
  /** Takes every right away; with operations, refuses these whatever the rights are. */
  readonly deny: (vault: string, principal: string, ...operations: SecretOperation[]) => void;
  /** Lets the principal see the subscription and its vaults in Resource Manager. */
  readonly grantReader: (subscription: string, principal: string) => void;
  /** A token as Entra would give it; `audience` such as https://vault.azure.net, `tenant` the principal's home where absent. */
  readonly tokenFor: (principal: string, audience: string, tenant?: string) => string;
  /** Refuses every token given so far, with a claims challenge ("revoked") or the ordinary one ("expired"). */
  readonly revokeTokens: (reason?: "revoked" | "expired") => void;

  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Moves the clock of all services. */
  readonly advance: (milliseconds: number) => void;

  /** Every request seen so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  readonly clearRequests: () => void;
  /** Lets requests go wrong until the returned function is called. */
  readonly fault: (fault: Fault) => () => void;
  readonly clearFaults: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts the local Azure on a free port of 127.0.0.1. It holds no vault yet: see addVault, or seedDemo in seed.ts. */
export async function startLocalAzure(options: LocalAzureOptions = {}): Promise<LocalAzure> {
  const services = createLocalServices(options);
  const faults = createFaults();
  const log = createRequestLog();
  const authority = createCertificateAuthority();
  const proxy = await listenAsProxy({ services, faults, log, authority, unknownVault: options.unknownVault ?? "refuse" });
  const folder = mkdtempSync(join(tmpdir(), "keyline-azure-"));
  const caPemPath = join(folder, "ca.pem");
  writeFileSync(caPemPath, authority.caPem);
  const url = `http://127.0.0.1:${String(proxy.port)}`;
  return {
    proxy: { url, caPemPath, caPem: authority.caPem },
    controlUrl: `${url}${cliTokenPath}`,
    env: () => ({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: caPemPath, NO_PROXY: "127.0.0.1,localhost" }),
    ...vaultAdministration(services),
    ...directoryAdministration(services),
    now: services.now,
    advance: services.advance,
    get requests() {
      return log.all();
    },
    clearRequests: log.clear,
    fault: faults.add,
    clearFaults: faults.clear,
    async stop() {
      await proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function vaultAdministration(services: LocalServices): Pick<LocalAzure, "addSubscription" | "addVault" | "changeVault" | "setSecret" | "updateSecret" | "deleteSecret"> {
  const { directory, store, subscriptions } = services;
  const addSubscription = (subscription: SubscriptionOptions): void => {
    directory.tenants.add(subscription.tenant);
    const displayName = `Subscription ${String(subscriptions.size + 1)}`;
    subscriptions.set(subscription.id, { displayName, state: "Enabled", cloud: "public", ...subscription, readers: new Set() });
  };
  return {
    addSubscription,
    addVault(vault) {
      directory.tenants.add(vault.tenant);
      if (!subscriptions.has(vault.subscription)) {
        addSubscription({ id: vault.subscription, tenant: vault.tenant, ...(vault.cloud === undefined ? {} : { cloud: vault.cloud }) });
      }
      store.add(vault);
    },
    changeVault: store.change,
    setSecret: store.setSecret,
    updateSecret: store.updateSecret,
    deleteSecret: store.deleteSecret,
  };
}

function directoryAdministration(services: LocalServices): Pick<LocalAzure, "registerApp" | "registerUser" | "grant" | "deny" | "grantReader" | "tokenFor" | "revokeTokens"> {
  const { directory, store, subscriptions, tokens } = services;
  return {
    registerApp(app) {
      addApp(directory, app);
    },
    registerUser(user) {
      addUser(directory, user);
    },
    grant(vault, principal, ...rights) {
      store.grant(vault, principalOf(directory, principal).objectId, rights);
    },
    deny(vault, principal, ...operations) {
      store.deny(vault, principalOf(directory, principal).objectId, operations);
    },
    grantReader(subscription, principal) {
      const found = subscriptions.get(subscription);
      if (found === undefined) {
        throw new Error(`The local Azure has no subscription ${subscription}. Call addSubscription or addVault first.`);
      }
      found.readers.add(principalOf(directory, principal).objectId);
    },
    tokenFor(principal, audience, tenant) {
      const { tenants, clientId, objectId } = principalOf(directory, principal);
      return tokens.mint({ tenant: tenant ?? tenants[0], clientId, objectId }, audience, services.tokenLifetimeSeconds);
    },
    revokeTokens: (reason = "revoked") => {
      tokens.revokeAll(reason);
    },
  };
}
