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
  "BadParameter",
  "Conflict",
  "Forbidden",
  "ForbiddenByConnection",
  "ForbiddenByFirewall",
  "ForbiddenByPolicy",
  "ForbiddenByRbac",
  "MethodNotAllowed",
  "ObjectIsBeingDeleted",
  "ObjectIsDeletedButRecoverable",
  "SecretDisabled",
  "SecretNotFound",
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
    retryable: retryableStatuses.has(status),
    status,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Reads an error of the transport. A host that cannot be reached says nothing of whether the vault exists. */
export function faultOfTransport(error: unknown): Fault {
  const code = errnoOf(readProperty(error, "code"));
  if (code !== undefined && isTlsCode(code)) return { reason: "tls", retryable: false, code };
  return { reason: "unreachable", retryable: code !== undefined && retryableErrnos.has(code), ...(code === undefined ? {} : { code }) };
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
      return /AKV10032|Invalid issuer/.test(error.message) ? "wrong-tenant" : "not-signed-in";
    case 403:
      return reasonOfRefusal(error, body);
    case 404:
      if (error.code === "SecretNotFound") return "stale";
      return error.code === undefined ? "service-error" : "vault-not-found";
    case 407:
      return "network-blocked";
    case 429:
      return "throttled";
    default:
      return "service-error";
  }
}

/** The network comes before the permission: granting a role never opens a firewall. */
function reasonOfRefusal(error: ServiceError, body: string): UnknownReason {
  if (error.inner === "ForbiddenByFirewall" || error.inner === "ForbiddenByConnection") return "network-blocked";
  if (/Client address is not authorized|Public network access is disabled/i.test(error.message)) return "network-blocked";
  // Key Vault always answers in JSON; a page of HTML is a proxy's refusal.
  if (/^\s*</.test(body)) return "network-blocked";
  return "forbidden";
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
