import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../server/src/core/index.ts";
import { parseScopeKey } from "../../server/src/core/model/scope.ts";
import { isGuid, isVaultName } from "../../server/src/core/model/vaultTarget.ts";
import { ruleIds, rules, severities } from "../../server/src/core/rules.ts";

interface Schema {
  readonly description?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schemaPath = join(import.meta.dirname, "../../schemas/keyline.schema.json");
const schema = JSON.parse(readFileSync(schemaPath, "utf8")) as Schema;
const definition = (name: string): Schema => schema.definitions?.[name] ?? {};
const property = (owner: Schema, name: string): Schema => owner.properties?.[name] ?? {};

describe("the schema of keyline.jsonc", () => {
  it("lists exactly the rules, each with its title and default", () => {
    const described = Object.entries(definition("rules").properties ?? {}).map(([id, rule]) => [id, rule.description]);
    expect(described).toEqual(ruleIds.map((id) => [id, `${rules[id].title}. Default: ${rules[id].severity}.`]));
  });

  it("lists exactly the severities", () => {
    expect(definition("severity").enum).toEqual(severities);
    expect(definition("severity").enumDescriptions).toHaveLength(severities.length);
  });

  it("refuses unknown properties and describes every known one", () => {
    for (const owner of [schema, definition("connector"), definition("secret"), definition("fileScope"), definition("rules")]) {
      expect(owner.additionalProperties).toBe(false);
      for (const [name, part] of Object.entries(owner.properties ?? {})) expect(part.description, name).toMatch(/\.$/);
    }
  });

  it("knows no property that the configuration's reader refuses, nor the other way round", () => {
    const every = {
      $schema: "keyline.schema.json",
      organization: "default",
      project: "shop",
      complete: ["account"],
      connectors: [{ identifier: "kv", scope: "account", vault: "shop-kv", cloud: "public", tenant: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a001" }],
      secrets: [{ identifier: "db", scope: "account", name: "Db", connector: "account.kv", value: "db-password" }],
      rules: {},
      scopes: [{ files: ".harness/connectors/**", scope: "account" }],
      include: [],
      exclude: [],
    };
    expect(Object.keys(every)).toEqual(Object.keys(schema.properties ?? {}));
    expect(Object.keys(every.connectors[0] ?? {})).toEqual(Object.keys(definition("connector").properties ?? {}));
    expect(Object.keys(every.secrets[0] ?? {})).toEqual(Object.keys(definition("secret").properties ?? {}));
    expect(Object.keys(every.scopes[0] ?? {})).toEqual(Object.keys(definition("fileScope").properties ?? {}));
    expect(readConfig("file:///keyline.jsonc", JSON.stringify(every)).problems).toEqual([]);
    const { problems } = readConfig("file:///keyline.jsonc", JSON.stringify({ ...every, colour: "blue" }));
    expect(problems).toHaveLength(1);
  });

  it.each([
    "account", "org:default", "project:default/shop", "org:a$b", "org:", "project:default", "project:default/", "account.", "Account", "org:1x", "org:a b",
    "project:default/shop/x", ` account`, `org:${"a".repeat(128)}`, `org:${"a".repeat(129)}`,
  ])("takes the scope %j where the configuration's reader does", (text) => {
    expect(matches(definition("scope"), text)).toBe(parseScopeKey(text) !== undefined);
  });

  it.each(["shop-prod-kv", "kv", "abc", "1vault", "shop--kv", "shop-", "a".repeat(24), "a".repeat(25), "https://shop.vault.azure.net"])(
    "takes the vault name %j where Key Vault does",
    (text) => {
      expect(matches(property(definition("connector"), "vault"), text)).toBe(isVaultName(text));
    },
  );

  it.each(["6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a001", "contoso.onmicrosoft.com", "6f1f8a52"])("takes the tenant %j where it is a GUID", (text) => {
    expect(matches(property(definition("connector"), "tenant"), text)).toBe(isGuid(text));
  });
});

function matches(part: Schema, text: string): boolean {
  expect(part.pattern).toBeDefined();
  return new RegExp(part.pattern ?? "", "u").test(text);
}
