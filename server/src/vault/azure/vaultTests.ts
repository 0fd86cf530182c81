/** The two steps of Test Connection through Azure's SDK. The only code of Keyline that writes into a vault for a test. */
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { SecretProperties } from "@azure/keyvault-secrets";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import { vaultKey } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import type { FaultCause } from "../faultCause.ts";
import { causeOfReason } from "../faultCause.ts";
import type { VaultAddress } from "../vaultAddress.ts";
import { allowedNextLink, vaultAddress } from "../vaultAddress.ts";
import type { Outcome } from "../vaultApi.ts";
import type { LeftOver, ReadTest, VaultTestApi, WriteStep, WriteTest } from "../vaultTestApi.ts";
import { isTestSecretName } from "../vaultTestApi.ts";
import type { AllowedRequest, Attempt } from "./guardedHttpClient.ts";
import { ServiceCalls } from "./serviceCalls.ts";
import type { TokenBroker, TokenRequest } from "./tokenBroker.ts";
import { credentialOf, tokenOf } from "./tokenUse.ts";
import type { VaultConnection } from "./vaultConnection.ts";
import { connectVault } from "./vaultConnection.ts";
import type { Fault } from "./vaultFault.ts";
import { VaultFault, faultOf, isSecretNotFound } from "./vaultFault.ts";
import type { VaultLimiter } from "./vaultLimiter.ts";
import { createVaultLimiter } from "./vaultLimiter.ts";
import { pause } from "./withRetries.ts";

/** What is written; it stands for no secret. */
const testValue = "keyline connection test";
const createdBy = "keyline";
const lifeMs = 3_600_000;
const pageSize = 25;
const maxPages = 2000;
/** A test is waited for by a person: it tries twice, not six times. */
const readTries = 2;
/** Deletion is asynchronous: seconds as a rule, 90 reported. */
const deletionLimitMs = 120_000;
const firstWaitMs = 2000;
const longestWaitMs = 8000;

export interface VaultTestsOptions {
  readonly tokens: TokenBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose token opens a vault; the broker's own source where absent. */
  readonly credential?: (vault: VaultTarget) => CredentialChoice;
  readonly random?: () => number;
  /** The transport, for tests; the SDK's own otherwise. */
  readonly httpClient?: HttpClient;
}

export function createVaultTestApi(options: VaultTestsOptions): VaultTestApi {
  const tests = new VaultTests(options);
  return {
    read: (vault, signal) => tests.operate("testRead", vault, signal, (line) => tests.read(line, signal)),
    write: (vault, run, onStep, signal) => {
      if (!isTestSecretName(run.name)) return refusedName();
      return tests.operate("testWrite", vault, signal, (line) => tests.write(line, run, onStep, signal));
    },
    leftOvers: (vault, signal) => tests.operate("testLeftOvers", vault, signal, (line) => tests.leftOvers(line, signal)),
    remove: (vault, leftOver, signal) => {
      if (!isTestSecretName(leftOver.name)) return refusedName();
      return tests.operate("testRemove", vault, signal, (line) => tests.remove(line, leftOver, signal));
    },
  };
}

function refusedName(): Promise<Outcome<never>> {
  return Promise.resolve({ ok: false, reason: "service-error", cause: "service-error" });
}

/** One vault during one operation: its client is new, and gone afterwards. */
interface Line {
  readonly target: VaultTarget;
  readonly address: VaultAddress;
  readonly limiter: VaultLimiter;
  readonly connection: VaultConnection;
}

class VaultTests {
  readonly #options: VaultTestsOptions;
  readonly #calls: ServiceCalls;
  readonly #limiters = new Map<string, VaultLimiter>();

  constructor(options: VaultTestsOptions) {
    this.#options = options;
    this.#calls = new ServiceCalls(options);
  }

  operate<T>(what: string, vault: VaultTarget, signal: AbortSignal, work: (line: Line) => Promise<T>): Promise<Outcome<T>> {
    const address = vaultAddress(vault);
    if (address === undefined) return Promise.resolve({ ok: false, reason: "bad-vault-name" });
    return this.#calls.operate(`${what} ${vault.name}`, signal, async () => work(await this.#connect(vault, address)));
  }

