import type { AccessTokens, TokenClaims } from "./accessTokens.ts";
import { clouds } from "./clouds.ts";
import type { CloudName } from "./clouds.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import { policyPermissions } from "./vaultAccess.ts";
import { answerVaultName } from "./vaultNames.ts";
import type { StoredVault } from "./vaultState.ts";

export interface SubscriptionOptions {
  readonly id: string;
  readonly tenant: string;
  readonly displayName?: string;
  readonly cloud?: CloudName;
  readonly state?: "Enabled" | "Disabled" | "Warned";
}

export interface StoredSubscription extends Required<SubscriptionOptions> {
  /** Object ids of the principals that have Reader on it. */
  readonly readers: Set<string>;
}

export interface ResourceManagerContext {
  readonly cloud: CloudName;
  readonly tokens: AccessTokens;
  readonly subscriptions: ReadonlyMap<string, StoredSubscription>;
  readonly vaults: readonly StoredVault[];
  /** Most entries of one page, whatever $top asks for. */
  readonly pageSize: number;
}

/** Resource Manager: subscriptions and the vaults in them. */
export function answerResourceManager(context: ResourceManagerContext, request: LocalRequest): LocalAnswer {
  const caller = authenticate(context, request);
  if ("status" in caller) {
    return caller;
  }
  if (request.query.get("api-version") === null) {
    return armError(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
  }
  const segments = request.path.split("/").filter((segment) => segment !== "").map((segment) => decodeURIComponent(segment));
  const [collection, subscriptionId, ...rest] = segments;
  const checksName = request.method === "POST" && rest.join("/").toLowerCase() === "providers/microsoft.keyvault/checknameavailability";
  if ((request.method !== "GET" && !checksName) || collection?.toLowerCase() !== "subscriptions") {
    return armError(404, "InvalidResourceType", "The local Azure has no such resource.");
  }
  if (subscriptionId === undefined) {
    return listSubscriptions(context, request, caller);
  }
  return inSubscription(context, request, caller, subscriptionId, rest);
}

/** A Resource Manager error in its wire form. */
export function armError(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): LocalAnswer {
  return jsonAnswer(status, { error: { code, message } }, headers);
}

/** What Resource Manager answers when a principal asks too often; it says when to come back. */
export function armThrottled(retryAfterSeconds: number): LocalAnswer {
  const message = `Number of 'read' requests exceeded. Please try again after '${String(retryAfterSeconds)}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`;
  return armError(429, "SubscriptionRequestsThrottled", message, { "retry-after": String(retryAfterSeconds) });
}

function authenticate({ cloud, tokens }: ResourceManagerContext, request: LocalRequest): TokenClaims | LocalAnswer {
  const challenge = { "www-authenticate": `Bearer authorization_uri="https://${clouds[cloud].challengeAuthority}/", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."` };
  const token = tokens.check(request.headers.authorization);
  if (!token.ok) {
    const expired = token.reason === "expired" || token.reason === "revoked";
    return expired
      ? armError(401, "ExpiredAuthenticationToken", "The access token expiry UTC time has passed.", challenge)
      : armError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing or invalid.", challenge);
  }
  const audiences = [`https://${clouds[cloud].resourceManager}`, "https://management.core.windows.net"];
  return audiences.includes(token.claims.aud)
    ? token.claims
    : armError(401, "InvalidAuthenticationTokenAudience", `The access token has been obtained for wrong audience or resource '${token.claims.aud}'.`, challenge);
}

function listSubscriptions(context: ResourceManagerContext, request: LocalRequest, caller: TokenClaims): LocalAnswer {
  const visible = [...context.subscriptions.values()].filter((one) => one.cloud === context.cloud && one.tenant === caller.tid && one.readers.has(caller.oid));
  return page(context, request, visible.map(subscriptionItem));
}

function inSubscription(context: ResourceManagerContext, request: LocalRequest, caller: TokenClaims, subscriptionId: string, rest: readonly string[]): LocalAnswer {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscriptionId)) {
    return armError(400, "InvalidSubscriptionId", `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`);
  }
  const subscription = context.subscriptions.get(subscriptionId.toLowerCase());
  if (subscription?.cloud !== context.cloud) {
    return armError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
  }
  if (subscription.tenant !== caller.tid) {
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${caller.tid}/'. It must match the tenant 'https://sts.windows.net/${subscription.tenant}/' associated with this subscription.`;
    return armError(401, "InvalidAuthenticationTokenTenant", message);
  }
  if (rest.length === 0) {
    return subscription.readers.has(caller.oid) ? jsonAnswer(200, subscriptionItem(subscription)) : authorizationFailed(caller, "Microsoft.Resources/subscriptions/read", request.path);
  }
  if (request.method === "POST") {
    return subscription.readers.has(caller.oid) ? answerVaultName(context.vaults, request) : authorizationFailed(caller, "Microsoft.KeyVault/checkNameAvailability/read", request.path);
  }
  const grouped = rest[0]?.toLowerCase() === "resourcegroups";
  const groupName = grouped ? rest[1] : undefined;
  const [word, namespace, kind, vaultName, ...more] = rest.slice(grouped ? 2 : 0).map((segment) => segment.toLowerCase());
  if (word !== "providers" || namespace !== "microsoft.keyvault" || kind !== "vaults" || more.length > 0) {
    return armError(404, "InvalidResourceType", "The local Azure has no such resource.");
  }
  if (!subscription.readers.has(caller.oid)) {
    return authorizationFailed(caller, "Microsoft.KeyVault/vaults/read", request.path);
  }
  const own = context.vaults.filter((vault) => vault.options.subscription === subscription.id && vault.options.vaultDeleted !== true);
  const inGroup = own.filter((vault) => groupName === undefined || vault.options.resourceGroup.toLowerCase() === groupName.toLowerCase());
  if (groupName !== undefined && !context.vaults.some((vault) => vault.options.subscription === subscription.id && vault.options.resourceGroup.toLowerCase() === groupName.toLowerCase())) {
    return armError(404, "ResourceGroupNotFound", `Resource group '${groupName}' could not be found.`);
  }
  if (vaultName === undefined) {
    return page(context, request, inGroup.map(vaultItem));
  }
  const vault = inGroup.find((one) => one.options.name.toLowerCase() === vaultName);
  return vault === undefined ? resourceNotFound(vaultName, groupName ?? "") : jsonAnswer(200, vaultItem(vault));
}

