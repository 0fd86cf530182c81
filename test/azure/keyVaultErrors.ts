import { clouds } from "./clouds.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer } from "./localAnswer.ts";
import type { TokenClaims } from "./accessTokens.ts";
import { dataAction, policyVerb } from "./vaultAccess.ts";
import type { SecretOperation } from "./vaultAccess.ts";
import type { StoredVault } from "./vaultState.ts";

/** The address that the local Azure's firewall sees; from the range kept for documentation. */
export const clientAddress = "203.0.113.7";

/** A Key Vault error in its wire form. */
export function keyVaultError(status: number, code: string, message: string, inner?: string): LocalAnswer {
  return jsonAnswer(status, { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } });
}

/** 401 with the challenge that tells a client where to get a token and for what. */
export function unauthorized(vault: StoredVault, message: string): LocalAnswer {
  const { challengeAuthority, vaultAudience } = clouds[vault.options.cloud];
  const challenge = `Bearer authorization="https://${challengeAuthority}/${vault.options.tenant}", resource="${vaultAudience}"`;
  const answer = keyVaultError(401, "Unauthorized", message);
  return { ...answer, headers: { ...answer.headers, "www-authenticate": challenge } };
}

/** 401 as after continuous access evaluation took a token back. `{}` is the whole body. */
export function claimsChallenge(vault: StoredVault, nowSeconds: number): LocalAnswer {
  const claims = Buffer.from(JSON.stringify({ access_token: { nbf: { essential: true, value: String(nowSeconds) } } })).toString("base64");
  const authority = clouds[vault.options.cloud].authorities[0];
  const challenge = `Bearer realm="", authorization_uri="https://${authority}/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`;
  return jsonAnswer(401, {}, { "www-authenticate": challenge });
}

export function forbiddenByPermission(vault: StoredVault, caller: TokenClaims, operation: SecretOperation, secretName: string): LocalAnswer {
  const where = `${vault.options.name};location=${vault.options.location}`;
  if (!vault.options.rbac) {
    const who = `appid=${caller.appid};oid=${caller.oid};numgroups=1;iss=https://sts.windows.net/${caller.tid}/`;
    const message = `The user, group or application '${who}' does not have secrets ${policyVerb[operation]} permission on key vault '${where}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`;
    return keyVaultError(403, "Forbidden", message, vault.options.policyRefusal);
  }
  const { subscription, resourceGroup, name } = vault.options;
  const resource = `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/microsoft.keyvault/vaults/${name}${secretName === "" ? "" : `/secrets/${secretName}`}`;
  const message = [
    "Caller is not authorized to perform action on resource.",
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    `Caller: appid=${caller.appid};oid=${caller.oid};iss=https://sts.windows.net/${caller.tid}/`,
    `Action: '${dataAction[operation]}'`,
    `Resource: '${resource}'`,
    "Assignment: (not found)",
    "DenyAssignmentId: null",
    "DecisionReason: null ",
    `Vault: ${where}`,
    "",
  ].join("\r\n");
  return keyVaultError(403, "Forbidden", message, "ForbiddenByRbac");
}

export function forbiddenByFirewall(vault: StoredVault, caller: TokenClaims): LocalAnswer {
  const message = [
    "Client address is not authorized and caller is not a trusted service.",
    `Client address: ${clientAddress}`,
    `Caller: appid=${caller.appid};oid=${caller.oid};iss=https://sts.windows.net/${caller.tid}/`,
    `Vault: ${vault.options.name};location=${vault.options.location}`,
  ].join("\r\n");
  return keyVaultError(403, "Forbidden", message, "ForbiddenByFirewall");
}

export function forbiddenByConnection(): LocalAnswer {
  const message = "Public network access is disabled and request is not from a trusted service nor via an approved private link.";
  return keyVaultError(403, "Forbidden", message, "ForbiddenByConnection");
}

export function secretNotFound(nameAndVersion: string): LocalAnswer {
  const message = `A secret with (name/id) ${nameAndVersion} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;
  return keyVaultError(404, "SecretNotFound", message);
}

export function deletedSecretNotFound(name: string): LocalAnswer {
  return keyVaultError(404, "SecretNotFound", `Deleted Secret not found: ${name}`);
}

export function secretDisabled(): LocalAnswer {
  return keyVaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
}

export function purgeProtected(vault: StoredVault): LocalAnswer {
  const message = `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: ${vault.options.name};location=${vault.options.location}`;
  return keyVaultError(403, "Forbidden", message);
}

export function deletedButRecoverable(name: string): LocalAnswer {
  const message = `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`;
  return keyVaultError(409, "Conflict", message, "ObjectIsDeletedButRecoverable");
}

export function beingDeleted(): LocalAnswer {
  return keyVaultError(409, "Conflict", "Secret is currently being deleted.", "ObjectIsBeingDeleted");
}

export function badName(name: string): LocalAnswer {
  return keyVaultError(400, "BadParameter", `The request URI contains an invalid name: ${name}`);
}

export function badParameter(message: string): LocalAnswer {
  return keyVaultError(400, "BadParameter", message);
}

export function unknownApiVersion(version: string, latest: string): LocalAnswer {
  return badParameter(`The specified version (${version}) is not recognized. Consider using the latest supported version (${latest}).`);
}

export function methodNotAllowed(method: string): LocalAnswer {
  return keyVaultError(405, "MethodNotAllowed", `HTTP ${method} not allowed`);
}

export function vaultNotFound(vault: StoredVault): LocalAnswer {
  return keyVaultError(404, "VaultNotFound", `The vault ${vault.options.name} was not found.`);
}

export function beingRecovered(): LocalAnswer {
  return keyVaultError(409, "Conflict", "Secret is currently being recovered.", "ObjectIsBeingRecovered");
}

export function managedSecret(operation: string): LocalAnswer {
  return keyVaultError(403, "Forbidden", `Operation ${operation} is not allowed on a managed secret.`);
}

/** What Key Vault answers when a vault is asked too often: it does not say when to come back. For use in a fault. */
export function throttled(): LocalAnswer {
  const message = "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached";
  return keyVaultError(429, "Throttled", message);
}
