import type { UnknownReason } from "../../../server/src/core/model/facts.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";

/** Reasons that say as much as a cause. The others have none that would be right in every case. */
const causes: Readonly<Partial<Record<UnknownReason, FaultCause>>> = {
  loading: "cancelled",
  offline: "unreachable",
  "not-signed-in": "not-signed-in",
  "credential-refused": "credential-refused",
  "tenant-not-found": "tenant-not-found",
  "wrong-tenant": "wrong-tenant",
  forbidden: "forbidden",
  "keys-forbidden": "forbidden",
  "vault-not-found": "vault-not-found",
  throttled: "throttled",
  unreachable: "unreachable",
  tls: "tls",
};

/** The cause of a failed call, from its reason where it names none. */
export function causeOfOutcome({ reason, cause }: { readonly reason: UnknownReason; readonly cause?: FaultCause }): FaultCause {
  return cause ?? causes[reason] ?? "service-error";
}
