import type { UnknownReason } from "../../core/model/facts.ts";
import type { Clock } from "../../host/clock.ts";
import type { Fault } from "./vaultFault.ts";

const failuresToOpen = 3;
const halfOpenMs = 30_000;
/** Reasons that lie in the service or on the way to it; a refusal is an answer and opens nothing. */
const troubles: ReadonlySet<UnknownReason> = new Set<UnknownReason>(["unreachable", "tls", "service-error", "throttled"]);

/** What was the matter when the vault was asked last. */
export type Trouble = Pick<Fault, "reason" | "cause">;

/** Leaves a vault in peace that does not answer: after 3 failed operations it is asked once in 30 s. */
export interface CircuitBreaker {
  /** How often an operation may try now, or why it may not. */
  admit(): { readonly tries: number } | Trouble;
  /** How often one request may be tried: less while the vault is in trouble. */
  tries(): number;
  /** Why nothing may be sent now, to whatever was admitted earlier and has waited since. */
  blocked(): Trouble | undefined;
  succeeded(): void;
  failed(fault: Fault): void;
  /** An operation has ended without success, for whatever reason; another may be admitted in its place. */
  abandoned(): void;
}

export function createCircuitBreaker(clock: Clock): CircuitBreaker {
  let failures = 0;
  let trouble: Trouble = { reason: "unreachable" };
  let closedUntil = 0;
  let probing = false;
  const tries = (): number => (failures === 0 ? 6 : 1);
  return {
    tries,
    admit: () => {
      if (clock.monotonic() < closedUntil) return trouble;
      if (failures < failuresToOpen) return { tries: tries() };
      if (probing) return trouble;
      probing = true;
      return { tries: 1 };
    },
    blocked: () => (clock.monotonic() < closedUntil ? trouble : undefined),
    succeeded: () => {
      failures = 0;
      probing = false;
    },
    failed: (fault) => {
      probing = false;
      if (!troubles.has(fault.reason)) {
        failures = 0;
        return;
      }
      failures++;
      trouble = { reason: fault.reason, ...(fault.cause === undefined ? {} : { cause: fault.cause }) };
      const restMs = Math.max(fault.retryAfterMs ?? 0, failures >= failuresToOpen ? halfOpenMs : 0);
      closedUntil = clock.monotonic() + restMs;
    },
    abandoned: () => {
      probing = false;
    },
  };
}
