import type { UnknownReason } from "../../core/model/facts.ts";
import type { FaultCause } from "../faultCause.ts";
import type { Fault } from "./vaultFault.ts";
import { readProperty } from "./vaultFault.ts";

/** Azure's error document with what stands around it, as far as it says what is the case. Anything may be missing. */
export interface ServiceError {
  readonly status: number;
  readonly code: string | undefined;
  readonly inner: string | undefined;
  readonly message: string;
  /** Azure always answers in JSON; a page of HTML is a proxy's. */
  readonly html: boolean;
  /** The answer's own time and ours differ by more than Entra tolerates. */
  readonly clockOff: boolean;
  readonly retryAfterMs: number | undefined;
}

export interface AnswerHeaders {
  get(name: string): string | undefined;
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** A service can write anything where a code belongs, so that only known ones are passed on. */
const knownCodes: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AuthorizationFailed",
  "BadParameter",
  "Conflict",
  "Forbidden",
  "ForbiddenByConnection",
  "ForbiddenByFirewall",
  "ForbiddenByPolicy",
  "ForbiddenByRbac",
  "InvalidAuthenticationTokenTenant",
  "MethodNotAllowed",
  "ObjectIsBeingDeleted",
  "ObjectIsDeletedButRecoverable",
  "SecretDisabled",
  "SecretNotFound",
  "SubscriptionNotFound",
  "SubscriptionRequestsThrottled",
  "Throttled",
  "Unauthorized",
  "VaultNotFound",
]);
const maxRetryAfterMs = 60_000;
const toleratedSkewMs = 5 * 60_000;

/** Reads a refusal; `body` may be anything, also empty or HTML. */
export function readServiceError(status: number, body: string, headers: AnswerHeaders, nowMs: number): ServiceError {
  const error = readProperty(parse(body), "error");
  const message = readProperty(error, "message");
  return {
    status,
    code: textOf(readProperty(error, "code")),
    inner: textOf(readProperty(readProperty(error, "innererror"), "code")),
    message: typeof message === "string" ? message : "",
    html: /^\s*</.test(body),
    clockOff: isClockOff(headers, nowMs),
    retryAfterMs: readRetryAfter(headers, nowMs),
  };
}

/** A fault without the service's own words. */
export function faultOfService({ status, inner, code, retryAfterMs }: ServiceError, reason: UnknownReason, cause: FaultCause | undefined): Fault {
  const known = [inner, code].find((text) => text !== undefined && knownCodes.has(text));
  return {
    reason,
    ...(cause === undefined ? {} : { cause }),
    retryable: retryableStatuses.has(status),
    status,
    ...(known === undefined ? {} : { code: known }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * A proxy's refusal to open a tunnel. Azure has seen nothing of the request, and whatever stands in the answer is not
 * Azure's.
 */
export function faultOfTunnel(status: number): Fault {
  const refused = status >= 400 && status < 500;
  return { reason: refused ? "network-blocked" : "service-error", cause: "proxy", retryable: retryableStatuses.has(status), status, code: "ProxyRefused" };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isClockOff(headers: AnswerHeaders, nowMs: number): boolean {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isFinite(theirs) && Math.abs(theirs - nowMs) > toleratedSkewMs;
}

function readRetryAfter(headers: AnswerHeaders, nowMs: number): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text === undefined || text === "") return undefined;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), maxRetryAfterMs) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
