/** What the fields of a Key Vault connector say under the cursor. */
import { describe, expect, test } from "vitest";
import { hover, reasonAt } from "../../server/src/core/index.ts";
import { keyVaultFields } from "../../server/src/core/model/keyVaultFields.ts";
import { fixture, hovered } from "./fixture.ts";

const head = `connector:
  name: Shop vault
  identifier: shop_kv
  type: AzureKeyVault
  spec:
`;
const identity = `
    subscription: 22222222-0000-4000-8000-000000000001
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity`;

test.each(keyVaultFields.map((field) => [field.name, field] as const))("%s says what it is, when it is needed, and who says so", (name, field) => {
  const text = hovered(`${head}    ${name.slice(0, 3)}$0${name.slice(3)}: x`)?.text ?? "";
  const [title, empty, what] = text.split("\n");
  expect([title, empty, what]).toEqual([`**${name}**`, "", `${field.what}.`]);
  expect(text).toContain(`- ${field.required}\n`);
  expect(text).toContain(`- Source: ${field.source}`);
  expect(text.includes("- Default: ")).toBe(field.default !== undefined);
});

describe("vaultName", () => {
  const at = `${head}    vaultName: shop$0-kv${identity}`;
  const lines = (facts: string): readonly string[] => (hovered(`${at}\n${facts}`)?.text ?? "").split("\n").slice(6);

  test("marks the name, or the key", () => {
    const { snapshot, cursor = 0 } = fixture(at);
    const spanOf = (offset: number): string => {
      const { start, end } = hover(snapshot, offset)?.span ?? { start: 0, end: 0 };
      return snapshot.analysis.text.slice(start, end);
    };
    expect([spanOf(cursor), spanOf(cursor - 12)]).toEqual(["shop-kv", "vaultName"]);
  });

  test("tells what the vault has answered", () => {
    expect(lines("#- vault shop-kv: a, b")).toEqual(["- ✓ Vault `shop-kv`, asked less than a minute ago: 2 secrets"]);
    expect(lines("#- partial shop-kv: a")).toEqual(["- ✓ Vault `shop-kv`, asked less than a minute ago: at least 1 secret"]);
    expect(lines("#- vault shop-kv: a, b\n#- stale shop-kv: throttled")).toEqual(["- ? Vault `shop-kv`, last answered less than a minute ago: 2 secrets then"]);
    expect(lines("#- unknown shop-kv: forbidden")).toEqual(["- ? Vault `shop-kv`: Your account may not list the vault's secrets. Ask for the role Key Vault Reader, or the list permission in the access policy"]);
  });

  test("tells what Resource Manager has told", () => {
    const told = lines("#- unknown shop-kv: offline\n#- subscription Shop_production: id:22222222-0000-4000-8000-000000000001\n#- directory SHOP-KV: protected policies private");
    expect(told.slice(1)).toEqual([
      "- Subscription `Shop production`, resource group `shop-rg`, location `westeurope`",
      "- Tenant `11111111-0000-4000-8000-000000000001`",
      "- Access policies decide who may read it",
      "- Purge protection on; a deleted secret is kept 90 days",
      "- Public network access off: only private endpoints reach it",
    ]);
    expect(lines("#- unknown shop-kv: offline\n#- directory shop-kv:").slice(3)).toEqual(["- Roles (Azure RBAC) decide who may read it", "- Purge protection off; a deleted secret is kept 90 days", "- Public network access on"]);
  });

  test("says what is wrong with it, unless the rule is off", () => {
    const text = `${at}\n#- free shop-kv:`;
    expect(hovered(text)?.text).toContain("- ✗ Azure says that no vault is named");
    expect(hovered(text, { rules: { "akv-vault-not-found": "off" } })?.text).not.toContain("Azure says");
  });

  test("has the reason why nothing is known of the vault, for what mends it", () => {
    const reason = (text: string): unknown => {
      const { snapshot, cursor = 0 } = fixture(text);
      return reasonAt(snapshot, cursor);
    };
    expect(reason(`${at}\n#- unknown shop-kv: not-signed-in`)).toBe("not-signed-in");
    expect(reason(`${at}\n#- vault shop-kv: a`)).toBeUndefined();
    expect(reason(`${head}    vaultName: shop-kv\n    enable$0Purge: true\n#- unknown shop-kv: not-signed-in`)).toBeUndefined();
  });
});

test("a subscription has its name and state", () => {
  const text = `${head}    subscription: 22222222-$0ABCD-4000-8000-000000000001\n#- subscription Shop_production: id:22222222-abcd-4000-8000-000000000001 disabled`.replace("$0ABCD", "$0abcd");
  expect(hovered(text)?.text).toContain("- ✓ Subscription `Shop production`, state `Disabled`");
});

test("the key has the chain of the secret that it names", () => {
  const secret = "\n#- scope secret.yaml: account\n#- /secret.yaml\nsecret:\n  type: SecretText\n  name: key\n  identifier: sp_key\n  spec:\n    secretManagerIdentifier: harnessSecretManager\n    valueType: Inline";
  for (const text of [`${head}    secretKey: account.$0sp_key`, `${head}    secret$0Key: account.sp_key`]) {
    const shown = hovered(text + secret)?.text ?? "";
    expect(shown).toContain("**secretKey**\n");
    expect(shown).toContain("- Refers to `account.sp_key`\n- ✓ Harness secret `sp_key` (SecretText, Name `key`) in the account, defined in `secret.yaml`\n- ✓ Kept in Harness's built-in secret manager");
  }
  const elsewhere = hovered(`${head}    secretKey: account.$0sp_key${secret.replace("harnessSecretManager", "other_kv")}`)?.text ?? "";
  expect(elsewhere).toContain("- ✗ Secret");
});

test.each([
  ["a field that Keyline does not know", `${head}    newer$0Field: 1`],
  ["a field of the connector itself", "connector:\n  na$0me: a\n  identifier: a\n  type: AzureKeyVault"],
  ["a field of another connector", "connector:\n  identifier: a\n  type: Vault\n  spec:\n    vault$0Name: a"],
  ["the place behind a value", `${head}    vaultName: a\n$0  tags: {}`],
])("%s has none", (_title, text) => {
  expect(hovered(text)).toBeUndefined();
});
