import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessTokens } from "./accessTokens.ts";
import { createCertificateAuthority } from "./certificates.ts";
import { answerCliToken } from "./cliToken.ts";
import { serviceOfHost } from "./clouds.ts";
import type { CloudName } from "./clouds.ts";
import { addApp, addUser, createDirectory, principalOf } from "./directory.ts";
import type { AppOptions, UserOptions } from "./directory.ts";
import { answerEntra } from "./entra.ts";
import { createFaults, reachesService } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { sendAnswer } from "./faultyAnswer.ts";
import { startInspectingProxy } from "./inspectingProxy.ts";
import type { TunnelledRequest } from "./inspectingProxy.ts";
import { answerKeyVault } from "./keyVault.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import { createRequestLog } from "./requestLog.ts";
import type { RecordedRequest } from "./requestLog.ts";
import { answerResourceManager } from "./resourceManager.ts";
import type { StoredSubscription, SubscriptionOptions } from "./resourceManager.ts";
import type { Right, SecretOperation } from "./vaultAccess.ts";
import { createVaultStore } from "./vaultStore.ts";
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

const cliTokenPath = "/az/token";

/** Starts the local Azure on a free port of 127.0.0.1. It holds no vault yet: see addVault, or seedDemo in seed.ts. */
export async function startLocalAzure(options: LocalAzureOptions = {}): Promise<LocalAzure> {
  let offsetMs = 0;
  const now = (): number => (options.now ?? Date.now)() + offsetMs;
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? 3599;
  const tokens = createAccessTokens(now);
  const directory = createDirectory();
  const subscriptions = new Map<string, StoredSubscription>();
  const store = createVaultStore(now);
  const faults = createFaults();
  const log = createRequestLog();
  const stopping = new AbortController();
  const authority = createCertificateAuthority();

  const answer = (request: LocalRequest): LocalAnswer => {
    const target = serviceOfHost(request.host);
    switch (target?.service) {
      case "vault": {
        const vault = store.find(target.vault, target.cloud);
        return vault === undefined ? noSuchHost : answerKeyVault({ vault, tokens, now: now() }, request);
      }
      case "entra":
        return answerEntra({ cloud: target.cloud, directory, tokens, tokenLifetimeSeconds, now: now() }, request);
      case "resourceManager":
        return answerResourceManager({ cloud: target.cloud, tokens, subscriptions, vaults: store.all(target.cloud), pageSize: options.armPageSize ?? 100 }, request);
      case undefined:
        return noSuchHost;
    }
  };

  const respond = async ({ host, request, response, socket }: TunnelledRequest): Promise<void> => {
    const local = await readRequest(host, request);
    const setStatus = log.add(local, "answered", now());
    const fault = faults.take(local);
    const real = fault === undefined || reachesService(fault) ? answer(local) : noSuchHost;
    const withIds = { ...real, headers: { ...real.headers, ...serviceHeaders(host) } };
    setStatus(await sendAnswer({ response, socket, stopped: stopping.signal }, withIds, fault));
  };

  const proxy = await startInspectingProxy({
    authority,
    admit(host, port) {
      const target = port === 443 ? serviceOfHost(host) : undefined;
      if (target?.service === "vault" && store.find(target.vault, target.cloud) === undefined) {
        log.addConnect(host, port, "unknownVault", now());
        return options.unknownVault ?? "refuse";
      }
      if (target === undefined) {
        log.addConnect(host, port, "unexpected", now());
      }
      return target === undefined ? "refuse" : "tunnel";
    },
    onRequest(tunnelled) {
      respond(tunnelled).catch(() => tunnelled.response.destroy());
    },
    onPlainRequest(request, response) {
      if (request.url?.startsWith(`${cliTokenPath}?`) === true) {
        sendPlain(response, answerCliToken({ directory, tokens, tokenLifetimeSeconds, now: now() }, new URL(request.url, "http://127.0.0.1").searchParams));
        return;
      }
      log.addPlain(request.method ?? "", request.url ?? "", now());
      sendPlain(response, noSuchHost);
    },
  });

  const folder = mkdtempSync(join(tmpdir(), "keyline-azure-"));
  const caPemPath = join(folder, "ca.pem");
  writeFileSync(caPemPath, authority.caPem);
  const url = `http://127.0.0.1:${String(proxy.port)}`;

  const addSubscription = (subscription: SubscriptionOptions): void => {
    directory.tenants.add(subscription.tenant);
    const cloud: CloudName = subscription.cloud ?? "public";
    subscriptions.set(subscription.id, { displayName: `Subscription ${String(subscriptions.size + 1)}`, state: "Enabled", ...subscription, cloud, readers: new Set() });
  };

  return {
    proxy: { url, caPemPath, caPem: authority.caPem },
    controlUrl: `${url}${cliTokenPath}`,
    env: () => ({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: caPemPath, NO_PROXY: "127.0.0.1,localhost" }),
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
    registerApp: (app) => {
      addApp(directory, app);
    },
    registerUser: (user) => {
      addUser(directory, user);
    },
    grant: (vault, principal, ...rights) => {
      store.grant(vault, principalOf(directory, principal).objectId, rights);
    },
    deny: (vault, principal, ...operations) => {
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
      return tokens.mint({ tenant: tenant ?? tenants[0], clientId, objectId }, audience, tokenLifetimeSeconds);
    },
    revokeTokens: (reason = "revoked") => {
      tokens.revokeAll(reason);
    },
    now,
    advance(milliseconds) {
      offsetMs += milliseconds;
    },
    get requests() {
      return log.all();
    },
    clearRequests: log.clear,
    fault: faults.add,
    clearFaults: faults.clear,
    async stop() {
      stopping.abort();
      await proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const noSuchHost: LocalAnswer = { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad Gateway</html>" };

/** Headers as recorded from the real services; the network one holds the caller's address. */
function serviceHeaders(host: string): Record<string, string> {
  const common = { "cache-control": "no-cache", "x-ms-request-id": crypto.randomUUID() };
  if (serviceOfHost(host)?.service !== "vault") {
    return common;
  }
  return { ...common, "x-ms-keyvault-region": "westeurope", "x-ms-keyvault-network-info": "conn_type=Ipv4;addr=203.0.113.7;act_addr_fam=InterNetwork;" };
}

async function readRequest(host: string, request: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  return { method: request.method ?? "", host, path, query: new URLSearchParams(query.join("?")), headers: request.headers, body: Buffer.concat(chunks) };
}

function sendPlain(response: ServerResponse, answer: LocalAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}
