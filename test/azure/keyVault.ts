import type { AccessTokens, TokenClaims } from "./accessTokens.ts";
import { clouds } from "./clouds.ts";
import * as errors from "./keyVaultErrors.ts";
import { pageOf } from "./keyVaultPaging.ts";
import { deletedBundle, secretBundle, secretItem, versionItem } from "./keyVaultShapes.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import { allows } from "./vaultAccess.ts";
import type { SecretOperation } from "./vaultAccess.ts";
import { changeVersion, deletedSecret, findVersion, isDeleted, liveSecret, purgeOutdated, storeVersion } from "./vaultState.ts";
import type { SecretChange, SecretInput, StoredVault } from "./vaultState.ts";

export interface KeyVaultContext {
  readonly vault: StoredVault;
  readonly tokens: AccessTokens;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Route =
  | { readonly operation: "list" | "listDeleted" }
  | { readonly operation: "listVersions" | "set" | "delete" | "getDeleted" | "recover" | "purge"; readonly name: string }
  | { readonly operation: "get" | "update"; readonly name: string; readonly version: string };

const apiVersions: readonly string[] = ["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"];

const largestValueBytes = 25_600;
const mostTags = 15;
const longestTag = 512;
const longestContentType = 255;

/** Key Vault's data plane for secrets, checked in the service's order: token, network, permission, then the request. */
export function answerKeyVault(context: KeyVaultContext, request: LocalRequest): LocalAnswer {
  const { vault, now } = context;
  purgeOutdated(vault, now);
  if (vault.options.vaultDeleted === true) {
    return errors.vaultNotFound(vault);
  }
  const caller = authenticate(context, request);
  if ("status" in caller) {
    return caller;
  }
  const route = routeOf(request);
  if ("status" in route) {
    return route;
  }
  const name = "name" in route ? route.name : "";
  // As recorded: without the permission to see it, a deleted secret is not found until its deletion is done.
  const hidden = route.operation === "getDeleted" && !vault.options.rbac && deletedSecret(vault, name, now) === undefined;
  const refusal = refuse(vault, caller, route.operation === "listVersions" ? "list" : route.operation, name, hidden);
  if (refusal !== undefined) {
    return refusal;
  }
  const apiVersion = request.query.get("api-version");
  if (apiVersion === null) {
    return errors.badParameter("The api-version query parameter is missing.");
  }
  if (!apiVersions.includes(apiVersion.replace(/-preview(\.\d)?$/, ""))) {
    return errors.unknownApiVersion(apiVersion, "2026-04-01");
  }
  return name !== "" && !/^[0-9a-zA-Z-]{1,127}$/.test(name) ? errors.badName(name) : perform(context, request, route);
}

function authenticate({ vault, tokens, now }: KeyVaultContext, request: LocalRequest): TokenClaims | LocalAnswer {
  const token = tokens.check(request.headers.authorization);
  if (!token.ok) {
    switch (token.reason) {
      case "missing":
        return errors.unauthorized(vault, "AKV10000: Request is missing a Bearer or PoP token.");
      case "malformed":
        return errors.unauthorized(vault, "[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.");
      case "expired":
        return errors.unauthorized(vault, "[TokenExpired] Error validating token: 'S2S12086'.");
      case "revoked":
        return errors.claimsChallenge(vault, Math.floor(now / 1000));
    }
  }
  const audience = clouds[vault.options.cloud].vaultAudience;
  if (token.claims.aud !== audience) {
    return errors.unauthorized(vault, `AKV10022: Invalid audience. Expected ${audience}, found: ${token.claims.aud}.`);
  }
  if (token.claims.tid !== vault.options.tenant) {
    const expected = `https://sts.windows.net/${vault.options.tenant}/`;
    return errors.unauthorized(vault, `AKV10032: Invalid issuer. Expected one of ${expected}, found https://sts.windows.net/${token.claims.tid}/.`);
  }
  return token.claims;
}

function refuse(vault: StoredVault, caller: TokenClaims, operation: SecretOperation, name: string, hidden: boolean): LocalAnswer | undefined {
  if (vault.options.publicAccess === "firewall") {
    return errors.forbiddenByFirewall(vault, caller);
  }
  if (vault.options.publicAccess === "disabled") {
    return errors.forbiddenByConnection();
  }
  const rights = vault.rights.get(caller.oid) ?? new Set();
  if (hidden) {
    return undefined;
  }
  const denied = vault.denied.get(caller.oid)?.has(operation) === true;
  return denied || !allows(rights, operation, vault.options.rbac) ? errors.forbiddenByPermission(vault, caller, operation, name) : undefined;
}

/** A slash at the end is allowed: the SDK writes /secrets/{name}/ for the latest version. */
function routeOf({ method, path }: LocalRequest): Route | LocalAnswer {
  const [collection, name, part, ...rest] = path.split("/").slice(1).map(decodeSegment);
  if (rest.some((segment) => segment !== "") || (collection !== "secrets" && collection !== "deletedsecrets")) {
    return errors.badParameter("The request URI is not valid for this resource.");
  }
  if (name === undefined || (name === "" && part === undefined)) {
    return method === "GET" ? { operation: collection === "secrets" ? "list" : "listDeleted" } : errors.methodNotAllowed(method);
  }
  if (name === "") {
    return errors.methodNotAllowed(method);
  }
  const route = collection === "secrets" ? secretRoute(method, name, part ?? "") : deletedRoute(method, name, part ?? "");
  return route ?? errors.methodNotAllowed(method);
}

function secretRoute(method: string, name: string, part: string): Route | undefined {
  if (method === "GET") {
    return part.toLowerCase() === "versions" ? { operation: "listVersions", name } : { operation: "get", name, version: part };
  }
  if (method === "PATCH") {
    return { operation: "update", name, version: part };
  }
  if (part === "" && method === "PUT") {
    return { operation: "set", name };
  }
  return part === "" && method === "DELETE" ? { operation: "delete", name } : undefined;
}

function deletedRoute(method: string, name: string, part: string): Route | undefined {
  if (part === "" && method === "GET") {
    return { operation: "getDeleted", name };
  }
  if (part === "" && method === "DELETE") {
    return { operation: "purge", name };
  }
  return part.toLowerCase() === "recover" && method === "POST" ? { operation: "recover", name } : undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function perform(context: KeyVaultContext, request: LocalRequest, route: Route): LocalAnswer {
  const { vault, now } = context;
  const live = [...vault.secrets.values()].filter((secret) => liveSecret(vault, secret.name, now) !== undefined);
  switch (route.operation) {
    case "list":
      return pageOf(vault, request, live, (secret) => secretItem(vault, secret));
    case "listDeleted":
      return pageOf(vault, request, deletedItems(vault, now), (item) => item);
    case "listVersions":
      return pageOf(vault, request, versionItems(vault, route.name, now), (item) => item);
    case "get":
      return getSecret(context, route.name, route.version);
    case "set":
      return setSecret(context, request, route.name);
    case "update":
      return updateSecret(context, request, route.name, route.version);
    case "delete":
      return deleteSecret(context, route.name);
    case "getDeleted": {
      const secret = deletedSecret(vault, route.name, now);
      return secret === undefined ? errors.deletedSecretNotFound(route.name) : jsonAnswer(200, deletedBundle(vault, secret, secret.deletedAt, false));
    }
    case "recover":
      return recoverSecret(context, route.name);
    case "purge":
      return purgeSecret(context, route.name);
  }
}

function deletedItems(vault: StoredVault, now: number): object[] {
  return [...vault.secrets.values()].flatMap((secret) => {
    const deleted = deletedSecret(vault, secret.name, now);
    return deleted === undefined ? [] : [deletedBundle(vault, deleted, deleted.deletedAt, true)];
  });
}

/** Sorted by version, which is no order in time: the service promises none either. */
function versionItems(vault: StoredVault, name: string, now: number): object[] {
  const secret = liveSecret(vault, name, now);
  if (secret === undefined) {
    return [];
  }
  const sorted = secret.versions.toSorted((one, other) => (one.version < other.version ? -1 : 1));
  return sorted.map((version) => versionItem(vault, secret, version));
}

function getSecret({ vault, now }: KeyVaultContext, name: string, version: string): LocalAnswer {
  const secret = liveSecret(vault, name, now);
  const found = secret === undefined ? undefined : findVersion(secret, version);
  if (secret === undefined || found === undefined) {
    return errors.secretNotFound(version === "" ? name : `${name}/${version}`);
  }
  return found.enabled ? jsonAnswer(200, secretBundle(vault, secret, found, true)) : errors.secretDisabled();
}

function setSecret({ vault, now }: KeyVaultContext, request: LocalRequest, name: string): LocalAnswer {
  const body = readBody(request);
  const value = body["value"];
  if (typeof value !== "string") {
    return errors.badParameter("Property value is required and must be a string.");
  }
  if (Buffer.byteLength(value) > largestValueBytes) {
    return errors.badParameter(`Property value exceeds the largest size of ${String(largestValueBytes)} bytes.`);
  }
  const excess = excessOf(body);
  if (excess !== undefined) {
    return errors.badParameter(excess);
  }
  const stored = vault.secrets.get(name.toLowerCase());
  if ((vault.purging.get(name.toLowerCase()) ?? 0) > now) {
    return errors.beingDeleted();
  }
  if (stored !== undefined && stored.busyUntil > now) {
    return isDeleted(stored) ? errors.beingDeleted() : errors.beingRecovered();
  }
  if (stored !== undefined && isDeleted(stored)) {
    return errors.deletedButRecoverable(name);
  }
  if (stored?.managed === true) {
    return errors.managedSecret("set");
  }
  const { expires, notBefore, ...change } = changeOf(body);
  const input: SecretInput = { value, ...change, ...(expires instanceof Date ? { expires } : {}), ...(notBefore instanceof Date ? { notBefore } : {}) };
  const version = storeVersion(vault, name, input, now);
  const secret = liveSecret(vault, name, now);
  const made = secret === undefined ? undefined : findVersion(secret, version);
  return secret === undefined || made === undefined ? errors.secretNotFound(name) : jsonAnswer(200, secretBundle(vault, secret, made, true));
}

function updateSecret({ vault, now }: KeyVaultContext, request: LocalRequest, name: string, version: string): LocalAnswer {
  const secret = liveSecret(vault, name, now);
  const found = secret === undefined ? undefined : findVersion(secret, version);
  if (secret === undefined || found === undefined) {
    return errors.secretNotFound(version === "" ? name : `${name}/${version}`);
  }
  if (secret.managed) {
    return errors.managedSecret("update");
  }
  const body = readBody(request);
  const excess = excessOf(body);
  if (excess !== undefined) {
    return errors.badParameter(excess);
  }
  changeVersion(found, changeOf(body), now);
  return jsonAnswer(200, secretBundle(vault, secret, found, false));
}

function deleteSecret({ vault, now }: KeyVaultContext, name: string): LocalAnswer {
  if (isBeingDeleted(vault, name, now)) {
    return errors.beingDeleted();
  }
  const secret = liveSecret(vault, name, now);
  if (secret === undefined) {
    return errors.secretNotFound(name);
  }
  if (secret.managed) {
    return errors.managedSecret("delete");
  }
  secret.deletedAt = now;
  secret.busyUntil = now + (vault.options.deletionLagMs ?? 0);
  return jsonAnswer(200, deletedBundle(vault, secret, now, false));
}

function recoverSecret({ vault, now }: KeyVaultContext, name: string): LocalAnswer {
  if (isBeingDeleted(vault, name, now)) {
    return errors.beingDeleted();
  }
  const secret = deletedSecret(vault, name, now);
  const latest = secret?.versions.at(-1);
  if (secret === undefined || latest === undefined) {
    return errors.deletedSecretNotFound(name);
  }
  Object.assign(secret, { deletedAt: undefined, busyUntil: now + (vault.options.deletionLagMs ?? 0) });
  return jsonAnswer(200, secretBundle(vault, secret, latest, false));
}

function purgeSecret({ vault, now }: KeyVaultContext, name: string): LocalAnswer {
  if (isBeingDeleted(vault, name, now)) {
    return errors.beingDeleted();
  }
  if (deletedSecret(vault, name, now) === undefined) {
    return errors.deletedSecretNotFound(name);
  }
  if (vault.options.purgeProtection) {
    return errors.purgeProtected(vault);
  }
  vault.secrets.delete(name.toLowerCase());
  vault.purging.set(name.toLowerCase(), now + (vault.options.deletionLagMs ?? 0));
  return { status: 204, headers: {}, body: "" };
}

function isBeingDeleted(vault: StoredVault, name: string, now: number): boolean {
  const stored = vault.secrets.get(name.toLowerCase());
  return stored !== undefined && isDeleted(stored) && stored.busyUntil > now;
}

function readBody(request: LocalRequest): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(request.body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What of the documented limits the body breaks; the service's own words are not known. */
function excessOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const { contentType, tags } = changeOf(body);
  if ((contentType?.length ?? 0) > longestContentType) {
    return `Property contentType has more than ${String(longestContentType)} characters.`;
  }
  const entries = Object.entries(tags ?? {});
  if (entries.length > mostTags) {
    return `Property tags has more than ${String(mostTags)} entries.`;
  }
  return entries.some((entry) => entry.some((text) => text.length > longestTag)) ? `A tag has more than ${String(longestTag)} characters.` : undefined;
}

function changeOf(body: Readonly<Record<string, unknown>>): SecretChange {
  const attributes = (body["attributes"] ?? {}) as { enabled?: boolean; exp?: number | null; nbf?: number | null };
  return {
    ...(typeof body["contentType"] === "string" ? { contentType: body["contentType"] } : {}),
    ...(typeof body["tags"] === "object" && body["tags"] !== null ? { tags: body["tags"] as Record<string, string> } : {}),
    ...(attributes.enabled === undefined ? {} : { enabled: attributes.enabled }),
    ...(attributes.exp === undefined ? {} : { expires: dateOf(attributes.exp) }),
    ...(attributes.nbf === undefined ? {} : { notBefore: dateOf(attributes.nbf) }),
  };
}

function dateOf(epochSeconds: number | null): Date | null {
  return epochSeconds === null ? null : new Date(epochSeconds * 1000);
}
