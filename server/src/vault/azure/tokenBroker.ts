import type { UnknownReason } from "../../core/model/facts.ts";
import type { Cloud } from "../../core/model/vaultTarget.ts";
import { isGuid } from "../../core/model/vaultTarget.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import { credentialKey } from "../credentialChoice.ts";
import type { FaultCause } from "../faultCause.ts";
import { vaultAddress } from "../vaultAddress.ts";
import { untilAborted } from "./deadline.ts";

/** Whom a token is for. The scope follows from it, so that no other can be asked for. */
export interface TokenRequest {
  readonly cloud: Cloud;
  /** A GUID. */
  readonly tenant: string;
  readonly audience: "vault" | "arm";
  /** Whose token; the source's own where absent. */
  readonly credential?: CredentialChoice;
}

export type TokenAnswer = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly reason: UnknownReason; readonly cause?: FaultCause };

/** Where tokens come from: one of `credentials.ts`. May throw; what it throws is dropped. */
export type TokenSource = (ask: TokenAsk, signal: AbortSignal) => Promise<SourceAnswer>;

export interface TokenAsk {
  readonly cloud: Cloud;
  /** A GUID in lower case. */
  readonly tenant: string;
  readonly scope: string;
  readonly audience: TokenRequest["audience"];
  readonly authorityHost: string;
  readonly credential?: CredentialChoice;
}

/** `expiresAt`: epoch milliseconds, where the source knows. */
export type SourceAnswer = { readonly token: string; readonly expiresAt?: number } | { readonly reason: UnknownReason; readonly cause?: FaultCause };

/** The tokens of one process: one flight and one cached token for each cloud, tenant and audience. */
export interface TokenBroker {
  /** Never throws. An aborted caller leaves the flight to the others. */
  token(request: TokenRequest, signal: AbortSignal): Promise<TokenAnswer>;
  /** Drops a token that a service has refused; without effect where another one has come meanwhile. */
  forget(request: TokenRequest, token: string): void;
  /** Drops all tokens and remembered failures, after the user has signed in anew. */
  reset(): void;
}

export interface TokenBrokerOptions {
  readonly source: TokenSource;
  readonly clock: Clock;
  readonly log: Log;
}

const failureLifeMs = 30_000;
/** A wrong or expired secret does not get better by itself; `reset` ends this when the person has entered another. */
const refusalLifeMs = 600_000;
const refreshEarlyMs = 120_000;
/** Where the source does not say. */
const assumedLifeMs = 300_000;
/** A computer's clock that runs ahead makes every token look expired; this keeps us from asking for one per call. */
const minLifeMs = 60_000;
const sourceDeadlineMs = 15_000;

interface Entry {
  readonly answer: TokenAnswer;
  /** Monotonic. */
  readonly until: number;
}

export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { clock, log } = options;
  const cache = new Map<string, Entry>();
  const flights = new Map<string, Promise<TokenAnswer>>();
  // An answer that was asked for before a reset belongs to the old sign-in.
  let generation = 0;

  const fly = async (key: string, ask: TokenAsk): Promise<TokenAnswer> => {
    const startedIn = generation;
    const answer = await askSource(options, ask);
    const entry = entryOf(answer, clock);
    if ("reason" in answer) log.warn(`No token for ${ask.scope}: ${answer.reason}`);
    if (startedIn === generation) cache.set(key, entry);
    return entry.answer;
  };

  return {
    token: async (request, signal) => {
      const ask = askOf(request);
      if (ask === undefined) return { ok: false, reason: "wrong-tenant" };
      const key = keyOf(ask);
      const cached = cache.get(key);
      if (cached !== undefined && clock.monotonic() < cached.until) return cached.answer;
      let flight = flights.get(key);
      if (flight === undefined) {
        flight = fly(key, ask).finally(() => {
          if (flights.get(key) === flight) flights.delete(key);
        });
        flights.set(key, flight);
      }
      return untilAborted(flight, signal).catch((): TokenAnswer => ({ ok: false, reason: "loading" }));
    },
    forget: (request, token) => {
      const ask = askOf(request);
      if (ask === undefined) return;
      const entry = cache.get(keyOf(ask));
      if (entry?.answer.ok === true && entry.answer.token === token) cache.delete(keyOf(ask));
    },
    reset: () => {
      generation++;
      cache.clear();
      flights.clear();
    },
  };
}

function entryOf(answer: SourceAnswer, clock: Clock): Entry {
  const now = clock.monotonic();
  if ("reason" in answer) return { answer: { ok: false, ...answer }, until: now + (answer.reason === "credential-refused" ? refusalLifeMs : failureLifeMs) };
  const lifeMs = answer.expiresAt === undefined ? assumedLifeMs : answer.expiresAt - clock.now() - refreshEarlyMs;
  return { answer: { ok: true, token: answer.token }, until: now + Math.max(lifeMs, minLifeMs) };
}

/** Undefined where the tenant is no GUID: it would become an argument of a program or a part of a URL. */
function askOf(request: TokenRequest): TokenAsk | undefined {
  // Any valid name does: scope and hosts depend on the cloud alone.
  const address = vaultAddress({ name: "vault", cloud: request.cloud });
  if (address === undefined || !isGuid(request.tenant)) return undefined;
  const scope = request.audience === "vault" ? address.scope : `${address.armHost}/.default`;
  const { cloud, audience, credential } = request;
  return { cloud, tenant: request.tenant.toLowerCase(), scope, audience, authorityHost: address.authorityHost, ...(credential === undefined ? {} : { credential }) };
}

function keyOf(ask: TokenAsk): string {
  return `${ask.authorityHost} ${ask.tenant} ${ask.scope} ${ask.credential === undefined ? "" : credentialKey(ask.credential)}`;
}

async function askSource(options: TokenBrokerOptions, ask: TokenAsk): Promise<SourceAnswer> {
  const controller = new AbortController();
  const cancel = options.clock.after(sourceDeadlineMs, () => {
    controller.abort();
  });
  try {
    return await untilAborted(options.source(ask, controller.signal), controller.signal);
  } catch {
    // The error may quote what the sign-in service or the program has written, so it is not even logged.
    return { reason: controller.signal.aborted ? "unreachable" : "not-signed-in" };
  } finally {
    cancel();
  }
}
