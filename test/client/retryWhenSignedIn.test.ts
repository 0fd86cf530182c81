import { expect, test } from "vitest";
import { retryWhenSignedIn } from "../../client/src/azure/retryWhenSignedIn.ts";
import type { Fact, JsonShape, SecretListing } from "../../server/src/core/model/facts.ts";
import { Facts } from "../../server/src/core/model/facts.ts";
import { ManualClock } from "../vault/manualClock.ts";

const known: Fact<SecretListing> = { state: "known", value: { secrets: [], complete: true }, at: 0 };

function scene(listings: Readonly<Record<string, Fact<SecretListing>>>, shapes: Readonly<Record<string, Fact<JsonShape>>> = {}) {
  const vaults = Object.entries(listings).map(([name, listing]) => ({ vault: { name, cloud: "public" as const }, listing, versions: [], deleted: [], jsonShapes: shapes[name] === undefined ? [] : [["db", shapes[name]] as const] }));
  const done: string[] = [];
  const clock = new ManualClock();
  const index = { facts: () => new Facts(vaults, "loading"), refresh: (vault?: { name: string }) => done.push(`refresh ${vault?.name ?? "all"}`) };
  const retry = retryWhenSignedIn(index, clock, () => done.push("forget"));
  return { retry, clock, done };
}

test("a burst of changes asks once, and only the vaults that a sign-in may mend", async () => {
  const { retry, clock, done } = scene({
    "vault-a": { state: "unknown", reason: "not-signed-in" },
    "vault-b": known,
    "vault-c": { ...known, stale: "wrong-tenant" },
    "vault-d": { state: "unknown", reason: "not-approved" },
    "vault-e": { state: "unknown", reason: "forbidden" },
  });
  retry.soon();
  retry.soon();
  await clock.advance(5000);
  expect(done).toEqual(["forget", "refresh vault-a", "refresh vault-c", "refresh vault-e"]);
  retry.soon();
  await clock.advance(5000);
  expect(done.filter((entry) => entry === "forget")).toHaveLength(2);
});

test("a vault that answers but refuses its values is asked again too", async () => {
  const { retry, clock, done } = scene(
    { "vault-a": known, "vault-b": known, "vault-c": known },
    { "vault-a": { state: "unknown", reason: "keys-forbidden" }, "vault-b": { state: "unknown", reason: "keys-not-allowed" }, "vault-c": { state: "known", value: { kind: "not-json" }, at: 0 } },
  );
  retry.soon();
  await clock.advance(5000);
  expect(done).toEqual(["forget", "refresh vault-a"]);
});

test("nothing happens after the end", async () => {
  const { retry, clock, done } = scene({ "vault-a": { state: "unknown", reason: "not-signed-in" } });
  retry.soon();
  retry.dispose();
  await clock.advance(5000);
  expect(done).toEqual([]);
  expect(clock.timers).toBe(0);
});
