/**
 * What went wrong with one request, in our own words and codes. Errors of the SDK hold tokens, values and texts of
 * others; they are turned into these at the border and go no further.
 */
import type { UnknownReason } from "../../core/model/facts.ts";
import type { FaultCause } from "../faultCause.ts";

export interface Fault {
  readonly reason: UnknownReason;
  /** What exactly, where it is known. */
  readonly cause?: FaultCause;
  /** Whether the same request may succeed a little later. */
  readonly retryable: boolean;
  readonly status?: number;
  /** A code for the log, always one that this file knows: Key Vault's inner code or code, an errno, or our own. */
  readonly code?: string;
  /** How long the service asks to be left alone; at most 60 s. */
  readonly retryAfterMs?: number;
}

export class VaultFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.reason);
    this.name = "VaultFault";
    this.fault = fault;
  }
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const retryableErrnos: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ENOTFOUND",
  "ECONNRESET",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** A service can write anything where a code belongs, so that only known ones are passed on. */
const serviceCodes: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AuthorizationFailed",
  "BadParameter",
  "Conflict",
  "ExpiredAuthenticationToken",
  "Forbidden",
  "ForbiddenByConnection",
  "ForbiddenByFirewall",
  "ForbiddenByPolicy",
  "ForbiddenByRbac",
  "InvalidAuthenticationToken",
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

/** Reads a refusal of Key Vault; `body` may be anything, also empty or HTML. Shapes: Key Vault's error documents. */
export function faultOfAnswer(status: number, body: string, headers: { get(name: string): string | undefined }, nowMs: number): Fault {
  const error = errorOf(body);
  const code = [error.inner, error.code].find((text) => text !== undefined && serviceCodes.has(text));
  const retryAfterMs = readRetryAfter(headers, nowMs);
  return {
    reason: reasonOf(status, error, body),
    ...causeOf({ cause: causeOfAnswer(status, error, body, headers, nowMs) }),
    retryable: retryableStatuses.has(status),
    status,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Reads an error of the transport. A host that cannot be reached says nothing of whether the vault exists. */
export function faultOfTransport(error: unknown): Fault {
  const code = errnoOf(readProperty(error, "code"));
  if (code !== undefined && isTlsCode(code)) return { reason: "tls", cause: "tls", retryable: false, code };
  const cause = causeOfErrno(code, readProperty(error, "message"));
  return { reason: "unreachable", cause, retryable: code !== undefined && retryableErrnos.has(code), ...(code === undefined ? {} : { code }) };
}

/** The fault of a VaultFault; anything else is a bug of ours. */
export function faultOf(error: unknown): Fault {
  return error instanceof VaultFault ? error.fault : { reason: "service-error", cause: "service-error", retryable: false, code: "Unexpected" };
}

/** Only the cause, so that an absent one stays absent. */
export function causeOf({ cause }: { readonly cause?: FaultCause | undefined }): { readonly cause?: FaultCause } {
  return cause === undefined ? {} : { cause };
}

/** True for Key Vault's answer that it holds no secret, or no deleted secret, of that name. */
export function isSecretNotFound(fault: Fault): boolean {
  return fault.status === 404 && fault.code === "SecretNotFound";
}

interface ServiceError {
  readonly code: string | undefined;
  readonly inner: string | undefined;
  readonly message: string;
}

function reasonOf(status: number, error: ServiceError, body: string): UnknownReason {
  switch (status) {
    case 401:
      return isWrongTenant(error) ? "wrong-tenant" : "not-signed-in";
    case 403:
      return reasonOfRefusal(error, body);
    case 404:
      if (error.code === "SecretNotFound") return "stale";
      // Resource Manager says so too where the identity has no role on the subscription.
      if (error.code === "SubscriptionNotFound") return "forbidden";
      return error.code === undefined ? "service-error" : "vault-not-found";
    case 407:
      return "network-blocked";
    case 429:
      return "throttled";
    default:
      return "service-error";
  }
}

function causeOfAnswer(status: number, error: ServiceError, body: string, headers: { get(name: string): string | undefined }, nowMs: number): FaultCause {
  switch (status) {
    case 401:
      if (isWrongTenant(error)) return "wrong-tenant";
      return isSkewed(headers, nowMs) ? "clock" : "not-signed-in";
    case 403:
      return causeOfRefusal(error, body);
    case 404:
      if (error.code === "SubscriptionNotFound") return "no-reader-role";
      return error.code === undefined || error.code === "SecretNotFound" ? "service-error" : "vault-not-found";
    case 407:
      return "proxy";
    case 429:
      return "throttled";
    default:
      // Key Vault and Resource Manager always answer in JSON; a page of HTML comes from between.
      return /^\s*</.test(body) ? "proxy" : "service-error";
  }
}

/** The network comes before the permission: granting a role never opens a firewall. */
function causeOfRefusal(error: ServiceError, body: string): FaultCause {
  if (error.inner === "ForbiddenByConnection" || /Public network access is disabled/i.test(error.message)) return "private-endpoint";
  if (error.inner === "ForbiddenByFirewall" || /Client address is not authorized/i.test(error.message)) return "firewall";
  if (/^\s*</.test(body)) return "proxy";
  if (error.code === "AuthorizationFailed") return "no-reader-role";
  if (error.inner === "AccessDenied" || error.inner === "ForbiddenByPolicy") return "access-policy";
  if (error.inner === "ForbiddenByRbac") return "rbac";
  if (/purge protection is enabled/i.test(error.message)) return "purge-protection";
  if (/access policy|does not have secrets \w{1,20} permission/i.test(error.message)) return "access-policy";
  return error.inner === "SecretDisabled" ? "service-error" : "rbac";
}

/** More than 5 minutes between the service's clock and ours: tokens look expired, or not yet valid. */
function isSkewed(headers: { get(name: string): string | undefined }, nowMs: number): boolean {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isFinite(date) && Math.abs(date - nowMs) > 300_000;
}

function causeOfErrno(code: string | undefined, message: unknown): FaultCause {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "dns";
  // Azure is called on port 443 alone; any other one is the proxy's.
  const port = code === "ECONNREFUSED" && typeof message === "string" ? /:(\d{1,5})$/.exec(message.slice(-60))?.[1] : undefined;
  return port !== undefined && port !== "443" ? "proxy" : "unreachable";
}

function reasonOfRefusal(error: ServiceError, body: string): UnknownReason {
  if (error.inner === "ForbiddenByFirewall" || error.inner === "ForbiddenByConnection") return "network-blocked";
  if (/Client address is not authorized|Public network access is disabled/i.test(error.message)) return "network-blocked";
  // Key Vault always answers in JSON; a page of HTML is a proxy's refusal.
  if (/^\s*</.test(body)) return "network-blocked";
  return "forbidden";
}

function isWrongTenant(error: ServiceError): boolean {
  return error.code === "InvalidAuthenticationTokenTenant" || /AKV10032|Invalid issuer/.test(error.message);
}

function errorOf(body: string): ServiceError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const error = readProperty(parsed, "error");
  const message = readProperty(error, "message");
  return {
    code: textOf(readProperty(error, "code")),
    inner: textOf(readProperty(readProperty(error, "innererror"), "code")),
    message: typeof message === "string" ? message : "",
  };
}

function readRetryAfter(headers: { get(name: string): string | undefined }, nowMs: number): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text === undefined || text === "") return undefined;
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), maxRetryAfterMs) : undefined;
}

function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|CRL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$|ERROR_IN_CERT)/.test(code);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function errnoOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z][A-Z_]{1,50}$/.test(value) ? value : undefined;
}

function readProperty(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
