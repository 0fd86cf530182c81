/** What is said of a Key Vault connector: by its text, by other files, and by what vaults and Resource Manager have answered. */
import { describe, expect, test } from "vitest";
import { diagnostics, factsNeeded, connectorVaults } from "../../server/src/core/index.ts";
import { applyFix, check, fixture } from "./fixture.ts";

const head = `connector:
  name: Shop vault
  identifier: shop_kv
  type: AzureKeyVault
  spec:`;
const credentials = `
    clientId: 33333333-0000-4000-8000-000000000001
    tenantId: 11111111-0000-4000-8000-000000000001
    secretKey: account.azure_sp_key`;
const vault = `
    vaultName: shop-kv
    subscription: 22222222-0000-4000-8000-000000000001`;
const identity = `
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity`;
const withKey = head + credentials + vault;
const managed = head + vault + identity;

/** The rules, severities and marked texts of the first file. */
function found(text: string): readonly string[] {
  const { snapshot } = fixture(text);
  return diagnostics(snapshot).map(({ rule, severity, span }) => `${severity} ${rule} ${snapshot.analysis.text.slice(span.start, span.end)}`);
}

function fixTitles(text: string): readonly string[] {
  return diagnostics(fixture(text).snapshot).flatMap(({ fixes }) => fixes.map(({ title }) => title));
}

