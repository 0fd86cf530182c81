import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a token says. Times are epoch seconds, as in Entra's. */
export interface TokenClaims {
  readonly tid: string;
  readonly iss: string;
  readonly aud: string;
  readonly appid: string;
  readonly oid: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
}

export type TokenCheck =
  | { readonly ok: true; readonly claims: TokenClaims }
  | { readonly ok: false; readonly reason: "missing" | "malformed" | "expired" | "revoked" };

export interface AccessTokens {
  /** A token that is good from now on for `lifetimeSeconds`. */
  mint(principal: { readonly tenant: string; readonly clientId: string; readonly objectId: string }, audience: string, lifetimeSeconds: number): string;
  /** Reads an Authorization header. Audience and tenant are for the service to compare. */
  check(authorization: string | undefined): TokenCheck;
  /** From now on refuses every token that was minted so far, for the reason given. */
  revokeAll(reason: "revoked" | "expired"): void;
}

/** Tokens in the shape of Entra's, signed with a key that exists only in this process. */
export function createAccessTokens(now: () => number): AccessTokens {
  const key = randomBytes(32);
  const revokedFor: ("revoked" | "expired")[] = [];
  const sign = (text: string): string => createHmac("sha256", key).update(text).digest("base64url");
  return {
    mint(principal, audience, lifetimeSeconds) {
      const iat = Math.floor(now() / 1000);
      const { tenant, clientId, objectId } = principal;
      const claims: TokenClaims & { readonly generation: number } = {
        tid: tenant,
        iss: `https://sts.windows.net/${tenant}/`,
        aud: withoutSlash(audience),
        appid: clientId,
        oid: objectId,
        iat,
        nbf: iat,
        exp: iat + lifetimeSeconds,
        generation: revokedFor.length,
      };
      const text = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
      return `${text}.${sign(text)}`;
    },
    check(authorization) {
      if (authorization === undefined) {
        return { ok: false, reason: "missing" };
      }
      const [scheme, token = ""] = authorization.split(" ");
      const [header, payload, signature] = token.split(".");
      if (scheme?.toLowerCase() !== "bearer" || header === undefined || payload === undefined || signature === undefined) {
        return { ok: false, reason: "malformed" };
      }
      if (!sameText(signature, sign(`${header}.${payload}`))) {
        return { ok: false, reason: "malformed" };
      }
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as TokenClaims & { readonly generation: number };
      if (claims.exp * 1000 <= now()) {
        return { ok: false, reason: "expired" };
      }
      const reason = revokedFor[claims.generation];
      return reason === undefined ? { ok: true, claims } : { ok: false, reason };
    },
    revokeAll(reason) {
      revokedFor.push(reason);
    },
  };
}

/** Entra writes some audiences with a slash at the end and some without; services take both. */
export function withoutSlash(audience: string): string {
  return audience.replace(/\/+$/, "");
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sameText(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