function authorizationFailed(caller: TokenClaims, action: string, scope: string): LocalAnswer {
  const message = `The client '${caller.appid}' with object id '${caller.oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return armError(403, "AuthorizationFailed", message);
}

function resourceNotFound(vaultName: string, groupName: string): LocalAnswer {
  const message = `The Resource 'Microsoft.KeyVault/vaults/${vaultName}' under resource group '${groupName}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return armError(404, "ResourceNotFound", message);
}

function page(context: ResourceManagerContext, request: LocalRequest, items: readonly object[]): LocalAnswer {
  const top = Number(request.query.get("$top") ?? context.pageSize);
  const size = Math.max(1, Math.min(Number.isInteger(top) ? top : context.pageSize, context.pageSize));
  const offset = Number(request.query.get("$skiptoken") ?? 0);
  const value = items.slice(offset, offset + size);
  if (offset + size >= items.length) {
    return jsonAnswer(200, { value });
  }
  const query = new URLSearchParams(request.query);
  query.set("$skiptoken", String(offset + size));
  return jsonAnswer(200, { value, nextLink: `https://${request.host}${request.path}?${query.toString()}` });
}

function subscriptionItem(subscription: StoredSubscription): object {
  return {
    id: `/subscriptions/${subscription.id}`,
    subscriptionId: subscription.id,
    tenantId: subscription.tenant,
    displayName: subscription.displayName,
    state: subscription.state,
    authorizationSource: "RoleBased",
  };
}

function vaultItem(vault: StoredVault): object {
  const { name, subscription, resourceGroup, location, tenant, rbac, purgeProtection, retentionDays, publicAccess } = vault.options;
  return {
    id: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`,
    name,
    type: "Microsoft.KeyVault/vaults",
    location,
    tags: {},
    properties: {
      sku: { family: "A", name: "standard" },
      tenantId: tenant,
      accessPolicies: accessPolicies(vault),
      enableRbacAuthorization: rbac,
      enableSoftDelete: true,
      softDeleteRetentionInDays: retentionDays,
      ...(purgeProtection ? { enablePurgeProtection: true } : {}),
      vaultUri: `https://${vault.host}/`,
      publicNetworkAccess: publicAccess === "disabled" ? "Disabled" : "Enabled",
      provisioningState: "Succeeded",
    },
  };
}

/** In Azure's order of permissions; what a policy says of keys and certificates is none of this Azure's. */
function accessPolicies(vault: StoredVault): object[] {
  return [...vault.rights].flatMap(([objectId, rights]) => {
    const secrets = policyPermissions.filter((permission) => rights.has(permission));
    return secrets.length === 0 ? [] : [{ tenantId: vault.options.tenant, objectId, permissions: { keys: [], secrets, certificates: [] } }];
  });
}
