/** What can be written into a Key Vault connector: keys, and the values of each. Nothing waits for anyone. */
import { describe, expect, test } from "vitest";
import { completionDocumentation } from "../../server/src/core/index.ts";
import { shopSubscription, shopTenant } from "./directoryLine.ts";
import { complete, fixture } from "./fixture.ts";

const head = `connector:
  name: Shop vault
  identifier: shop_kv
  type: AzureKeyVault
  spec:
`;
const directory = `
#- subscription Shop_production: id:22222222-0000-4000-8000-000000000001
#- subscription Archive: id:22222222-0000-4000-8000-000000000002 tenant:11111111-0000-4000-8000-000000000002 disabled
#- subscription Federal: id:22222222-0000-4000-8000-000000000003 usgov
#- directory zoo-kv: subscription:22222222-0000-4000-8000-000000000002 policies private
#- directory shop-kv: protected
#- directory abc-kv:
#- directory federal-kv: usgov subscription:22222222-0000-4000-8000-000000000003`;

describe("keys", () => {
  test("of a connector: those that it needs first, and none that stands there", () => {
    expect(complete("connector:\n  identifier: a\n  $0\n  tags: {}").labels).toEqual(["name", "type", "spec", "description", "orgIdentifier", "projectIdentifier"]);
    expect(complete("connector:\n  identifier: a\n  $0").take("type")).toBe("connector:\n  identifier: a\n  type: $0");
    expect(complete("connector:\n  identifier: a\n  $0").take("spec")).toBe("connector:\n  identifier: a\n  spec:$0");
  });

  test("of a spec that has nothing yet", () => {
    const { labels, take } = complete(`${head}    $0`);
    expect(labels.slice(0, 6)).toEqual(["vaultName", "subscription", "clientId", "tenantId", "secretKey", "useManagedIdentity"]);
    expect(labels).toHaveLength(14);
    expect(take("vaultName")).toBe(`${head}    vaultName: $0`);
    expect(take("delegateSelectors")).toBe(`${head}    delegateSelectors:$0`);
  });

  test.each([
    ["a client ID and a key", "    clientId: a\n    $0", ["tenantId", "secretKey", "vaultName", "subscription", "default"], ["managedClientId", "azureManagedIdentityType", "clientId"]],
    ["the delegate's identity", "    useManagedIdentity: true\n    $0", ["azureManagedIdentityType", "vaultName", "subscription", "tenantId", "default"], ["clientId", "secretKey"]],
    ["a user-assigned identity", "    useManagedIdentity: true\n    azureManagedIdentityType: UserAssignedManagedIdentity\n    $0", ["managedClientId", "vaultName", "subscription", "tenantId", "default"], ["clientId"]],
    ["a system-assigned identity", "    useManagedIdentity: true\n    azureManagedIdentityType: SystemAssignedManagedIdentity\n    $0", ["vaultName", "subscription"], ["managedClientId"]],
  ])("of %s: what it needs first, nothing that Harness would not look at", (_title, lines, first, none) => {
    const { labels } = complete(head + lines);
    expect(labels.slice(0, first.length)).toEqual(first);
    for (const label of none) expect(labels).not.toContain(label);
  });

  test("a word that is being typed, between other lines, is replaced, and the rest of the file stays", () => {
    expect(complete(`${head}    vaultName: a\n    sub$0\n    enablePurge: true\n`).take("subscription")).toBe(`${head}    vaultName: a\n    subscription: $0\n    enablePurge: true\n`);
    expect(complete(`${head}    sub$0`).take("subscription")).toBe(`${head}    subscription: $0`);
    expect(complete(`${head}    vault$0nam: shop-kv`).take("vaultName")).toBe(`${head}    vaultName$0: shop-kv`);
  });

  test.each([
    ["in a block of text", "connector:\n  identifier: a\n  type: AzureKeyVault\n  description: |\n    $0\n  spec:\n    vaultName: a"],
    ["among the tags", "connector:\n  identifier: a\n  type: AzureKeyVault\n  spec:\n    vaultName: a\n  tags:\n    $0"],
    ["in a column of its own", `${head}    vaultName: a\n      $0`],
    ["in the spec of another connector", "connector:\n  identifier: a\n  type: Github\n  spec:\n    url: a\n    $0"],
    ["in a secret", "secret:\n  identifier: a\n  type: SecretText\n  $0"],
    ["in a spec that stands elsewhere", "connector:\n  identifier: a\n  type: AzureKeyVault\n  spec: *shared\n    $0"],
    ["before the connector", "$0\nconnector:\n  identifier: a\n  type: AzureKeyVault"],
    ["in a comment", `${head}    vaultName: a\n    # $0`],
  ])("%s there are none", (_title, text) => {
    expect(complete(text).list.items).toEqual([]);
  });

  test("of the second document of a file", () => {
    expect(complete(`${head}    vaultName: a\n---\n${head}    clientId: a\n    $0`).labels.slice(0, 2)).toEqual(["tenantId", "secretKey"]);
  });

  test("each of a spec has its documentation", () => {
    const text = `${head}    $0`;
    for (const { data, label } of complete(text).list.items) {
      const words = completionDocumentation(fixture(text).snapshot, data ?? "");
      expect(words, label).toMatch(/^[A-Z][^]*\n- Source: Harness's /);
    }
  });

  test("a value is asked for where there are some to offer", () => {
    const { item } = complete(`${head}    $0`);
    expect(item("enablePurge").again).toBe(true);
    expect(item("clientId").again).toBeUndefined();
  });
});

describe("values", () => {
  test.each([
    ["  type: $0", ["AzureKeyVault", "Vault", "AwsSecretManager", "AwsKms", "GcpKms", "GcpSecretManager", "CustomSecretManager"]],
    ["  type: AzureKeyVault\n  spec:\n    azureEnvironmentType: $0", ["AZURE", "AZURE_US_GOVERNMENT"]],
    ["  type: AzureKeyVault\n  spec:\n    azureManagedIdentityType: '$0'", ["SystemAssignedManagedIdentity", "UserAssignedManagedIdentity"]],
    ["  type: AzureKeyVault\n  spec:\n    enablePurge: $0 # why", ["true", "false"]],
    ["  type: AzureKeyVault\n  spec:\n    enablePurge: f$0", ["false"]],
    ["  type: AzureKeyVault\n  spec:\n    clientId: $0", []],
    ["  type: AzureKeyVault\n  spec:\n    enablePurge: <+in$0", []],
    ["  type: Github\n  spec:\n    enablePurge: $0", []],
  ])("%s", (lines, labels) => {
    expect(complete(`connector:\n  identifier: a\n${lines}`).labels).toEqual(labels);
  });

  test("stand in the quotes that are there, and close those that are open", () => {
    expect(complete(`${head}    azureEnvironmentType: "$0"`).take("AZURE")).toBe(`${head}    azureEnvironmentType: "AZURE$0"`);
    expect(complete(`${head}    azureEnvironmentType: "A$0`).take("AZURE")).toBe(`${head}    azureEnvironmentType: "AZURE"$0`);
    expect(complete(`${head}    azureEnvironmentType: AZ$0URE\n`).take("AZURE_US_GOVERNMENT")).toBe(`${head}    azureEnvironmentType: AZURE_US_GOVERNMENT$0\n`);
  });

  test("vaults of the connector's cloud, those of its subscription first, with what they are", () => {
    const { labels, item, list } = complete(`${head}    vaultName: $0\n    subscription: 22222222-0000-4000-8000-000000000002${directory}`);
    expect(labels).toEqual(["zoo-kv", "abc-kv", "shop-kv"]);
    expect(item("zoo-kv").detail).toBe("shop-rg · access policies · no public access");
    expect(item("shop-kv").detail).toBe("shop-rg · RBAC · purge protection");
    expect(list).toMatchObject({ incomplete: false, wants: [] });
    expect(complete(`${head}    vaultName: $0\n    azureEnvironmentType: AZURE_US_GOVERNMENT${directory}`).labels).toEqual(["federal-kv"]);
    expect(complete(`${head}    vaultName: $0\n    azureEnvironmentType: <+input>${directory}`).labels).toEqual([]);
    expect(complete(`${head}    vaultName: $0`).labels).toEqual([]);
  });

  test("of more vaults than are sent at once, those that fit what is typed", () => {
    const many = Array.from({ length: 700 }, (_, index) => `#- directory kv-${String(index).padStart(4, "0")}:`).join("\n");
    expect(complete(`${head}    vaultName: $0\n${many}`).list).toMatchObject({ incomplete: true });
    expect(complete(`${head}    vaultName: $0\n${many}`).labels).toHaveLength(500);
    const { labels, list } = complete(`${head}    vaultName: 0699$0\n${many}`);
    expect(labels).toEqual(["kv-0699"]);
    expect(list.incomplete).toBe(false);
  });

  test("subscriptions by their names; the ID is what is written", () => {
    const { labels, item, take } = complete(`${head}    subscription: $0${directory}`);
    expect(labels).toEqual(["Shop production", "Archive"]);
    expect(item("Archive").detail).toBe("22222222-0000-4000-8000-000000000002 · Disabled");
    expect(take("Shop production")).toBe(`${head}    subscription: ${shopSubscription}$0`);
    expect(complete(`${head}    subscription: arch$0${directory}`).labels).toEqual(["Archive"]);
    expect(complete(`${head}    vaultName: zoo-kv\n    subscription: $0${directory}`).labels).toEqual(["Archive", "Shop production"]);
  });

  test("tenants that Resource Manager has named, the vault's first", () => {
    const { labels, item } = complete(`${head}    vaultName: shop-kv\n    tenantId: $0${directory}`);
    expect(labels).toEqual([shopTenant, "11111111-0000-4000-8000-000000000002"]);
    expect(item(shopTenant).detail).toBe("the vault's tenant");
  });

  test("secrets for the connector's key: those of the built-in manager first, of whatever scope", () => {
    const secret = (identifier: string, manager: string, scope = ""): string => `---\nsecret:\n  type: SecretText\n  identifier: ${identifier}\n${scope}  spec:\n    secretManagerIdentifier: ${manager}\n`;
    const scope = "  orgIdentifier: o\n  projectIdentifier: p\n";
    const { labels } = complete(`
connector:
  identifier: a
  orgIdentifier: o
  projectIdentifier: p
  type: AzureKeyVault
  spec:
    secretKey: $0
#- scope secrets.yaml: account
#- /secrets.yaml
${secret("in_vault", "akv", scope)}${secret("own", "harnessSecretManager", scope)}${secret("above", "harnessSecretManager")}${secret("above_in_vault", "akv")}`);
    expect(labels).toEqual(["own", "account.above", "account.above_in_vault", "in_vault", "account.", "org."]);
  });

  test("delegate selectors of other connectors, on a line of their own and between brackets", () => {
    const other = `\n#- /b.yaml\n${head.replace("shop_kv", "b")}    delegateSelectors: [linux, "team-a", "not one"]`;
    expect(complete(`${head}    delegateSelectors:\n      - $0${other}`).labels).toEqual(["linux", "team-a"]);
    expect(complete(`${head}    delegateSelectors:\n    - a\n    - te$0\n    vaultName: a${other}`).take("team-a")).toBe(`${head}    delegateSelectors:\n    - a\n    - team-a$0\n    vaultName: a`);
    expect(complete(`${head}    delegateSelectors: [$0]${other}`).labels).toEqual(["linux", "team-a"]);
    expect(complete(`${head}    delegateSelectors: [a, li$0]${other}`).take("linux")).toBe(`${head}    delegateSelectors: [a, linux$0]`);
    expect(complete(`${head}    delegateSelectors: []\n    vaultName: a\n    - $0${other}`).labels).toEqual([]);
  });

  test("organizations and projects that the workspace names", () => {
    const others = `\n#- /b.yaml\nconnector:\n  identifier: b\n  orgIdentifier: platform\n  projectIdentifier: core\n  type: Github\n#- /keyline.jsonc\n{ "organization": "default", "project": "shop" }`;
    const inDocument = (lines: string): readonly string[] => complete(`connector:\n  identifier: a\n${lines}${others}`).labels;
    expect(inDocument("  orgIdentifier: $0")).toEqual(["default", "platform"]);
    expect(inDocument("  projectIdentifier: $0")).toEqual(["core", "shop"]);
    expect(inDocument("  orgIdentifier: platform\n  projectIdentifier: $0")).toEqual(["core"]);
  });

  test("secret managers that a secret can be kept in", () => {
    const others = `\n#- scope **: account\n#- /b.yaml\n${head}    vaultName: shop-kv\n---\nconnector:\n  identifier: git\n  type: Github\n---\nconnector:\n  identifier: of_org\n  orgIdentifier: o\n  type: Vault`;
    const of = (scope: string): readonly string[] => complete(`secret:\n  type: SecretText\n  identifier: a\n${scope}  spec:\n    secretManagerIdentifier: $0${others}`).labels;
    expect(of("")).toEqual(["shop_kv", "harnessSecretManager"]);
    expect(of("  orgIdentifier: o\n")).toEqual(["of_org", "harnessSecretManager", "account.shop_kv", "account.harnessSecretManager"]);
    expect(of("  orgIdentifier: <+input>\n")).toEqual(["account.shop_kv", "account.harnessSecretManager"]);
    expect(complete(`secret:\n  type: SecretText\n  identifier: a\n  spec:\n    valueType: $0`).labels).toEqual([]);
  });
});
