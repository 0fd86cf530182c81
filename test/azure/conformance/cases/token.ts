import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recorded, reported } from "../conformanceCase.ts";
import { someNumber } from "../mismatches.ts";
import type { RequestRow } from "../requestRow.ts";

const entraCodes = documented("Microsoft Entra authentication and authorization error codes");
const good = { grant_type: "client_credentials", client_id: "{clientId}", client_secret: "{clientSecret}", scope: "https://vault.azure.net/.default" };
const needs = ["entra"] as const;

function ask(change: Readonly<Record<string, string | undefined>>, tenant = "{tenant}"): RequestRow {
  const form = Object.fromEntries(Object.entries({ ...good, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { to: "entra", line: `POST /${tenant}/oauth2/v2.0/token`, form };
}

function refusal(error: string, code: number): ConformanceCase["expect"]["body"] {
  return { error, error_description: new RegExp(`^AADSTS${String(code)}: `), error_codes: [code], trace_id: /./, correlation_id: /./, timestamp: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/ };
}

/** Entra: client credentials, and where it says that its endpoints are. */
export const tokenCases: readonly ConformanceCase[] = [
  {
    name: "token: the right client secret gives a token for the vaults",
    source: recorded("can add a secret"),
    needs,
    request: ask({}),
    expect: { status: 200, headers: { "content-type": /^application\/json/ }, body: { token_type: "Bearer", expires_in: someNumber, ext_expires_in: someNumber, access_token: /^[\w-]+\.[\w-]+\.[\w-]+$/ } },
  },
  {
    name: "token: it says who it is for, from whom and of which tenant",
    source: documented("Access token claims reference"),
    needs,
    request: ask({}),
    expect: { status: 200, claims: { aud: "https://vault.azure.net", iss: "https://sts.windows.net/{tenant}/", tid: "{tenant}", appid: "{clientId}", oid: "{objectId}", iat: someNumber, nbf: someNumber, exp: someNumber } },
  },
  {
    name: "token: one for Resource Manager names its audience",
    source: documented("Access token claims reference"),
    needs,
    request: ask({ scope: "https://management.azure.com/.default" }),
    expect: { status: 200, claims: { aud: /^https:\/\/management\.(azure\.com|core\.windows\.net)\/?$/, tid: "{tenant}" } },
  },
  { name: "token: a wrong client secret", source: reported("AADSTS7000215"), needs, request: ask({ client_secret: "wrong-secret-not-real" }), expect: { status: 401, body: refusal("invalid_client", 7_000_215) } },
  { name: "token: no client secret at all", source: entraCodes, needs, request: ask({ client_secret: undefined }), expect: { status: 401, body: refusal("invalid_client", 7_000_218) } },
  {
    name: "token: an application that the tenant does not know",
    source: entraCodes,
    needs,
    request: ask({ client_id: "11111111-2222-3333-4444-555555555555" }),
    expect: { status: 400, body: refusal("unauthorized_client", 700_016) },
  },
  { name: "token: a tenant that does not exist", source: entraCodes, needs, request: ask({}, "11111111-2222-3333-4444-555555555555"), expect: { status: 400, body: refusal("invalid_request", 90_002) } },
  { name: "token: an audience that the tenant does not know", source: entraCodes, needs, request: ask({ scope: "https://vault.example/.default" }), expect: { status: 400, body: refusal("invalid_resource", 500_011) } },
  { name: "token: a scope that is not the resource's default", source: reported("AADSTS1002012"), needs, request: ask({ scope: "https://vault.azure.net/secrets.read" }), expect: { status: 400, body: refusal("invalid_scope", 1_002_012) } },
  { name: "token: no kind of grant", source: entraCodes, needs, request: ask({ grant_type: undefined }), expect: { status: 400, body: refusal("invalid_request", 900_144) } },
  { name: "token: a grant that does not exist", source: entraCodes, needs, request: ask({ grant_type: "made_up" }), expect: { status: 400, body: refusal("unsupported_grant_type", 70_003) } },
  {
    name: "token: the tenant says where its endpoints are",
    source: recorded("cannot create a secret with an empty name"),
    needs,
    request: { to: "entra", line: "GET /{tenant}/v2.0/.well-known/openid-configuration" },
    expect: {
      status: 200,
      body: {
        token_endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        authorization_endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        issuer: "https://login.microsoftonline.com/{tenant}/v2.0",
        jwks_uri: "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys",
        tenant_region_scope: /./,
      },
    },
  },
  {
    name: "token: a tenant that does not exist has no endpoints",
    source: reported("OIDC Discovery endpoint rejects our request: invalid_tenant, AADSTS90002"),
    needs,
    request: { to: "entra", line: "GET /11111111-2222-3333-4444-555555555555/v2.0/.well-known/openid-configuration" },
    expect: { status: 400, body: refusal("invalid_tenant", 90_002) },
  },
  {
    name: "token: the authorities know each other",
    source: recorded("cannot create a secret with an empty name"),
    needs,
    request: { to: "entra", line: "GET /common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize" },
    expect: { status: 200, body: { "api-version": "1.1", tenant_discovery_endpoint: "https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration" } },
  },
  {
    name: "token: a foreign authority is no instance",
    source: documented("Microsoft Entra authentication and authorization error codes, AADSTS50049"),
    needs,
    request: { to: "entra", line: "GET /common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.evil.example/{tenant}/oauth2/v2.0/authorize" },
    expect: { status: 400, body: { error: "invalid_instance", error_description: /^AADSTS50049: / } },
  },
];
