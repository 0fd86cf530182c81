import type { AccessTokens } from "./accessTokens.ts";
import type { Directory } from "./directory.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer } from "./localAnswer.ts";

export interface CliTokenContext {
  readonly directory: Directory;
  readonly tokens: AccessTokens;
  readonly tokenLifetimeSeconds: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What `az account get-access-token` prints, for the fake `az`: 200 and its standard output, or 400 and the text that
 * it would write to standard error. Query: principal, resource, tenant (empty for the principal's home).
 */
export function answerCliToken(context: CliTokenContext, query: URLSearchParams): LocalAnswer {
  const principal = context.directory.principals.get(query.get("principal") ?? "");
  if (principal === undefined) {
    return { status: 400, headers: { "content-type": "text/plain" }, body: "ERROR: Please run 'az login' to setup account.\n" };
  }
  const tenant = query.get("tenant") || principal.tenants[0];
  if (!principal.tenants.includes(tenant)) {
    const known = context.directory.tenants.has(tenant);
    const text = known
      ? "AADSTS50020: User account from the identity provider does not exist in the tenant and cannot access the application in that tenant."
      : `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`;
    return { status: 400, headers: { "content-type": "text/plain" }, body: `ERROR: ${text}\n` };
  }
  const { clientId, objectId } = principal;
  const expires = context.now + context.tokenLifetimeSeconds * 1000;
  return jsonAnswer(200, {
    accessToken: context.tokens.mint({ tenant, clientId, objectId }, query.get("resource") ?? "", context.tokenLifetimeSeconds),
    expiresOn: localTime(expires),
    expires_on: Math.floor(expires / 1000),
    subscription: "00000000-0000-4000-8000-000000000002",
    tenant,
    tokenType: "Bearer",
  });
}

/** Local time with microseconds, as the Azure CLI writes it. */
function localTime(epochMs: number): string {
  const local = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000);
  return `${local.toISOString().slice(0, 19).replace("T", " ")}.000000`;
}
