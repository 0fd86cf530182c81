import type { UnknownReason } from "../../core/model/facts.ts";
import type { FaultCause } from "../faultCause.ts";
import type { AnswerHeaders, ServiceError } from "./serviceError.ts";
import { faultOfService, readServiceError } from "./serviceError.ts";
import type { Fault } from "./vaultFault.ts";

/** Reads a refusal of Key Vault. Shapes: Key Vault's error documents. */
export function faultOfAnswer(status: number, body: string, headers: AnswerHeaders, nowMs: number): Fault {
  const error = readServiceError(status, body, headers, nowMs);
  return faultOfService(error, reasonOf(error), causeOf(error));
}

function reasonOf(error: ServiceError): UnknownReason {
  switch (error.status) {
    case 401:
      return isWrongIssuer(error) ? "wrong-tenant" : "not-signed-in";
    case 403:
      return reasonOfRefusal(error);
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
function reasonOfRefusal(error: ServiceError): UnknownReason {
  const cause = causeOfRefusal(error);
  return cause === "firewall" || cause === "private-endpoint" || cause === "proxy" ? "network-blocked" : "forbidden";
}

function causeOf(error: ServiceError): FaultCause | undefined {
  switch (error.status) {
    case 401:
      if (isWrongIssuer(error)) return "wrong-tenant";
      return error.clockOff ? "clock" : "not-signed-in";
    case 403:
      return causeOfRefusal(error);
    case 404:
      if (error.code === "SecretNotFound") return "secret-not-found";
      return error.code === undefined ? "service-error" : "vault-not-found";
    case 407:
      return "proxy";
    case 429:
      return "throttled";
    default:
      return "service-error";
  }
}

const causesOfCodes: ReadonlyMap<string, FaultCause> = new Map([
  ["ForbiddenByFirewall", "firewall"],
  ["ForbiddenByConnection", "private-endpoint"],
  ["ForbiddenByRbac", "rbac"],
  ["AccessDenied", "access-policy"],
  ["ForbiddenByPolicy", "access-policy"],
  ["SecretDisabled", "secret-disabled"],
]);

/** Where there is no inner code. */
const causesOfTexts: readonly (readonly [RegExp, FaultCause])[] = [
  [/Client address is not authorized/i, "firewall"],
  [/Public network access is disabled/i, "private-endpoint"],
  [/purge protection/i, "purge-protection"],
  [/not allowed on a disabled secret/i, "secret-disabled"],
  [/not authorized to perform action/i, "rbac"],
  [/does not have secrets \w{1,20} permission/i, "access-policy"],
];

/** Undefined where nothing is known of it. */
function causeOfRefusal({ inner, message, html }: ServiceError): FaultCause | undefined {
  const byCode = inner === undefined ? undefined : causesOfCodes.get(inner);
  if (byCode !== undefined) return byCode;
  const byText = causesOfTexts.find(([text]) => text.test(message))?.[1];
  return byText ?? (html ? "proxy" : undefined);
}

function isWrongIssuer(error: ServiceError): boolean {
  return /AKV10032|Invalid issuer/.test(error.message);
}
