import { expect, test } from "vitest";
import { createFactsProvider } from "../../client/src/language/factsProvider.ts";
import type { VaultFacts, VaultWant } from "../../server/src/core/model/facts.ts";
import { Facts } from "../../server/src/core/model/facts.ts";
import type { FactsParams } from "../../server/src/protocol/messages.ts";
import type { FactsSource } from "../../server/src/vault/factsSource.ts";

function vaultFacts(name: string, reason: "loading" | "forbidden" = "loading"): VaultFacts {
  return { vault: { name, cloud: "public" }, listing: { state: "unknown", reason }, versions: [], deleted: [], jsonShapes: [] };
}

function scene() {
  let vaults: readonly VaultFacts[] = [];
  const listeners = new Set<() => void>();
  const wanted: (readonly VaultWant[])[] = [];
  const sent: FactsParams[] = [];
  const source: FactsSource = {
    want: (wants) => wanted.push(wants),
    facts: () => new Facts(vaults, "loading"),
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => undefined,
  };
  const provider = createFactsProvider(source, (params) => sent.push(params));
  const land = (next: readonly VaultFacts[]) => {
    vaults = next;
    for (const listener of listeners) listener();
  };
  return { provider, sent, wanted, land };
}

test("wants go to the index, and only vaults that changed come back", () => {
  const { provider, sent, wanted, land } = scene();
  const want: VaultWant = { vault: { name: "one-vault", cloud: "public" }, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] };
  provider.want({ wants: [want] });
  expect(wanted).toEqual([[want]]);
  expect(sent).toEqual([]);
  const one = vaultFacts("one-vault");
  const two = vaultFacts("two-vault");
  land([one, two]);
  const twoLater = vaultFacts("two-vault", "forbidden");
  land([one, twoLater]);
  land([one, twoLater]);
  expect(sent).toEqual([{ vaults: [one, two] }, { vaults: [twoLater] }]);
});

test("a server that started anew is sent everything", () => {
  const { provider, sent, land } = scene();
  const one = vaultFacts("one-vault");
  land([one]);
  provider.serverStarted();
  expect(sent).toEqual([{ vaults: [one] }, { vaults: [one] }]);
});

test("facts that were there before the wants are sent with them", () => {
  const { provider, sent, land } = scene();
  land([vaultFacts("one-vault")]);
  provider.want({ wants: [] });
  expect(sent).toHaveLength(1);
});

test("nothing is sent after the end", () => {
  const { provider, sent, land } = scene();
  provider.dispose();
  land([vaultFacts("one-vault")]);
  expect(sent).toEqual([]);
});