  async read(line: Line, signal: AbortSignal): Promise<ReadTest> {
    const secrets = await this.#page(line, "/secrets", signal);
    const levels = secrets.map((secret) => secret.recoveryLevel).filter((level) => level !== undefined);
    return {
      tenant: line.connection.tenant() ?? "",
      holdsSecrets: secrets.length > 0,
      ...(levels.length === 0 ? {} : { purgeProtected: levels.some((level) => !isPurgeable(level)) }),
    };
  }

  async write(line: Line, run: { readonly id: string; readonly name: string }, onStep: (step: WriteStep) => PromiseLike<void>, signal: AbortSignal): Promise<WriteTest> {
    await this.#warmUp(line, signal);
    await onStep("write");
    const written = await this.#put(line, run, signal);
    if ("cause" in written) {
      await onStep("done");
      return { write: written.cause };
    }
    const cleanUp = await this.#cleanUp(line, run.name, written.recoveryLevel, onStep);
    if (cleanUp === undefined) await onStep("done");
    return cleanUp === undefined ? {} : { cleanUp };
  }

  async leftOvers(line: Line, signal: AbortSignal): Promise<readonly LeftOver[]> {
    const living = await this.#listed(line, "/secrets", signal);
    const deleted = await this.#listed(line, "/deletedsecrets", signal).catch((error: unknown) => {
      // To see deleted secrets is a permission of its own.
      if (faultOf(error).status === 403) return [];
      throw error;
    });
    return [...leftOversOf(living, false), ...leftOversOf(deleted, true)];
  }

  async remove(line: Line, leftOver: LeftOver, signal: AbortSignal): Promise<WriteTest> {
    const found = await this.#find(line, leftOver, signal);
    if (found === undefined) return {};
    const cleanUp = leftOver.deleted
      ? await this.#purge(line, leftOver.name, found.recoveryLevel)
      : await this.#cleanUp(line, leftOver.name, found.recoveryLevel, () => Promise.resolve());
    return cleanUp === undefined ? {} : { cleanUp };
  }

  /**
   * A read by itself before any write: the SDK would send the body of a first write before it has checked the
   * challenge when another request of the client has failed or is under way. A refusal for want of the list
   * permission is as good: the challenge was checked and a token accepted.
   */
  async #warmUp(line: Line, signal: AbortSignal): Promise<void> {
    try {
      await this.#page(line, "/secrets", signal);
    } catch (error) {
      const { status, reason } = faultOf(error);
      if (status !== 403 || reason !== "forbidden") throw error;
    }
  }

  /** Writes once. Where it is not known whether the write has arrived, the vault is asked. */
  async #put(line: Line, run: { readonly id: string; readonly name: string }, signal: AbortSignal): Promise<{ readonly recoveryLevel: string | undefined } | { readonly cause: FaultCause }> {
    const expiresOn = new Date(this.#options.clock.now() + lifeMs);
    try {
      const secret = await this.#writing(line, [{ method: "PUT", path: `/secrets/${run.name}` }], signal, () =>
        line.connection.client.setSecret(run.name, testValue, { expiresOn, contentType: "text/plain", tags: { createdBy, run: run.id } }),
      );
      return { recoveryLevel: secret.properties.recoveryLevel };
    } catch (error) {
      const fault = faultOf(error);
      if (isRefusal(fault)) return { cause: causeFor(fault) };
      return this.#whetherWritten(line, run, fault);
    }
  }

  async #whetherWritten(line: Line, run: { readonly id: string; readonly name: string }, fault: Fault): Promise<{ readonly recoveryLevel: string | undefined } | { readonly cause: FaultCause }> {
    try {
      const versions = await this.#page(line, `/secrets/${run.name}/versions`, untilCleaned());
      const mine = versions.find((version) => version.tags?.["run"] === run.id);
      return mine === undefined ? { cause: causeFor(fault) } : { recoveryLevel: mine.recoveryLevel };
    } catch {
      // Nobody can tell: it is cleaned up as if it were there.
      return { recoveryLevel: undefined };
    }
  }

  async #cleanUp(line: Line, name: string, recoveryLevel: string | undefined, onStep: (step: WriteStep) => PromiseLike<void>): Promise<WriteTest["cleanUp"]> {
    await onStep("delete");
    try {
      await this.#delete(line, name);
      await this.#untilDeleted(line, name);
    } catch (error) {
      const fault = faultOf(error);
      if (isSecretNotFound(fault)) return undefined;
      return { step: "delete", cause: causeFor(fault) };
    }
    await onStep("purge");
    return this.#purge(line, name, recoveryLevel);
  }

  /** The SDK looks for the deleted secret in the same call; whether it is there yet is not asked here. */
  async #delete(line: Line, name: string): Promise<void> {
    const allowed: readonly AllowedRequest[] = [{ method: "DELETE", path: `/secrets/${name}` }, { method: "GET", path: `/deletedsecrets/${name}` }];
    let wasDeleted = false;
    try {
      await this.#writing(line, allowed, untilCleaned(), async (attempt) => {
        try {
          await line.connection.client.beginDeleteSecret(name);
        } finally {
          wasDeleted ||= attempt.written;
        }
      });
    } catch (error) {
      if (!wasDeleted) throw error;
    }
  }

  /** Returns when the vault lists the secret as deleted, or does not let us see; throws after 2 minutes. */
  async #untilDeleted(line: Line, name: string): Promise<void> {
    const { clock } = this.#options;
    const endsAt = clock.monotonic() + deletionLimitMs;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        await this.#reading(line, `/deletedsecrets/${name}`, untilCleaned(), () => line.connection.client.getDeletedSecret(name));
        return;
      } catch (error) {
        const fault = faultOf(error);
        if (fault.status === 403) return;
        if (!isSecretNotFound(fault)) throw error;
      }
      if (clock.monotonic() + waitMs > endsAt) throw new VaultFault({ reason: "unreachable", cause: "unreachable", retryable: false, code: "StillBeingDeleted" });
      await pause(clock, waitMs, untilCleaned());
    }
  }

  async #purge(line: Line, name: string, recoveryLevel: string | undefined): Promise<WriteTest["cleanUp"]> {
    if (recoveryLevel !== undefined && !isPurgeable(recoveryLevel)) return { step: "purge", cause: "purge-protection" };
    const { clock } = this.#options;
    const endsAt = clock.monotonic() + deletionLimitMs;
    for (;;) {
      try {
        await this.#writing(line, [{ method: "DELETE", path: `/deletedsecrets/${name}` }], untilCleaned(), () => line.connection.client.purgeDeletedSecret(name));
        return undefined;
      } catch (error) {
        const fault = faultOf(error);
        if (isSecretNotFound(fault)) return undefined;
        if (fault.code !== "ObjectIsBeingDeleted" || clock.monotonic() + longestWaitMs > endsAt) return { step: "purge", cause: causeFor(fault) };
      }
      await pause(clock, longestWaitMs, untilCleaned());
    }
  }

  /** The left-over as it is now: what does not bear our tag any more is none. */
  async #find(line: Line, leftOver: LeftOver, signal: AbortSignal): Promise<SecretProperties | undefined> {
    const path = leftOver.deleted ? `/deletedsecrets/${leftOver.name}` : `/secrets/${leftOver.name}/versions`;
    try {
      const found = leftOver.deleted
        ? [(await this.#reading(line, path, signal, () => line.connection.client.getDeletedSecret(leftOver.name))).properties]
        : await this.#page(line, path, signal);
      if (found.length > 0 && found.every((version) => version.tags?.["createdBy"] === createdBy)) return found[0];
      return undefined;
    } catch (error) {
      if (isSecretNotFound(faultOf(error))) return undefined;
      throw error;
    }
  }

  async #listed(line: Line, path: string, signal: AbortSignal): Promise<readonly SecretProperties[]> {
    const all: SecretProperties[] = [];
    let next: string | undefined;
    for (let count = 0; count < maxPages; count++) {
      const from = next;
      const page = await this.#pageAt(line, path, from, signal);
      all.push(...page.secrets);
      next = page.nextLink === undefined ? undefined : allowedNextLink(page.nextLink, line.address.origin, path);
      if (next === undefined || next === from) return all;
    }
    return all;
  }

  async #page(line: Line, path: string, signal: AbortSignal): Promise<readonly SecretProperties[]> {
    return (await this.#pageAt(line, path, undefined, signal)).secrets;
  }

  #pageAt(line: Line, path: string, from: string | undefined, signal: AbortSignal): Promise<{ readonly secrets: readonly SecretProperties[]; readonly nextLink: string | undefined }> {
    const settings = from === undefined ? { maxPageSize: pageSize } : { continuationToken: from };
    const { client } = line.connection;
    const name = /^\/secrets\/([^/]+)\/versions$/.exec(path)?.[1];
    return this.#reading(line, path, signal, async (attempt) => {
      const result =
        path === "/deletedsecrets"
          ? await client.listDeletedSecrets().byPage(settings).next()
          : await (name === undefined ? client.listPropertiesOfSecrets() : client.listPropertiesOfSecretVersions(name)).byPage(settings).next();
      const items = result.done === true ? [] : result.value;
      return { secrets: items.map((item) => ("properties" in item ? item.properties : item)), nextLink: attempt.nextLink };
    });
  }

  #reading<T>(line: Line, path: string, signal: AbortSignal, send: (attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#calls.request({ allowed: [{ method: "GET", path }], limiter: line.limiter, signal, tries: readTries, send, refused: (attempt) => { this.#forget(line, attempt); } });
  }

  /** A write is sent once: what looks like a failure may have arrived. */
  #writing<T>(line: Line, allowed: readonly AllowedRequest[], signal: AbortSignal, send: (attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#calls.request({ allowed, limiter: line.limiter, signal, tries: 1, send, refused: (attempt) => { this.#forget(line, attempt); } });
  }

  #forget({ target, connection }: Line, { token }: Attempt): void {
    const tenant = connection.tenant();
    if (tenant !== undefined && token !== undefined) this.#options.tokens.forget(this.#tokenRequest(target, tenant), token);
  }

  async #connect(target: VaultTarget, address: VaultAddress): Promise<Line> {
    const { tokens, clock, httpClient } = this.#options;
    const limiter = this.#limiterOf(target);
    const connection = await connectVault({
      target,
      address,
      attempts: this.#calls.attempts,
      beforeSend: (signal) => limiter.beforeSend(signal),
      now: () => clock.now(),
      token: async (tenant, signal) => tokenOf(await tokens.token(this.#tokenRequest(target, tenant), signal)),
      httpClient,
    });
    return { target, address, limiter, connection };
  }

  #tokenRequest(vault: VaultTarget, tenant: string): TokenRequest {
    return { cloud: vault.cloud, tenant, audience: "vault", ...credentialOf(this.#options.credential, vault) };
  }

  #limiterOf(vault: VaultTarget): VaultLimiter {
    const key = vaultKey(vault);
    let limiter = this.#limiters.get(key);
    if (limiter === undefined) {
      limiter = createVaultLimiter(this.#options.clock);
      this.#limiters.set(key, limiter);
    }
    return limiter;
  }
}

/** Cleaning up is not for anybody to cancel: it ends by its own limits. */
function untilCleaned(): AbortSignal {
  return new AbortController().signal;
}

/** An answer that tells for sure that nothing was written. */
function isRefusal({ status }: Fault): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}

function causeFor(fault: Fault): FaultCause {
  return fault.cause ?? causeOfReason(fault.reason) ?? "service-error";
}

/** Seven levels exist; those with Purgeable in their name allow purging (Key Vault's deletion recovery levels). */
function isPurgeable(recoveryLevel: string): boolean {
  return recoveryLevel.includes("Purgeable");
}

function leftOversOf(secrets: readonly SecretProperties[], deleted: boolean): readonly LeftOver[] {
  return secrets
    .filter(({ name, tags }) => isTestSecretName(name) && tags?.["createdBy"] === createdBy)
    .map(({ name, tags }) => ({ name, run: tags?.["run"] ?? "", deleted }));
}
