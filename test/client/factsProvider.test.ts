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

function listed(count: number, complete: boolean): VaultFacts {
  const secrets = Array.from({ length: count }, (_, index) => ({ name: `secret-${String(index)}`, enabled: true }));
  return { ...vaultFacts("one-vault"), ...nothing, listing: { state: "known", at: 0, value: { secrets, complete } } };
}
const nothing = { versions: [], deleted: [], jsonShapes: [] };

function namesIn(params: FactsParams): number {
  return params.vaults.reduce((sum, { listing }) => sum + (listing.state === "known" ? listing.value.secrets.length : 0), 0);
}

test("400 pages of one listing cost about three times the whole list, and the first and the last go at once", () => {
  const { sent, land } = scene();
  for (let page = 1; page <= 400; page++) land([listed(page * 25, false)]);
  land([listed(10_000, true)]);
  expect(sent.slice(0, 2).map(namesIn)).toEqual([25, 50]);
  const last = sent.at(-1);
  expect(last?.vaults[0]?.listing).toMatchObject({ value: { complete: true } });
  expect(sent.map(namesIn).reduce((sum, names) => sum + names, 0)).toBeLessThan(35_000);
});

test("whatever else changes while pages come goes at once", () => {
  const { sent, land, provider } = scene();
  const part = listed(100, false);
  land([part]);
  land([listed(101, false)]);
  expect(sent).toHaveLength(1);
  const known = { ...listed(102, false), versions: [["db", { state: "unknown", reason: "loading" }]] } as const;
  const stale = { ...known, listing: { ...known.listing, stale: "throttled" } } as VaultFacts;
  const moved = { ...part, vault: { ...part.vault, tenant: "11111111-0000-4000-8000-000000000001" } };
  const failed = vaultFacts("one-vault", "forbidden");
  for (const next of [known, stale, moved, failed]) land([next]);
  expect(sent.slice(1)).toEqual([known, stale, moved, failed].map((facts) => ({ vaults: [facts] })));
  land([part]);
  land([listed(101, false)]);
  provider.serverStarted();
  expect(sent.slice(-1).map(namesIn)).toEqual([101]);
});

test("a version is sent with its state and dates alone, and only once", () => {
  const { sent, land } = scene();
  const version = { version: "0".repeat(32), enabled: true, created: 1, updated: 2, expires: 3, notBefore: 4 };
  const facts: VaultFacts = { ...listed(1, true), versions: [["db", { state: "known", at: 0, value: [{ ...version, contentType: "text/plain", tags: [["team", "shop"]], managed: true, recoveryLevel: "Recoverable" }] }]] };
  land([facts]);
  land([facts]);
  expect(sent).toEqual([{ vaults: [{ ...facts, versions: [["db", { state: "known", at: 0, value: [version] }]] }] }]);
});

test("nothing is sent after the end", () => {
  const { provider, sent, land } = scene();
  provider.dispose();
  land([vaultFacts("one-vault")]);
  expect(sent).toEqual([]);
});
