import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";

/** The read test of an approved vault, with its result kept. */
export async function readTest({ tests, results, clock }: Pick<TestCommandsContext, "tests" | "results" | "clock">, vault: VaultTarget, signal: AbortSignal): Promise<"passed" | FaultCause> {
  const outcome = await tests.read(vault, signal);
  const read = outcome.ok ? "passed" : causeOfOutcome(outcome);
  if (read !== "cancelled") await results.put({ vault, at: clock.now(), read });
  return read;
}
