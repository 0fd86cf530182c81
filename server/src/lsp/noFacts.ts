import type { UnknownReason } from "../core/model/facts.ts";
import { Facts } from "../core/index.ts";
import type { FactsSource } from "../vault/factsSource.ts";

/** A source that knows nothing, and says why. */
export function noFacts(reason: UnknownReason): FactsSource {
  const facts = new Facts([], reason);
  return { want: () => undefined, facts: () => facts, onDidChange: () => () => undefined, dispose: () => undefined };
}
