import type { UnknownReason } from "../../core/model/facts.ts";
import type { FaultCause } from "../faultCause.ts";
import type { AnswerHeaders, ServiceError } from "./serviceError.ts";
import { faultOfService, readServiceError } from "./serviceError.ts";
import type { Fault } from "./vaultFault.ts";

/** Reads a refusal of Azure Resource Manager. Shapes: Azure's documents on its common errors. */
export function managementFault(status: number, body: string, headers: AnswerHeaders, nowMs: number): Fault {
  const error = readServiceError(status, body, headers, nowMs);
  return faultOfService(error, ...reasonAndCause(error));
}

function reasonAndCause({ status, code, html, clockOff }: ServiceError): readonly [UnknownReason, FaultCause | undefined] {
  switch (status) {
    case 401:
      if (code === "InvalidAuthenticationTokenTenant") return ["wrong-tenant", "wrong-tenant"];
      return ["not-signed-in", clockOff ? "clock" : "not-signed-in"];
    case 403:
      if (html) return ["network-blocked", "proxy"];
      return ["forbidden", code === "AuthorizationFailed" ? "no-reader-role" : undefined];
    case 404:
      return ["service-error", code === "SubscriptionNotFound" ? "subscription-not-found" : "service-error"];
    case 407:
      return ["network-blocked", "proxy"];
    case 429:
      return ["throttled", "throttled"];
    default:
      return ["service-error", "service-error"];
  }
}
