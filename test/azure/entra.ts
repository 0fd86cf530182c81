import { withoutSlash } from "./accessTokens.ts";
import type { AccessTokens } from "./accessTokens.ts";
import { clouds } from "./clouds.ts";
import type { CloudName } from "./clouds.ts";
import type { AppOptions, Directory } from "./directory.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";

export interface EntraContext {
  readonly cloud: CloudName;
  readonly directory: Directory;
  readonly tokens: AccessTokens;
  readonly tokenLifetimeSeconds: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Entra's discovery and token endpoints, as far as client credentials need them. */
export function answerEntra(context: EntraContext, request: LocalRequest): LocalAnswer {
  const [tenant = "", ...rest] = request.path.split("/").slice(1);
  const route = `${request.method} ${rest.join("/")}`;
  if (route === "GET discovery/instance") {
    return instanceDiscovery(context, request);
  }
  if (route === "GET v2.0/.well-known/openid-configuration") {
    return knownTenant(context, tenant) ? openIdConfiguration(context.cloud, tenant) : unknownTenant(context, tenant, "invalid_tenant");
  }
  if (route === "POST oauth2/v2.0/token") {
    return knownTenant(context, tenant) ? answerToken(context, tenant, new URLSearchParams(request.body.toString("utf8"))) : unknownTenant(context, tenant, "invalid_request");
  }
  return { status: 404, headers: {}, body: "" };
}

/** Entra's error body. `error_codes` repeats the number of the AADSTS code. */
export function entraError(status: number, error: string, code: number, text: string, now: number): LocalAnswer {
  const traceId = "00000000-0000-4000-8000-000000000001";
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  return jsonAnswer(status, {
    error,
    error_description: `AADSTS${String(code)}: ${text} Trace ID: ${traceId} Correlation ID: ${traceId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: traceId,
  });
}

function instanceDiscovery({ cloud }: EntraContext, request: LocalRequest): LocalAnswer {
  const endpoint = request.query.get("authorization_endpoint") ?? "";
  const asked = endpoint.startsWith("https://") ? (endpoint.slice("https://".length).split("/")[0] ?? "") : "";
  const known = Object.values(clouds).some((one) => one.authorities.includes(asked));
  if (!known) {
    return jsonAnswer(400, { error: "invalid_instance", error_description: "AADSTS50049: Unknown or invalid instance.", error_codes: [50049] });
  }
  const [preferred] = clouds[cloud].authorities;
  const tenant = endpoint.split("/")[3] ?? "common";
  const metadata = Object.values(clouds).map(({ authorities }) => ({ preferred_network: authorities[0], preferred_cache: authorities[1] ?? authorities[0], aliases: authorities }));
  return jsonAnswer(200, {
    tenant_discovery_endpoint: `https://${preferred}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata,
  });
}

function openIdConfiguration(cloud: CloudName, tenant: string): LocalAnswer {
  const base = `https://${clouds[cloud].authorities[0]}/${tenant}`;
  return jsonAnswer(200, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: "EU",
    cloud_instance_name: cloud === "china" ? "partner.microsoftonline.cn" : base.split("/")[2]?.replace("login.", ""),
  });
}

function answerToken(context: EntraContext, tenant: string, form: URLSearchParams): LocalAnswer {
  const { directory, now, tokens, tokenLifetimeSeconds } = context;
  const clientId = form.get("client_id") ?? "";
  if (form.get("grant_type") === null) {
    return entraError(400, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.", now);
  }
  if (form.get("grant_type") !== "client_credentials") {
    return entraError(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.", now);
  }
  const app = [...directory.principals.values()].find((one) => one.clientId === clientId && one.tenants.includes(tenant))?.app;
  if (app === undefined) {
    return entraError(400, "unauthorized_client", 700016, `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`, now);
  }
  const refusal = checkProof(app, form, now);
  if (refusal !== undefined) {
    return refusal;
  }
  const scope = form.get("scope") ?? "";
  if (!scope.endsWith("/.default")) {
    const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
    return entraError(400, "invalid_scope", 1002012, text, now);
  }
  const audience = audienceOf(context.cloud, scope);
  if (audience === undefined) {
    return entraError(400, "invalid_resource", 500011, `The resource principal named ${scope} was not found in the tenant named ${tenant}.`, now);
  }
  const accessToken = tokens.mint({ ...app, tenant }, audience, tokenLifetimeSeconds);
  return jsonAnswer(200, { token_type: "Bearer", expires_in: tokenLifetimeSeconds, ext_expires_in: tokenLifetimeSeconds, access_token: accessToken });
}

function checkProof(app: AppOptions, form: URLSearchParams, now: number): LocalAnswer | undefined {
  const secret = form.get("client_secret");
  if (secret === null && form.get("client_assertion") !== null) {
    const accepted = app.acceptsAssertions === true && form.get("client_assertion_type") === "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    return accepted ? undefined : entraError(401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application.", now);
  }
  if (secret === null) {
    return entraError(401, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", now);
  }
  if (secret !== app.clientSecret) {
    const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app.clientId}'.`;
    return entraError(401, "invalid_client", 7000215, text, now);
  }
  if (app.secretExpired === true) {
    return entraError(401, "invalid_client", 7000222, `The provided client secret keys for app '${app.clientId}' are expired. Visit the Azure portal to create new keys for your app.`, now);
  }
  return undefined;
}

/** Entra issues tokens for resources that it knows only: a made-up audience is refused. */
function audienceOf(cloud: CloudName, scope: string): string | undefined {
  const audience = withoutSlash(scope.replace(/\/\.default$/, ""));
  const { vaultAudience, resourceManager } = clouds[cloud];
  return [vaultAudience, `https://${resourceManager}`, "https://management.core.windows.net"].find((one) => one === audience);
}

function knownTenant({ directory }: EntraContext, tenant: string): boolean {
  return directory.tenants.has(tenant) || ["common", "organizations"].includes(tenant);
}

/** The endpoints of a tenant and its tokens call the same thing differently. */
function unknownTenant({ now }: EntraContext, tenant: string, error: "invalid_tenant" | "invalid_request"): LocalAnswer {
  const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;
  return entraError(400, error, 90002, text, now);
}
