import { expect, test } from "vitest";
import type { VaultWant } from "../../server/src/core/index.ts";
import { analyze, defaultSettings, emptyDirectory, Facts, factsNeeded, mergeWants, WorkspaceModel, emptyConfig } from "../../server/src/core/index.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import { connectorText, pipelineText, vaultReference } from "../support/shopFiles.ts";
import { seededRandom } from "./seededRandom.ts";

const shop: VaultTarget = { name: "shop-kv", cloud: "public" };
const tenants = ["6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a001", "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a002"];

function want(vault: VaultTarget, more: Partial<VaultWant> = {}): VaultWant {
  return { vault, listing: false, versionsOf: [], deletedOf: [], jsonOf: [], ...more };
}

test("no want is none", () => {
  expect(mergeWants([])).toEqual([]);
});

test("one want for each vault, all that was wanted of it, each name once, ignoring case", () => {
  const merged = mergeWants([
    want(shop, { versionsOf: ["b", "A"], jsonOf: [{ name: "J" }, { name: "j", version: "F0" }] }),
    want({ name: "other-kv", cloud: "public" }, { listing: true }),
    want({ name: "SHOP-kv", cloud: "public" }, { listing: true, versionsOf: ["a"], deletedOf: ["D", "d"], jsonOf: [{ name: "j" }, { name: "J", version: "f0" }] }),
  ]);
  expect(merged).toEqual([
    want({ name: "other-kv", cloud: "public" }, { listing: true }),
    want({ name: "SHOP-kv", cloud: "public" }, { listing: true, versionsOf: ["a", "b"], deletedOf: ["d"], jsonOf: [{ name: "j" }, { name: "j", version: "f0" }] }),
  ]);
});

test("clouds and tenants stay apart", () => {
  const vaults: VaultTarget[] = [shop, { ...shop, cloud: "usgov" }, ...tenants.map((tenant) => ({ ...shop, tenant }))];
  expect(mergeWants(vaults.map((vault) => want(vault, { listing: true }))).map(({ vault }) => vault)).toEqual([shop, vaults[2], vaults[3], vaults[1]]);
});

test("two connectors in one file whose tenants contradict each other both reach whoever asks the vault", () => {
  const files = ["a", "b"].map((identifier, index) => analyze(`file:///${identifier}.yaml`, `${connectorText(identifier)}    tenantId: ${tenants[index] ?? ""}\n`));
  const workspace = new WorkspaceModel(emptyConfig, files.flatMap(({ entities }) => entities));
  const analysis = analyze("file:///p.yaml", pipelineText(`${vaultReference("db", "a")} ${vaultReference("db", "b")}`));
  const wants = factsNeeded({ analysis, workspace, facts: Facts.none, directory: emptyDirectory, now: 0, settings: defaultSettings });
  expect(wants.map(({ vault }) => vault.tenant)).toEqual(tenants);
});

test("equal needs give equal lists, in whatever order and letters they come, and merging again changes nothing", () => {
  const random = seededRandom(11);
  const cased = (text: string): string => [...text].map((letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join("");
  const names = ["db", "token", "payment-config"];
  for (let round = 0; round < 300; round++) {
    const wants = Array.from({ length: 1 + random.below(6) }, () =>
      want(
        { name: cased(random.pick(["shop-kv", "other-kv"])), cloud: random.pick(["public", "usgov"]), ...(random.chance(0.3) ? { tenant: random.pick(tenants) } : {}) },
        { listing: random.chance(0.5), versionsOf: names.filter(() => random.chance(0.4)).map(cased), jsonOf: names.filter(() => random.chance(0.4)).map((name) => ({ name: cased(name), ...(random.chance(0.5) ? { version: cased("0f") } : {}) })) },
      ),
    );
    const shuffled = wants.map((one) => ({ one, key: random.below(1000) })).sort((a, b) => a.key - b.key).map(({ one }) => one);
    const merged = mergeWants(wants);
    expect(mergeWants(shuffled)).toEqual(merged);
    expect(mergeWants([...wants, ...merged])).toEqual(merged);
  }
});
