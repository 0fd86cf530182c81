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
  /** A code for the log, always one that we know: Azure's inner code or code, an errno, or our own. */
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
/** Errors from before there was a connection: with a proxy in between, these are about the way to the proxy. */
export const neverConnected: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
/** Reasons that are causes by the same name. */
const sameWord: ReadonlySet<UnknownReason> = new Set<UnknownReason & FaultCause>([
  "not-signed-in",
  "tenant-not-found",
  "wrong-tenant",
  "vault-not-found",
  "throttled",
  "unreachable",
  "tls",
  "service-error",
]);

/**
 * Reads an error of the transport. A host that cannot be reached says nothing of whether the vault exists.
 * `byProxy` tells that the connection was to go through a proxy: then what cannot be found or reached is the proxy.
 */
export function faultOfTransport(error: unknown, byProxy = false): Fault {
  const code = errnoOf(readProperty(error, "code"));
  if (code !== undefined && isTlsCode(code)) return { reason: "tls", cause: "tls", retryable: false, code };
  const cause = causeOfTransport(readProperty(error, "message"), code, byProxy);
  return { reason: "unreachable", cause, retryable: code !== undefined && retryableErrnos.has(code), ...(code === undefined ? {} : { code }) };
}

/** The fault of a request that got no token. */
export function faultOfToken({ reason, cause = causeOfReason(reason) }: { readonly reason: UnknownReason; readonly cause?: FaultCause | undefined }): Fault {
  return { reason, ...(cause === undefined ? {} : { cause }), retryable: false };
}

/** A refusal of our own, or an answer that is none. */
export function ownFault(code: string): VaultFault {
  return new VaultFault({ reason: "service-error", cause: "service-error", retryable: false, code });
}

/** What is known of anything that was thrown. */
export function faultOf(error: unknown): Fault {
  return error instanceof VaultFault ? error.fault : ownFault("Unexpected").fault;
}

/** True for Key Vault's answer that it holds no secret, or no deleted secret, of that name. */
export function isSecretNotFound(error: unknown): boolean {
  return error instanceof VaultFault && error.fault.status === 404 && error.fault.code === "SecretNotFound";
}

export function readProperty(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function causeOfReason(reason: UnknownReason): FaultCause | undefined {
  return sameWord.has(reason) ? (reason as FaultCause) : undefined;
}

/** The texts are https-proxy-agent's own: the proxy has hung up, or answered what is no HTTP. */
function causeOfTransport(message: unknown, code: string | undefined, byProxy: boolean): FaultCause {
  if (typeof message === "string" && /^(?:Proxy connection ended before|No header received from proxy|Invalid header from proxy)/.test(message)) return "proxy";
  if (byProxy && code !== undefined && neverConnected.has(code)) return "proxy";
  return code === "ENOTFOUND" || code === "EAI_AGAIN" ? "dns" : "unreachable";
}

function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|CRL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$|ERROR_IN_CERT)/.test(code);
}

function errnoOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z][A-Z_]{1,50}$/.test(value) ? value : undefined;
}
