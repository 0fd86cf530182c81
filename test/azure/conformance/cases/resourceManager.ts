import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recordedByCli, reported } from "../conformanceCase.ts";
import { absent } from "../mismatches.ts";
import type { RequestRow } from "../requestRow.ts";
import type { Scene } from "../scene.ts";

const needs = ["resourceManager"] as const;
const vaultsPath = "/subscriptions/{subscription}/providers/Microsoft.KeyVault/vaults";
const vaultPath = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}";
const shape = recordedByCli("test_keyvault_mgmt");
const vaultReference = documented("Resource Manager reference, Vaults");

function ask(line: string, more: Partial<RequestRow> = {}): RequestRow {
  return { to: "resourceManager", line, ...more };
}

function checkName(name: string): RequestRow {
  return ask("POST /subscriptions/{subscription}/providers/Microsoft.KeyVault/checkNameAvailability", { body: { name, type: "Microsoft.KeyVault/vaults" } });
}

async function twoMoreVaults({ subject }: Scene): Promise<void> {
  await subject.makeVault({});
  await subject.makeVault({});
}

/** Resource Manager: subscriptions, the vaults in them, and who may see them. */
export const resourceManagerCases: readonly ConformanceCase[] = [
  {
    name: "arm: the subscriptions that a caller may read",
    source: documented("Resource Manager reference, Subscriptions - List"),
    needs,
    request: ask("GET /subscriptions", { apiVersion: "2022-12-01" }),
    expect: { status: 200, headers: { "content-type": /^application\/json/ }, body: { value: [{ id: "/subscriptions/{subscription}", subscriptionId: "{subscription}", tenantId: "{tenant}", displayName: /./, state: "Enabled", authorizationSource: "RoleBased" }] } },
  },
  { name: "arm: without Reader there is no subscription", source: documented("Azure RBAC: lists are filtered"), needs, request: ask("GET /subscriptions", { as: "guest", apiVersion: "2022-12-01" }), expect: { status: 200, body: { value: [] } } },
  { name: "arm: one subscription", source: documented("Resource Manager reference, Subscriptions - Get"), needs, request: ask("GET /subscriptions/{subscription}", { apiVersion: "2022-12-01" }), expect: { status: 200, body: { subscriptionId: "{subscription}", state: "Enabled" } } },
  {
    name: "arm: a vault has its address, tenant, kind of access and protection",
    source: shape,
    needs,
    request: ask(`GET ${vaultPath}`),
    expect: {
      status: 200,
      body: {
        id: vaultPath,
        name: "{vault}",
        type: "Microsoft.KeyVault/vaults",
        location: /./,
        properties: { tenantId: "{tenant}", vaultUri: "{vaultUrl}/", sku: { family: "A", name: "standard" }, enableRbacAuthorization: true, enableSoftDelete: true, softDeleteRetentionInDays: 90, enablePurgeProtection: absent, accessPolicies: [], provisioningState: "Succeeded", publicNetworkAccess: "Enabled" },
      },
    },
  },
  {
    name: "arm: a vault of policies names them",
    source: shape,
    needs: ["resourceManager", "policies"],
    vault: { access: "policies" },
    request: ask(`GET ${vaultPath}`),
    expect: { status: 200, body: { properties: { enableRbacAuthorization: false, accessPolicies: [{ tenantId: "{tenant}", objectId: "{objectId}", permissions: { secrets: ["list", "get", "set", "delete", "recover", "purge"] } }] } } },
  },
  {
    name: "arm: a vault says that it has purge protection, and its retention",
    source: recordedByCli("test_keyvault_creation_with_purge_protection"),
    needs: ["resourceManager", "purgeProtection", "retention"],
    vault: { purgeProtection: true, retentionDays: 7 },
    request: ask(`GET ${vaultPath}`),
    expect: { status: 200, body: { properties: { enablePurgeProtection: true, softDeleteRetentionInDays: 7 } } },
  },
  { name: "arm: a vault says that the public cannot reach it", source: recordedByCli("test_keyvault_public_network_access"), needs: ["resourceManager", "network"], vault: { network: "disabled" }, request: ask(`GET ${vaultPath}`), expect: { status: 200, body: { properties: { publicNetworkAccess: "Disabled" } } } },
  { name: "arm: the case of a path does not matter", source: recordedByCli("test_keyvault_creation_with_purge_protection"), needs, request: ask(`GET ${vaultPath.replace("resourceGroups", "resourcegroups").replace("Microsoft.KeyVault", "microsoft.keyvault")}`), expect: { status: 200, body: { name: "{vault}" } } },
  { name: "arm: the vaults of a subscription come in pages, each once", source: vaultReference, needs, arrange: twoMoreVaults, request: ask(`GET ${vaultsPath}?$top=1`, { allPages: true }), expect: { status: 200, body: { pages: [1, 1, 1], distinct: 3 } } },
  { name: "arm: the next page is at Resource Manager", source: vaultReference, needs, arrange: twoMoreVaults, request: ask(`GET ${vaultsPath}?$top=1`), expect: { status: 200, body: { nextLink: /^https:\/\/management\.azure\.com(:443)?\/subscriptions\/.+[?&]api-version=2026-02-01/ } } },
  { name: "arm: the last page has no next one", source: vaultReference, needs, request: ask(`GET ${vaultsPath}`), expect: { status: 200, body: { value: [{ name: "{vault}" }], nextLink: absent } } },
  { name: "arm: the vaults of a resource group", source: vaultReference, needs, request: ask("GET /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults"), expect: { status: 200, body: { value: [{ name: "{vault}", properties: { vaultUri: "{vaultUrl}/" } }] } } },
  {
    name: "arm: a vault that is not in the group",
    source: shape,
    needs,
    request: ask(`GET ${vaultPath.replace("{vault}", "no-such-vault")}`),
    expect: { status: 404, code: "ResourceNotFound", message: "The Resource 'Microsoft.KeyVault/vaults/no-such-vault' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix" },
  },
  { name: "arm: a resource group that does not exist", source: reported("ResourceGroupNotFound"), needs, request: ask(`GET ${vaultPath.replace("{group}", "no-such-group")}`), expect: { status: 404, code: "ResourceGroupNotFound", message: "Resource group 'no-such-group' could not be found." } },
  { name: "arm: a subscription that does not exist", source: reported("SubscriptionNotFound"), needs, request: ask(`GET ${vaultsPath.replace("{subscription}", "11111111-2222-3333-4444-555555555555")}`), expect: { status: 404, code: "SubscriptionNotFound", message: "The subscription '11111111-2222-3333-4444-555555555555' could not be found." } },
  { name: "arm: a subscription that is no id", source: reported("InvalidSubscriptionId"), needs, request: ask(`GET ${vaultsPath.replace("{subscription}", "shop")}`), expect: { status: 400, code: "InvalidSubscriptionId", message: /^The provided subscription identifier 'shop' is malformed or invalid\.$/ } },
  {
    name: "arm: without Reader the vaults are refused",
    source: reported("AuthorizationFailed"),
    needs,
    request: ask(`GET ${vaultsPath}`, { as: "guest" }),
    expect: { status: 403, code: "AuthorizationFailed", message: /^The client '[^']+' with object id '[0-9a-f-]{36}' does not have authorization to perform action 'Microsoft\.KeyVault\/vaults\/read' over scope '\/subscriptions\/[^']+' or the scope is invalid\. If access was recently granted, please refresh your credentials\.$/ },
  },
  { name: "arm: a vault is refused as well", source: reported("AuthorizationFailed"), needs, request: ask(`GET ${vaultPath}`, { as: "guest" }), expect: { status: 403, code: "AuthorizationFailed" } },
  {
    name: "arm: Reader that is given counts",
    source: documented("Azure RBAC: Reader"),
    needs,
    arrange: (scene) => scene.subject.grantReader(scene.guest),
    request: ask(`GET ${vaultsPath}`, { as: "guest" }),
    expect: { status: 200, body: { value: [{ name: "{vault}" }] } },
  },
  {
    name: "arm: Reader on the subscription opens no secret",
    source: documented("Azure RBAC for Key Vault: control plane and data plane are apart"),
    needs: ["resourceManager", "roles"],
    arrange: (scene) => scene.subject.grantReader(scene.guest),
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, inner: "ForbiddenByRbac" },
  },
  { name: "arm: without an api version it is refused", source: reported("MissingApiVersionParameter"), needs, request: ask(`GET ${vaultsPath}`, { apiVersion: null }), expect: { status: 400, code: "MissingApiVersionParameter", message: /^The api-version query parameter \(\?api-version=\) is required for all requests\.$/ } },
  { name: "arm: without a token", source: reported("AuthenticationFailed"), needs, request: ask("GET /subscriptions", { as: "nobody" }), expect: { status: 401, code: "AuthenticationFailed", headers: { "www-authenticate": /^Bearer authorization_uri="https:\/\/login\.(windows\.net|microsoftonline\.com)\// } } },
  { name: "arm: a token that has run out", source: reported("ExpiredAuthenticationToken"), needs: ["resourceManager", "clock"], request: ask("GET /subscriptions", { as: "expired" }), expect: { status: 401, code: "ExpiredAuthenticationToken" } },
  { name: "arm: a vault's token is none for it", source: reported("InvalidAuthenticationTokenAudience"), needs, request: ask("GET /subscriptions", { as: "otherAudience" }), expect: { status: 401, code: "InvalidAuthenticationTokenAudience" } },
  { name: "arm: a token of another tenant", source: reported("InvalidAuthenticationTokenTenant"), needs: ["resourceManager", "tenants"], request: ask(`GET ${vaultsPath}`, { as: "otherTenant" }), expect: { status: 401, code: "InvalidAuthenticationTokenTenant" } },
  { name: "arm: a vault name that is free", source: vaultReference, needs, request: checkName("free-name-kv"), expect: { status: 200, body: { nameAvailable: true } } },
  { name: "arm: a vault name that is taken", source: vaultReference, needs, request: checkName("{vault}"), expect: { status: 200, body: { nameAvailable: false, reason: "AlreadyExists", message: /./ } } },
  { name: "arm: a vault name that cannot be", source: vaultReference, needs, request: checkName("-not-a-name"), expect: { status: 200, body: { nameAvailable: false, reason: "AccountNameInvalid", message: /./ } } },
];
