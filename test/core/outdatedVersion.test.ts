import { describe, expect, test } from "vitest";
import { diagnostics, Facts } from "../../server/src/core/index.ts";
import type { SecretAttributes, SecretVersion } from "../../server/src/core/model/facts.ts";
import { fixture, now } from "./fixture.ts";

const v1 = "0123456789abcdef0123456789abcdef";
const v2 = "fedcba9876543210fedcba9876543210";
const vault = { name: "shop-kv", cloud: "public" } as const;

describe("a pinned version is older than the latest only where that is certain", () => {
  const v3 = "c".repeat(32);
  const day = 86_400_000;
  const { snapshot } = fixture(`pipeline:
  identifier: p
  a: <+secrets.getValue("account.azurevault://akv/db/${v1}")>
#- /keyline.jsonc
{ "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }] }`);
  const pinned: SecretVersion = { version: v1, enabled: true, created: now - 9 * day };
  const latest: SecretVersion = { version: v2, enabled: true, created: now - day };
  const outdated = (versions: readonly SecretVersion[], listed: Partial<SecretAttributes> = {}, rest: object = {}, restOfListing: object = {}): readonly string[] => {
    const secrets: readonly SecretAttributes[] = [{ name: "db", enabled: true, created: now - day, ...listed }];
    const facts = new Facts([{ vault, listing: { state: "known", at: now, value: { complete: true, secrets }, ...restOfListing }, versions: [["db", { state: "known", at: now, value: versions, ...rest }]], deleted: [], jsonShapes: [] }], "loading");
    return diagnostics({ ...snapshot, facts }).flatMap(({ rule, message }) => (rule === "vault-version-outdated" ? [message] : []));
  };

  test("it is", () => {
    const words = 'This version of secret "db" was made 9 days ago in vault shop-kv, the latest 1 day ago. Pin the latest, or write no version';
    expect(outdated([pinned, latest])).toEqual([words]);
    expect(outdated([latest, { version: v3, enabled: false, created: now - 2 * day }, pinned])).toEqual([words]);
    expect(outdated([pinned, latest], { created: now - 9 * day }), "an older listing").toEqual([words]);
    expect(outdated([pinned, latest], { enabled: false }, {}, { stale: "throttled" }), "a stale listing says nothing of the latest").toEqual([words]);
    expect(outdated([{ ...pinned, expires: now - 1 }, latest]), "expired and older").toEqual([words]);
  });

  test("two ages that read the same", () => {
    expect(outdated([{ ...pinned, created: now - day - 60_000 }, latest])).toEqual(['This version of secret "db" was made 1 day ago in vault shop-kv, the latest 1 minute later. Pin the latest, or write no version']);
  });

  const { created: _created, ...undated } = latest;
  const silent: readonly (readonly [string, readonly SecretVersion[], Partial<SecretAttributes>?, object?])[] = [
    ["it is the latest", [pinned, { ...latest, created: now - 10 * day }]],
    ["it is the only one", [pinned]],
    ["a version has no date", [pinned, latest, { ...undated, version: v3 }]],
    ["two share the latest second", [pinned, latest, { ...latest, version: v3 }]],
    ["the latest is disabled", [pinned, { ...latest, enabled: false }]],
    ["the latest has expired", [pinned, { ...latest, expires: now }]],
    ["the latest is not valid yet", [pinned, { ...latest, notBefore: now + 1 }]],
    ["it is disabled itself", [{ ...pinned, enabled: false }, latest]],
    ["the listing knows a later one", [pinned, latest], { created: now }],
    ["the listing says that the latest is disabled", [pinned, latest], { enabled: false }],
    ["the listing says that the latest has expired", [pinned, latest], { expires: now - 1 }],
    ["the versions are stale", [pinned, latest], {}, { stale: "throttled" }],
  ];

  test.each(silent.map(([title, ...facts]) => ({ title, facts })))("nothing is said where $title", ({ facts }) => {
    expect(outdated(...facts)).toEqual([]);
  });
});
