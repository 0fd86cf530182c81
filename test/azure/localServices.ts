import { createAccessTokens } from "./accessTokens.ts";
import type { AccessTokens } from "./accessTokens.ts";
import { serviceOfHost } from "./clouds.ts";
import { createDirectory } from "./directory.ts";
import type { Directory } from "./directory.ts";
import { answerEntra } from "./entra.ts";
import { answerKeyVault } from "./keyVault.ts";
import { badGateway } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import { answerResourceManager } from "./resourceManager.ts";
import type { StoredSubscription } from "./resourceManager.ts";
import { createVaultStore } from "./vaultStore.ts";
import type { VaultStore } from "./vaultStore.ts";

/** The services' state, and the one way in for requests. */
export interface LocalServices {
  readonly tokens: AccessTokens;
  readonly tokenLifetimeSeconds: number;
  readonly directory: Directory;
  readonly subscriptions: Map<string, StoredSubscription>;
  readonly store: VaultStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
  readonly answer: (request: LocalRequest) => LocalAnswer;
}

export interface LocalServicesOptions {
  readonly now?: () => number;
  readonly tokenLifetimeSeconds?: number;
  readonly armPageSize?: number;
}

export function createLocalServices(options: LocalServicesOptions): LocalServices {
  let offsetMs = 0;
  const now = (): number => (options.now ?? Date.now)() + offsetMs;
  const tokens = createAccessTokens(now);
  const directory = createDirectory();
  const subscriptions = new Map<string, StoredSubscription>();
  const store = createVaultStore(now);
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? 3599;
  return {
    tokens,
    tokenLifetimeSeconds,
    directory,
    subscriptions,
    store,
    now,
    advance(milliseconds) {
      offsetMs += milliseconds;
    },
    answer(request) {
      const target = serviceOfHost(request.host);
      switch (target?.service) {
        case "vault": {
          const vault = store.find(target.vault, target.cloud);
          return vault === undefined ? badGateway : answerKeyVault({ vault, tokens, now: now() }, request);
        }
        case "entra":
          return answerEntra({ cloud: target.cloud, directory, tokens, tokenLifetimeSeconds, now: now() }, request);
        case "resourceManager":
          return answerResourceManager({ cloud: target.cloud, tokens, subscriptions, vaults: store.all(target.cloud), pageSize: options.armPageSize ?? 100 }, request);
        case undefined:
          return badGateway;
      }
    },
  };
}