describe("what is right is left alone", () => {
  test.each([
    ["a client ID and a key", withKey],
    ["the delegate's identity", managed],
    ["the delegate's identity with the vault's tenant", `${managed}\n    tenantId: 11111111-0000-4000-8000-000000000001`],
    ["a user-assigned identity", `${head}${vault}\n    useManagedIdentity: true\n    azureManagedIdentityType: UserAssignedManagedIdentity\n    managedClientId: 33333333-0000-4000-8000-000000000002`],
    ["all that Harness writes", `${withKey}\n    default: false\n    vaultConfiguredManually: true\n    azureEnvironmentType: AZURE\n    delegateSelectors: []\n    useManagedIdentity: false\n    enablePurge: true\n    ignoreTestConnection: false\n    executeOnDelegate: true\n    somethingNewer: 1`],
    ["placeholders", `${head}\n    clientId: <+input>\n    tenantId: \${TENANT}\n    secretKey: <+input>\n    vaultName: <+input>\n    subscription: "{{ .sub }}"\n    azureEnvironmentType: <+input>\n    useManagedIdentity: <+input>\n    enablePurge: <+input>`],
    ["a spec that stands elsewhere", "connector:\n  name: a\n  identifier: a\n  type: AzureKeyVault\n  spec: *shared"],
    ["a connector whose keys are merged in", "connector:\n  <<: *shared\n  name: a\n  identifier: a\n  type: AzureKeyVault"],
    ["switches in YAML's other spellings", `${withKey}\n    enablePurge: True\n    useManagedIdentity: FALSE`],
    ["fields that are merged in", `${head}\n    <<: *shared\n    vaultName: shop-kv`],
    ["fields that a template may put in", `${head}\n    %{ if managed }\n    useManagedIdentity: true\n    %{ endif }\n    vaultName: shop-kv`],
    ["another type of connector", "connector:\n  name: a (b)\n  identifier: a-b\n  type: Vault\n  spec:\n    vaultName: https://x\n    enablePurge: yes"],
    ["a type that something fills in", "connector:\n  identifier: a-b\n  type: <+input>\n  spec: {}"],
  ])("%s", (_title, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("missing fields", () => {
  test("are named together, at the key of the spec", () => {
    check(`
${head}
# ^^^^ error[connector-missing-field] clientId, tenantId and secretKey are missing, and Harness refuses the connector. Write them, or useManagedIdentity: true
    vaultName: shop-kv
    subscription: 22222222-0000-4000-8000-000000000001`);
    check(`
${head}
# ^^^^ error[connector-missing-field] secretKey is missing
    clientId: 33333333-0000-4000-8000-000000000001
    tenantId: 11111111-0000-4000-8000-000000000001${vault}`);
  });

  test("are told of at the type where there is no spec", () => {
    check(`
connector:
  name: a
  identifier: a
  type: AzureKeyVault
#       ^^^^^^^^^^^^^ error[connector-missing-field] clientId, tenantId, secretKey and vaultName are missing
#       ^^^^^^^^^^^^^ info[connector-no-subscription]`);
  });

  test("are told of where they stand empty", () => {
    check(`
${head}
    clientId:
#   ^^^^^^^^ error[connector-missing-field] clientId is empty
    tenantId: ""
#   ^^^^^^^^ error[connector-missing-field] tenantId is empty
    secretKey: ~
#   ^^^^^^^^^ error[connector-missing-field] secretKey is empty${vault}`);
  });

  test("of the delegate's identity, each kind its own", () => {
    check(`
${head}${vault}
    useManagedIdentity: true
#- /x.yaml
`.replace("  spec:", "  spec:\n# ^^^^ error[connector-missing-field] azureManagedIdentityType is missing"));
    check(`
${head}
# ^^^^ error[connector-missing-field] managedClientId is missing
    useManagedIdentity: true
    azureManagedIdentityType: UserAssignedManagedIdentity${vault}`);
  });

  test("a slip of the pen in a required one is one fault, and its fix mends it", () => {
    const text = withKey.replace("vaultName", "vaultname");
    expect(found(text)).toEqual(["error connector-missing-field vaultname"]);
    expect(applyFix(text, 'Change to "vaultName"')).toBe(withKey);
  });

  test("the subscription is information, and says exactly what Harness says", () => {
    check(`
${head}
# ^^^^ info[connector-no-subscription] Harness's code refuses a connector without one, though its page calls it optional
    vaultName: shop-kv${identity}`);
  });

  test("the subscription that Resource Manager names for the vault is written by the fix", () => {
    const text = `${head}\n    vaultName: Shop-KV # here${identity}\n#- directory shop-kv:`;
    expect(applyFix(text, 'Write "subscription: 22222222-0000-4000-8000-000000000001"')).toBe(`${head}\n    vaultName: Shop-KV # here\n    subscription: 22222222-0000-4000-8000-000000000001${identity}`);
    const empty = `${head}\n    subscription:\n    vaultName: shop-kv${identity}\n#- directory shop-kv:`;
    expect(applyFix(empty, 'Write "subscription: 22222222-0000-4000-8000-000000000001"')).toContain("    subscription: 22222222-0000-4000-8000-000000000001\n");
  });

  test("fixes write what one kind of credential needs, and leave empty what nobody knows", () => {
    const text = head + vault;
    expect(fixTitles(text)).toEqual(["Use the delegate's system-assigned identity", "Use the delegate's user-assigned identity", "Add lines for the missing fields"]);
    expect(found(applyFix(text, "Use the delegate's system-assigned identity"))).toEqual([]);
    expect(found(applyFix(text, "Use the delegate's user-assigned identity"))).toEqual(["error connector-missing-field managedClientId"]);
    expect(applyFix(text, "Add lines for the missing fields")).toBe(`${head}\n    clientId:\n    tenantId:\n    secretKey:${vault}`);
    const meant = `${head}${vault}\n    managedClientId: 33333333-0000-4000-8000-000000000002`;
    expect(found(applyFix(meant, "Use the delegate's user-assigned identity"))).toEqual([]);
  });

  test("lines are written as the file writes them, and not at all where keys share a line", () => {
    const windows = (head + vault).replaceAll("\n", "\r\n");
    expect(applyFix(windows, "Use the delegate's system-assigned identity")).toContain("\r\n    useManagedIdentity: true\r\n    azureManagedIdentityType: SystemAssignedManagedIdentity\r\n    vaultName");
    expect(fixTitles("connector:\n  name: a\n  identifier: a\n  type: AzureKeyVault\n  spec: { vaultName: shop-kv }")).toEqual([]);
  });
});

describe("conflicting fields", () => {
  test("beside the delegate's identity nothing else signs in", () => {
    check(`
${managed}
    clientId: 33333333-0000-4000-8000-000000000001
#   ^^^^^^^^ warning[connector-conflict] Harness does not use clientId
    secretKey: account.azure_sp_key
#   ^^^^^^^^^ warning[connector-conflict] Harness does not use secretKey
    managedClientId: 33333333-0000-4000-8000-000000000002
#   ^^^^^^^^^^^^^^^ warning[connector-conflict] A system-assigned identity has no client ID`);
  });

  test("an identity's fields that count for nothing beside a client ID and a key are not told of: Harness's own export may hold them", () => {
    check(`
${withKey}
    useManagedIdentity: false
    azureManagedIdentityType: SystemAssignedManagedIdentity
    managedClientId: 33333333-0000-4000-8000-000000000002`);
  });

  test("the fix removes the line, a comment on it too, and no other", () => {
    const text = `${head}\n    clientId: 33333333-0000-4000-8000-000000000001 # old${vault}${identity}`;
    expect(applyFix(text, "Remove clientId")).toBe(managed);
    expect(applyFix(`${managed}\n    secretKey: a`, "Remove secretKey")).toBe(`${managed}\n`);
  });
});

describe("values", () => {
  test("that are no GUID", () => {
    check(`
${head}
    clientId: shop-deployer
#             ^^^^^^^^^^^^^ error[akv-guid] clientId is a GUID
    tenantId: contoso.onmicrosoft.com
#             ^^^^^^^^^^^^^^^^^^^^^^^ warning[akv-guid] is a domain name
    secretKey: account.azure_sp_key
    vaultName: shop-kv
    subscription: Shop production
#                 ^^^^^^^^^^^^^^^ warning[akv-guid] subscription is a GUID`);
  });

  test.each([
    ["{33333333-0000-4000-8000-000000000001}"],
    ["33333333000040008000000000000001"],
  ])("the GUID in %s is written by the fix", (value) => {
    const text = withKey.replace("clientId: 33333333-0000-4000-8000-000000000001", `clientId: '${value}'`);
    expect(applyFix(text, 'Write "33333333-0000-4000-8000-000000000001"')).toContain("clientId: '33333333-0000-4000-8000-000000000001'");
  });

  test.each([
    ["https://shop-kv.vault.azure.net/", ""],
    ["https://shop-kv.vault.azure.net/secrets/db-password", ""],
    ["shop-kv.vault.azure.net", ""],
    ["https://SHOP-kv.vault.usgovcloudapi.net/", "azureEnvironmentType: AZURE_US_GOVERNMENT"],
    ["https://shop-kv.vault.azure.cn/", "China cloud, which Harness does not offer"],
    ["shop-kv.privatelink.vaultcore.azure.net", ""],
    ["/subscriptions/22222222-0000-4000-8000-000000000001/resourceGroups/shop-rg/providers/Microsoft.KeyVault/vaults/shop-kv", ""],
  ])("the address %s stands for its vault's name", (address, words) => {
    const text = withKey.replace("vaultName: shop-kv", `vaultName: ${address}`);
    const [finding] = diagnostics(fixture(text).snapshot);
    expect(finding).toMatchObject({ rule: "akv-vault-name", severity: "error" });
    expect(finding?.message).toContain(words);
    expect(applyFix(text, finding?.fixes[0]?.title ?? "").toLowerCase()).toContain("vaultname: shop-kv\n");
  });

  test.each(["kv", "1shop", "shop--kv", "shop_kv", "shop-", "a".repeat(25), "shop kv", "https://example.com/shop-kv"])("no vault is named %s", (name) => {
    expect(found(withKey.replace("vaultName: shop-kv", `vaultName: ${name}`))).toEqual([`error akv-vault-name ${name}`]);
  });

  test.each([
    ["azureEnvironmentType: AzureCloud", "AzureCloud", "AZURE"],
    ["azureEnvironmentType: azure", "azure", "AZURE"],
    ["azureEnvironmentType: AZURE_US_GOV", "AZURE_US_GOV", "AZURE_US_GOVERNMENT"],
    ["azureEnvironmentType: AzureUSGovernment", "AzureUSGovernment", "AZURE_US_GOVERNMENT"],
    ["azureEnvironmentType: AZURE_CHINA", "AZURE_CHINA", undefined],
    ["azureEnvironmentType: elsewhere", "elsewhere", undefined],
    ["enablePurge: yes", "yes", "true"],
    ["enablePurge: 'off'", "off", "false"],
    ["enablePurge: ture", "ture", "true"],
    ["default: maybe", "maybe", undefined],
  ])("%s is no value", (line, marked, meant) => {
    const text = `${withKey}\n    ${line}`;
    expect(found(text)).toEqual([`error connector-unknown-value ${marked}`]);
    expect(fixTitles(text)).toEqual(meant === undefined ? [] : [`Write "${meant}"`]);
    if (meant !== undefined) expect(found(applyFix(text, `Write "${meant}"`)).filter((each) => each.startsWith("error"))).toEqual([]);
  });

  test("the type of the identity", () => {
    expect(found(managed.replace("SystemAssignedManagedIdentity", "SystemAssigned"))).toEqual(["error connector-unknown-value SystemAssigned"]);
    expect(applyFix(managed.replace("SystemAssignedManagedIdentity", "systemAssignedIdentity"), 'Write "SystemAssignedManagedIdentity"')).toBe(managed);
  });

  test("a switch in quotes is a text", () => {
    const text = `${withKey}\n    enablePurge: "true"`;
    expect(found(text)).toEqual(["warning connector-unknown-value true"]);
    expect(applyFix(text, "Remove the quotes")).toBe(`${withKey}\n    enablePurge: true`);
  });

  test.each(["AzureKeyvault", "AzureVault", "azureKeyVault"])("%s is all but the type", (type) => {
    expect(applyFix(withKey.replace("AzureKeyVault", type), 'Write "AzureKeyVault"')).toBe(withKey);
  });

  test.each([
    ["enable_purge: false", "enablePurge"],
    ["subscriptionId: 22222222-0000-4000-8000-000000000001", undefined],
    ["delegateSelector: []", "delegateSelectors"],
    ["environment: AZURE", "azureEnvironmentType"],
  ])("%s is a slip of the pen, unless the field that is meant stands there", (line, meant) => {
    const text = `${withKey}\n    ${line}`;
    expect(found(text)).toEqual(meant === undefined ? [] : [`warning connector-unknown-field ${line.split(":")[0] ?? ""}`]);
    if (meant !== undefined) expect(found(applyFix(text, `Change to "${meant}"`))).toEqual([]);
  });

  test("of several documents, each for itself", () => {
    check(`
${withKey}
---
connector:
  name: b
  identifier: b
  type: AzureKeyVault
  spec:
    vaultName: x
#              ^ error[akv-vault-name]
    subscription: 22222222-0000-4000-8000-000000000001${identity}
---
pipeline:
  identifier: p
  enablePurge: yes`);
  });
});

describe("identifier and Name", () => {
  test.each([
    ["shop-kv", "error invalid-identifier"],
    ["1shop", "error invalid-identifier"],
    ["account", "error invalid-identifier"],
    ["a".repeat(129), "error invalid-identifier"],
    ["_harness_system_kv", "warning invalid-identifier"],
    ["<+input>", undefined],
    ["shop_kv$1", undefined],
  ])("connector %s: %s", (identifier, expected) => {
    expect(found(withKey.replace("shop_kv", identifier))).toEqual(expected === undefined ? [] : [`${expected} ${identifier}`]);
  });

  test.each([
    ["shop-kv", "hint hyphen-identifier"],
    ["stepGroup", "error invalid-identifier"],
    ["shop.kv", "error invalid-identifier"],
    ["shop_kv", undefined],
  ])("secret %s: %s", (identifier, expected) => {
    const text = `secret:\n  type: SecretText\n  name: a\n  identifier: ${identifier}\n  spec:\n    secretManagerIdentifier: harnessSecretManager\n    valueType: Inline`;
    expect(found(text)).toEqual(expected === undefined ? [] : [`${expected} ${identifier}`]);
  });

  test("Names", () => {
    check(`
connector:
  name: Shop (vault)
#       ^^^^^^^^^^^^ warning[invalid-name]
  identifier: a
  type: AzureKeyVault
  spec:${vault}${identity}
---
secret:
  type: SecretText
  name: what?
#       ^^^^^ warning[invalid-name] no ?
  identifier: a
  spec:
    secretManagerIdentifier: harnessSecretManager`);
  });
});

describe("what other files show", () => {
  const secret = (manager: string): string => `
#- /secret.yaml
secret:
  type: SecretText
  name: azure sp key
  identifier: azure_sp_key
  spec:
    secretManagerIdentifier: ${manager}
    valueType: Inline`;

  test("a key that is kept in another secret manager", () => {
    check(`
${withKey.replace(vault, "")}
#              ^^^^^^^^^^^^^^^^^^^^ error[secret-key-elsewhere] is kept in "account.other_kv"${vault}${secret("account.other_kv")}`);
  });

  test.each(["harnessSecretManager", "account.harnessSecretManager", "<+input>"])("a key that is kept in %s is right", (manager) => {
    expect(found(withKey + secret(manager))).toEqual([]);
  });

  test("a key that no file describes is not known to be wrong", () => {
    expect(found(withKey)).toEqual([]);
  });

  test("a key of a lower scope", () => {
    check(`
${withKey.replace("account.azure_sp_key", "azure_sp_key").replace(vault, "")}
#              ^^^^^^^^^^^^ error[scope-mismatch]${vault}
#- scope **: account`);
  });

  const second = (identifier: string, vaultName: string, path = "/second.yaml"): string => `\n#- scope **: account\n#- ${path}\n${managed.replace("shop_kv", identifier).replace("shop-kv", vaultName)}`;

  test("another connector that opens the same vault, whatever its letters' case", () => {
    check(`
${head}
    vaultName: shop-kv
#              ^^^^^^^ info[connector-same-vault] Connector "team_kv" in the account (and 1 more) opens this vault too
    subscription: 22222222-0000-4000-8000-000000000001${identity}${second("team_kv", "SHOP-KV")}${second("third_kv", "shop-kv", "/third.yaml")}`);
    expect(found(managed + second("team_kv", "other-kv"))).toEqual([]);
    expect(found(managed + second("team_kv", "shop-kv").replace("enablePurge", "x").replace("vaultName: shop-kv", "vaultName: shop-kv\n    azureEnvironmentType: AZURE_US_GOVERNMENT"))).toEqual([]);
  });

  test("the same connector in two files: nothing where they agree, a warning where they differ", () => {
    expect(found(managed + second("shop_kv", "shop-kv"))).toEqual([]);
    const different = managed + second("shop_kv", "other-kv");
    expect(found(different)).toEqual(["warning connector-duplicate shop_kv"]);
    expect(diagnostics(fixture(different).snapshot)[0]?.message).toContain("second.yaml, and Keyline follows that one");
    const config = `\n#- /keyline.jsonc\n{ "connectors": [{ "identifier": "shop_kv", "scope": "account", "vault": "third-kv" }] }`;
    expect(found(different + config)).toEqual([]);
    expect(found(managed + config)).toEqual([]);
  });

  test("the same identifier twice in one file is surely wrong", () => {
    expect(found(`${managed}\n---\n${managed.replace("shop-kv", "other-kv")}\n#- scope **: account`)).toEqual(["error connector-duplicate shop_kv", "error connector-duplicate shop_kv"]);
    // Of an unknown scope each may be another connector.
    expect(found(`${managed}\n---\n${managed.replace("shop-kv", "other-kv")}`)).toEqual([]);
    expect(found(`${managed}\n---\n${managed.replace("shop-kv", "other-kv").replace("identifier: shop_kv", "identifier: shop_kv\n  orgIdentifier: o")}`)).toEqual([]);
  });
});

describe("purge protection", () => {
  const levels = ["Purgeable", "Recoverable+Purgeable", "Recoverable", "Recoverable+ProtectedSubscription", "CustomizedRecoverable+Purgeable", "CustomizedRecoverable", "CustomizedRecoverable+ProtectedSubscription"];

  test.each(levels.flatMap((level) => [true, false].map((purge) => [level, purge] as const)))("recovery level %s with enablePurge: %s", (level, purge) => {
    const expected = purge && !level.includes("Purgeable") ? ["warning akv-purge-protection true"] : [];
    const text = `${managed}\n    enablePurge: ${String(purge)}\n#- vault shop-kv: db, other level:${level}`;
    expect(found(text)).toEqual(expected);
    expect(found(text.replace("#- vault", "#- partial"))).toEqual(expected);
    expect(found(`${text}\n#- stale shop-kv: throttled`)).toEqual(expected);
  });

  test("is known from Resource Manager too", () => {
    const text = `${managed}\n    enablePurge: true # as always`;
    expect(found(`${text}\n#- directory shop-kv: protected`)).toEqual(["warning akv-purge-protection true"]);
    expect(applyFix(`${text}\n#- directory SHOP-kv: protected`, 'Write "false"')).toBe(`${managed}\n    enablePurge: false # as always`);
    expect(found(`${text}\n#- directory shop-kv:`)).toEqual([]);
    expect(found(`${text}\n#- directory shop-kv: protected usgov`)).toEqual([]);
  });

  test.each(["loading", "offline", "forbidden", "not-approved", "unreachable"])("is not known while the vault is %s", (reason) => {
    expect(found(`${managed}\n    enablePurge: true\n#- unknown shop-kv: ${reason}`)).toEqual([]);
  });

  test("a level that Key Vault does not document proves nothing", () => {
    expect(found(`${managed}\n    enablePurge: true\n#- vault shop-kv: db level:Protected`)).toEqual([]);
  });
});

describe("left-overs of connection tests", () => {
  test.each([
    ["#- vault shop-kv: a, harnessAzureVaultValidation", ["info akv-test-secret shop-kv"]],
    ["#- partial shop-kv: a, harnessazurevaultvalidation", ["info akv-test-secret shop-kv"]],
    ["#- vault shop-kv: harness-test-0123456789abcdef", ["info akv-test-secret shop-kv"]],
    ["#- vault shop-kv: harness-test-0123, harness-test-0123456789abcdef0", []],
    ["#- vault shop-kv: harnessAzureVaultValidation\n#- stale shop-kv: throttled", []],
    ["#- vault other-kv: harnessAzureVaultValidation", []],
  ])("%s", (facts, expected) => {
    expect(found(`${managed}\n${facts}`)).toEqual(expected);
  });
});

describe("a vault or a tenant that does not exist", () => {
  test.each([
    ["Resource Manager says that the name is free", "#- free shop-kv:", ["error akv-vault-not-found shop-kv"]],
    ["it is free in another cloud", "#- free shop-kv: usgov", []],
    ["the vault answered that it is not there", "#- unknown shop-kv: vault-not-found", ["warning akv-vault-not-found shop-kv"]],
    ["Resource Manager lists it, whatever else was said", "#- free shop-kv:\n#- directory shop-kv:", []],
    ["it has just answered, whatever else was said", "#- free shop-kv:\n#- vault shop-kv: a", []],
    ["it could not be reached", "#- unknown shop-kv: unreachable", []],
    ["it may not be read", "#- unknown shop-kv: forbidden", []],
    ["the network blocks it", "#- unknown shop-kv: network-blocked", []],
    ["nobody is signed in", "#- unknown shop-kv: not-signed-in", []],
    ["offline", "#- unknown shop-kv: offline", []],
    ["the wrong tenant was asked", "#- unknown shop-kv: wrong-tenant", []],
  ])("%s", (_title, facts, expected) => {
    expect(found(`${withKey}\n${facts}`)).toEqual(expected);
  });

  test.each([
    ["Entra says so", "#- no-tenant 11111111-0000-4000-8000-000000000001:", ["error akv-tenant-not-found 11111111-0000-4000-8000-000000000001"]],
    ["the sign-in said so", "#- unknown shop-kv: tenant-not-found 11111111-0000-4000-8000-000000000001", ["error akv-tenant-not-found 11111111-0000-4000-8000-000000000001"]],
    ["of another tenant", "#- unknown shop-kv: tenant-not-found 11111111-0000-4000-8000-000000000009\n#- no-tenant 11111111-0000-4000-8000-000000000008:", []],
    ["it is not said of which", "#- unknown shop-kv: tenant-not-found", []],
  ])("tenant: %s", (_title, facts, expected) => {
    expect(found(`${withKey}\n${facts}`)).toEqual(expected);
  });

  test("a vault that belongs to another subscription and tenant", () => {
    const text = `${withKey}\n#- directory shop-kv: subscription:22222222-0000-4000-8000-000000000009 tenant:11111111-0000-4000-8000-000000000009`;
    expect(found(text)).toEqual(["warning akv-vault-elsewhere 11111111-0000-4000-8000-000000000001", "warning akv-vault-elsewhere 22222222-0000-4000-8000-000000000001"]);
    expect(applyFix(text, 'Write "11111111-0000-4000-8000-000000000009"')).toContain("tenantId: 11111111-0000-4000-8000-000000000009\n");
    expect(applyFix(text, 'Write "22222222-0000-4000-8000-000000000009"')).toContain("subscription: 22222222-0000-4000-8000-000000000009");
    expect(found(`${withKey.replaceAll("-0000-", "-ABCD-")}\n#- directory shop-kv: subscription:22222222-abcd-4000-8000-000000000001 tenant:11111111-abcd-4000-8000-000000000001`)).toEqual([]);
  });
});

describe("what has to be known", () => {
  test("the listing of a connector's vault is wanted, and what Resource Manager says of it", () => {
    const { snapshot } = fixture(withKey);
    const target = { name: "shop-kv", cloud: "public", tenant: "11111111-0000-4000-8000-000000000001" };
    expect(factsNeeded(snapshot)).toEqual([{ vault: target, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] }]);
    expect(connectorVaults(snapshot)).toEqual([target]);
  });

  test("nothing of a vault that has no name yet, or of another type of connector", () => {
    for (const text of [head, "connector:\n  identifier: a\n  type: Vault\n  spec:\n    vaultName: shop-kv"]) {
      expect(factsNeeded(fixture(text).snapshot)).toEqual([]);
      expect(connectorVaults(fixture(text).snapshot)).toEqual([]);
    }
  });
});
